"""The archive of histories: how it stands, and whether today's code replays it."""
