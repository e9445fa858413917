"""Data keys: one for each complaint, one for what belongs to none ("system"), one for keyed hashes ("lookup").

They stand in PostgreSQL, wrapped by the master key. Destroying one erases what it sealed, wherever copies are.
"""

from __future__ import annotations

import contextlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import asyncpg

from crypto.keyring import KeyUnavailable, MasterKey
from crypto.sealing import DataKey

SYSTEM = "system"
LOOKUP = "lookup"

CACHE_SECONDS = 300.0
"""How long a process may use a key without asking again: the longest that an erasure takes to reach every process."""

CACHE_KEYS = 20_000

_UNREACHABLE = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)

Name = TypeVar("Name")


class KeyDestroyed(Exception):  # noqa: N818 - names the condition
    """The key was destroyed: what it sealed is erased for good."""


class KeySource(Protocol):
    """Where the codec and the store get keys from."""

    async def key_for(self, owner: str) -> DataKey:
        """The key that seals what belongs to the owner now; raises KeyUnavailable or KeyDestroyed."""

    async def key_by_id(self, key_id: UUID) -> DataKey | None:
        """The key of that id, None if there is none; raises KeyUnavailable or KeyDestroyed."""


class KeyStore:
    """The data keys in PostgreSQL, with a cache that makes the usual look-up a dictionary's."""

    def __init__(self, pool: asyncpg.Pool, master: MasterKey) -> None:
        """Read and write keys through `pool`, wrapped by `master`."""
        self._pool = pool
        self._master = master
        self._by_owner: _Cache[str] = _Cache()
        self._by_id: _Cache[UUID] = _Cache()

    async def create(self, conn: asyncpg.Connection, owner: str) -> DataKey:
        """Make the owner's key within the caller's transaction.

        Raises asyncpg.UniqueViolationError if it has one. The key is not cached: the transaction may yet fail.
        """
        key, wrapped, master_key_id = self.fresh(owner)
        await conn.execute(
            "insert into data_key (key_id, owner, wrapped_key, master_key_id) values ($1, $2, $3, $4)",
            key.key_id,
            owner,
            wrapped,
            master_key_id,
        )
        return key

    def fresh(self, owner: str) -> tuple[DataKey, bytes, str]:
        """Make a key for the owner; with it, wrapped, and the master key's id, for a statement of the caller's."""
        key = DataKey.fresh(owner)
        return key, self._master.wrap(key), self._master.master_key_id

    async def key_for(self, owner: str) -> DataKey:
        """The key that seals what belongs to the owner now; raises KeyUnavailable or KeyDestroyed."""
        cached = self._by_owner.get(owner)
        if cached is not None:
            return cached
        row = await self._fetch("owner = $1 and retired_at is null", owner)
        if row is None:
            raise KeyUnavailable(f"{owner} has no data key")
        key = self._opened(row)
        self._by_owner.keep(owner, key)
        return key

    async def read_ahead(self, owners: Sequence[str]) -> None:
        """Have these owners' keys at hand by one query; what cannot be had, `key_for` says of each when it is asked."""
        lacking = [owner for owner in owners if self._by_owner.get(owner) is None]
        if not lacking:
            return
        with contextlib.suppress(*_UNREACHABLE):
            rows = await self._pool.fetch(
                "select key_id, owner, wrapped_key, destroyed_at from data_key"
                " where owner = any ($1) and retired_at is null",
                lacking,
            )
            for row in rows:
                with contextlib.suppress(KeyDestroyed, KeyUnavailable):
                    self._by_owner.keep(row["owner"], self._opened(row))

    async def key_by_id(self, key_id: UUID) -> DataKey | None:
        """The key of that id, None if there is none; raises KeyUnavailable or KeyDestroyed."""
        cached = self._by_id.get(key_id)
        if cached is not None:
            return cached
        row = await self._fetch("key_id = $1", key_id)
        return None if row is None else self._opened(row)

    async def destroy(self, conn: asyncpg.Connection, owner: str, by: str, ground: str) -> int:
        """Destroy every key of the owner within the caller's transaction; returns how many. Done again it is 0.

        Other processes may use a cached key for CACHE_SECONDS more.
        """
        done = await conn.fetchval(
            "with gone as (update data_key set wrapped_key = null, destroyed_at = now(), destroyed_by = $2,"
            " destroy_ground = $3 where owner = $1 and destroyed_at is null returning 1) select count(*) from gone",
            owner,
            by,
            ground,
        )
        self.forget(owner)
        return int(done)

    def forget(self, owner: str) -> None:
        """Drop the owner's keys from this process's cache."""
        self._by_owner.drop_owner(owner)
        self._by_id.drop_owner(owner)

    async def mac(self, use: str, *parts: str) -> bytes:
        """A keyed hash (HMAC-SHA-256) by which something is found again without standing in the clear.

        `use` separates one kind of look-up from another; the parts are length-prefixed.
        """
        key = await self.key_for(LOOKUP)
        message = b"".join(len(part).to_bytes(8) + part for part in (text.encode() for text in (use, *parts)))
        return hmac.digest(key.secret, message, sha256)

    async def _fetch(self, condition: str, value: object) -> Any:
        try:
            return await self._pool.fetchrow(
                f"select key_id, owner, wrapped_key, destroyed_at from data_key where {condition}",  # noqa: S608 - own words
                value,
            )
        except _UNREACHABLE as error:
            raise KeyUnavailable(f"the keys cannot be read: {error}") from error

    def _opened(self, row: Any) -> DataKey:
        if row["wrapped_key"] is None:
            raise KeyDestroyed(f"the data key of {row['owner']} was destroyed on {row['destroyed_at']:%Y-%m-%d}")
        key = self._master.unwrap(row["key_id"], row["owner"], row["wrapped_key"])
        self._by_id.keep(key.key_id, key)
        return key


async def make_installation_keys(conn: asyncpg.Connection, master: MasterKey) -> None:
    """Make the system's and the look-up key, if this installation has never had them; call it after migrating.

    Raises KeyUnavailable where the keys that stand there were wrapped by another master key: nothing would open.
    """
    other = await conn.fetchval(
        "select master_key_id from data_key where wrapped_key is not null and master_key_id <> $1 limit 1",
        master.master_key_id,
    )
    if other is not None:
        raise KeyUnavailable(
            f"the data keys here were wrapped by master key {other}, and this one is {master.master_key_id}: "
            "put the master key that wrapped them back"
        )
    for owner in (SYSTEM, LOOKUP):
        key = DataKey.fresh(owner)
        await conn.execute(
            "insert into data_key (key_id, owner, wrapped_key, master_key_id)"
            " select $1, $2, $3, $4 where not exists (select from data_key where owner = $2) on conflict do nothing",
            key.key_id,
            owner,
            master.wrap(key),
            master.master_key_id,
        )


class _Cache(Generic[Name]):
    """Keys lately used, the oldest given up first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Name, tuple[float, DataKey]] = OrderedDict()

    def get(self, name: Name) -> DataKey | None:
        found = self._kept.get(name)
        if found is None or time.monotonic() - found[0] > CACHE_SECONDS:
            return None
        return found[1]

    def keep(self, name: Name, key: DataKey) -> None:
        self._kept[name] = (time.monotonic(), key)
        self._kept.move_to_end(name)
        if len(self._kept) > CACHE_KEYS:
            self._kept.popitem(last=False)

    def drop_owner(self, owner: str) -> None:
        for name in [name for name, (_, key) in self._kept.items() if key.owner == owner]:
            del self._kept[name]
