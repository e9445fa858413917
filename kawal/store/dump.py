"""Database queries for a backup besides its dump, and for a restore before and after."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg


async def export_snapshot(conn: asyncpg.Connection) -> str:
    """Return the name with which another session can see this transaction's snapshot."""
    return str(await conn.fetchval("select pg_export_snapshot()"))


async def master_keys_used(conn: asyncpg.Connection) -> list[str]:
    """Return the ids of the master keys by which some data key is wrapped."""
    rows = await conn.fetch("select distinct master_key_id from data_key where wrapped_key is not null order by 1")
    return [row["master_key_id"] for row in rows]


async def count_rows(conn: asyncpg.Connection, tables: Sequence[str]) -> dict[str, int]:
    """Return how many rows each of these tables has."""
    return {table: int(await conn.fetchval(f"select count(*) from {table}")) for table in tables}  # noqa: S608 - own words


async def is_empty(conn: asyncpg.Connection) -> bool:
    """Return whether nothing was ever created in the database."""
    return not await conn.fetchval("select exists (select from pg_class where relnamespace = 'public'::regnamespace)")


async def throw_away(conn: asyncpg.Connection) -> None:
    """Remove everything from the database."""
    await conn.execute("drop schema public cascade; create schema public")


async def analyze(conn: asyncpg.Connection) -> None:
    """Update the planner's statistics."""
    await conn.execute("analyze")
