"""`kawal list`: complaints by status, OPD and lateness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.commands.mend import tell_wedged, wedged_now
from kawal.cli.terminal.actor_option import reader_of
from kawal.cli.terminal.dates import show_deadline, show_instant
from kawal.cli.terminal.faults import UsageError
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Field, Spec
from kawal.cli.terminal.rejected_writes import unrecorded, warn_of_unrecorded
from kawal.cli.terminal.tables import write_table
from kawal.cli.wording.labels import rung
from kawal.domain.labels import CLASSES, STATUSES
from kawal.domain.names import Status
from kawal.store.queues import ListLine, list_lines
from kawal.wording.labels import label

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.store.wedged_complaints import WedgedComplaint

MOST_LINES = 1_000_000
LIMIT = Field("limit", "--limit", int, 100)


def check_limit(limit: int) -> None:
    """Raise UsageError for an invalid number of lines."""
    if not 1 <= limit <= MOST_LINES:
        raise UsageError("limit_range", most=MOST_LINES)


def list_complaints(operator: Operator, *, statuses: list[Status], opd: str | None, overdue: bool, limit: int) -> None:
    """List complaints, the late ones first, then by their next deadline."""
    check_limit(limit)

    async def work(complaints: Readings) -> tuple[list[ListLine], int, list[WedgedComplaint]]:
        await operator.check_named(complaints, opd)
        lines = await list_lines(
            complaints.pool,
            statuses=[str(status) for status in statuses],
            opd=opd and opd.upper(),
            overdue=overdue,
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
            LIMIT,
        ],
    ),
)


def _row(operator: Operator, line: ListLine) -> list[str]:
    lang = operator.lang
    mark = f" {operator.say('provisional')}" if line.provisional else ""
    deadline = show_deadline(line.next_deadline, lang) + mark if line.next_deadline else "–"
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
