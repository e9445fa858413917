"""The client's side: it looks up what a workflow cannot see, sends commands, and puts refusals on record.

Starting, sending, reading; the relay of waiting reports and of kept replies; restarting a lost run from its record;
the watcher of wedged complaints and their mending; what authority is asked and put on record (`authority.py`, by the
table of `domain/access.py`). Reaches a complaint by its commands and the read model only, and raises Refusal and
SystemUnavailable alone (`edge.py`).
"""
