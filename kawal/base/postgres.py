"""Connections to PostgreSQL, with time limits for connecting and for each statement, and with TCP keepalive."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from datetime import timedelta
from typing import Any

import asyncpg

CONNECTED_WITHIN = timedelta(seconds=10)
STATEMENT_WITHIN = timedelta(minutes=1)
"""How long a statement of an ordinary command may take before TimeoutError is raised."""

LONG_WITHIN = timedelta(hours=2)
"""The same for work on whole tables: schema, verification, backup, restore, clearing."""

CLOSED_WITHIN = timedelta(seconds=10)
"""How long closing a pool waits for connections in use to be returned."""

_SILENT_FOR, _ASKED_EVERY, _ASKED_TIMES = 15, 5, 3
"""TCP keepalive: idle seconds before the first probe, seconds between probes, and how many may stay unanswered."""

_UNACKNOWLEDGED = timedelta(seconds=30)
"""How long sent data may stay unacknowledged before the connection counts as broken."""


async def open_pool(
    database_url: str, *, min_size: int = 1, max_size: int = 10, within: timedelta = STATEMENT_WITHIN
) -> asyncpg.Pool:
    """Open a pool whose connections convert JSON to and from Python values; close it with close_pool.

    A returned connection is not reset: change settings and take advisory locks only for the length of a transaction.
    """
    return await asyncpg.create_pool(
        database_url,
        min_size=min_size,
        max_size=max_size,
        init=_begin_short_statements,
        reset=_keep_session,
        timeout=CONNECTED_WITHIN.total_seconds(),
        command_timeout=within.total_seconds(),
    )


async def close_pool(pool: asyncpg.Pool) -> None:
    """Close a pool; terminate connections not returned within CLOSED_WITHIN, so that shutting down never hangs."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSED_WITHIN.total_seconds()):
            await pool.close()  # terminates the pool's connections at once when it is cancelled


async def connect(database_url: str, *, within: timedelta = STATEMENT_WITHIN) -> asyncpg.Connection:
    """Open one connection that converts JSON like those of a pool."""
    conn = await asyncpg.connect(
        database_url, timeout=CONNECTED_WITHIN.total_seconds(), command_timeout=within.total_seconds()
    )
    try:
        await _begin_session(conn)
    except BaseException:  # also when cancelled: nobody else knows of the connection yet
        conn.terminate()
        raise
    return conn


async def speak_json(conn: asyncpg.Connection) -> None:
    """Make a connection convert jsonb to and from Python values."""
    # The binary format, because a row (composite) that holds jsonb can be transferred in no other.
    await conn.set_type_codec("jsonb", schema="pg_catalog", format="binary", encoder=_dump, decoder=_load)


async def _begin_short_statements(conn: asyncpg.Connection) -> None:
    """Set up a session whose statements are short and many at once: one process each, and none compiled."""
    await _begin_session(conn)
    # To start another process, or to compile, takes longer than most of these statements take as a whole.
    await conn.execute("set max_parallel_workers_per_gather = 0; set jit = off")


async def _begin_session(conn: asyncpg.Connection) -> None:
    """Set up JSON and keepalive, and keep our parameters out of the server's log whatever its settings."""
    _notice_silence(conn)
    await speak_json(conn)
    await conn.execute("set log_parameter_max_length_on_error = 0")


def _notice_silence(conn: asyncpg.Connection) -> None:
    # asyncpg takes no socket options and does not know libpq's parameters of these names.
    opened = conn._transport.get_extra_info("socket")
    if opened is None or opened.family == socket.AF_UNIX:
        return
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (
        ("TCP_KEEPIDLE", _SILENT_FOR),
        ("TCP_KEEPINTVL", _ASKED_EVERY),
        ("TCP_KEEPCNT", _ASKED_TIMES),
        ("TCP_USER_TIMEOUT", _UNACKNOWLEDGED // timedelta(milliseconds=1)),
    ):
        if hasattr(socket, option):  # not on every system
            opened.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


async def _keep_session(_conn: asyncpg.Connection) -> None:
    """Do nothing: asyncpg's own reset costs a round trip at every use, and it rolls back anyway."""


_JSONB_VERSION = b"\x01"
"""The version byte before the text of a jsonb value in PostgreSQL's binary format (jsonb_send, version 1)."""


def _dump(value: Any) -> bytes:
    return _JSONB_VERSION + json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _load(sent: bytes) -> Any:
    return json.loads(sent[len(_JSONB_VERSION) :])
