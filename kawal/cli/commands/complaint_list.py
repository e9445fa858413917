"""`kawal list`: what waits for whoever acts; without `--as` all complaints by status, OPD and lateness."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kawal.cli.commands.mend import tell_wedged, wedged_now
from kawal.cli.commands.own_queue import tell_work, view_named, work_of
from kawal.cli.terminal.actor_option import reader_of
from kawal.cli.terminal.dates import show_deadline, show_instant
from kawal.cli.terminal.faults import UsageError
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Field, Spec
from kawal.cli.terminal.rejected_writes import unrecorded, warn_of_unrecorded
from kawal.cli.terminal.tables import write_table
from kawal.cli.wording.labels import rung
from kawal.domain.labels import CLASSES, STATUSES
from kawal.domain.names import FINAL, Status
from kawal.domain.work_queues import QUEUES_OF, Queue
from kawal.store.complaint_list import ListLine, list_lines
from kawal.wording.labels import label

if TYPE_CHECKING:
    from kawal.client.own_work import WorkLine
    from kawal.client.reading import Readings
    from kawal.store.wedged_complaints import WedgedComplaint

MOST_LINES = 1_000_000
LIMIT = Field("limit", "--limit", int, 100)


def check_limit(limit: int) -> None:
    """Raise UsageError for an invalid number of lines."""
    if not 1 <= limit <= MOST_LINES:
        raise UsageError("limit_range", most=MOST_LINES)


class ListFilters(NamedTuple):
    """What of a list is shown; empty, None or False restricts nothing."""

    statuses: list[Status]
    opd: str | None
    overdue: bool


def list_complaints(
    operator: Operator,
    *,
    statuses: list[Status],
    opd: str | None,
    overdue: bool,
    queues: list[Queue],
    view_name: str | None,
    limit: int,
) -> None:
    """List the queues of the role that acts, or all complaints: the late ones first, then by their deadline."""
    check_limit(limit)
    filters, who = ListFilters(statuses, opd and opd.upper(), overdue), operator.acting()
    if view_name is not None and (statuses or opd or overdue or queues):
        raise UsageError("view_alone")
    if who is not None and who.role in QUEUES_OF and operator.instansi() in (None, who.instansi or operator.instansi()):
        _list_own(operator, filters, queues, view_name, limit)
    elif queues or view_name is not None:
        raise UsageError("only_with", option="--queue" if queues else "--view", other="--as ROLE:NAME")
    else:
        _list_all(operator, filters, limit)


def _list_own(operator: Operator, filters: ListFilters, queues: list[Queue], view_name: str | None, limit: int) -> None:
    async def work(complaints: Readings) -> tuple[list[WorkLine], int, list[WedgedComplaint]]:
        from kawal.store.queues import QueueFilters

        actor = await operator.actor(complaints)
        await operator.check_named(complaints, filters.opd)
        asked = QueueFilters(tuple(map(str, filters.statuses)), opd=filters.opd, overdue=filters.overdue)
        chosen = queues
        if view_name is not None:
            queue, asked = await view_named(operator, complaints, actor, view_name)
            chosen = [queue]
        lines = await work_of(complaints, actor, asked, chosen, limit + 1)
        return lines, await unrecorded(complaints, operator), await wedged_now(complaints, operator)

    lines, missing, wedged = operator.with_record(work)
    warn_of_unrecorded(operator, missing)
    tell_work(operator, lines[:limit])
    tell_wedged(operator, wedged)
    if len(lines) > limit:
        operator.note(operator.say("more_left", shown=limit))


def _list_all(operator: Operator, filters: ListFilters, limit: int) -> None:
    async def work(complaints: Readings) -> tuple[list[ListLine], int, list[WedgedComplaint]]:
        await operator.check_named(complaints, filters.opd)
        lines = await list_lines(
            complaints.pool,
            statuses=[str(status) for status in filters.statuses],
            opd=filters.opd,
            overdue=filters.overdue,
            instansi=operator.instansi(),
            limit=limit + 1,
            reader=reader_of(operator.acting()),
        )
        return lines, await unrecorded(complaints, operator), await wedged_now(complaints, operator)

    lines, missing, wedged = operator.with_record(work)
    warn_of_unrecorded(operator, missing)
    shown = lines[:limit]
    if operator.json:
        operator.write_json([line.model_dump(mode="json") for line in shown])
    elif shown:
        columns = ("tracking_id", "status", "received_at", "report_class", "opds", "next_deadline", "level", "title")
        write_table(columns, (_row(operator, line) for line in shown), operator.lang)
    else:
        operator.write(operator.say("nothing_found"))
    tell_wedged(operator, wedged)
    if len(lines) > limit:
        operator.note(operator.say("more_left", shown=limit))


SPECS = (
    Spec(
        "list",
        list_complaints,
        [
            Field("statuses", "--status", list[Status], default=[]),
            Field("opd", "--opd", help_key="list_opd"),
            Field("overdue", "--overdue", bool, default=False),
            Field("queues", "--queue", list[Queue], default=[]),
            Field("view_name", "--view"),
            LIMIT,
        ],
    ),
)


def _row(operator: Operator, line: ListLine) -> list[str]:
    lang = operator.lang
    mark = f" {operator.say('provisional')}" if line.provisional else ""
    running = line.next_deadline is not None and line.status not in FINAL
    deadline = show_deadline(line.next_deadline, lang) + mark if running else "–"
    late = operator.say("late") if line.overdue else ""
    status = label(STATUSES, line.status, lang)
    return [
        line.tracking_id,
        f"{status} {operator.say('wedged')}" if line.wedged else status,
        show_instant(line.received_at, lang),
        label(CLASSES, line.report_class, lang) if line.report_class else "–",
        ", ".join(line.opds) or "–",
        " ".join(filter(None, (late, deadline))),
        rung(line.level, lang),
        line.title or operator.say("withheld" if line.rahasia else "not_public"),
    ]
