"""Days and instants as people of western Indonesia read them: Asia/Jakarta, UTC+7 ("WIB"), all year."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")

_MONTHS = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_MINUTE = {"id": ".", "en": ":"}


def show_day(day: date, lang: str) -> str:
    """Return "3 Jan 2022"."""
    return f"{day.day} {_MONTHS[lang][day.month - 1]} {day.year}"


def show_instant(at: datetime | None, lang: str) -> str:
    """Return "3 Jan 2022 09.15 WIB" for an aware instant, "–" for none."""
    if at is None:
        return "–"
    local = at.astimezone(WIB)
    return f"{show_day(local.date(), lang)} {local:%H}{_MINUTE[lang]}{local:%M} WIB"


def show_deadline(at: datetime | None, lang: str) -> str:
    """Return a deadline by the day at whose end it lies: "3 Jan 2022 24.00 WIB" and not the next day at 00.00."""
    if at is None:
        return "–"
    local = at.astimezone(WIB)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return show_instant(at, lang)
    return f"{show_day(local.date() - timedelta(days=1), lang)} 24{_MINUTE[lang]}00 WIB"
