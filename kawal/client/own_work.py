"""What waits for a role, as one list of all its queues: what is late first, then what is due first.

A complaint that stands in several of the queues is one line, with all that it waits for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from kawal.domain.names import FINAL
from kawal.domain.work_queues import Queue
from kawal.store.queues import QueueFilters, QueueLine, Scope, queue_page
from kawal.store.read_model import NO_DATE


class WorkLine(NamedTuple):
    """A complaint that waits for a role, and in which of the role's queues."""

    line: QueueLine
    queues: tuple[Queue, ...]
    why: tuple[str, ...]
    """What it waits for in all of them, the most urgent first (`QueuePlace.why`)."""

    @property
    def deadline(self) -> datetime | None:
        """When the step that is owed is due (UTC); a complaint that is final has none."""
        return None if self.line.status in FINAL else self.line.deadline

    def json(self) -> dict[str, Any]:
        """Return it as JSON values: the fields of `ListLine` first."""
        told = self.line.model_dump(mode="json")
        same = ("instansi", "status", "report_class", "pengawasan", "category", "channel", "anonim", "rahasia")
        return {
            "tracking_id": told["number"],
            **{name: told[name] for name in (*same, "received_at")},
            "next_deadline": None if self.deadline is None else told["deadline"],
            **{name: told[name] for name in ("provisional", "overdue", "level", "opds", "wedged", "title")},
            "queues": [str(queue) for queue in self.queues],
            "why": list(self.why),
            **{name: told[name] for name in ("owed_by", "said", "said_at", "extension_days", "last_seq")},
        }


async def own_work(
    source: Any, queues: Sequence[Queue], scope: Scope, filters: QueueFilters, limit: int
) -> list[WorkLine]:
    """Return at most `limit` complaints of a role's queues; what is finished comes last, the latest of it first.

    `source` is an asyncpg pool or connection. Refused for a queue that is not one of the role's.
    """
    found: dict[str, WorkLine] = {}
    for queue in sorted(queues, key=lambda one: one is Queue.FINISHED):
        lines = await _lines(source, queue, scope, filters, limit)
        for line in lines:
            known = found.get(line.number)
            found[line.number] = (
                WorkLine(line, (queue,), tuple(line.why)) if known is None else _both(known, line, queue)
            )
        if queue is not Queue.FINISHED:
            found = {one.line.number: one for one in sorted(found.values(), key=_urgency)}
    return list(found.values())[:limit]


async def _lines(source: Any, queue: Queue, scope: Scope, filters: QueueFilters, limit: int) -> list[QueueLine]:
    found: list[QueueLine] = []
    after = None
    while len(found) < limit:
        page = await queue_page(source, queue, scope, filters, after, limit - len(found))
        found += page.lines
        after = page.next
        if after is None:
            break
    return found


def _both(known: WorkLine, line: QueueLine, queue: Queue) -> WorkLine:
    """Return a complaint's line with its place in one more queue, the more urgent of the two first."""
    other = WorkLine(line, (queue,), tuple(line.why))
    first, second = sorted((known, other), key=_urgency)
    return WorkLine(first.line, (*known.queues, queue), tuple(dict.fromkeys((*first.why, *second.why))))


def _urgency(one: WorkLine) -> tuple[bool, datetime, datetime, str]:
    line = one.line
    return (not line.overdue, line.deadline or NO_DATE, line.received_at, line.number)
