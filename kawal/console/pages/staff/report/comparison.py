"""`/laporan/NUMBER/banding/OTHER`: two reports side by side, and the form that merges the newer into the older."""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.client.complaints import Complaints
from kawal.console.auth.signed_in import SignedIn, signed_in
from kawal.console.pages.frame import see_other
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.report.act_form import ActForm, FormMaker
from kawal.console.pages.staff.report.files import PLAIN, StaffFile, files_of
from kawal.console.pages.staff.report.purposes import purpose_of
from kawal.console.pages.staff.report.reading import VIA, ReportWords, words_of
from kawal.console.pages.staff.report.sight import SeenReport, Sight, seen
from kawal.console.pages.time_limits import read_in_time
from kawal.domain.access import Act
from kawal.domain.labels import STATUSES
from kawal.domain.messages import Snapshot
from kawal.domain.msgids import Message
from kawal.domain.names import CommandName
from kawal.domain.process.permissions import refusal_of


class Side(NamedTuple):
    """One of the two reports."""

    row: Snapshot
    words: ReportWords | None
    """None where it is sealed: it has to be opened on its own page first."""
    files: list[StaffFile]
    status: Message


async def compare(request: Request) -> Response:
    """Show both, each reading on record; merging is offered in the one direction that the rules allow."""
    signed = await signed_in(request)
    complaints: Complaints = request.app.state.complaints
    number, other = request.path_params["number"], request.path_params["other"]
    if number == other:
        return see_other(f"/laporan/{number}")
    purpose = purpose_of(request, signed)
    sides = [
        await _side(
            request, signed, await seen(complaints, signed.actor, one, purpose if one == number else None), purpose
        )
        for one in (number, other)
    ]
    values = {"number": number, "sides": sides, "form": await _merging(request, signed, sides), "plain": PLAIN}
    return staff_page(request, signed, "staff/comparison.html", values)


async def _side(request: Request, signed: SignedIn, found: SeenReport, purpose: str | None) -> Side:
    complaints: Complaints = request.app.state.complaints
    row = found.row
    if found.sight is not Sight.WHOLE:
        return Side(row, None, [], STATUSES[row.status])
    await complaints.authority.reading(
        signed.actor, Act.READ_EVENTS, row.tracking_id, via=VIA, purpose=purpose, facts={"what": "comparison"}
    )
    seen = complaints.seen_by(signed.actor)
    words = words_of(await seen.history(row.tracking_id))
    files = [] if words is None else await files_of(seen, request.app.state.attachments, row.tracking_id)
    return Side(row, words, files, STATUSES[row.status])


async def _merging(request: Request, signed: SignedIn, sides: list[Side]) -> ActForm | None:
    """Return the form that merges the newer report into the older; None where the rules refuse it."""
    complaints: Complaints = request.app.state.complaints
    older, newer = sorted((side.row for side in sides), key=lambda row: (row.received_at, row.tracking_id))
    state = await complaints.state(newer.tracking_id)
    if refusal_of(state, signed.actor, CommandName.MERGE, complaints.now()) is not None:
        return None
    maker = await FormMaker.of(complaints, newer, str(request.app.state.lang))
    return maker.form(CommandName.MERGE, {"main": [older.tracking_id]})


ROUTES = [Route("/laporan/{number}/banding/{other}", read_in_time(compare), methods=["GET"])]
