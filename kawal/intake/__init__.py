"""Adapters: each turns what a channel delivers into one accepted report, or into a reply to one."""
