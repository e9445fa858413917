"""Reports that have just changed, as an official may see them: the last step of each, by whom; no words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import asyncpg

from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.store.scoped import NoScope, scoped

_CHANGED = """
    select c.tracking_id::text as number, c.last_seq as seq, c.rahasia, e.kind::text as kind, e.at,
        e.actor_role::text as role, e.actor_account as account, e.actor_opd as opd
    from complaint c left join event e on e.workflow_id = 'complaint-' || c.tracking_id and e.seq = c.last_seq
    where c.tracking_id = any ($1::text[])
"""


_WITHOUT_STEPS = """
    select c.tracking_id::text as number, c.last_seq as seq, c.rahasia, null as kind
    from complaint c where c.tracking_id = any ($1::text[])
"""
"""For the leadership, whose scope reads no events."""


class LastStep(NamedTuple):
    """The last event of a report, and whose it was."""

    kind: str
    at: datetime
    role: Role
    account: str
    opd: str | None


class ChangedReport(NamedTuple):
    """A report that changed."""

    number: str
    seq: int
    """The number of its last event."""
    rahasia: bool
    step: LastStep | None
    """None where its steps are not the reader's to see."""


async def changed_reports(pool: asyncpg.Pool, actor: Actor, numbers: Collection[str]) -> list[ChangedReport]:
    """Return those of these reports that are in an official's scope, as the database shows them to it."""
    if actor.role is Role.NATIONAL:  # reads counts, and no report
        return []
    try:
        async with scoped(pool, actor) as conn:
            statement = _WITHOUT_STEPS if actor.role is Role.LEADERSHIP else _CHANGED
            rows = await conn.fetch(statement, list(numbers))
    except NoScope:
        return []
    return [ChangedReport(row["number"], row["seq"], row["rahasia"], _step(row)) for row in rows]


def _step(row: asyncpg.Record) -> LastStep | None:
    if row["kind"] is None:
        return None
    return LastStep(row["kind"], row["at"], Role(row["role"]), row["account"], row["opd"])
