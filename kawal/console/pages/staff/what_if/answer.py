"""`/pimpinan/andai/NUMBER`: how far a computation is, then what it found, of all reports and by OPD; also as a file."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import HEADERS, language_of, see_other
from kawal.console.pages.public.figures import BOM
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import Fields, FormOutcome, agency_of, page_route, page_with_forms, performed
from kawal.console.pages.staff.what_if.asking import PATH, days_in_words
from kawal.desks.what_if import asked_of as computation_of
from kawal.desks.what_if import policy_in_force
from kawal.domain.access import Act
from kawal.domain.labels import EVENTS, ROLES
from kawal.domain.msgids import Message, Sayable, msgid
from kawal.domain.names import CommandName
from kawal.domain.policy import limit_rule
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.refusals import Refusal
from kawal.domain.what_if import ASKED_LIMITS, changed_limits
from kawal.domain.what_if_figures import OF_OPD, WhatIfFigure
from kawal.reports.leadership_render import FigureSheets, as_csv, as_xlsx
from kawal.reports.what_if_render import answer_json, sheets_of
from kawal.store.what_if import WhatIf, WhatIfState
from kawal.web.problems import Problem
from kawal.wording.catalogues import lang_of
from kawal.wording.what_if_words import FIGURES, SHORT, STATES
from kawal.wording.work_numbers import office_name

ANSWER = f"{PATH}/{{number:int}}"

_UNFINISHED = msgid("It has no result yet.")


class ShownCount(NamedTuple):
    """A figure as it was and as it would have been, with the addresses of the reports behind both."""

    name: Message
    was: int
    would: int
    to_was: str
    to_would: str

    @property
    def change(self) -> int:
        """How many more (or, negative, fewer) it would have been."""
        return self.would - self.was


class ShownOffice(NamedTuple):
    """An OPD, or whoever else has reports."""

    name: Sayable
    counts: Sequence[ShownCount]


async def asked_of(request: Request, signed: SignedIn) -> WhatIf:
    """Return the question that an address names; raises Problem 404 for one that is not the agency's."""
    try:
        return await computation_of(
            complaints_of(request).seen_by(signed.actor), agency_of(signed), request.path_params["number"]
        )
    except Refusal as refusal:
        raise Problem(404, refusal.code, refusal.sentence) from refusal


async def show_answer(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show how far the computation is, or what it found."""
    asked = await asked_of(request, signed)
    names = await complaints_of(request).directory.names(asked.instansi)
    policy, now = asked.question.policy, await policy_in_force(complaints_of(request), asked.instansi)
    values = {
        "told": told,
        "asked": asked,
        "others": [(limit_rule(policy, row.limit), getattr(now, row.limit)) for row in changed_limits(policy, now)],
        "rules": [limit_rule(policy, row.limit) for row in ASKED_LIMITS],
        "state": STATES[asked.state],
        "by": ROLES[asked.asked_role],
        "own": asked.asked_account == signed.actor.account,
        "totals": [shown_count(asked, figure) for figure in WhatIfFigure],
        "headings": [SHORT[figure] for figure in OF_OPD],
        "offices": offices(asked, names),
        "left_out": _left_out(asked),
        "untold": _address(asked, menurut="tidak-terhitung"),
        "path": PATH,
        "days_of": days_in_words(request),
    }
    return staff_page(request, signed, "staff/what_if/answer.html", values, status=told.status)


def shown_count(asked: WhatIf, figure: WhatIfFigure, opd: str | None = None) -> ShownCount:
    """Return one figure of all reports or of an OPD."""
    was, would = asked.sums.counts(figure, opd)
    of = {"angka": str(figure)} | ({} if opd is None else {"opd": opd})
    name = FIGURES[figure] if opd is None else SHORT[figure]
    return ShownCount(name, was, would, _address(asked, menurut="dahulu", **of), _address(asked, menurut="andai", **of))


def offices(asked: WhatIf, names: Mapping[str, str]) -> list[ShownOffice]:
    """Return the figures by OPD, the one whose lateness changes most first."""
    return [
        ShownOffice(office_name(code, names.get(code, code)), [shown_count(asked, figure, code) for figure in OF_OPD])
        for code in asked.sums.opds_by_change
    ]


def _left_out(asked: WhatIf) -> list[tuple[Message, int]]:
    """Return the steps that would not have been possible, the most frequent first."""
    counted = sorted(asked.sums.left_out.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(EVENTS[TRANSITIONS[CommandName(name)].event], times) for name, times in counted]


def _address(asked: WhatIf, **query: str) -> str:
    return f"{PATH}/{asked.number}/laporan?{urlencode(query)}"


async def _cancel(request: Request, signed: SignedIn, _: Fields) -> Response:
    """Cancel a computation; nothing happens to one that has ended."""
    asked = await asked_of(request, signed)
    await performed(request, signed, "whatif cancel", {"number": asked.number})
    return see_other(f"{PATH}/{asked.number}")


# --- As a file --------------------------------------------------------------------------------------------------------


def _csv(sheets: FigureSheets) -> bytes:
    return (BOM + as_csv(sheets)).encode()


_TABLES: Mapping[str, tuple[str, Callable[[FigureSheets], bytes]]] = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "csv": ("text/csv; charset=utf-8", _csv),
}


async def send_file(request: Request, signed: SignedIn, _: FormOutcome) -> Response:
    """Send what was found as a workbook, CSV or JSON."""
    asked, kind = await asked_of(request, signed), request.path_params["kind"]
    if asked.state is not WhatIfState.DONE or kind not in (*_TABLES, "json"):
        raise Problem(404, "no_result", _UNFINISHED)
    names = await complaints_of(request).directory.names(asked.instansi)
    if kind == "json":
        media_type, content = "application/json", json.dumps(answer_json(asked), ensure_ascii=False, indent=2).encode()
    else:
        media_type, made = _TABLES[kind]
        content = await asyncio.to_thread(made, sheets_of(asked, names, lang_of(language_of(request))))
    name = f"andai-{asked.instansi}-{asked.number}.{kind}"
    headers = {**HEADERS, "Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, 200, headers, media_type)


ROUTES: list[Route] = [
    page_route(f"{ANSWER}.{{kind}}", Act.ASK_WHAT_IF, send_file),
    *page_with_forms(ANSWER, Act.ASK_WHAT_IF, show_answer, {"batal": _cancel}),
]
