"""Completeness checks: what a report lacks before it can be followed up.

This is advice to the verifying admin, who may ask for it with `hold`. The limits are Kawal's own policy [P]; no source
sets any.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from kawal.domain.checks import MissingItem
from kawal.domain.messages import Report
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.names import Channel, ReportClass

MIN_WORDS = 8
"""A shorter text seldom says what, where and when."""

OLD_DAYS = 365
"""Older incidents can often no longer be investigated."""

INDONESIA = ((-11.2, 6.3), (94.9, 141.1))
"""The ranges of latitude and longitude (degrees) of Indonesia."""

SENTENCES: dict[str, Sayable] = {
    "text_short": sentence(
        msgid("The text is too short: say what happened in at least {words} words."), words=MIN_WORDS
    ),
    "text_unreadable": msgid("The text cannot be understood: write it in ordinary sentences."),
    "text_is_title": msgid("The text only repeats the title: tell what happened."),
    "no_place": msgid("The place is not named: give the street, the village or ward, and the regency or city."),
    "place_abroad": msgid("The point lies outside Indonesia: check it."),
    "no_date": msgid("The time is not given: write the date, or since when."),
    "long_ago": msgid("It happened more than a year ago: say why it still needs a follow-up."),
    "no_contact": msgid("The reporter cannot be reached: give an e-mail address or a telephone number."),
}
"""The sentence for each code."""

_PLACE = re.compile(
    r"\b(jl|jln|jalan|gang|gg|rt|rw|desa|kelurahan|kel|kampung|dusun|kecamatan|kec|kabupaten|kab|kota|pulau|simpang"
    r"|pasar|pelabuhan|perumahan|komplek|kompleks|terminal|puskesmas|rsud|sd|sdn|smp|smpn|sma|sman|smk|smkn|kantor)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(tanggal|tgl|sejak|kemarin|tadi|hari ini|minggu|bulan|tahun|pagi|siang|sore|malam|pukul|jam|lusa|selama|setiap"
    r"|senin|selasa|rabu|kamis|jumat|sabtu|januari|februari|maret|april|mei|juni|juli|agustus|september|oktober"
    r"|november|desember|20\d\d|\d{1,2}[/-]\d{1,2})\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_VOWEL = re.compile(r"[aeiou]", re.IGNORECASE)

_REACHED_ELSEWHERE = frozenset({Channel.SMS, Channel.WHATSAPP, Channel.X, Channel.EMAIL, Channel.OPEN311})
"""Channels through which the reporter can be reached."""


def missing_in(report: Report, received_on: date) -> list[MissingItem]:
    """Return what the report lacks, in the order of SENTENCES; `received_on` is the local day (Asia/Jakarta) of
    receipt.

    Place and time are required only of a pengaduan, or of a report whose class is not known.
    """
    codes = [
        *_text(report),
        *(_circumstances(report, received_on) if _tells_an_event(report) else ()),
        *_contact(report),
    ]
    return [MissingItem(code=code) for code in codes]


def _tells_an_event(report: Report) -> bool:
    return report.proposed_class in (None, ReportClass.PENGADUAN)


def _text(report: Report) -> list[str]:
    words = _WORD.findall(report.text)
    if words and sum(1 for word in words if _VOWEL.search(word)) * 2 < len(words):
        return ["text_unreadable"]
    if len({word.lower() for word in words}) * 4 < len(words):
        return ["text_unreadable"]
    if report.text.strip().casefold() == report.title.strip().casefold():
        return ["text_is_title"]
    return ["text_short"] if len(words) < MIN_WORDS else []


def _circumstances(report: Report, received_on: date) -> list[str]:
    written = f"{report.title}\n{report.text}"
    place, codes = report.place, []
    if place.latitude is not None and place.longitude is not None:
        (south, north), (west, east) = INDONESIA
        if not (south <= place.latitude <= north and west <= place.longitude <= east):
            codes.append("place_abroad")
    elif not place.text.strip() and not _PLACE.search(written):
        codes.append("no_place")
    if report.occurred_on is None:
        if not _TIME.search(written):
            codes.append("no_date")
    elif date.fromisoformat(report.occurred_on) < received_on - timedelta(days=OLD_DAYS):
        codes.append("long_ago")
    return codes


def _contact(report: Report) -> list[str]:
    reachable = report.reporter.email or report.reporter.phone or report.channel in _REACHED_ELSEWHERE
    return [] if reachable else ["no_contact"]
