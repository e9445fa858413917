"""Dates as files write them; words that had a meaning only on the day they were written are refused, never guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timezone
from functools import lru_cache

from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.intake.files.mapping import ISO
from kawal.intake.files.table import is_day_only

_MONTHS = {
    "januari": "january",
    "februari": "february",
    "pebruari": "february",
    "maret": "march",
    "mei": "may",
    "juni": "june",
    "juli": "july",
    "agustus": "august",
    "agt": "aug",
    "agu": "aug",
    "ags": "aug",
    "oktober": "october",
    "okt": "oct",
    "nopember": "november",
    "nop": "nov",
    "desember": "december",
    "des": "dec",
}
_WORD = re.compile(r"[a-z]+")
_RELATIVE = re.compile(
    r"\b(lalu|kemarin|kemaren|tadi|barusan|baru saja|hari ini|besok|lusa|sekarang|pekan ini|minggu ini|bulan ini"
    r"|ago|yesterday|today|tomorrow|now|just now|last (week|month|year))\b"
)
_DAY = re.compile(r"%[HIMSpcXTR]")


class BadDate(ValueError):  # noqa: N818 - an ordinary answer about a cell
    """The reason why a cell is no date."""

    def __init__(self, reason: Sayable) -> None:
        """Keep the reason."""
        self.reason = reason
        super().__init__(str(reason))


def read_date(cell: str | datetime, formats: Sequence[str], zone: timezone) -> tuple[datetime, bool]:
    """Return the instant (UTC) that a cell means, and whether it names only the day; raises BadDate."""
    if isinstance(cell, datetime):
        return _instant(cell, zone), is_day_only(cell)
    return _read(cell, tuple(formats), zone)


@lru_cache(maxsize=4_096)
def _read(cell: str, formats: tuple[str, ...], zone: timezone) -> tuple[datetime, bool]:
    """Read a cell, cached because the same days come again and again in a file."""
    text = " ".join(cell.lower().split())
    if _RELATIVE.search(text):
        raise BadDate(
            msgid("a relative date cannot be resolved; write the date, for example 2022-10-05 14:30"),
        )
    text = _WORD.sub(lambda found: _MONTHS.get(found[0], found[0]), text)
    for form in formats:
        found = _by(form, text)
        if found is not None:
            return _instant(found[0], zone), found[1]
    raise BadDate(sentence(msgid("not a date in the form {formats}"), formats=", ".join(formats)))


def _by(form: str, text: str) -> tuple[datetime, bool] | None:
    try:
        if form == ISO:
            return datetime.fromisoformat(text.upper().replace(" UTC", "Z")), len(text) <= len("2022-10-05")
        return datetime.strptime(text, form), not _DAY.search(form)  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None


def _instant(found: datetime, zone: timezone) -> datetime:
    try:
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise BadDate(msgid("the year is out of reach")) from None


def read_day(cell: str | datetime, formats: Sequence[str], zone: timezone) -> date:
    """Return the local day that a cell names; raises BadDate."""
    return read_date(cell, formats, zone)[0].astimezone(zone).date()
