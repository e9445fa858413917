"""`/inspektorat`: what came before the Inspectorate, why, who owes, what comes next, and acting on it.

`items.py` reads one item from the folded state; `worklist.py` shows them by rung and age, each with its forms, which
are sent to `/laporan/NUMBER/COMMAND` and lead back here. Nothing a reporter wrote is read but the titles that the
queue shows (docs/pages-officials.md).
"""
