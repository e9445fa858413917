"""The marker of a restore in progress: a home that contains it is incomplete, and nothing starts on it."""

from __future__ import annotations

from pathlib import Path

from kawal.base.errors import SystemUnavailable
from kawal.domain.msgids import msgid, sentence


def restoring_mark(home: Path) -> Path:
    """Return the file that exists in a home from the first to the last step of a restore; it names the backup."""
    return home / "restoring.json"


def refuse_unfinished(home: Path) -> None:
    """Raise SystemUnavailable if a restore into this home was not completed."""
    if restoring_mark(home).exists():
        raise SystemUnavailable(
            sentence(
                msgid("A restore into {home} was not finished; run `kawal restore` again with the same backup."),
                home=home,
            ),
        )
