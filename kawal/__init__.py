"""Kawal: complaints about public service, each a durable workflow, none lost, doubled or forgotten."""
