"""The durable processes: one workflow per complaint, and the scheduled ones.

They are deterministic and import only the rules: `ComplaintWorkflow`, the delivery of notices, the rounds that a
schedule starts, search attributes, and how each step is timed and retried (`steps.py`). Only `_become` changes a state,
and only after the write.
"""
