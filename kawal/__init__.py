"""Kawal: complaints about public services, each a durable workflow; none is lost, duplicated or forgotten."""
