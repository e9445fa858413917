"""The record verified against its hashes, its log and the engine; receipts."""
