"""Further queries of the read model: a complaint's agency, which are open, recorded, or received in a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import asyncpg

from kawal.domain.names import workflow_id
from kawal.proof.chain import EVENT_FIELDS, SIDE_ACT_FIELDS
from kawal.store.side_acts import TOLD

_PAST = "received_at >= $1 and received_at < $2"
_OPEN = "status not in ('selesai', 'diarsipkan', 'bukan_wewenang', 'digabung')"
_IN_USE = f"""
select calendar_version as calendar, policy_version as policy, count(*)::integer as reports
from (select distinct tracking_id from complaint_clock) as k join complaint c using (tracking_id)
where instansi = $1 and {_OPEN} group by 1, 2 order by 1, 2
"""  # noqa: S608 - own words
_TOUCHED = f"""
select tracking_id::text as id from complaint c
where instansi = $1 and calendar_version = $2 and policy_version = $3 and {_OPEN} and exists (
    select from complaint_clock k where k.tracking_id = c.tracking_id and k.deadline is not null
    and ($4::date[] is null or exists (
        select from unnest($4::date[]) as d (day) where d.day >= (k.started_at at time zone 'Asia/Jakarta')::date
        and d.day < (k.deadline at time zone 'Asia/Jakarta')::date)))
order by tracking_id
"""  # noqa: S608 - own words


class RulesInUse(NamedTuple):
    """The versions by which some open reports reckon."""

    calendar: str
    policy: str
    reports: int


def without_text(body: dict[str, Any]) -> dict[str, Any]:
    """Return a notice's body without what a person wrote."""
    return {name: value for name, value in body.items() if name != "text"}


class ComplaintRows:
    """Queries of the table `complaint`; every method raises asyncpg's errors."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Read through `pool`."""
        self._pool = pool

    async def agency_of(self, tracking_id: str) -> str | None:
        """Return the code of the complaint's agency; None for a complaint that is not recorded."""
        found: str | None = await self._pool.fetchval(
            "select instansi::text from complaint where tracking_id::text = $1", tracking_id
        )
        return found

    async def sent_to(self, tracking_id: str) -> list[str] | None:
        """Return who was ever sent a complaint, in that order; None for a complaint that is not recorded."""
        found: list[str] | None = await self._pool.fetchval(
            "select array(select o.code::text from complaint_opd o where o.tracking_id = c.tracking_id"
            " order by o.place)"
            " from complaint c where c.tracking_id::text = $1",
            tracking_id,
        )
        return found

    async def title_in_letters(self, tracking_id: str, *, own: bool) -> str | None:
        """Return the title by which a letter may name a report, None if it may not.

        A rahasia or erased report is named by its number alone; the title that its reporter wrote is shown to the
        reporter (`own`), and to officials only once it was decided at verification.
        """
        found: str | None = await self._pool.fetchval(
            "select title from complaint c where tracking_id::text = $1 and not rahasia and erased_at is null"
            " and ($2 or verified_at is not null) and not exists"
            " (select from concealment h where h.tracking_id = c.tracking_id and h.rahasia)",
            tracking_id,
            own,
        )
        return found

    async def hidden(self, tracking_id: str) -> tuple[bool, bool]:
        """Return whether a complaint's reporter is hidden, and whether its content is, from the start or since."""
        row = await self._pool.fetchrow(
            "select c.anonim or coalesce(h.anonim, false) as anonim, c.rahasia or coalesce(h.rahasia, false) as rahasia"
            " from complaint c left join concealment h on h.tracking_id = c.tracking_id"
            " where c.tracking_id::text = $1",
            tracking_id,
        )
        return (False, False) if row is None else (row["anonim"], row["rahasia"])

    async def _text_is_hidden(self, tracking_id: str, main: str) -> bool:
        """Return whether what is said of one report's main report is hidden from its reporter by now.

        It is once either of the two is rahasia, or concealed as such.
        """
        hidden: bool = await self._pool.fetchval(
            "select exists (select from complaint c left join concealment h on h.tracking_id = c.tracking_id"
            " where c.tracking_id::text = any ($1) and (c.rahasia or coalesce(h.rahasia, false)))",
            [tracking_id, main],
        )
        return hidden

    async def told_to_reporter(self, tracking_id: str, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the bodies of notices to a report's reporter as they may be read now, in the same order.

        One about a report that this one follows has no text once that is hidden.
        """
        mains = {str(body["follows"]) for body in bodies if "follows" in body and "text" in body}
        hidden = {main for main in mains if await self._text_is_hidden(tracking_id, main)}
        return [without_text(body) if str(body.get("follows")) in hidden else body for body in bodies]

    async def followers_replies(self, tracking_id: str) -> list[tuple[str, int]]:
        """Return the reports that follow this one and whose reporters have written since, with how often."""
        rows = await self._pool.fetch(
            "select c.tracking_id::text as follower, count(*)::integer as replies from complaint c"
            " join event e on e.workflow_id = c.workflow_id and e.kind = 'replied' and e.status = 'digabung'"
            " where c.main_report::text = $1 group by 1 order by 1",
            tracking_id,
        )
        return [(row["follower"], row["replies"]) for row in rows]

    async def open_ones(self, instansi: str | None) -> list[str]:
        """Return the numbers of all complaints that have not ended, of one agency or of all, in order."""
        rows = await self._pool.fetch(
            f"select tracking_id::text as id from complaint where {_OPEN} and ($1::text is null or instansi = $1)"  # noqa: S608
            " order by tracking_id",
            instansi,
        )
        return [row["id"] for row in rows]

    async def rules_in_use(self, instansi: str) -> list[RulesInUse]:
        """Return by which calendar and rule set an agency's open deadlines are reckoned, and in how many reports."""
        return [RulesInUse(**dict(row)) for row in await self._pool.fetch(_IN_USE, instansi)]

    async def with_deadlines(self, instansi: str, rules: RulesInUse, days: Sequence[date] | None) -> list[str]:
        """Return the open reports that reckon by these rules and have a running deadline with one of the days in it.

        A day is in it from the day of the clock's start up to the last one (Asia/Jakarta); None: any deadline.
        """
        rows = await self._pool.fetch(_TOUCHED, instansi, rules.calendar, rules.policy, days)
        return [row["id"] for row in rows]

    async def begun(self, numbers: Sequence[str]) -> set[str]:
        """Return those of the numbers that are recorded."""
        rows = await self._pool.fetch(
            "select tracking_id::text as id from complaint where tracking_id::text = any ($1)", list(numbers)
        )
        return {row["id"] for row in rows}

    async def began_at(self, tracking_id: str) -> datetime | None:
        """Return the time of a complaint's first event (UTC); None before it is recorded."""
        at: datetime | None = await self._pool.fetchval(
            "select at from event where workflow_id = $1 and seq = 1", workflow_id(tracking_id)
        )
        return at

    async def merged_into(self, tracking_id: str, followers: Sequence[str]) -> list[tuple[str, bool]]:
        """Return those followers that were in fact merged into the report, each with whether it is rahasia."""
        rows = await self._pool.fetch(
            "select tracking_id, rahasia from complaint where tracking_id::text = any ($1) and main_report = $2"
            " order by tracking_id",
            list(followers),
            tracking_id,
        )
        return [(row["tracking_id"], row["rahasia"]) for row in rows]

    async def number_received(self, since: datetime, until: datetime) -> int:
        """Return how many were received from one instant on, before another."""
        return int(await self._pool.fetchval(f"select count(*) from complaint where {_PAST}", since, until))  # noqa: S608 - own words

    async def received(self, since: datetime, until: datetime, after: str, limit: int) -> list[str]:
        """Return a page of them by number: those that follow `after` ("" is before all)."""
        rows = await self._pool.fetch(
            f"select tracking_id::text as id from complaint where {_PAST} and tracking_id::text > $3"  # noqa: S608 - own words
            " order by tracking_id::text limit $4",
            since,
            until,
            after,
            limit,
        )
        return [row["id"] for row in rows]

    async def events_as_stored(self, tracking_id: str) -> list[Any]:
        """Return a complaint's event rows with the fields that make up each hash, in order."""
        rows: list[Any] = await self._pool.fetch(
            f"select {', '.join(EVENT_FIELDS)}, prev_hash, hash from event where workflow_id = $1 order by seq",  # noqa: S608 - own names
            workflow_id(tracking_id),
        )
        return rows

    async def acts_as_stored(self, tracking_id: str) -> list[Any]:
        """Return the rows of officials' acts beside the process, with the fields that make up each hash, in order."""
        rows: list[Any] = await self._pool.fetch(
            f"select {', '.join(SIDE_ACT_FIELDS)}, prev_hash, hash from side_act"  # noqa: S608 - own names
            " where tracking_id = $1 and kind = any ($2) order by n",
            tracking_id,
            list(TOLD),
        )
        return rows
