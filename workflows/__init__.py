"""The durable processes: one workflow a complaint, and the scheduled ones. Deterministic; they import only the rules.

`ComplaintWorkflow`, the delivery of notices, the rounds that a schedule starts, search attributes, and how each step
is timed and retried (`steps.py`). Nothing changes a state but `_become`, and only after the write.
"""
