"""Recaps, rankings, indicators and their exports."""
