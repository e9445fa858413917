"""What an OPD's and the admin's own pages show besides lines of a queue: what left an OPD, and what was asked last.

Codes and instants only; titles as an official of the OPD may see them (kawal.store.queues). How a report left is asked
as the application, for the OPD may read no events of a rahasia report that it has no more; what is shown of it is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from kawal.domain.names import EventKind

_LAST = """
select distinct on (e.workflow_id) substr(e.workflow_id, length('complaint-') + 1) as number, e.facts, e.actor_opd,
    e.actor_account, e.at
from event e where e.workflow_id = any ($1) and e.kind = $2 order by e.workflow_id, e.seq desc
"""
_LEFT = """
with gone as (
    select e.workflow_id, e.kind::text as how, e.at, e.facts ->> 'belongs_to' as belongs_to
    from event e where e.kind in ('returned', 'withdrawn') and coalesce(e.facts ->> 'opd', e.actor_opd) = $2
        and e.recorded_at >= $3
    union all
    select e.workflow_id, e.kind::text, e.at, null
    from complaint_opd l join complaint c on c.tracking_id = l.tracking_id
    join event e on e.workflow_id = c.workflow_id and e.kind = 'taken_over' and e.recorded_at >= $3
    where l.state = 'taken_over' and l.instansi = $1 and l.code = $2
    union all
    select c.workflow_id, c.status::text, c.closed_at, null
    from complaint_opd l join complaint c on c.tracking_id = l.tracking_id
    where l.state = 'owes' and l.instansi = $1 and l.code = $2 and c.closed_at >= $3
        and c.status in ('diarsipkan', 'bukan_wewenang', 'digabung', 'selesai')
), last as (
    select distinct on (workflow_id) * from gone order by workflow_id, at desc
)
select c.tracking_id::text as number, g.how, g.at, g.belongs_to
from last g join complaint c on c.workflow_id = g.workflow_id and c.instansi = $1
where not exists (select from complaint_opd o where o.tracking_id = c.tracking_id and o.code = $2
    and (o.state = 'final'
        or o.state = 'owes' and c.status not in ('diarsipkan', 'bukan_wewenang', 'digabung', 'selesai')))
order by g.at desc, c.tracking_id limit $4
"""
_SHOWN = """
select c.tracking_id::text as number, c.status::text as status, c.rahasia,
    case when not c.rahasia and c.erased_at is null and not exists (
        select from concealment k where k.tracking_id = c.tracking_id and k.rahasia) then c.title end as title,
    array(select o.code::text from complaint_opd o where o.tracking_id = c.tracking_id and o.state in ('owes', 'final')
        order by o.place) as opds
from complaint c where c.tracking_id::text = any ($1)
"""


class LastFacts(NamedTuple):
    """The last event of a kind in a complaint: its process record."""

    facts: Mapping[str, Any]
    opd: str | None
    """Whose liaison it was, if one's."""
    account: str
    at: datetime


class Departure(NamedTuple):
    """How a complaint left an OPD, which owes nothing of it any more though no final follow-up of it stands."""

    number: str
    how: str
    """returned, withdrawn or taken_over; or the final status in which it ended."""
    at: datetime
    belongs_to: str | None
    """Where the OPD said that it belongs, when it returned it."""


class LeftReport(NamedTuple):
    """A complaint that left an OPD, as it is now."""

    departure: Departure
    status: str
    rahasia: bool
    title: str | None
    opds: list[str]
    """Those that owe or have finished now."""


async def last_facts(source: Any, numbers: Sequence[str], kind: EventKind) -> dict[str, LastFacts]:
    """Return the last event of a kind of each complaint that has one."""
    rows = await source.fetch(_LAST, [f"complaint-{number}" for number in numbers], str(kind))
    return {row["number"]: LastFacts(row["facts"], row["actor_opd"], row["actor_account"], row["at"]) for row in rows}


async def left_office(source: Any, instansi: str, opd: str, since: datetime, limit: int = 100) -> list[Departure]:
    """Return what left an OPD since an instant without its final follow-up, the latest first."""
    return [Departure(**dict(row)) for row in await source.fetch(_LEFT, instansi, opd, since, limit)]


async def left_reports(source: Any, departures: Sequence[Departure]) -> list[LeftReport]:
    """Return the reports that left, in that order, as far as `source` shows them."""
    rows = {row["number"]: row for row in await source.fetch(_SHOWN, [one.number for one in departures])}
    shown = [(one, rows[one.number]) for one in departures if one.number in rows]
    return [LeftReport(one, row["status"], row["rahasia"], row["title"], row["opds"]) for one, row in shown]
