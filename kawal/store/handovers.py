"""Reports that were passed on, and as which of them another agency of this installation goes on with them.

The database notes each with its event. Starting the new one and noting its number is one transaction: however often it
is begun, by however many relays, it is done once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg

from kawal.domain.messages import Actor, Report
from kawal.store.inbox import Inbox

_HIDDEN = """
    select h.tracking_id::text as tracking_id, h.started_as::text as started_as, i.channel::text as channel,
           c.anonim or coalesce(k.anonim, false) as anonim, c.rahasia or coalesce(k.rahasia, false) as rahasia
    from handover h join complaint c on c.tracking_id = h.tracking_id join inbox i on i.tracking_id = h.tracking_id
    left join concealment k on k.tracking_id = h.tracking_id where h.started_as is not null
"""
_BEHIND = f"""
    select n.* from ({_HIDDEN}) n join handover h on h.tracking_id = n.tracking_id
    where n.anonim and not h.anonim or n.rahasia and not h.rahasia order by n.tracking_id
"""  # noqa: S608 - own words
# An erasure holds the row for itself: either it comes first, or what it erases has gone on.
_UNDECIDED = """
    select h.tracking_id from handover h join complaint c on c.tracking_id = h.tracking_id
    where h.tracking_id = $1 and h.decided_at is null and c.erased_at is null for update of h for share of c
"""
_OTHER = """
    select o.tracking_id, coalesce(a.name, i.instansi::text) as agency, c.erased_at is not null as erased
    from (select h.started_as::text as tracking_id, h.tracking_id::text as of, 'onward' as which from handover h
          union all select h.tracking_id::text, h.started_as::text, 'before' from handover h) o
    join inbox i on i.tracking_id::text = o.tracking_id left join instansi a on a.code = i.instansi
    left join complaint c on c.tracking_id::text = o.tracking_id
    where o.of = $1 and o.which = $2
"""


class Handover(NamedTuple):
    """A report that was passed on, and the one as which it goes on."""

    tracking_id: str
    started_as: str | None
    """None: it left the installation, or nobody has looked yet."""
    decided: bool


class OtherNumber(NamedTuple):
    """The report as which one goes on, or which went on as this one."""

    tracking_id: str
    agency: str
    """The name of its agency."""
    erased: bool


class LateConcealment(NamedTuple):
    """What the reporter hid of the first report, and the one as which it goes on does not know yet."""

    tracking_id: str
    started_as: str
    channel: str
    anonim: bool
    rahasia: bool


class Handovers:
    """A store of what was passed on."""

    def __init__(self, pool: asyncpg.Pool, inbox: Inbox) -> None:
        """Work through `pool`; new reports are stored in `inbox`."""
        self._pool = pool
        self._inbox = inbox

    # --- Starting ----------------------------------------------------------------------------------------------------

    async def undecided(self, limit: int = 100) -> list[str]:
        """Return reports of which nobody has looked yet whether they go on here, those whose turn it is."""
        rows = await self._pool.fetch(
            "select h.tracking_id::text as id from handover h join complaint c on c.tracking_id = h.tracking_id"
            " where h.decided_at is null and h.next_try_at <= now() and c.erased_at is null"
            " order by h.next_try_at limit $1",
            limit,
        )
        return [row["id"] for row in rows]

    async def leave(self, tracking_id: str, at: datetime) -> None:
        """Note that a report left the installation."""
        await self._pool.execute(
            "update handover set decided_at = $2 where tracking_id = $1 and decided_at is null", tracking_id, at
        )

    async def start(
        self, tracking_id: str, report: Report, instansi: str, received_at: datetime, actor: Actor, at: datetime
    ) -> str | None:
        """Store the report as which one goes on, and note its number, in one transaction; return the number.

        None if that was done before, or if the first was erased meanwhile: then nothing is stored.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            if await conn.fetchval(_UNDECIDED, tracking_id) is None:
                return None
            number = await self._inbox.accept_within(conn, report, instansi, received_at, actor)
            await conn.execute(
                "update handover set decided_at = $2, started_as = $3, anonim = $4, rahasia = $5"
                " where tracking_id = $1",
                tracking_id,
                at,
                number,
                report.anonim,
                report.rahasia,
            )
        return number

    # --- What follows ------------------------------------------------------------------------------------------------

    async def without_files(self, limit: int = 100) -> list[tuple[str, str]]:
        """Return reports whose files are still to be copied, with the number as which each goes on."""
        rows = await self._pool.fetch(
            "select tracking_id::text as first, started_as::text as second from handover"
            " where started_as is not null and files_at is null and next_try_at <= now() order by next_try_at limit $1",
            limit,
        )
        return [(row["first"], row["second"]) for row in rows]

    async def files_copied(self, tracking_id: str, at: datetime) -> None:
        """Note that all files of a report have been copied."""
        await self._pool.execute("update handover set files_at = $2 where tracking_id = $1", tracking_id, at)

    async def later(self, tracking_id: str, after: timedelta) -> None:
        """Note that the next step failed, and is not to be tried before then (real time)."""
        await self._pool.execute(
            "update handover set next_try_at = now() + $2::interval where tracking_id = $1", tracking_id, after
        )

    async def late_concealments(self) -> list[LateConcealment]:
        """Return what reporters have hidden of a first report since the second was stored."""
        return [LateConcealment(**dict(row)) for row in await self._pool.fetch(_BEHIND)]

    async def concealed(self, late: LateConcealment) -> None:
        """Note that the second one knows of it."""
        await self._pool.execute(
            "update handover set anonim = anonim or $2, rahasia = rahasia or $3 where tracking_id = $1",
            late.tracking_id,
            late.anonim,
            late.rahasia,
        )

    # --- Who asks ----------------------------------------------------------------------------------------------------

    async def of(self, tracking_id: str) -> Handover | None:
        """Return how a report that was passed on went on; None if it was not."""
        row = await self._pool.fetchrow(
            "select tracking_id::text as tracking_id, started_as::text as started_as, decided_at is not null as decided"
            " from handover where tracking_id::text = $1",
            tracking_id,
        )
        return None if row is None else Handover(**dict(row))

    async def onward(self, tracking_id: str) -> OtherNumber | None:
        """Return the report as which this one goes on in the installation; None if it does not, or not yet."""
        return await self._other(tracking_id, "onward")

    async def before(self, tracking_id: str) -> OtherNumber | None:
        """Return the report that goes on as this one; None if this one began by itself."""
        return await self._other(tracking_id, "before")

    async def _other(self, tracking_id: str, which: str) -> OtherNumber | None:
        row = await self._pool.fetchrow(_OTHER, tracking_id, which)
        return None if row is None else OtherNumber(**dict(row))
