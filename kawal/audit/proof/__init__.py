"""Verification of the record against its hashes, its log and the engine; receipts.

Rows and chains are checked by `verify_rows.py`, actors against the accounts by `verify_accounts.py`, the log against
the rows by `verify_log.py`, the read model, spans and outbox against the events by `verify_model.py`, and the events
against Temporal by `verify_engine.py`; `findings.py` holds the findings and their wording. A receipt is made by
`receipt.py`, checked anywhere by `verify_receipt.py` alone, and here against our own heads by `receipt_check.py`.
Everything is read in one transaction that sees one state, a page at a time. A finding is reported, never raised:
nothing in a tampered database may stop the verification.
"""
