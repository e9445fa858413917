"""`/pimpinan/andai/NUMBER/laporan`: the reports behind a figure, as it was or would have been, the latest first."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import FormOutcome, page_route
from kawal.console.pages.staff.what_if.answer import ANSWER, asked_of
from kawal.console.pages.staff.what_if.asking import PATH, days_in_words
from kawal.domain.access import Act
from kawal.domain.msgids import Message, msgid
from kawal.domain.names import Role
from kawal.domain.what_if import mark_of
from kawal.domain.what_if_figures import OF_OPD, Side, WhatIfFigure
from kawal.store.what_if_reports import WhatIfRow, WhatIfRowKey, what_if_page
from kawal.web.problems import Problem
from kawal.wording.what_if_words import FIGURES

_SIDES: dict[str, tuple[Side, Message]] = {
    "dahulu": (Side.WAS, msgid("as it was")),
    "andai": (Side.WOULD, msgid("under the other limits")),
    "tidak-terhitung": (Side.UNTOLD, msgid("of which it cannot be told")),
}
_NO_SUCH_NUMBER = msgid("There is no such number. Choose one on the page of the computation.")
_AFTER = re.compile(r"([0-9]{1,18})\.([0-9]{7,9})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def show_reports(request: Request, signed: SignedIn, _: FormOutcome) -> Response:
    """Show a page of the reports behind a figure; no word of theirs."""
    asked, given = await asked_of(request, signed), request.query_params
    side, said = _SIDES.get(given.get("menurut", ""), (None, None))
    figure, opd = given.get("angka", WhatIfFigure.RECKONED), given.get("opd")
    if side is None or figure not in (FIGURES if opd is None else OF_OPD):
        raise Problem(404, "no_such_number", _NO_SUCH_NUMBER)
    seen = complaints_of(request).seen_by(signed.actor)
    mark = mark_of(WhatIfFigure(figure), opd)
    found = await what_if_page(seen.pool, asked.number, side, mark, _after(given.get("setelah", "")))
    values = {
        "asked": asked,
        "figure": FIGURES[WhatIfFigure(figure)],
        "side": said,
        "opd": None if opd is None else (await complaints_of(request).directory.names(asked.instansi)).get(opd, opd),
        "rows": [(row, _marks(row.was), _marks(row.would)) for row in found.rows],
        "may_open": {row.number for row in found.rows if _may_open(signed, row)},
        "following": None if found.after is None else _following(request, found.after),
        "back": f"{PATH}/{asked.number}",
        "days_of": days_in_words(request),
    }
    return staff_page(request, signed, "staff/what_if/reports.html", values)


def _may_open(signed: SignedIn, row: WhatIfRow) -> bool:
    """Tell whether the reader may open a report: the leadership, what came up to it."""
    return signed.actor.role is not Role.LEADERSHIP or str(WhatIfFigure.SEKDA) in row.was


def _marks(marks: list[str] | None) -> list[Message] | None:
    """Return in which figures of all reports it counts, besides that it counts; None: it cannot be told."""
    told = [figure for figure in WhatIfFigure if figure is not WhatIfFigure.RECKONED]
    return None if marks is None else [FIGURES[figure] for figure in told if figure in marks]


def _after(text: str) -> WhatIfRowKey | None:
    """Return where the page begins; None, the first page, for what is no such place."""
    found = _AFTER.fullmatch(text)
    try:
        return None if found is None else WhatIfRowKey(_EPOCH + timedelta(microseconds=int(found[1])), found[2])
    except OverflowError:
        return None


def _following(request: Request, after: WhatIfRowKey) -> str:
    place = f"{(after.received_at - _EPOCH) // timedelta(microseconds=1)}.{after.number}"
    return f"{request.url.path}?{urlencode({**request.query_params, 'setelah': place})}"


ROUTES: list[Route] = [page_route(f"{ANSWER}/laporan", Act.ASK_WHAT_IF, show_reports)]
