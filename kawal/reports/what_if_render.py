"""What another policy would have made of an agency's reports, as tables for files and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kawal.domain.msgids import Message, msgid
from kawal.domain.what_if_figures import OF_OPD, WhatIfFigure
from kawal.reports.leadership_render import Cell, FigureSheet, FigureSheets
from kawal.store.what_if import WhatIf
from kawal.wording.catalogues import Lang, say
from kawal.wording.dates import show_days, show_long_day
from kawal.wording.what_if_words import FIGURES
from kawal.wording.work_numbers import office_name

_TITLE = msgid("What if: reports received {days}, as of {day}")
_ALL = msgid("All reports")
_BY_OPD = msgid("By OPD")
_NOTE = msgid("Steps stay as people took them; they would have acted otherwise under other limits.")
_HEADINGS: tuple[Message, ...] = (msgid("as it was"), msgid("under the other limits"), msgid("difference"))
_KEYS = ("was", "would", "difference")


def sheets_of(asked: WhatIf, names: Mapping[str, str], lang: Lang) -> FigureSheets:
    """Return the tables; `names` are those of the agency's OPDs."""
    question = asked.question
    title = say(
        lang,
        _TITLE,
        days=show_days(question.first, question.last, lang),
        day=show_long_day(question.as_of, lang),
    )
    totals = [[say(lang, FIGURES[figure]), *_three(asked, figure)] for figure in WhatIfFigure]
    offices = {code: say(lang, office_name(code, names.get(code, code))) for code in asked.sums.opds}
    by_opd = [
        [f"{office}: {say(lang, FIGURES[figure])}", *_three(asked, figure, code)]
        for code, office in offices.items()
        for figure in OF_OPD
    ]
    headings = ["", *(say(lang, heading) for heading in _HEADINGS)]
    note = say(lang, _NOTE)
    return FigureSheets(
        title,
        lang,
        [
            FigureSheet("all", say(lang, _ALL), note, _KEYS, headings, totals),
            FigureSheet("opd", say(lang, _BY_OPD), note, _KEYS, headings, by_opd),
        ],
    )


def _three(asked: WhatIf, figure: WhatIfFigure, opd: str | None = None) -> list[Cell]:
    was, would = asked.sums.counts(figure, opd)
    return [was, would, would - was]


def answer_json(asked: WhatIf) -> dict[str, Any]:
    """Return the question and the figures, by their words for programs."""
    sums = asked.sums
    return {
        "instansi": asked.instansi,
        **asked.question.model_dump(mode="json"),
        "reports": asked.done,
        "untold": sums.untold,
        "all": {str(figure): _pair(sums.counts(figure)) for figure in WhatIfFigure},
        "reminders": _pair((sums.reminders_were, sums.reminders_would_be)),
        "opds": {code: {str(figure): _pair(sums.counts(figure, code)) for figure in OF_OPD} for code in sums.opds},
        "left_out": sums.left_out,
    }


def _pair(counts: tuple[int, int]) -> dict[str, int]:
    was, would = counts
    return {"was": was, "would": would}
