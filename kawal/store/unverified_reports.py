"""What waits for its verification: each report as the public would read it, and what the agency did before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import asyncpg

from kawal.domain.names import ReportClass

LEARN_FROM = 5_000
"""What admins did is counted over this many of an agency's latest reports."""

_SECRET = "(c.rahasia or exists (select from concealment k where k.tracking_id = c.tracking_id and k.rahasia))"  # noqa: S105 - a condition
_REPORT = f"""
    select c.tracking_id::text as tracking_id, {_SECRET} as rahasia, c.erased_at is not null as erased,
           case when 'title' = any (p.redacted) then p.title else c.title end as title,
           case when 'body' = any (p.redacted) then p.body else c.body end as body,
           case when 'place' = any (p.redacted) then p.place else c.place end as place,
           p.why, c.occurred_on, e.facts
    from complaint c join event e on e.workflow_id = c.workflow_id and e.seq = 1
    left join public_version p on p.tracking_id = c.tracking_id
    where c.tracking_id::text = $1
"""  # noqa: S608 - own words
_FORWARDED = """
    select d.category, o.opd::text as opd, count(*)::integer as number
    from (select tracking_id, category from complaint
          where instansi = $1 and verified_at is not null and category is not null
          order by received_at desc limit $2) d
    join complaint_opd o on o.tracking_id = d.tracking_id and o.opd is not null and o.state in ('owes', 'final')
    group by 1, 2
"""
_USED = """
    select category, count(*)::integer as number
    from (select category from complaint where instansi = $1 and verified_at is not null and category is not null
          order by received_at desc limit $2) d
    group by 1
"""


class UnverifiedReport(NamedTuple):
    """A report as its first event and the read model have it; the words masked, with what was redacted replaced."""

    tracking_id: str
    rahasia: bool
    erased: bool
    title: str
    body: str
    place: str
    """All three empty for a rahasia report."""
    redacted_why: str | None
    occurred_on: date | None
    proposed_class: ReportClass | None
    category: str | None
    """The one that the reporter chose."""
    chosen_opd: str | None


class PastDecisions(NamedTuple):
    """What an agency's admins did with its latest reports."""

    forwarded: Mapping[str, Mapping[str, int]]
    """By category, how often to which OPD."""
    used: Mapping[str, int]
    """How often each category was given."""


class UnverifiedReports:
    """A store that reads reports before their verification."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Read through `pool`."""
        self._pool = pool

    async def report(self, tracking_id: str) -> UnverifiedReport | None:
        """Return a recorded report; None for an unknown number."""
        row = await self._pool.fetchrow(_REPORT, tracking_id)
        if row is None:
            return None
        facts, hidden = row["facts"], row["rahasia"] or row["erased"]
        proposed = facts.get("class")
        return UnverifiedReport(
            row["tracking_id"],
            row["rahasia"],
            row["erased"],
            title="" if hidden else row["title"] or "",
            body="" if hidden else row["body"] or "",
            place="" if hidden else row["place"] or "",
            redacted_why=row["why"],
            occurred_on=row["occurred_on"],
            proposed_class=None if proposed is None else ReportClass(proposed),
            category=facts.get("category"),
            chosen_opd=facts.get("chosen_opd"),
        )

    async def past_decisions(self, instansi: str) -> PastDecisions:
        """Return what was done with the agency's latest reports."""
        forwarded: dict[str, Counter[str]] = {}
        for row in await self._pool.fetch(_FORWARDED, instansi, LEARN_FROM):
            forwarded.setdefault(row["category"], Counter())[row["opd"]] = row["number"]
        used = await self._pool.fetch(_USED, instansi, LEARN_FROM)
        return PastDecisions(forwarded, {row["category"]: row["number"] for row in used})
