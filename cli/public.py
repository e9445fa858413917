"""What the command line reads from the read model: lists, and the words of public reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel


class ListLine(BaseModel):
    """One complaint in a list; times are UTC instants."""

    tracking_id: str
    instansi: str
    status: str
    report_class: str | None
    pengawasan: bool
    category: str | None
    channel: str
    anonim: bool
    rahasia: bool
    received_at: datetime
    next_deadline: datetime | None
    provisional: bool
    """Whether the next deadline reaches into a year whose calendar is not known."""
    overdue: bool
    level: int
    opds: list[str]
    """Those who owe or have finished, in the order in which they got it."""
    wedged: bool
    """Whether its workflow's task fails again and again, so that nothing happens to it."""
    title: str | None
    """None for a rahasia report: its words are not public."""


_LIST = """
select c.tracking_id::text, c.instansi::text, c.status::text, c.report_class::text, c.pengawasan, c.category,
       c.channel::text, c.anonim, c.rahasia, c.received_at, c.next_deadline, c.overdue, c.level, c.title,
       exists (select from complaint_clock k where k.tracking_id = c.tracking_id and k.provisional
               and k.deadline = c.next_deadline) as provisional,
       exists (select from reconcile_finding f where f.tracking_id = c.tracking_id and f.kind = 'stuck_task'
               and f.gone_at is null) as wedged,
       array(select o.code::text from complaint_opd o where o.tracking_id = c.tracking_id
             and o.state in ('owes', 'final') order by o.place) as opds
from complaint c
where ($1::text[] is null or c.status::text = any ($1))
  and ($2::text is null or exists (select from complaint_opd o where o.tracking_id = c.tracking_id
       and o.code::text = $2 and o.state in ('owes', 'final')))
  and (not $3 or c.overdue)
  and ($4::text is null or c.instansi = $4)
order by c.overdue desc, c.next_deadline nulls last, c.received_at desc, c.tracking_id
limit $5
"""

_WORKLIST = """
select tracking_id::text from complaint
where item_open and ($1::text is null or instansi = $1)
order by level desc, item_opened_at, tracking_id
"""


async def list_lines(
    source: Any,
    *,
    statuses: Sequence[str] = (),
    opd: str | None = None,
    overdue: bool = False,
    instansi: str | None = None,
    limit: int = 100,
) -> list[ListLine]:
    """Return complaints, the late ones first, then by the next deadline; `source` is an asyncpg pool or connection."""
    rows = await source.fetch(_LIST, list(statuses) or None, opd, overdue, instansi, limit)
    return [ListLine(**dict(row)) for row in rows]


async def worklist(source: Any, instansi: str | None) -> list[str]:
    """Return the tracking ids on the Inspectorate's worklist, the highest level and the longest open first."""
    return [row["tracking_id"] for row in await source.fetch(_WORKLIST, instansi)]


async def public_words(source: Any, tracking_id: str) -> dict[str, Any]:
    """Return title, text and place of a public report; empty for a rahasia or erased one."""
    row = await source.fetchrow("select title, body, place from complaint where tracking_id = $1", tracking_id)
    return {} if row is None else {name: value for name, value in row.items() if value is not None}
