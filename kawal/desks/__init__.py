"""What officials do besides the commands of the process: permissions, handlers, and what is put on record.

Each has a row in `table.py` (arguments' model, act of RIGHTS, handler): offices and OPDs, people and their roles
(`accounts.py`), deputies, passes, tokens, keys, registers, the review of follow-ups, the tray, calendars and rule sets,
what those would move (`moved_deadlines.py`), what was given up and is tried again or set aside, what other limits would
have made (`what_if.py`). Beside the table: letters as they came, opening what was given up, pruning the history
archive. The same boundaries as the client's.
`table.py` and `arguments.py` import no server's library: handlers are named, and imported when they are called.
"""
