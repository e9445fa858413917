"""What every room stands on: settings, errors, logs, and the connections to PostgreSQL and to the engine.

`unavailable.py` is the one place that says, for every channel, what means "try again"; errors are logged without rows
(`error_words.py`); no statement and no connection is without a limit of time. Knows the rules' and encryption's names
alone.
"""
