"""PostgreSQL: inbox, event record, read model, outbox, calendars, policies and accounts.

Also kept replies and letters, tokens, conversations, attachments' rows, the directory, the access log, the log
(tiles, heads, sealing), signing keys, what the reconciler finds, samples of follow-ups and their reviews, registers,
contacts and the blind index (keyed hashes), erasing with its signed list, queues and searches. What comes into the
inbox together is committed together (`gathering.py`). SQL has parameters only, and stands here, in `audit/proof/` and
in `reports/`; the store serves, never asks. `schema.sql` is the whole truth; a database is known by its digest, which
stands in it, and one of another schema is refused (`schema.py`).
"""
