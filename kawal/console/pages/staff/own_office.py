"""`/kerja/opd`: what a liaison's OPD owes, waits for and has finished, each clock of each report, and acts right there.

An act is sent to `/laporan/NUMBER/COMMAND` and leads back here. That a report was opened counts for nothing by itself:
"receive" is an act. Which acts a report offers follows from its row; the rules decide when one is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.client.reading import Readings
from kawal.console.auth.signed_in import SignedIn, need_role, signed_in
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.act_forms import ActForms, act_done
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.queue_address import QueueAddress
from kawal.console.pages.staff.queue_lines import Clockwork, ShownLine, clockwork_of, counted, list_values, shown_line
from kawal.console.pages.staff.report.act_form import ActForm
from kawal.console.pages.time_limits import read_in_time
from kawal.domain.access import may
from kawal.domain.labels import CLOCKS
from kawal.domain.messages import OpdLine, Snapshot
from kawal.domain.msgids import Message, Sayable, msgid
from kawal.domain.names import ClockKind, CommandName
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.time_left import TimeLeft
from kawal.domain.work_queues import Queue
from kawal.store.office_reports import LeftReport, left_office, left_reports
from kawal.store.queues import queue_counts, queue_page, scope_of
from kawal.wording.queue_words import EMPTY, LEFT_HOW

PATH = "/kerja/opd"

LINES = 20
"""Reports on a page: each has its forms."""

LEFT_DAYS = 30
"""For how long a report that left the OPD is still named."""

LEFT = "left"

PARTS: Mapping[str, Message] = {
    str(Queue.OWED): msgid("Owed by the OPD"),
    str(Queue.WAITING): msgid("Waiting for the reporter"),
    str(Queue.FINISHED): msgid("Finished"),
    LEFT: msgid("Left the OPD"),
}
"""The parts of the page, by the argument `antrean`."""

ACTS = (
    CommandName.RECEIVE,
    CommandName.FOLLOW_UP,
    CommandName.ASK,
    CommandName.EXTEND,
    CommandName.RETURN,
)
"""What can be done right here, in the order in which it is offered."""

_NONE_LEFT = msgid("No report left the OPD in the last 30 days without its final follow-up.")


class ShownClock(NamedTuple):
    """A running clock of a report."""

    name: Message
    left: TimeLeft


class OfficeLine(NamedTuple):
    """A report of the OPD's."""

    shown: ShownLine
    own: OpdLine | None
    clocks: Sequence[ShownClock]
    forms: Sequence[ActForm]


async def show_office(request: Request) -> Response:
    """Show a part of what the own OPD has to do with."""
    signed = await signed_in(request)
    need_role(signed, *TRANSITIONS[CommandName.RECEIVE].who)
    address = QueueAddress.of(PATH, request.query_params)
    part = address.antrean if address.antrean in PARTS else str(Queue.OWED)
    address = address._replace(antrean=part)
    async with complaints_of(request).seen_at_once(signed.actor) as seen:
        counts = await queue_counts(seen.pool, scope_of(signed.actor))
        shown = await (
            _left(request, seen, signed) if part == LEFT else _of_queue(request, seen, signed, Queue(part), address)
        )
    tabs = [
        (
            QueueAddress(PATH, name).address(),
            label,
            counted(counts[Queue(name)]) if name in counts else None,
            name == part,
        )
        for name, label in PARTS.items()
    ]
    values = {
        **list_values(),
        "tabs": tabs,
        "title": PARTS[part],
        "opd": signed.actor.opd,
        "wanted": address,
        "act_done": act_done(request),
        **shown,
    }
    return staff_page(request, signed, "staff/own_office.html", values)


async def _of_queue(
    request: Request, seen: Readings, signed: SignedIn, queue: Queue, address: QueueAddress
) -> Mapping[str, Any]:
    found = await queue_page(seen.pool, queue, scope_of(signed.actor), address.filters, address.after, LINES)
    clockwork, forms = await clockwork_of(request, signed), await ActForms.of(request, signed, address.address())
    rows = await seen.ledger.snapshots([line.number for line in found.lines])
    lines = []
    for line in found.lines:
        if (row := rows.get(line.number)) is None:  # it left the OPD since the page of the queue was read
            continue
        shown = shown_line(line, queue, clockwork)
        belongs = line.suggested_opd.key if line.suggested_opd is not None else ""
        lines.append(_office_line(signed, shown, row, clockwork, await _forms(forms, signed, row, belongs)))
    return {"lines": lines, "gone": [], "following": address.following(found.next), "empty": EMPTY[queue]}


async def _left(request: Request, seen: Readings, signed: SignedIn) -> Mapping[str, Any]:
    complaints, instansi = complaints_of(request), signed.actor.instansi or ""
    since = complaints.now() - timedelta(days=LEFT_DAYS)
    departures = await left_office(complaints.pool, instansi, signed.actor.opd or "", since)
    gone = await left_reports(seen.pool, departures)
    names = await complaints.directory.names(instansi)
    shown = [(one, _how(one), [names.get(code, code) for code in one.opds]) for one in gone]
    return {"lines": [], "gone": shown, "following": None, "empty": _NONE_LEFT}


def _how(one: LeftReport) -> Sayable:
    return LEFT_HOW[one.departure.how]


def _office_line(
    signed: SignedIn, shown: ShownLine, row: Snapshot, clockwork: Clockwork, forms: Sequence[ActForm]
) -> OfficeLine:
    clocks = [
        ShownClock(CLOCKS[clock.kind], clockwork.left(clock.deadline, paused=True))
        for clock in row.clocks
        if clock.opd in (None, signed.actor.opd)
    ]
    return OfficeLine(shown, _own_line(signed, row), clocks, forms)


async def _forms(forms: ActForms, signed: SignedIn, row: Snapshot, belongs: str) -> list[ActForm]:
    elsewhere = [belongs] if belongs and belongs != signed.actor.opd else []
    return [
        await forms.form(row, command, {"belongs_to": elsewhere} if command is CommandName.RETURN else {})
        for command in acts_on(signed, row)
    ]


def acts_on(signed: SignedIn, row: Snapshot) -> list[CommandName]:
    """Return the acts that are offered on a report: the role's, less what its row shows to be impossible now."""
    own = _own_line(signed, row)
    if own is None or own.state not in ("owes", "final"):
        return []
    running = {clock.kind: clock for clock in row.clocks}
    complete, owes = running.get(ClockKind.COMPLETE), own.state == "owes"
    extends = row.extension_days is None and complete is not None and complete.breached_at is None
    possible = {
        CommandName.RECEIVE: owes and own.received_at is None,
        CommandName.FOLLOW_UP: True,
        CommandName.ASK: ClockKind.QUESTION not in running,
        CommandName.EXTEND: owes and extends,
        CommandName.RETURN: owes and own.first_follow_up_at is None,
    }
    return [act for act in ACTS if possible[act] and may(signed.actor, act, row) is None]


def _own_line(signed: SignedIn, row: Snapshot) -> OpdLine | None:
    return next((line for line in row.opds if line.code == signed.actor.opd), None)


ROUTES = [Route(PATH, read_in_time(show_office), methods=["GET"])]
