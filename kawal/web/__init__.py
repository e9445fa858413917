"""The plumbing of everything HTTP: callers and limits, problems, serving."""
