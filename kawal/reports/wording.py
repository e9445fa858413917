"""The names of a recap's figures, lines and warnings, in Indonesian and in English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from kawal.domain.labels import CHANNELS, CLASSES
from kawal.domain.msgids import Message, msgid, msgid_in
from kawal.domain.quality import QualityCount
from kawal.domain.recap import Recap
from kawal.reports.recap import By, RecapTable
from kawal.wording.catalogues import Lang, say
from kawal.wording.dates import show_long_instant


class Figure(NamedTuple):
    """One figure of a recap: its key in exports, its heading, and how to read it from a Recap."""

    key: str
    heading: Message
    of: Callable[[Recap], int | Decimal | None]
    short: Message | None = None
    """The column heading in a terminal's table, which shows only figures that have one."""


FIGURES = (
    Figure("masuk", msgid_in("recap", "Received"), lambda r: r.masuk, msgid("Recvd")),
    Figure("selesai", msgid("Done"), lambda r: r.selesai, msgid("Done")),
    Figure("proses", msgid("In progress"), lambda r: r.proses, msgid("In prog.")),
    Figure(
        "belum_diverifikasi",
        msgid("Not verified"),
        lambda r: r.belum_diverifikasi,
        msgid("Not\nverif."),
    ),
    Figure("ditunda", msgid("… of which on hold"), lambda r: r.ditunda),
    Figure(
        "belum_ditindaklanjuti",
        msgid("Not followed up"),
        lambda r: r.belum_ditindaklanjuti,
        msgid("No\nf.-up"),
    ),
    Figure("persen_selesai", msgid("% done"), lambda r: r.persen_selesai, msgid("%\ndone")),
    Figure(
        "persen_ditindaklanjuti",
        msgid("% followed up"),
        lambda r: r.persen_ditindaklanjuti,
        msgid("%\nf.-up"),
    ),
    Figure(
        "mean_days_to_follow_up",
        msgid("Mean working days to first follow-up"),
        lambda r: r.mean_days_to_follow_up,
    ),
    Figure(
        "mean_days_to_completion",
        msgid("Mean working days to completion"),
        lambda r: r.mean_days_to_completion,
    ),
    Figure("overdue", msgid_in("recap", "Overdue"), lambda r: r.overdue, msgid("Over-\ndue")),
    Figure("ever_late", msgid("Ever late"), lambda r: r.ever_late),
    Figure("escalated", msgid("Ever escalated"), lambda r: r.escalated),
    Figure("satisfaction", msgid("Satisfaction (1–5)"), lambda r: r.satisfaction, msgid("Sat.")),
    Figure("ratings", msgid("Ratings"), lambda r: r.ratings),
    Figure("follow_ups", msgid("With a follow-up"), lambda r: r.follow_ups),
    Figure("completions", msgid("With a final follow-up"), lambda r: r.completions),
    Figure("diarsipkan", msgid("Archived (not counted as received)"), lambda r: r.diarsipkan),
    Figure(
        "bukan_wewenang",
        msgid("Passed on (not counted as received)"),
        lambda r: r.bukan_wewenang,
    ),
    Figure("digabung", msgid("Merged (not counted as received)"), lambda r: r.digabung),
)

WAYS: dict[By, Message] = {
    "opd": msgid("OPD"),
    "channel": msgid("Channel"),
    "class": msgid("Class"),
    "category": msgid("Main category"),
    "month": msgid("Month received"),
    "instansi": msgid("Agency"),
}

ALL_AGENCIES = msgid("all agencies")
TOTAL = msgid("Total")
PLACE = msgid("Rank")

_NONE: dict[By, Message] = {
    "opd": msgid("(no OPD)"),
    "class": msgid("(not set)"),
    "category": msgid("(no category)"),
}
_CALLED: dict[By, Mapping[str, Message]] = {"channel": CHANNELS, "class": CLASSES}


def title(table: RecapTable, lang: Lang) -> str:
    """Return the table's title in one line."""
    whose = table.instansi or ALL_AGENCIES
    if table.as_of is None:
        return say(lang, msgid("Recap of reports received in {year}: {whose}"), year=table.year, whose=whose)
    at = show_long_instant(table.as_of, lang)
    return say(
        lang, msgid("Recap of reports received in {year}: {whose}, as of {at}"), year=table.year, whose=whose, at=at
    )


def line_name(by: By, key: str, name: str, lang: Lang) -> str:
    """Return the name of a line."""
    if (not key or key.endswith("/")) and by in _NONE:
        return (f"{key} " if key else "") + say(lang, _NONE[by])
    known = _CALLED.get(by, {})
    return _capital(say(lang, known[key])) if key in known else name


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def warnings(table: RecapTable, lang: Lang) -> list[str]:
    """Return the sums that do not agree, one sentence each, to be shown prominently; empty if all agree."""
    text = msgid("TOTALS DO NOT ADD UP ({where}): received {masuk}, accounted for {counted}, difference {difference}.")
    places = {"*": TOTAL, "+": msgid("lines against the total")}
    return [
        say(
            lang,
            text,
            where=places.get(key, key),
            masuk=gap.masuk,
            counted=gap.counted,
            difference=gap.difference,
        )
        for key, gap in table.mismatches.items()
    ]


def notes(table: RecapTable, lang: Lang) -> list[str]:
    """Return what a reader must know to understand the lines, and the reviewers' verdicts on the follow-ups."""
    overlapping = msgid("A report with several OPDs counts on each OPD's line; the total counts it once.")
    return [*([say(lang, overlapping)] if table.by == "opd" else []), *_quality_line(table.quality, lang)]


def _quality_line(quality: QualityCount, lang: Lang) -> list[str]:
    if not quality.drawn:
        return []
    text = msgid(
        "Quality of follow-ups: {reviewed} reviewed, of which answering the report: {answers}, answering "
        "in part: {partly}, not answering: {does_not} ({drawn} drawn, {erased} erased)."
    )
    return [say(lang, text, **quality.model_dump())]
