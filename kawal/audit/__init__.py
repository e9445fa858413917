"""Checking the record: its histories, its seals, its proofs, and what may be read of it."""
