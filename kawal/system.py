"""The composition root: a running system's record (kawal.record), and the way to its engine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import asyncpg
from temporalio.client import Client

from kawal.base.clock import Clock
from kawal.base.endpoints import Endpoints, running_endpoints
from kawal.base.engine_connection import connect_temporal
from kawal.base.postgres import STATEMENT_WITHIN
from kawal.base.settings import Settings
from kawal.crypto.codec import ComplaintCodec
from kawal.crypto.master_keys import MasterKey
from kawal.record import Record, open_record
from kawal.store.data_keys import DataKeyStore

if TYPE_CHECKING:
    from kawal.store.changes import Changes


class System(Record):
    """What everything that sends commands, and the worker, works through."""

    def __init__(
        self,
        settings: Settings,
        endpoints: Endpoints,
        client: Client,
        pool: asyncpg.Pool,
        keys: DataKeyStore,
        clock: Clock | None = None,
    ) -> None:
        """Keep the connections; the stores are created when they are first used."""
        super().__init__(settings, pool, keys, clock)
        self.endpoints = endpoints
        self.client = client

    @cached_property
    def changes(self) -> Changes:
        """What is being put on record, for whoever shows it; connected while somebody listens."""
        from kawal.store.changes import Changes

        return Changes(self.endpoints.database_url)

    def but(self, **changes: Any) -> System:
        """Return the same system with other parts, and new stores."""
        parts: dict[str, Any] = {"settings": self.settings, "endpoints": self.endpoints, "client": self.client}
        return System(**parts | {"pool": self.pool, "keys": self.keys, "clock": self.clock} | changes)


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
    async with open_record(
        settings, database_url=where.database_url, master=master, pool_size=pool_size, within=within
    ) as record:
        client = await connect_temporal(where, ComplaintCodec(record.keys), later=engine_later)
        yield System(settings, where, client, record.pool, record.keys, record.clock)
