"""What reading needs: an installation's settings, its PostgreSQL and its keys. The engine may be away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path

import asyncpg

from kawal.base.clock import Clock
from kawal.base.demo_mark import clock_of
from kawal.base.endpoints import database_address
from kawal.base.errors import SystemUnavailable
from kawal.base.postgres import STATEMENT_WITHIN, close_pool, open_pool
from kawal.base.settings import Settings
from kawal.base.unavailable import SENTENCES, Part, unavailable
from kawal.crypto.master_keys import KeyUnavailable, MasterKey, load_master_key
from kawal.domain.messages import Actor
from kawal.domain.msgids import msgid, sentence
from kawal.store.data_keys import DataKeyStore
from kawal.store.registry import Stores
from kawal.store.schema import require_schema
from kawal.store.scoped import OneScope, ScopedPool, scoped


class Record(Stores):
    """An installation's database and keys, and every store that uses them."""

    def __init__(self, settings: Settings, pool: asyncpg.Pool, keys: DataKeyStore, clock: Clock | None = None) -> None:
        """Hold what is connected; the stores are made when they are asked for. Without a `clock`: the machine's."""
        super().__init__(pool, keys)
        self.settings = settings
        self.clock = clock or Clock()

    def seen_by(self, actor: Actor) -> Record:
        """Return the same record as an official sees it: each store reads in the official's scope, and writes nothing.

        What it reads raises NoScope for whoever has no scope.
        """
        return Record(self.settings, ScopedPool(self.pool, actor), self.keys)

    @asynccontextmanager
    async def seen_at_once(self, actor: Actor) -> AsyncIterator[Record]:
        """Yield the same as `seen_by`, which reads in one transaction until the end; raises NoScope.

        It holds a connection of the pool, and what is done meanwhile may need another. So only a quarter of them
        is held like that; and nobody may ask for a second one within, or while holding a connection.
        """
        async with self._held, scoped(self.pool, actor) as conn:
            yield Record(self.settings, OneScope(conn), self.keys)

    @cached_property
    def _held(self) -> asyncio.Semaphore:
        return self._a_quarter()

    @cached_property
    def deciders(self) -> asyncio.Semaphore:
        """The turns of those who hold what they decide about, in a transaction, and need other connections meanwhile.

        A quarter of the pool's connections may be held like that, or all could wait for one; nobody takes a second turn
        within.
        """
        return self._a_quarter()

    def _a_quarter(self) -> asyncio.Semaphore:
        return asyncio.Semaphore(max(1, self.pool.get_max_size() // 4))


def master_key_file(home: Path) -> Path:
    """Where an installation's master key is when the environment does not give it."""
    return home / "keys" / "master.key"


@asynccontextmanager
async def open_record(
    settings: Settings,
    *,
    database_url: str | None = None,
    master: MasterKey | None = None,
    pool_size: int = 10,
    within: timedelta = STATEMENT_WITHIN,
) -> AsyncIterator[Record]:
    """Connect to the database of these settings, or to that of `database_url`; raises SystemUnavailable.

    A statement may take `within`.
    """
    where = database_url or database_address(settings)
    key = master or _master_key(settings.home)
    try:
        pool = await open_pool(where, max_size=pool_size, within=within)
    except Exception as error:
        if unavailable(error) is None:
            raise
        raise SystemUnavailable(SENTENCES[Part.DATABASE]) from error
    try:
        await require_schema(pool)
        yield Record(settings, pool, DataKeyStore(pool, key), clock_of(settings.home))
    finally:
        await close_pool(pool)
        await key.close()


def _master_key(home: Path) -> MasterKey:
    try:
        return load_master_key(master_key_file(home))
    except KeyUnavailable as error:
        raise SystemUnavailable(sentence(msgid("The master key is not available: {error}"), error=error.why)) from error
