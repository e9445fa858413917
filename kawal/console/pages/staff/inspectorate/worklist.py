"""`/inspektorat`: the Inspectorate's worklist, the highest rung first and the oldest first within it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.client.reading import Readings
from kawal.console.auth.signed_in import SignedIn, need_role, signed_in
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.act_forms import ActForms, act_done
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.inspectorate.items import ItemReader, ItemView, filled
from kawal.console.pages.staff.queue_address import QueueAddress
from kawal.console.pages.staff.queue_lines import Clockwork, ShownLine, clockwork_of, counted, list_values, shown_line
from kawal.console.pages.staff.report.act_form import ActForm
from kawal.console.pages.staff.report.public_view import PublicView, public_views
from kawal.console.pages.time_limits import read_in_time
from kawal.domain.government import rungs_of
from kawal.domain.messages import Snapshot
from kawal.domain.msgids import Sayable, msgid
from kawal.domain.names import CommandName
from kawal.domain.process.evolve import fold
from kawal.domain.process.state import State
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.work_queues import Queue
from kawal.store.queues import QueueLine, queue_counts, queue_page, scope_of
from kawal.wording.act_words import ACT_WORDS
from kawal.wording.queue_words import EMPTY

PATH = "/inspektorat"

WHO = TRANSITIONS[CommandName.RESOLVE].who
"""Whose worklist it is."""

LINES = 10
"""Reports on a page: each is folded from its events, and has its forms."""

_NOTHING_FITS = msgid("Nothing fits these filters. Take one away.")


class ReadItem(NamedTuple):
    """What was read of a line of the queue."""

    line: QueueLine
    row: Snapshot
    state: State
    public: PublicView


class WorkItem(NamedTuple):
    """A report on the worklist."""

    shown: ShownLine
    item: ItemView
    forms: Sequence[ActForm]
    latest_day: date
    """By when an instruction can be due at the latest."""
    noted_at: datetime | None
    """When the leadership last left a note for the Inspectorate; None: never."""


class Rung(NamedTuple):
    """The items that reached the same rung of the ladder."""

    level: int
    name: Sayable
    items: Sequence[WorkItem]


async def show_worklist(request: Request) -> Response:
    """Show a page of the worklist."""
    signed = await signed_in(request)
    need_role(signed, *WHO)
    complaints, address = complaints_of(request), QueueAddress.of(PATH, request.query_params)
    async with complaints.seen_at_once(signed.actor) as seen:
        scope = scope_of(signed.actor)
        found = await queue_page(seen.pool, Queue.ESCALATED, scope, address.filters, address.after, LINES)
        counts = await queue_counts(seen.pool, scope)
        read = await _read(seen, signed, found.lines)
    chips = list(address.chips())
    choices = await request.app.state.board_choices.of(signed.actor.instansi)
    values = {
        **list_values(),
        "wanted": address,
        "count": counted(counts[Queue.ESCALATED]),
        "rungs_shown": await _rungs(request, signed, read, address),
        "empty": _NOTHING_FITS if chips else EMPTY[Queue.ESCALATED],
        "chips": chips,
        "offices": choices.opds,
        "following": address.following(found.next),
        "view_address": address.anew(),
        "act_words": ACT_WORDS,
        "act_done": act_done(request),
    }
    return staff_page(request, signed, "staff/inspectorate.html", values)


async def _read(seen: Readings, signed: SignedIn, lines: Sequence[QueueLine]) -> Sequence[ReadItem]:
    """Return what is read of the lines of a page, in their order."""
    numbers = [line.number for line in lines]
    rows, records = await seen.ledger.snapshots(numbers), await seen.ledger.process_records(numbers)
    public = await public_views(seen, signed.actor, list(rows.values()))
    return [
        ReadItem(line, rows[line.number], fold(records[line.number]), public[line.number])
        for line in lines
        if line.number in rows and line.number in records
    ]


async def _rungs(request: Request, signed: SignedIn, read: Sequence[ReadItem], address: QueueAddress) -> Sequence[Rung]:
    """Return the items under the rung that each has reached; the queue's order is theirs."""
    forms, clockwork = await ActForms.of(request, signed, address.address()), await clockwork_of(request, signed)
    notes = await complaints_of(request).record.notes.leadership_wrote([one.line.number for one in read])
    items = [
        item._replace(noted_at=notes.get(one.line.number))
        for one, reader in zip(read, await _readers(request, signed, read, clockwork), strict=True)
        if (item := await _item(one, reader, forms, clockwork)) is not None
    ]
    names = rungs_of(signed.role.kind)
    return [Rung(level, names[level], list(found)) for level, found in groupby(items, lambda one: one.shown.line.level)]


async def _readers(
    request: Request, signed: SignedIn, read: Sequence[ReadItem], clockwork: Clockwork
) -> Sequence[ItemReader]:
    """Return what each item is read by; what they share is looked up once."""
    complaints = complaints_of(request)
    names = {code: await complaints.directory.names(code) for code in {one.line.instansi for one in read}}
    versions = {one.state.rules.calendar.version for one in read}
    holidays = {version: await complaints.rulebook.holiday_names(version) for version in versions}
    return [
        ItemReader(
            signed.actor,
            clockwork.now,
            clockwork.calendar,
            names[one.line.instansi],
            holidays[one.state.rules.calendar.version],
        )
        for one in read
    ]


async def _item(one: ReadItem, reader: ItemReader, forms: ActForms, clockwork: Clockwork) -> WorkItem | None:
    """Return an item; None if it was resolved since the queue was read."""
    item = reader.view(one.state, one.row, withheld=one.public.withheld and one.public.own is None)
    if item is None:
        return None
    made = [await forms.form(one.row, command, filled(command, one.row)) for command in item.allowed]
    shown = shown_line(one.line, Queue.ESCALATED, clockwork)
    return WorkItem(shown, item, made, reader.latest_day(one.state), None)


ROUTES = [Route(PATH, read_in_time(show_worklist), methods=["GET"])]
