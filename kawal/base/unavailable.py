"""The one definition of "unavailable": PostgreSQL, the engine, a key or the attachments' store cannot be used now.

Every channel asks here. In that case no final answer is given and nothing is lost: a letter is deferred (451), a
request is answered 503, a command exits with code 3, and accepted work waits. Any other error is a fault of ours or of
the request.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

import asyncpg

from kawal.base.engine_errors import ABOUT_THE_CALL, engine_error, engine_status
from kawal.base.errors import StorageUnavailable, SystemUnavailable
from kawal.crypto.master_key import KeyUnavailable
from kawal.domain.msgids import Message, msgid

_ABOUT_THE_SERVER = ("08", "25006", "25P03", "28", "3D", "40", "53", "55", "57", "58", "72", "F0", "XX")
"""Prefixes of the SQLSTATEs that are about the server's state, not about the statement or its values.

Source: PostgreSQL's documentation, appendix A. Connections (08), a standby (25006), time-outs (25P03), authorization
and databases that are being changed (28, 3D), rollbacks (40), resources (53), locks (55), operator intervention (57),
files (58, F0), the server's own failures (XX): each of these passes by itself or gets repaired, after which the same
statement succeeds.
"""

_NEVER_REACHED = "Failed client connect"
"""How the SDK's RuntimeError begins when a client that connects at its first call cannot connect."""


class Part(StrEnum):
    """The part of the system that is unavailable."""

    DATABASE = "database"
    ENGINE = "engine"
    KEYS = "keys"
    STORAGE = "storage"
    MACHINE = "machine"
    """A file, a socket or a time-out, whichever part it belongs to."""


SENTENCES: dict[Part, Message] = {
    Part.DATABASE: msgid(
        "PostgreSQL does not answer as it should: run `make up` or check DATABASE_URL, then try again."
    ),
    Part.ENGINE: msgid("The Temporal server does not answer as it should: check that `make up` runs, then try again."),
    Part.KEYS: msgid("An encryption key is not available: check the master key or the key service, then try again."),
    Part.STORAGE: msgid("The attachments' store cannot be reached: check KAWAL_ATTACHMENTS_URL, then try again."),
    Part.MACHINE: msgid("The system does not answer in time: check that `make up` runs, then try again."),
}
"""What to do about each part; contains nothing of the error's own message."""


def kinds() -> tuple[type[Exception], ...]:
    """Return the error classes that `unavailable` may recognise, for callers that must name classes."""
    return (
        SystemUnavailable,
        StorageUnavailable,
        KeyUnavailable,
        engine_error(),
        RuntimeError,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
        OSError,
    )


def unavailable(error: BaseException) -> Part | None:
    """Return the unavailable part that an error indicates, or None for any other error."""
    answered = engine_status(error)
    if answered is not None:
        return None if answered in ABOUT_THE_CALL else Part.ENGINE
    match error:
        case KeyUnavailable():
            return Part.KEYS
        case StorageUnavailable():
            return Part.STORAGE
        case asyncpg.PostgresError():
            return Part.DATABASE if _is_about_the_server(error.sqlstate or "") else None
        case asyncpg.InterfaceError() | asyncpg.InternalClientError():
            return Part.DATABASE
        case SystemUnavailable() | OSError() | TimeoutError():
            return Part.MACHINE
        case RuntimeError() if str(error).startswith(_NEVER_REACHED):
            return Part.ENGINE
    return None


def as_unavailable(error: BaseException) -> SystemUnavailable | None:
    """Return the error to show to people (what is unavailable and what to do), or None for any other error."""
    if isinstance(error, SystemUnavailable):
        return error
    part = unavailable(error)
    return None if part is None else SystemUnavailable(SENTENCES[part])


@contextmanager
def unavailable_is_passed_over() -> Iterator[None]:
    """Continue after the block if something it needs is unavailable; every other error is raised."""
    try:
        yield
    except Exception as error:
        if unavailable(error) is None:
            raise


def _is_about_the_server(sqlstate: str) -> bool:
    # Without an SQLSTATE the error is not the server's: the connection broke before it could answer.
    return not sqlstate or sqlstate.startswith(_ABOUT_THE_SERVER)
