"""The side effects of the steps, one module per step; importing the package imports none of them.

Besides the steps: event_writer (what they share), catch_up (what an attempt lost after its write), verify (advice),
kept_replies, reconcile, history_archive, seal, publish, tray, supports; what leaves: notify and link_letters (letters
that wait, with letter_outcomes), single_letters, mail, telephone and messages. `registry.py` binds them all. Each is
idempotent by workflow id and event number; its errors are typed (see the top of `event_writer.py`).
"""
