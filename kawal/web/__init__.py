"""Shared HTTP code: callers and limits, problems, serving.

Imports the rules, the base, and the tables of tokens and passes; nothing from the channels or the console.
"""
