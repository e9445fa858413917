"""Data keys in PostgreSQL, wrapped by the master key; destroying one erases what it encrypted, wherever copies are."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from hashlib import sha256
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import asyncpg

from kawal.base.log import log
from kawal.base.unavailable import unavailable, unavailable_is_passed_over
from kawal.crypto.data_keys import LOOKUP, SYSTEM, AnothersKey, KeyDestroyed, NotRotatable
from kawal.crypto.encryption import DataKey, key_id_of
from kawal.crypto.master_key import KeyUnavailable, MasterKey, NotOpened, WrappedSecret
from kawal.domain.msgids import msgid, sentence

CACHE_SECONDS = 300.0
"""How long a process may use a key without asking again: the longest that an erasure takes to reach every process."""

CACHE_KEYS = 20_000

ALARM_EVERY = 60.0
"""Seconds between two log lines that report that data keys cannot be decrypted."""

_COLUMNS = "data_key_id, owner, wrapped_key, master_key_id, destroyed_at"

Name = TypeVar("Name")


class RewrapResult(NamedTuple):
    """The result for a batch of keys."""

    done: int
    closed: int
    """Those that no available master key unwraps, and that were left unchanged."""


class DataKeyStore:
    """The data keys in PostgreSQL, with a cache that makes most look-ups dictionary look-ups."""

    def __init__(self, pool: asyncpg.Pool, master: MasterKey) -> None:
        """Read and write keys through `pool`, wrapped by `master`."""
        self._pool = pool
        self.master = master
        self._alarmed = -ALARM_EVERY
        self._by_owner: _Cache[str] = _Cache()
        self._by_id: _Cache[UUID] = _Cache()

    async def create(self, conn: asyncpg.Connection, owner: str) -> DataKey:
        """Create the owner's key within the caller's transaction.

        Raises asyncpg.UniqueViolationError if it has one. The key is not cached, because the transaction may still
        fail.
        """
        key, wrapped = await self.fresh(owner)
        await _insert(conn, key, wrapped)
        return key

    async def fresh(self, owner: str) -> tuple[DataKey, WrappedSecret]:
        """Create a key for the owner, and wrap it, for a statement of the caller's; raises KeyUnavailable."""
        key = DataKey.fresh(owner)
        return key, await self.master.wrap(key)

    async def rotate(self, conn: asyncpg.Connection, owner: str) -> DataKey:
        """Create a new key for the owner within the caller's transaction; the previous one still decrypts what it
        encrypted.

        Call `forget` after the commit; other processes may encrypt with the previous key for CACHE_SECONDS more. Raises
        KeyDestroyed for an erased owner, NotRotatable for the look-up key and an owner that has none, KeyUnavailable.
        """
        if owner == LOOKUP:
            raise NotRotatable(
                "what was found by its keyed hashes would no longer be found, and would be created twice"
            )
        row = await conn.fetchrow(
            "update data_key set retired_at = now() where owner = $1 and retired_at is null and destroyed_at is null"
            " returning data_key_id",
            owner,
        )
        if row is None:
            if await conn.fetchval("select exists (select from data_key where owner = $1)", owner):
                raise KeyDestroyed(f"the data key of {owner} was destroyed")
            raise NotRotatable(f"{owner} has no data key")
        return await self.create(conn, owner)

    async def key_for(self, owner: str) -> DataKey:
        """Return the key that encrypts for the owner now; raises KeyUnavailable or KeyDestroyed."""
        cached = self._by_owner.get(owner)
        if cached is not None:
            return cached
        row = await self._fetch("owner = $1 and retired_at is null", owner)
        if row is None:
            raise KeyUnavailable(sentence(msgid("{owner} has no data key"), owner=owner))
        key = await self._opened(row)
        self._by_owner.keep(owner, key)
        return key

    async def key_of(self, owner: str, blob: bytes) -> DataKey:
        """Return the owner's key that encrypted these bytes, retired or not; raises KeyUnavailable or KeyDestroyed.

        For bytes that none of the owner's keys encrypted it is the current one, with which decryption will fail.
        """
        current = await self.key_for(owner)
        if blob.startswith(current.header) or (named := key_id_of(blob)) is None:
            return current
        key = await self.key_by_id(named)
        return current if key is None or key.owner != owner else key

    async def read_ahead(self, owners: Sequence[str]) -> None:
        """Load these owners' keys into the cache in one query; for unavailable ones, `key_for` raises later."""
        lacking = [owner for owner in owners if self._by_owner.get(owner) is None]
        if not lacking:
            return
        with unavailable_is_passed_over():
            rows = await self._pool.fetch(
                f"select {_COLUMNS} from data_key where owner = any ($1) and retired_at is null",  # noqa: S608 - own words
                lacking,
            )
            for row in rows:
                with contextlib.suppress(KeyDestroyed, KeyUnavailable):
                    self._by_owner.keep(row["owner"], await self._opened(row))

    async def key_by_id(self, key_id: UUID, of: str | None = None) -> DataKey | None:
        """Return the key of that id, None if there is none; raises KeyUnavailable or KeyDestroyed.

        With `of` it must be that owner's, retired or not; otherwise raises AnothersKey without unwrapping anything:
        whether another owner's key is available must not make this owner wait.
        """
        cached = self._by_id.get(key_id)
        row = None if cached else await self._fetch("data_key_id = $1", key_id)
        owner = cached.owner if cached else row and row["owner"]
        if of is not None and owner not in (None, of):
            raise AnothersKey(f"{key_id} is no key of {of}")
        return cached if row is None else await self._opened(row)

    async def destroy(self, conn: asyncpg.Connection, owner: str, by: str, ground: str) -> int:
        """Destroy every key of the owner within the caller's transaction; return how many, 0 if repeated.

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

    async def master_keys(self) -> list[str]:
        """Return the ids of the master keys by which some key is wrapped."""
        return [row["id"] for row in await self._pool.fetch(_MASTER_KEYS)]

    async def rewrap(self, batch: int = 200) -> AsyncIterator[RewrapResult]:
        """Wrap with the current master key whatever another one wrapped, in independent batches.

        Keys that cannot be unwrapped are skipped and counted. Interrupted at any point, it continues when it is called
        again. Raises KeyUnavailable if no key is available at all.
        """
        current = await self.master.current_id()
        for before in await self.master_keys():
            last: UUID | None = UUID(int=0) if before != current else None
            while last is not None:
                rows = await self._pool.fetch(
                    f"select {_COLUMNS} from data_key where master_key_id = $1 and wrapped_key is not null"  # noqa: S608 - own words
                    " and data_key_id > $2 order by data_key_id limit $3",
                    before,
                    last,
                    batch,
                )
                last = rows[-1]["data_key_id"] if rows else None
                if rows:
                    yield await self._rewrap(rows)

    async def _rewrap(self, rows: Sequence[Any]) -> RewrapResult:
        rewrapped = await asyncio.gather(*(self._rewrapped(row) for row in rows))
        done = [(row["data_key_id"], row["wrapped_key"], *new) for row, new in zip(rows, rewrapped, strict=True) if new]
        # A key that was destroyed meanwhile stays destroyed.
        await self._pool.executemany(
            "update data_key set wrapped_key = $4, master_key_id = $3, rotated_at = now()"
            " where data_key_id = $1 and wrapped_key = $2",
            done,
        )
        return RewrapResult(len(done), len(rows) - len(done))

    async def _rewrapped(self, row: Any) -> WrappedSecret | None:
        try:
            key = await self.master.unwrap(
                row["data_key_id"], row["owner"], WrappedSecret(row["master_key_id"], row["wrapped_key"])
            )
        except NotOpened as error:
            log.error("data_key_not_rewrapped", owner=row["owner"], reason=str(error))
            return None
        return await self.master.wrap(key)

    def forget(self, owner: str) -> None:
        """Drop the owner's keys from this process's cache."""
        self._by_owner.drop_owner(owner)
        self._by_id.drop_owner(owner)

    async def mac(self, use: str, *parts: str) -> bytes:
        """Return a keyed hash (HMAC-SHA-256) by which something can be found without being stored in plain text.

        `use` separates one kind of look-up from another; the parts are length-prefixed.
        """
        key = await self.key_for(LOOKUP)
        message = b"".join(len(part).to_bytes(8) + part for part in (text.encode() for text in (use, *parts)))
        return hmac.digest(key.secret, message, sha256)

    async def _fetch(self, condition: str, value: object) -> Any:
        try:
            return await self._pool.fetchrow(
                f"select {_COLUMNS} from data_key where {condition}",  # noqa: S608 - own words
                value,
            )
        except Exception as error:
            if unavailable(error) is None:
                raise
            raise KeyUnavailable(
                sentence(msgid("the keys cannot be read ({kind})"), kind=type(error).__name__)
            ) from error

    async def _opened(self, row: Any) -> DataKey:
        if row["wrapped_key"] is None:
            raise KeyDestroyed(f"the data key of {row['owner']} was destroyed on {row['destroyed_at']:%Y-%m-%d}")
        wrapped = WrappedSecret(row["master_key_id"], row["wrapped_key"])
        try:
            key = await self.master.unwrap(row["data_key_id"], row["owner"], wrapped)
        except KeyUnavailable as error:
            self._alarm(row["owner"], wrapped.master_key_id, str(error))
            raise
        self._by_id.keep(key.key_id, key)
        return key

    def _alarm(self, owner: str, master_key_id: str, reason: str) -> None:
        """Log that complaints wait for their key; thousands may, so one line per interval stands for all."""
        now = time.monotonic()
        if now - self._alarmed >= ALARM_EVERY:
            self._alarmed = now
            log.error("data_keys_do_not_open", owner=owner, master_key=master_key_id, reason=reason)


async def make_installation_keys(conn: asyncpg.Connection, master: MasterKey) -> None:
    """Create the system's and the look-up key, if this installation has never had them; call it after migrating.

    Raises KeyUnavailable if existing keys were wrapped by a master key that is not available.
    """
    for row in await conn.fetch(_MASTER_KEYS):
        if not await master.opens(row["id"]):
            raise KeyUnavailable(
                sentence(
                    msgid(
                        "data keys here were wrapped by master key {wrapped_by}, and this one is {current}: put the "
                        "master key that wrapped them back"
                    ),
                    wrapped_by=row["id"],
                    current=await master.current_id(),
                )
            )
    for owner in (SYSTEM, LOOKUP):
        if not await conn.fetchval("select exists (select from data_key where owner = $1)", owner):
            key = DataKey.fresh(owner)
            # Another process that starts at the same time may be first.
            await _insert(conn, key, await master.wrap(key), " on conflict do nothing")


async def _insert(conn: asyncpg.Connection, key: DataKey, wrapped: WrappedSecret, otherwise: str = "") -> None:
    await conn.execute(
        f"insert into data_key (data_key_id, owner, wrapped_key, master_key_id) values ($1, $2, $3, $4){otherwise}",  # noqa: S608 - own words
        key.key_id,
        key.owner,
        wrapped.data,
        wrapped.master_key_id,
    )


_MASTER_KEYS = """
with recursive used as (
    (select min(master_key_id) as id from data_key where wrapped_key is not null)
    union all
    select (select min(master_key_id) from data_key where wrapped_key is not null and master_key_id > used.id)
    from used where used.id is not null
)
select id from used where id is not null
"""
"""The master keys that wrap something, found by steps in the index instead of reading every key."""


class _Cache(Generic[Name]):
    """A cache of recently used keys, which drops the oldest first."""

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
