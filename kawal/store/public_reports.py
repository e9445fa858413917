"""Complaints as the public may see them: rows of the views `public_status` and `public_report`, and nothing else.

The database alone decides what is public: `public_status` gives number, status and dates, `public_report` the texts.
Only `own` bypasses them, for the holder of a report's secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg

from kawal.store.stored_events import COLUMNS

_UPDATED = """
    (select max(e.recorded_at) from event e where e.workflow_id = c.workflow_id and e.kind::text = any ($2))
"""
_STATUS = f"""
    select c.tracking_id::text as id, c.status, c.received_at, {_UPDATED} as updated_at
    from public_status c where c.instansi = $1
"""  # noqa: S608 - own words
_WORDS = f"""
    select c.tracking_id::text as id, c.status, c.category, c.title, c.body, c.place, c.latitude, c.longitude,
           c.received_at, c.anonim, {_UPDATED} as updated_at,
           (select coalesce(array_agg(coalesce(o.name, i.name, l.code::text) order by l.place), '{{}}')
              from complaint_opd l
              left join opd o on o.instansi = l.instansi and o.code = l.code
              left join instansi i on i.code = l.code
             where l.tracking_id = c.tracking_id and l.state in ('owes', 'final')) as bodies,
           (select k.deadline from complaint_clock k
             where k.tracking_id = c.tracking_id and k.kind = 'complete' and k.opd is null) as expected_at
"""  # noqa: S608 - own words
_REPORT = f"{_WORDS} from public_report c where c.instansi = $1"
_OWN = f"{_WORDS} from complaint c where c.instansi = $1 and c.erased_at is null and c.tracking_id::text = $3"
_BY_NUMBER = "and c.tracking_id::text = any ($3)"
_STEPS = (
    "select "  # noqa: S608 - own column names
    + ", ".join(f"e.{name}" for name in COLUMNS)
    + " from event e join public_report c on c.workflow_id = e.workflow_id where c.instansi = $1"
    " and e.kind::text = any ($2) and (c.words_until is null or e.seq <= c.words_until)"
)
_EVENTS = (
    f"{_STEPS} and e.recorded_at between $3 and $4"
    " and ($5::text[] is null or c.tracking_id::text = any ($5))"
    " order by e.recorded_at, e.position limit $6 offset $7"
)
_EVENTS_OF = f"{_STEPS} and c.tracking_id::text = $3 order by e.seq desc limit $4"
MOST_STEPS = 200
"""The number of a report's latest steps that are shown at once."""

Rows = list[Any]


class PublicReports:
    """Queries of one agency's complaints for the public."""

    def __init__(self, pool: asyncpg.Pool, instansi: str, steps: Sequence[str]) -> None:
        """Read through `pool`; `steps` are the kinds of event that are published."""
        self._pool = pool
        self._asked = (instansi, list(steps))

    async def search(
        self,
        span: tuple[datetime, datetime],
        categories: Sequence[str] | None,
        closed: Sequence[str],
        *,
        with_closed: bool,
        with_open: bool,
        page: tuple[int, int],
    ) -> Rows:
        """Return reports by receipt, the newest first; `closed` are statuses, `page` (limit, offset)."""
        return list(
            await self._pool.fetch(
                f"{_REPORT} and c.received_at between $3 and $4"
                " and ($5::text[] is null or c.category = any ($5))"
                " and case when c.status::text = any ($6) then $7::boolean else $8::boolean end"
                " order by c.received_at desc, c.tracking_id limit $9 offset $10",
                *self._asked,
                *span,
                categories,
                list(closed),
                with_closed,
                with_open,
                *page,
            )
        )

    async def statuses(self, numbers: Sequence[str]) -> Rows:
        """Return number, status and dates of those that were verified and are not rahasia."""
        return list(await self._pool.fetch(f"{_STATUS} {_BY_NUMBER}", *self._asked, list(numbers)))

    async def reports(self, numbers: Sequence[str]) -> Rows:
        """Return the complete rows of those whose texts are public."""
        return list(await self._pool.fetch(f"{_REPORT} {_BY_NUMBER}", *self._asked, list(numbers)))

    async def own(self, tracking_id: str) -> Rows:
        """Return a report for the holder of its secret, in a list of one or none; a rahasia one's texts are null."""
        return list(await self._pool.fetch(_OWN, *self._asked, tracking_id))

    async def events(
        self, span: tuple[datetime, datetime], numbers: Sequence[str] | None, page: tuple[int, int]
    ) -> Rows:
        """Return stored events of public reports by when they were recorded, the oldest first."""
        return list(await self._pool.fetch(_EVENTS, *self._asked, *span, numbers, *page))

    async def events_of(self, tracking_id: str) -> Rows:
        """Return the latest stored events of a public report, in their order (to be read by store.public_steps)."""
        return list(reversed(await self._pool.fetch(_EVENTS_OF, *self._asked, tracking_id, MOST_STEPS)))
