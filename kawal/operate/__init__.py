"""Running an installation: backing it up, restoring it, and what runs beside a worker.

`upkeep.py` runs relays, the watcher and what was left undone. Everything is checked before a restore writes anything.
Only the command line and `worker.py` know this room.
"""
