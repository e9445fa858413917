"""Connections to PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import timedelta
from typing import Any

import asyncpg

CLOSED_WITHIN = timedelta(seconds=10)
"""How long a pool that closes waits for the connections in use to be given back."""


async def open_pool(database_url: str, *, min_size: int = 1, max_size: int = 10) -> asyncpg.Pool:
    """Open a pool whose connections speak JSON as Python values; close it with close_pool.

    A connection given back keeps its session: change settings and take advisory locks for a transaction only.
    """
    return await asyncpg.create_pool(
        database_url, min_size=min_size, max_size=max_size, init=_begin_session, reset=_keep_session
    )


async def close_pool(pool: asyncpg.Pool) -> None:
    """Close a pool; what is not given back within CLOSED_WITHIN is cut off: nobody's end waits for it for ever."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSED_WITHIN.total_seconds()):
            await pool.close()  # ends at once the connections of one that is cancelled


async def connect(database_url: str) -> asyncpg.Connection:
    """Open one connection that speaks JSON like those of a pool."""
    conn = await asyncpg.connect(database_url)
    await _begin_session(conn)
    return conn


async def speak_json(conn: asyncpg.Connection) -> None:
    """Make a connection give and take jsonb as Python values."""
    await conn.set_type_codec("jsonb", schema="pg_catalog", encoder=_dump, decoder=json.loads)


async def _begin_session(conn: asyncpg.Connection) -> None:
    """Speak JSON; and whatever the server's settings are, no parameter of ours stands in its log."""
    await speak_json(conn)
    await conn.execute("set log_parameter_max_length_on_error = 0")


async def _keep_session(_conn: asyncpg.Connection) -> None:
    """Do nothing: asyncpg's own reset costs a round trip with every use; a rollback it does anyway."""


def _dump(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
