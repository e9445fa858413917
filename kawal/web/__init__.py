"""The plumbing of everything HTTP: callers and limits, problems, serving.

Knows the rules, the base, and the tables of tokens and passes; nothing of the ways in or of the console.
"""
