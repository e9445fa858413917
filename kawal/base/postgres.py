"""Connections to PostgreSQL: each is made, and each statement done, within a time; and one gone silent is noticed."""

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
"""How long a statement of an ordinary command may take; then TimeoutError."""

LONG_WITHIN = timedelta(hours=2)
"""The same for what goes through whole tables: schema, verification, backup, restore, clearing."""

CLOSED_WITHIN = timedelta(seconds=10)
"""How long a pool that closes waits for the connections in use to be given back."""

_SILENT_FOR, _ASKED_EVERY, _ASKED_TIMES = 15, 5, 3
"""TCP keepalive: seconds of silence before a peer is asked, between questions, and how many it may leave open."""

_UNACKNOWLEDGED = timedelta(seconds=30)
"""How long what was sent may stay unacknowledged before the connection counts as broken."""


async def open_pool(
    database_url: str, *, min_size: int = 1, max_size: int = 10, within: timedelta = STATEMENT_WITHIN
) -> asyncpg.Pool:
    """Open a pool whose connections speak JSON as Python values; close it with close_pool.

    A connection given back keeps its session: change settings and take advisory locks for a transaction only.
    """
    return await asyncpg.create_pool(
        database_url,
        min_size=min_size,
        max_size=max_size,
        init=_begin_session,
        reset=_keep_session,
        timeout=CONNECTED_WITHIN.total_seconds(),
        command_timeout=within.total_seconds(),
    )


async def close_pool(pool: asyncpg.Pool) -> None:
    """Close a pool; what is not given back within CLOSED_WITHIN is cut off: nobody's end waits for it for ever."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSED_WITHIN.total_seconds()):
            await pool.close()  # ends at once the connections of one that is cancelled


async def connect(database_url: str, *, within: timedelta = STATEMENT_WITHIN) -> asyncpg.Connection:
    """Open one connection that speaks JSON like those of a pool."""
    conn = await asyncpg.connect(
        database_url, timeout=CONNECTED_WITHIN.total_seconds(), command_timeout=within.total_seconds()
    )
    await _begin_session(conn)
    return conn


async def speak_json(conn: asyncpg.Connection) -> None:
    """Make a connection give and take jsonb as Python values."""
    # In binary: a row that holds jsonb is given and taken in no other form.
    await conn.set_type_codec("jsonb", schema="pg_catalog", format="binary", encoder=_dump, decoder=_load)


async def _begin_session(conn: asyncpg.Connection) -> None:
    """Speak JSON; notice a silent peer; and whatever the server's settings, no parameter of ours stands in its log."""
    _notice_silence(conn)
    await speak_json(conn)
    await conn.execute("set log_parameter_max_length_on_error = 0")


def _notice_silence(conn: asyncpg.Connection) -> None:
    # asyncpg takes no socket options; libpq's parameters of these names it does not know.
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
    """Do nothing: asyncpg's own reset costs a round trip with every use; a rollback it does anyway."""


_JSONB_VERSION = b"\x01"
"""What PostgreSQL puts before the text of a jsonb that is sent in binary (jsonb_send, version 1)."""


def _dump(value: Any) -> bytes:
    return _JSONB_VERSION + json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _load(sent: bytes) -> Any:
    return json.loads(sent[len(_JSONB_VERSION) :])
