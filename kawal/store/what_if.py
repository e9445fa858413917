"""Questions of what another policy would have made of an agency's reports: asked, gone through by pages, kept a while.

One of an agency is under way at a time. Whoever goes through the reports adds a page's reports and the sums with them
in one transaction, so that another goes on where one stopped, and none counts twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import asyncpg
from pydantic import BaseModel

from kawal.domain.calendar import at_local, end_of
from kawal.domain.messages import Actor, Event
from kawal.domain.names import Role
from kawal.domain.what_if import ReportOutcomes, WhatIfQuestion, WhatIfSums
from kawal.store.stored_events import from_stored

KEPT = 10
"""How many of an agency's are kept beside a new one, the newest ones."""

KEPT_FOR = timedelta(days=90)
GIVEN_UP_AFTER = timedelta(days=1)
"""One that is still unfinished then was lost, and makes way for others."""


class WhatIfState(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class AnotherUnderWay(Exception):  # noqa: N818 - names the condition
    """Another question of the agency has not been answered yet; `number` is which one."""

    def __init__(self, number: int) -> None:
        """Keep which one."""
        super().__init__(number)
        self.number = number


class WhatIf(BaseModel):
    """A question, and what is known of its answer. Times are UTC."""

    number: int
    instansi: str
    question: WhatIfQuestion
    asked_role: Role
    asked_account: str
    asked_at: datetime
    state: WhatIfState
    total: int | None
    """The reports to be gone through; None: they are not counted yet."""
    done: int
    after_at: datetime | None
    after_number: str | None
    sums: WhatIfSums
    ended_at: datetime | None

    @property
    def unfinished(self) -> bool:
        """Whether the answer is still to come."""
        return self.ended_at is None

    @property
    def percent(self) -> int:
        """How much of the reports has been gone through."""
        return 100 * self.done // self.total if self.total else 0


class RecordedReport(NamedTuple):
    """A report with its process record, in which there are no words."""

    number: str
    received_at: datetime
    events: Sequence[Event]


class ReckonedReport(NamedTuple):
    """A report that was gone through."""

    number: str
    received_at: datetime
    outcomes: ReportOutcomes


class WhatIfs:
    """A store of the questions."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool

    # --- Asking ------------------------------------------------------------------------------------------------------

    async def ask(self, instansi: str, question: WhatIfQuestion, actor: Actor, now: datetime) -> WhatIf:
        """Put a question, or return the one that is the same and is, or will be, answered; older ones make way.

        Raises AnotherUnderWay.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute("select from instansi where code = $1 for update", instansi)
            same = await conn.fetchrow(_SAME, instansi, question.digest)
            if same is not None:
                return _what_if(same)
            other = await conn.fetchval("select number from what_if where instansi = $1 and ended_at is null", instansi)
            if other is not None:
                raise AnotherUnderWay(other)
            await conn.execute(_MAKE_WAY, instansi, KEPT)
            row = await conn.fetchrow(
                "insert into what_if (instansi, digest, question, asked_role, asked_account, asked_at)"
                " values ($1, $2, $3, $4, $5, $6) returning *",
                instansi,
                question.digest,
                question.model_dump(mode="json"),
                str(actor.role),
                actor.account,
                now,
            )
        return _what_if(row)

    async def end(self, number: int, state: WhatIfState, now: datetime) -> bool:
        """End one without an answer; return False if it had ended already."""
        ended = await self._pool.fetchval(
            "update what_if set state = $2, ended_at = $3 where number = $1 and ended_at is null returning true",
            number,
            str(state),
            now,
        )
        return ended is True

    async def tidy(self, now: datetime) -> None:
        """Remove what was kept long enough, and give up what was lost."""
        await self._pool.execute("delete from what_if where asked_at < $1", now - KEPT_FOR)
        await self._pool.execute(
            "update what_if set state = 'failed', ended_at = $1 where ended_at is null and asked_at < $2",
            now,
            now - GIVEN_UP_AFTER,
        )

    # --- Reading -----------------------------------------------------------------------------------------------------

    async def find(self, instansi: str, number: int) -> WhatIf | None:
        """Return an agency's question of that number; None if it has none."""
        row = await self._pool.fetchrow("select * from what_if where instansi = $1 and number = $2", instansi, number)
        return None if row is None else _what_if(row)

    async def all(self, instansi: str) -> list[WhatIf]:
        """Return what an agency has asked, the newest first."""
        rows = await self._pool.fetch("select * from what_if where instansi = $1 order by number desc", instansi)
        return [_what_if(row) for row in rows]

    # --- Going through the reports -----------------------------------------------------------------------------------

    async def begin(self, number: int) -> WhatIf | None:
        """Begin one or take it up again; None if there is nothing to be done for it any more."""
        row = await self._pool.fetchrow(_BEGIN, number)
        if row is None:
            return None
        asked = _what_if(row)
        if asked.total is not None:
            return asked
        total = await self._pool.fetchval(
            "select count(*) from complaint where instansi = $1 and received_at >= $2 and received_at < $3",
            asked.instansi,
            *_bounds(asked.question),
        )
        counted = await self._pool.fetchrow(
            "update what_if set total = $2 where number = $1 and state = 'running' returning *", number, total
        )
        return None if counted is None else _what_if(counted)

    async def page(self, asked: WhatIf, most: int) -> list[RecordedReport]:
        """Return the next reports that were received in the period, in order of receipt."""
        reports = await self._pool.fetch(
            _NEXT, asked.instansi, *_bounds(asked.question), asked.after_at, asked.after_number, most
        )
        rows = await self._pool.fetch(_EVENTS, [f"complaint-{row['number']}" for row in reports])
        events: dict[str, list[Event]] = {row["number"]: [] for row in reports}
        for row in rows:
            events[row["number"]].append(from_stored(row, None))
        return [RecordedReport(row["number"], row["received_at"], events[row["number"]]) for row in reports]

    async def add(self, asked: WhatIf, reports: Sequence[ReckonedReport], sums: WhatIfSums) -> WhatIf | None:
        """Add a page's reports and the sums with them; None if that is not wanted any more, or was done by another."""
        last = reports[-1]
        async with self._pool.acquire() as conn, conn.transaction():
            row = await conn.fetchrow(
                _WENT_ON,
                asked.number,
                asked.done,
                asked.done + len(reports),
                last.received_at,
                last.number,
                sums.model_dump(mode="json"),
            )
            if row is None:
                return None
            await conn.executemany(_ADD, [_line(asked.number, report) for report in reports])
        return _what_if(row)

    async def finish(self, number: int, now: datetime) -> None:
        """Say that all reports were gone through."""
        await self._pool.execute(
            "update what_if set state = 'done', ended_at = $2 where number = $1 and state = 'running'", number, now
        )


def _line(number: int, report: ReckonedReport) -> tuple[Any, ...]:
    was, would, _ = report.outcomes
    return number, report.number, report.received_at, sorted(was.marks), None if would is None else sorted(would.marks)


def _what_if(row: asyncpg.Record) -> WhatIf:
    return WhatIf.model_validate(dict(row))


def _bounds(question: WhatIfQuestion) -> tuple[datetime, datetime]:
    """Return the instants between which the reports were received: from the first on, and before the second."""
    return at_local(question.first, 0), min(end_of(question.last), question.until)


_SAME = "select * from what_if where instansi = $1 and digest = $2 and state in ('waiting', 'running', 'done')"

_MAKE_WAY = """
    delete from what_if where number in (
        select number from what_if where instansi = $1 order by number desc offset $2)
"""

_BEGIN = """
    update what_if set state = 'running' where number = $1 and ended_at is null returning *
"""

_NEXT = """
    select tracking_id::text as number, received_at from complaint
    where instansi = $1 and received_at >= coalesce($4::timestamptz, $2) and received_at < $3
        and ($4::timestamptz is null or (received_at, tracking_id::text) > ($4, $5::text))
    order by received_at, tracking_id::text limit $6
"""

_EVENTS = """
    select tracking_id::text as number, seq, at, recorded_at, kind, actor_role, actor_account, actor_opd, status, facts
    from event where workflow_id = any ($1) order by workflow_id, seq
"""

_WENT_ON = """
    update what_if set done = $3, after_at = $4, after_number = $5, sums = $6
    where number = $1 and state = 'running' and done = $2 returning *
"""

_ADD = "insert into what_if_report (asked, tracking_id, received_at, was, would) values ($1, $2, $3, $4, $5)"
