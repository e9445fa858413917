"""The history archive: its state, and whether today's code still replays the workflow histories that it holds.

See `standing.py` and `replay.py`. Histories are stored without being decoded. A history that cannot be replayed is
reported, not raised as an error.
"""
