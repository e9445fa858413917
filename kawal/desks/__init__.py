"""What officials do besides the commands of the process: who may, what is done, and what is put on record.

A row each in `table.py` (arguments' model, act of RIGHTS, handler): offices and OPDs, passes, tokens, keys,
registers, the review of follow-ups, calendars and rule sets; besides them kept letters, trying again, pruning the
archive. The same boundaries as the client's. `table.py` and `arguments.py` import no server's library: handlers are
named, and found when they are called.
"""
