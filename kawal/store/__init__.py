"""PostgreSQL: inbox, event record, read model, outbox, calendars, policies, accounts, and people who sign in.

Also kept replies and letters, letters as they came, tokens, conversations, attachments' rows, the directory, the access
log, the log (tiles, heads, sealing), signing keys, the reconciler's findings, samples of follow-ups and their reviews,
registers, the last tries to reach what lies outside, contacts and the blind index (keyed hashes), erasing with its
signed list, queues and searches. Inbox rows that arrive together are committed together (`group_commit.py`). SQL
always uses parameters, and is found only here, in `audit/proof/` and in `reports/`; the store is called by others and
calls none of them. `schema.sql` is the complete schema; a database stores its digest, and one with another schema is
refused (`schema.py`).
"""
