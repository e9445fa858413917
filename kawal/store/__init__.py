"""PostgreSQL: inbox, event record, read model, outbox, calendars, policies and accounts."""
