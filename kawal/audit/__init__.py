"""Checks of the record: histories, verification against the signed log, receipts, and archived workflow histories."""
