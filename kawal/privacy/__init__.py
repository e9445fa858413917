"""A person's data: found, handed out, erased, and what broke off finished.

An erasure is one transaction with its line in the list before the commit. Attachments come as a protocol, bound in
`desk.py` and `kawal/operate/upkeep.py`.
"""
