"""Days and instants as they are typed and shown on the command line (how they read: wording.dates)."""

from __future__ import annotations

from datetime import date

from kawal.cli.terminal.faults import UsageError
from kawal.wording.dates import WIB, show_day, show_deadline, show_instant

__all__ = ["WIB", "parse_day", "show_day", "show_deadline", "show_instant"]


def parse_day(text: str, option: str) -> date:
    """Read a local day written YYYY-MM-DD; raises UsageError naming the option."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError("not_a_day", option=option, text=text) from None
    if day.isoformat() != text:
        raise UsageError("not_a_day", option=option, text=text)
    return day
