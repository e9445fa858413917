"""The client side: looks up what a workflow cannot see, sends commands, and puts refusals on record.

It starts complaints, sends commands and reads; relays waiting reports and kept replies; restarts a lost run from its
record; watches for wedged complaints and mends them; checks permissions and puts the checks on record (`authority.py`,
by the table of `domain/access.py`). It reaches a complaint only by its commands and the read model, and raises only
Refusal and SystemUnavailable (`error_translation.py`).
"""
