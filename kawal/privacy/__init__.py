"""A person's data: found, exported, erased; interrupted erasures are finished.

An erasure is one transaction, with its line in the list of erasures written before the commit. Attachments are reached
through a protocol, bound in `desk.py` and `kawal/operate/upkeep.py`.
"""
