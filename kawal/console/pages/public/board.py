"""`/papan`: the public board, searched and filtered by its address; `/papan/NUMBER`: one report, and its support."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kawal.client.complaints import Complaints
from kawal.console.pages.frame import language_of, page
from kawal.console.pages.public.board_address import BoardAddress, from_key
from kawal.console.pages.public.parts import agencies_of, attachments_of, complaints_of, count_call, count_download
from kawal.console.pages.public.supports import browser_key_of, supports_of
from kawal.domain.labels import STATUSES
from kawal.domain.names import FINAL, Status
from kawal.domain.report_numbers import is_number
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.routes import served
from kawal.reports.public_rows import as_csv, board_rows
from kawal.store.directory import Instansi, Opd
from kawal.store.public_board import BoardRow, PublicBoard, PublicReport
from kawal.store.public_reports import PublicReports
from kawal.store.public_steps import PublicStep, PublicSteps
from kawal.wording.catalogues import say
from kawal.wording.public_steps import STEPS

CSV_ROWS = 2_000
"""How many reports one CSV has at most: it is read as a list, not as the whole record."""

REMEMBERED = 30.0
"""For how long the choices of the filters are taken as they are (seconds)."""


class Choices(NamedTuple):
    """What the filters offer."""

    categories: Sequence[str]
    opds: Mapping[str, str]
    """Their names by code; of all agencies' OPDs a code stands for those of each, so it is offered once."""


class ShownStep(NamedTuple):
    """A step of a report as the page shows it."""

    step: PublicStep
    text: str


class BoardChoices:
    """The categories and OPDs of each agency, remembered for a moment."""

    def __init__(self, complaints: Complaints) -> None:
        """Look them up through the client."""
        self._directory = complaints.directory
        self._known: dict[str | None, tuple[float, Choices]] = {}

    async def of(self, instansi: str | None) -> Choices:
        """Return the choices for the reports of an agency, or of all."""
        at, choices = self._known.get(instansi, (0.0, None))
        if choices is None or time.monotonic() - at > REMEMBERED:
            mains = sorted({name.partition(" / ")[0] for name in await self._directory.categories()})
            choices = Choices(mains, _by_code(await self._directory.opds(instansi)))
            self._known[instansi] = (time.monotonic(), choices)
        return choices


def _by_code(opds: Iterable[Opd]) -> dict[str, str]:
    names: dict[str, list[str]] = {}
    for one in opds:
        names.setdefault(one.code, []).append(one.name)
    return {code: " / ".join(dict.fromkeys(said)) for code, said in names.items()}


async def show_board(request: Request) -> Response:
    """Show a page of the reports that match what the address says."""
    await count_call(request)
    wanted, offered = await _wanted(request)
    found = await PublicBoard(complaints_of(request).pool).page(wanted.query, wanted.after)
    choices: Choices = await request.app.state.board_choices.of(wanted.instansi or None)
    values = {
        "wanted": wanted,
        "rows": found.rows,
        "following": None if found.after is None else wanted.address(setelah=from_key(found.after)),
        "csv_rows": CSV_ROWS,
        "csv": wanted.address(setelah="").replace("/papan", "/papan.csv", 1),
        "agencies": offered,
        "agency_names": {} if wanted.instansi else {one.code: one.name for one in offered},
        "choices": choices,
        "statuses": [(str(status), STATUSES[status]) for status in Status if status is not Status.BELUM_DIVERIFIKASI],
        "status_names": STATUSES,
    }
    return page(request, "public/board.html", values)


async def board_csv(request: Request) -> Response:
    """Return the newest CSV_ROWS reports of a list as CSV, which spreadsheets open as UTF-8."""
    await count_download(request)
    wanted, _ = await _wanted(request)
    board, rows, after = PublicBoard(complaints_of(request).pool), list[BoardRow](), wanted.after
    while len(rows) < CSV_ROWS:
        found = await board.page(wanted.query, after)
        rows += found.rows
        if found.after is None:
            break
        after = found.after
    headers = {"Content-Disposition": 'attachment; filename="papan.csv"', "X-Content-Type-Options": "nosniff"}
    return Response("\ufeff" + as_csv(board_rows(rows[:CSV_ROWS])), 200, headers, "text/csv; charset=utf-8")


async def _wanted(request: Request) -> tuple[BoardAddress, Sequence[Instansi]]:
    """Return what the address asks for; a host name that is one agency's shows its reports alone."""
    offered = await agencies_of(request).offered(request)
    wanted = BoardAddress.of(request.query_params)
    if len(offered) == 1:
        wanted = wanted._replace(instansi=offered[0].code)
    elif wanted.instansi not in {one.code for one in offered}:
        wanted = wanted._replace(instansi="")
    return wanted, offered if len(offered) > 1 else []


async def show_report(request: Request) -> Response:
    """Show what the public may know of a report; the same answer for what is hidden and for what does not exist."""
    await count_call(request)
    number = str(request.path_params["number"])
    complaints = complaints_of(request)
    found = await PublicBoard(complaints.pool).one(number)
    if found is None:
        raise HTTPException(404)
    browser = browser_key_of(request)
    agencies = await agencies_of(request).all()
    values = {
        "report": found,
        "agency": next((one.name for one in agencies if one.code == found.instansi and len(agencies) > 1), None),
        "words": isinstance(found, PublicReport),
        "status_name": STATUSES[found.status],
        "ended": found.status in FINAL,
        "steps": await _steps(complaints, found.instansi, number, language_of(request)),
        "files": await complaints.system.public_versions.files(number),
        "supported": browser is not None and await supports_of(request).supported(number, browser),
        "asked": request.query_params.get("surel") == "dikirim",
    }
    return page(request, "public/public_report.html", values, headers={"X-Robots-Tag": "noindex"})


async def _steps(complaints: Complaints, instansi: str, number: str, lang: str) -> list[ShownStep]:
    reports = PublicReports(complaints.pool, instansi, [str(kind) for kind in STEPS])
    system = complaints.system
    steps = await PublicSteps(system.keys, system.inbox, system.public_versions).read(await reports.events_of(number))
    names = await complaints.directory.names(instansi)
    return [ShownStep(step, _said(step, names, lang)) for step in steps]


def _said(step: PublicStep, names: dict[str, str], lang: str) -> str:
    opds = ", ".join(names.get(code, code) for code in step.event.facts.get("opds", []))
    return say(lang, STEPS[step.event.kind], opds=opds, text=step.text)


async def open_file(request: Request) -> Response:
    """Return a released file, to be saved or shown as a picture."""
    await count_call(request)
    number, attachment = (str(request.path_params[name]) for name in ("number", "attachment"))
    if not is_number(number):
        raise HTTPException(404)
    try:
        ref, content = await attachments_of(request).open_public(number, attachment)
    except AttachmentRefused:
        raise HTTPException(404) from None
    return served(ref, content, ref.size)
