"""`/auditor`: the record as an auditor reads it; nothing of it is changed here.

`entrance.py` is where one comes in; `life.py` one report's whole life with the engine's events behind each step,
`life_steps.py` what of it a page shows; `record_search.py` the events and the access log of an agency;
`verification.py` the page of a verification that runs in `background_verification.py`; `heads.py` the signed heads, to
be kept elsewhere, and the check of receipts. Each does what a command of `kawal` does (docs/auditors.md,
docs/audit.md), by the same functions; readings and searches go on record first.
"""
