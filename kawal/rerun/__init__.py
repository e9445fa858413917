"""Replaying a recorded year through the real engine in virtual time."""
