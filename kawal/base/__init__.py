"""The foundation of every other package: settings, errors, logs, and the connections to PostgreSQL and to the engine.

`unavailable.py` alone decides, for every channel, which errors mean "try again". Errors are logged without rows
(`error_redaction.py`). Every statement and every connection has a time limit. This package imports only the names that
the rules and the encryption define.
"""
