"""The composition root: a running system's settings, engine and database, and every store that stands on them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
from temporalio.client import Client

from kawal.base.connect import connect_temporal
from kawal.base.endpoints import Endpoints, running_endpoints
from kawal.base.errors import SystemUnavailable
from kawal.base.postgres import STATEMENT_WITHIN, close_pool, open_pool
from kawal.base.settings import Settings
from kawal.base.unavailable import SENTENCES, Part, unavailable
from kawal.crypto.codec import ComplaintCodec
from kawal.crypto.keyring import KeyUnavailable, MasterKey, load_master_key
from kawal.domain.msgids import msgid, sentence
from kawal.store.data_keys import KeyStore
from kawal.store.schema import require_schema
from kawal.store.stores import Stores


class System(Stores):
    """What everything on the client's side and the worker works through."""

    def __init__(
        self, settings: Settings, endpoints: Endpoints, client: Client, pool: asyncpg.Pool, keys: KeyStore
    ) -> None:
        """Hold what is connected; the stores are made when they are asked for."""
        super().__init__(pool, keys)
        self.settings = settings
        self.endpoints = endpoints
        self.client = client

    def but(self, **changes: Any) -> System:
        """The same system with other parts: its stores are made anew."""
        parts: dict[str, Any] = {"settings": self.settings, "endpoints": self.endpoints, "client": self.client}
        return System(**parts | {"pool": self.pool, "keys": self.keys} | changes)


def master_key_file(home: Path) -> Path:
    """Where an installation's master key lies when the environment does not give it."""
    return home / "keys" / "master.key"


@asynccontextmanager
async def open_system(
    settings: Settings,
    *,
    endpoints: Endpoints | None = None,
    master: MasterKey | None = None,
    pool_size: int = 10,
    within: timedelta = STATEMENT_WITHIN,
    engine_later: bool = False,
) -> AsyncIterator[System]:
    """Connect to the running system of these settings, or to `endpoints`; raises SystemUnavailable.

    A statement may take `within`. With `engine_later` the engine is reached at its first use, so that it need not be
    there yet.
    """
    where = endpoints or running_endpoints(settings)
    key = master or _master_key(settings.home)
    try:
        pool = await open_pool(where.database_url, max_size=pool_size, within=within)
    except Exception as error:
        if unavailable(error) is None:
            raise
        raise SystemUnavailable(SENTENCES[Part.DATABASE]) from error
    try:
        await require_schema(pool)
        keys = KeyStore(pool, key)
        client = await connect_temporal(where, ComplaintCodec(keys), later=engine_later)
        yield System(settings, where, client, pool, keys)
    finally:
        await close_pool(pool)
        await key.close()


def _master_key(home: Path) -> MasterKey:
    try:
        return load_master_key(master_key_file(home))
    except KeyUnavailable as error:
        raise SystemUnavailable(sentence(msgid("The master key is not available: {error}"), error=error)) from error
