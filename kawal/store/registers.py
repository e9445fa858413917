"""The registers of decrees and action plans. They are append-only: the newest revision of an entry is complete."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import asyncpg
from pydantic import Field

from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.registers import DecreeText, ItemText, PlanText

_BY = "added_at, added_by_role, added_by"
_COMMON = "entry, revision, instansi, opd, document, encode(document_hash, 'hex') as document_hash, withdrawn"
_DECREE = f"{_COMMON}, number, decided_on, valid_until, {_BY}"
_PLAN = f"{_COMMON}, year, submitted_on, {_BY}"
_ITEM = f"place, revision, title, state, on_day, {_BY}"


class Decree(DecreeText):
    """A decree in its newest revision."""

    entry: int
    revision: int
    instansi: str
    added_at: datetime
    added_by_role: Role
    added_by: str


class PlanItem(ItemText):
    """An item of a plan in its newest revision."""

    place: int
    revision: int
    added_at: datetime
    added_by_role: Role
    added_by: str


class Plan(PlanText):
    """An action plan in its newest revision, with its items."""

    entry: int
    revision: int
    instansi: str
    items: list[PlanItem] = Field(default_factory=list)
    added_at: datetime
    added_by_role: Role
    added_by: str


class Registers:
    """A store of the registers; of two simultaneous corrections of one entry the later returns None."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool

    async def add_decree(
        self, instansi: str, given: DecreeText, actor: Actor, at: datetime, before: Decree | None = None
    ) -> Decree | None:
        """Add a decree, or the revision after `before`."""
        row = await self._add(
            "decree",
            _DECREE,
            _common(instansi, given, before)
            | _by(actor, at)
            | {
                "number": given.number,
                "decided_on": given.decided_on,
                "valid_until": given.valid_until,
            },
        )
        return None if row is None else Decree.model_validate(dict(row))

    async def add_plan(
        self, instansi: str, given: PlanText, actor: Actor, at: datetime, before: Plan | None = None
    ) -> Plan | None:
        """Add a plan, or the revision after `before`, which keeps its items."""
        row = await self._add(
            "action_plan",
            _PLAN,
            _common(instansi, given, before)
            | _by(actor, at)
            | {
                "year": given.year,
                "submitted_on": given.submitted_on,
            },
        )
        return None if row is None else await self.plan(row["entry"])

    async def add_item(self, plan: Plan, place: int, given: ItemText, actor: Actor, at: datetime) -> Plan | None:
        """Add the progress of an item of a plan, a new item or an existing one."""
        before = next((item.revision for item in plan.items if item.place == place), 0)
        row = await self._add(
            "action_item",
            "plan",
            _by(actor, at)
            | {
                "plan": plan.entry,
                "place": place,
                "revision": before + 1,
                "title": given.title,
                "state": str(given.state),
                "on_day": given.on_day,
            },
        )
        return None if row is None else await self.plan(plan.entry)

    async def decrees(self, instansi: str | None = None) -> list[Decree]:
        """Return every decree in its newest revision, by agency, OPD and day."""
        rows = await self._pool.fetch(
            f"select {_DECREE} from (select distinct on (entry) * from decree order by entry, revision desc) d"  # noqa: S608 - own column names
            " where $1::text is null or instansi = $1 order by instansi, opd nulls first, decided_on, entry",
            instansi,
        )
        return [Decree.model_validate(dict(row)) for row in rows]

    async def plans(self, instansi: str | None = None) -> list[Plan]:
        """Return every plan in its newest revision, by agency, year and OPD."""
        rows = await self._pool.fetch(f"{_PLANS} where $1::text is null or instansi = $1 {_PLANS_ORDER}", instansi)
        return [Plan.model_validate(dict(row)) for row in rows]

    async def decree(self, entry: int) -> Decree | None:
        """Return the decree of that number in its newest revision; None if there is none."""
        row = await self._pool.fetchrow(
            f"select {_DECREE} from decree where entry = $1 order by revision desc limit 1",  # noqa: S608 - own column names
            entry,
        )
        return None if row is None else Decree.model_validate(dict(row))

    async def plan(self, entry: int) -> Plan | None:
        """Return the plan of that number in its newest revision; None if there is none."""
        row = await self._pool.fetchrow(f"{_PLANS} where entry = $1", entry)
        return None if row is None else Plan.model_validate(dict(row))

    async def _add(self, table: str, returning: str, values: dict[str, Any]) -> Any:
        """Insert a row under our own column names; None if its revision exists already."""
        names, places = ", ".join(values), ", ".join(f"${n}" for n in range(1, len(values) + 1))
        return await self._pool.fetchrow(
            f"insert into {table} ({names}) values ({places}) on conflict do nothing returning {returning}",  # noqa: S608 - own names
            *values.values(),
        )


def _common(instansi: str, given: DecreeText | PlanText, before: Decree | Plan | None) -> dict[str, Any]:
    numbered = {"revision": 1} if before is None else {"entry": before.entry, "revision": before.revision + 1}
    return numbered | {
        "instansi": instansi,
        "opd": given.opd,
        "document": given.document,
        "document_hash": None if given.document_hash is None else bytes.fromhex(given.document_hash),
        "withdrawn": given.withdrawn,
    }


def _by(actor: Actor, at: datetime) -> dict[str, Any]:
    return {"added_at": at, "added_by_role": str(actor.role), "added_by": actor.account}


_PLANS = (
    f"select {_PLAN}, (select coalesce(jsonb_agg(to_jsonb(i) order by i.place), '[]') from ("  # noqa: S608 - own column names
    f"  select distinct on (place) {_ITEM} from action_item where plan = p.entry order by place, revision desc) i"
    ") as items from (select distinct on (entry) * from action_plan order by entry, revision desc) p"
)
_PLANS_ORDER = "order by instansi, year, opd nulls first, entry"
