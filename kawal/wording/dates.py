"""Days, instants and numbers as people read them; instants in western Indonesian time (Asia/Jakarta, UTC+7, "WIB").

The months' names are Babel's, compiled beside the catalogues by `make messages`: Babel itself takes longer to find them
than a list takes to be shown.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from kawal.domain.msgids import msgid
from kawal.wording.catalogues import LOCALE, Lang, lang_of, say

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

MONTHS = "months.json"
"""Each language's names of the months, `wide` and `abbreviated`, in its folder of LOCALE."""

WIB = timezone(timedelta(hours=7), "WIB")

_TIME = {"id": "%H.%M", "en": "%H:%M"}
_MIDNIGHT = {"id": "24.00", "en": "24:00"}


def show_day(day: date, lang: str) -> str:
    """Return a day as "3 Jan 2022"."""
    return _said(day, "abbreviated", lang)


def show_long_day(day: date, lang: str) -> str:
    """Return a day for use within a sentence: "3 Januari 2022", "3 January 2022"."""
    return _said(day, "wide", lang)


def show_days(first: date, last: date, lang: str) -> str:
    """Return a stretch of days: "1–29 November 2026", "1 Januari–29 November 2026"; of one day, that day."""
    if first == last:
        return show_long_day(first, lang)
    beginning = show_long_day(first, lang)
    if first.year == last.year:
        beginning = str(first.day) if first.month == last.month else beginning.removesuffix(f" {first.year}")
    return f"{beginning}–{show_long_day(last, lang)}"


def month_names(lang: str) -> list[str]:
    """Return the names of the twelve months."""
    return list(_months(lang_of(lang))["wide"])


def show_instant(at: datetime | None, lang: str) -> str:
    """Return an aware instant as "3 Jan 2022 09.15 WIB", or "–" for None."""
    if at is None:
        return "–"
    local = at.astimezone(WIB)
    return f"{show_day(local.date(), lang)} {_time(local, lang)} WIB"


def show_long_instant(at: datetime, lang: str) -> str:
    """Return an aware instant for use within a sentence: "31 Desember 2022 pukul 24.00 WIB"; midnight ends a day."""
    day, time = _ending(at.astimezone(WIB), lang)
    return say(lang, msgid("{day}, {time} WIB"), day=show_long_day(day, lang), time=time)


def show_deadline(at: datetime | None, lang: str) -> str:
    """Return a deadline with the day at whose end it lies: "3 Jan 2022 24.00 WIB", not the next day at 00.00."""
    if at is None:
        return "–"
    day, time = _ending(at.astimezone(WIB), lang)
    return f"{show_day(day, lang)} {time} WIB"


def show_number(value: Decimal | float, lang: str) -> str:
    """Return a number with the language's decimal mark and grouping, keeping its decimals: "99,27", "17.200"."""
    return _grouped(str(value), lang)


@lru_cache(maxsize=10_000)
def _grouped(digits: str, lang: str) -> str:
    """Return a number as it is shown, by its digits: 1.0 is another than 1. A page has hundreds, often the same."""
    number = Decimal(digits)
    exponent = number.as_tuple().exponent
    pattern, locale = _number_pattern(max(0, -exponent) if isinstance(exponent, int) else 0, lang_of(lang))
    return str(pattern.apply(number, locale))


@cache
def _number_pattern(places: int, lang: Lang) -> tuple[NumberPattern, Locale]:
    """Return how numbers with so many decimals are written."""
    from babel import Locale
    from babel.numbers import parse_pattern

    return parse_pattern(f"#,##0.{'0' * places}" if places else "#,##0"), Locale.parse(lang)


def _ending(local: datetime, lang: str) -> tuple[date, str]:
    """Return day and time, with midnight as the end of the day before: 24.00."""
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return local.date(), _time(local, lang)
    return local.date() - timedelta(days=1), _MIDNIGHT[lang_of(lang)]


def _time(local: datetime, lang: str) -> str:
    return local.strftime(_TIME[lang_of(lang)])


def _said(day: date, width: str, lang: str) -> str:
    return f"{day.day} {_months(lang_of(lang))[width][day.month - 1]} {day.year}"


@cache
def _months(lang: Lang) -> dict[str, list[str]]:
    names: dict[str, list[str]] = json.loads((LOCALE / lang / MONTHS).read_text("utf-8"))
    return names
