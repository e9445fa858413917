"""When the last backup of a home was finished: a file of the home with the time, for whoever asks how it stands."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

FILE = "last-backup"


def note_backup(home: Path, at: datetime) -> None:
    """Note that a backup was finished (UTC)."""
    (home / FILE).write_text(at.isoformat(), encoding="utf-8")


def last_backup(home: Path) -> datetime | None:
    """Return when the last backup was finished (UTC); None for none, or where the file says no time."""
    try:
        return datetime.fromisoformat((home / FILE).read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return None
