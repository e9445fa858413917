"""Kawal's HTTP interface: submit a report, add to it, follow it; other adapters are mounted beside it."""
