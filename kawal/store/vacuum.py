"""Removal of PostgreSQL's remnants of erased data: dead rows, statistics and write-ahead log.

After deletes and updates, PostgreSQL keeps the old rows, with an erased report's words or a wrapped key, in the tables'
files until they are rewritten, common values in its statistics, and everything once more in the write-ahead log, whose
files are reused without being wiped. Backups, replicas and archived log are out of reach here.
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import asyncpg

from kawal.base.database_roles import require_owner
from kawal.base.postgres import LONG_WITHIN, connect

TABLES = (
    "complaint",
    "data_key",
    "inbox",
    "inbox_reply",
    "tray_item",
    "attachment",
    "raw_letter",
    "outbox",
    "link_request",
    "outgoing_message",
    "message_medium",
    "conversation",
    "reporter_contact",
    "rahasia_word",
    "board_entry",
    "queue_place",
    "report_advice",
    "note_mention",
    "public_version",
    "public_follow_up",
    "public_file_version",
    "support",
)
"""Tables from which an erasure removes something; each is locked exclusively while it is rewritten."""

LEAST_ROUNDS = 3
MOST_ROUNDS = 100
LEFT = 2
"""Files of the log that remain: the current one and one before it."""


class VacuumResult(NamedTuple):
    """What was done; where the database's role lacks the right, the database's administrator has to do it."""

    tables: int
    statistics: bool
    log: bool


async def clean_up(owner_url: str) -> VacuumResult:
    """Rewrite the tables, then the statistics, then remove the old write-ahead log; repeating it changes nothing.

    Raises asyncpg's errors, and SystemUnavailable for a role that owns nothing; it can be interrupted at any time.
    """
    conn = await connect(owner_url, within=LONG_WITHIN)
    try:
        await require_owner(conn)
        for table in TABLES:
            await conn.execute(f"vacuum (full, analyze) {table}")
        return VacuumResult(len(TABLES), await _statistics(conn), await _log(conn))
    finally:
        await conn.close()


async def _statistics(conn: asyncpg.Connection) -> bool:
    try:
        # Of a table that has become empty PostgreSQL keeps the statistics it had before.
        empty = [table for table in TABLES if not await conn.fetchval(f"select exists (select from {table})")]  # noqa: S608 - own names
        await conn.execute("delete from pg_catalog.pg_statistic where starelid::regclass::text = any ($1)", empty)
        await conn.execute("vacuum (full) pg_catalog.pg_statistic")
    except asyncpg.InsufficientPrivilegeError:
        return False
    # Without the necessary right PostgreSQL only warns and skips a catalogue.
    return bool(await conn.fetchval("select rolsuper from pg_roles where rolname = current_user"))


async def _log(conn: asyncpg.Connection) -> bool:
    """Have the log's old files deleted instead of reused, and advance the log until they are gone."""
    if not await conn.fetchval("select rolsuper from pg_roles where rolname = current_user"):
        return False
    await conn.execute("alter system set wal_recycle = off")
    try:
        await conn.execute("select pg_reload_conf()")
        for done in range(1, MOST_ROUNDS + 1):
            await conn.execute("select pg_switch_wal()")
            await conn.execute("checkpoint")
            files = await conn.fetchval("select count(*) from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$'")
            if done >= LEAST_ROUNDS and files <= LEFT:
                return True
            # The checkpointer learns of the setting a moment later than this session.
            await asyncio.sleep(0.05)
    finally:
        await conn.execute("alter system reset wal_recycle")
        await conn.execute("select pg_reload_conf()")
    return False
