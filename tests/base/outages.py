"""Every error by which a part reports that it is unavailable, which each channel must report alike."""

from __future__ import annotations

import asyncpg
from temporalio.service import RPCError, RPCStatusCode

from kawal.base.engine_errors import ABOUT_THE_CALL
from kawal.base.errors import AlreadyRunning, StorageUnavailable, SystemUnavailable, not_running
from kawal.base.unavailable import SENTENCES, Part
from kawal.crypto.master_key import KeyUnavailable, NotOpened

INNER = "siti@example.org pool_row"
"""Internals, or personal data, in an error's message: nobody outside may read it."""

SERVER_STATES = ("08", "28", "3D", "40", "53", "55", "57", "58", "72", "F0", "XX")


def _states() -> list[type[asyncpg.PostgresError]]:
    kinds = {kind for kind in vars(asyncpg.exceptions).values() if isinstance(kind, type)}
    found = [kind for kind in kinds if issubclass(kind, asyncpg.PostgresError)]
    return sorted(
        (kind for kind in found if (getattr(kind, "sqlstate", None) or "").startswith(SERVER_STATES)),
        key=lambda kind: kind.__name__,
    )


DATABASE = [
    *(kind(INNER) for kind in _states()),
    asyncpg.ReadOnlySQLTransactionError(INNER),
    asyncpg.IdleInTransactionSessionTimeoutError(INNER),
    asyncpg.InterfaceError(INNER),
    asyncpg.InternalClientError(INNER),
    asyncpg.PostgresError(INNER),
]
ENGINE = [
    *(RPCError(INNER, status, b"") for status in RPCStatusCode if status.name not in {*ABOUT_THE_CALL, "OK"}),
    RuntimeError(f"Failed client connect: {INNER}"),
]
KEYS = [KeyUnavailable(INNER), NotOpened(INNER)]
STORAGE = [StorageUnavailable(INNER)]
MACHINE = [
    SystemUnavailable(SENTENCES[Part.MACHINE]),
    AlreadyRunning("/home"),
    not_running(),
    ConnectionRefusedError(111, INNER),
    ConnectionResetError(104, INNER),
    OSError(28, INNER),
    TimeoutError(INNER),
]
ALL: list[Exception] = [*DATABASE, *ENGINE, *KEYS, *STORAGE, *MACHINE]

FAULTS: list[Exception] = [
    asyncpg.UndefinedTableError(INNER),
    asyncpg.CheckViolationError(INNER),
    asyncpg.DataError(INNER),
    RPCError(INNER, RPCStatusCode.INVALID_ARGUMENT, b""),
    RuntimeError(INNER),
    KeyError(INNER),
    RecursionError(),
]
"""Errors that mean something else: a fault of ours."""
