"""Connections to PostgreSQL."""

from __future__ import annotations

import json
from typing import Any

import asyncpg


async def open_pool(database_url: str, *, min_size: int = 1, max_size: int = 10) -> asyncpg.Pool:
    """Open a pool whose connections speak JSON as Python values; close it with `await pool.close()`."""
    return await asyncpg.create_pool(database_url, min_size=min_size, max_size=max_size, init=speak_json)


async def connect(database_url: str) -> asyncpg.Connection:
    """Open one connection that speaks JSON like those of a pool."""
    conn = await asyncpg.connect(database_url)
    await speak_json(conn)
    return conn


async def speak_json(conn: asyncpg.Connection) -> None:
    """Make a connection give and take jsonb as Python values."""
    await conn.set_type_codec("jsonb", schema="pg_catalog", encoder=_dump, decoder=json.loads)


def _dump(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
