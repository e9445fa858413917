"""A day with its name, as a citizen reads it: "Rabu, 2 Desember 2026"."""

from __future__ import annotations

from datetime import date

from kawal.domain.msgids import Sentence, msgid, sentence

WEEKDAYS = (
    msgid("Monday"),
    msgid("Tuesday"),
    msgid("Wednesday"),
    msgid("Thursday"),
    msgid("Friday"),
    msgid("Saturday"),
    msgid("Sunday"),
)

_DAY = msgid("{weekday}, {day}")


def weekday_of(day: date) -> Sentence:
    """Return a day with its name before it."""
    return sentence(_DAY, weekday=WEEKDAYS[day.weekday()], day=day)
