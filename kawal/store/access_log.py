"""The access log: readings of protected data, and refusals. Chained like the events, with numbers of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any

import asyncpg
from pydantic import BaseModel, Field

from kawal.crypto.data_keys import SYSTEM, KeyDestroyed
from kawal.crypto.encryption import DataKey
from kawal.crypto.master_keys import KeyUnavailable
from kawal.domain.access_kinds import AccessKind
from kawal.domain.messages import Actor, acting_facts
from kawal.domain.names import Role
from kawal.domain.report_numbers import is_number
from kawal.proof.chain import ACCESS_FIELDS, ACCESS_TAG
from kawal.store.data_keys import DataKeyStore
from kawal.store.numbered_chain import NumberedChain
from kawal.store.stored_events import acted_as

_CHAIN = NumberedChain("access_log", ACCESS_FIELDS, ACCESS_TAG, 0x6B61_7761_6C02, "access")


class AccessEntry(BaseModel):
    """A decrypted entry; `facts` are stored in plain text, `words` encrypted (empty once erased)."""

    n: int
    at: datetime
    kind: AccessKind
    actor: Actor
    tracking_id: str | None
    facts: dict[str, Any] = Field(default_factory=dict)
    words: dict[str, Any] = Field(default_factory=dict)


class DayOfReading(BaseModel):
    """A local day on which a role read a report: its words, who its reporter is, or both."""

    day: date
    role: Role
    words: bool
    identity: bool


class AccessLog:
    """A store that appends to the log and reads it."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of `keys`."""
        self._pool = pool
        self._keys = keys

    async def append(
        self,
        kind: AccessKind,
        actor: Actor,
        at: datetime,
        *,
        tracking_id: str | None = None,
        facts: dict[str, Any] | None = None,
        words: dict[str, Any] | None = None,
    ) -> int:
        """Add an entry and return its number.

        `facts` are codes, counts and dates and are stored in plain text; what a person typed belongs in `words`, where
        an invalid `tracking_id` is stored, too. Encrypted with the complaint's key while it has one, else the system's.
        """
        key = await self._key(_known(tracking_id))
        async with self._pool.acquire() as conn, conn.transaction():
            return await self._add(conn, key, kind, actor, at, tracking_id, facts or {}, words or {})

    async def append_lasting(
        self,
        conn: asyncpg.Connection,
        kind: AccessKind,
        actor: Actor,
        at: datetime,
        *,
        tracking_id: str | None = None,
        facts: dict[str, Any] | None = None,
        words: dict[str, Any] | None = None,
    ) -> int:
        """Add an entry within the caller's transaction, for which all other entries then wait.

        The words are encrypted with the system's key, so that they can be read after the complaint's erasure.
        """
        key = await self._keys.key_for(SYSTEM)
        return await self._add(conn, key, kind, actor, at, tracking_id, facts or {}, words or {})

    async def _add(
        self,
        conn: asyncpg.Connection,
        key: DataKey,
        kind: AccessKind,
        actor: Actor,
        at: datetime,
        tracking_id: str | None,
        facts: dict[str, Any],
        words: dict[str, Any],
    ) -> int:
        known = _known(tracking_id)
        secret = {"name": actor.name, "words": words}
        if known != tracking_id:
            secret["tracking_id"] = tracking_id
        told = {**facts, **acting_facts(actor)}
        plain = (at, str(kind), str(actor.role), actor.account, actor.opd, known, told)
        return await _CHAIN.append(conn, key, plain, secret)

    async def entries(self, tracking_id: str | None = None) -> AsyncIterator[AccessEntry]:
        """Yield all entries in order, or those of one complaint, decrypted; in constant memory."""
        async with self._pool.acquire() as conn, conn.transaction(readonly=True):
            async for row in conn.cursor(_SELECT, tracking_id):
                yield await self._opened(row)

    async def administered(self, what: str, limit: int) -> list[AccessEntry]:
        """Return the last acts of administration that changed one thing, the newest first."""
        rows = await self._pool.fetch(
            f"select {', '.join(ACCESS_FIELDS)} from access_log where kind = 'administered'"  # noqa: S608 - own names
            " and facts ->> 'what' = $1 order by n desc limit $2",
            what,
            limit,
        )
        return [await self._opened(row) for row in rows]

    async def readings_of(self, tracking_id: str) -> list[DayOfReading]:
        """Return who among the officials read a report, by day and role, the earliest first; never names or purposes.

        What is no reading of words or identity (advice, receipts, refusals) counts for nothing.
        """
        rows = await self._pool.fetch(_READINGS, tracking_id, _NOT_READERS, _WITHOUT_WORDS)
        return [DayOfReading(**dict(row)) for row in rows]

    async def _key(self, tracking_id: str | None) -> DataKey:
        if tracking_id is not None:
            try:
                return await self._keys.key_for(f"complaint-{tracking_id}")
            except (KeyUnavailable, KeyDestroyed):
                # No such complaint, or an erased one; if keys cannot be read at all, the next line raises.
                pass
        return await self._keys.key_for(SYSTEM)

    async def _opened(self, row: Any) -> AccessEntry:
        secret = await _CHAIN.secret(self._keys, row)
        return AccessEntry(
            n=row["n"],
            at=row["at"],
            kind=AccessKind(row["kind"]),
            actor=Actor(
                role=Role(row["actor_role"]),
                account=row["actor_account"],
                opd=row["actor_opd"],
                name=secret.get("name"),
                **acted_as(row["facts"]),
            ),
            tracking_id=row["tracking_id"] or secret.get("tracking_id"),
            facts=row["facts"],
            words=secret.get("words", {}),
        )


def _known(tracking_id: str | None) -> str | None:
    return tracking_id if tracking_id is not None and is_number(tracking_id) else None


_SELECT = (
    f"select {', '.join(ACCESS_FIELDS)} from access_log"  # noqa: S608 - own column names
    " where $1::text is null or tracking_id = $1 order by n"
)
_NOT_READERS = [str(Role.REPORTER), str(Role.ADAPTER), str(Role.SYSTEM)]
_WITHOUT_WORDS = ["advice", "likeness", "receipt"]
# A person is found by their contacts: that tells who they are.
_READINGS = """
    select (at at time zone 'Asia/Jakarta')::date as day, actor_role as role,
        bool_or(kind <> 'read_identity' and facts ->> 'matter' is distinct from 'find') as words,
        bool_or(kind = 'read_identity' or coalesce(facts ->> 'matter' = 'find' or facts -> 'identity' = 'true', false))
            as identity
    from access_log
    where tracking_id::text = $1 and actor_role <> all ($2)
        and kind in ('read_report', 'read_identity', 'read_history', 'exported', 'decoded')
        and coalesce(facts ->> 'matter', facts ->> 'what', '') <> all ($3)
    group by 1, 2 order by 1, 2 limit 500
"""
