"""The archive of histories: how it stands, and whether today's code replays it.

`archives.py` and `replay.py`. Histories are never decoded to be kept; what cannot be replayed is said, not raised.
"""
