"""Running an installation: backup, restore, and the background tasks beside a worker.

`upkeep.py` runs the relays and the watcher, and finishes what was left undone. Before a restore writes anything,
everything is checked. Only the command line and `worker.py` import this package.
"""
