"""The record verified against its hashes, its log and the engine; receipts.

Rows and chains (`verify_rows.py`), who acted against the accounts (`verify_accounts.py`), the log against the rows
(`verify_log.py`), read model, spans and outbox against the events (`verify_model.py`), Temporal against the events
(`verify_engine.py`); what is found and how it is said (`findings.py`). One transaction that sees one state, a page at
a time; a finding is told, never raised, and nothing in a changed database may stop it.
"""
