"""The one meaning of "unavailable": PostgreSQL, the engine, a key or the attachments' store cannot be had now.

Every channel asks here. Nothing final is said then and nothing is lost: a letter is put off (451), a request is
answered 503, a command ends with exit code 3, what was accepted waits. What else is raised is a fault of
ours or of what was asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

import asyncpg
from temporalio.service import RPCError, RPCStatusCode

from kawal.base.errors import StorageUnavailable, SystemUnavailable
from kawal.crypto.master_key import KeyUnavailable
from kawal.domain.msgids import Message, msgid

ABOUT_THE_CALL = frozenset({RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.OUT_OF_RANGE})
"""The engine's answers that are about what was asked: asked again they are the same."""

_ABOUT_THE_SERVER = ("08", "25006", "25P03", "28", "3D", "40", "53", "55", "57", "58", "72", "F0", "XX")
"""Beginnings of the SQLSTATEs that are about the server's state, not about the statement or its values.

Source: PostgreSQL's documentation, appendix A. Connections (08), a standby (25006), time-outs (25P03), authorization
and databases that are being changed (28, 3D), rollbacks (40), resources (53), locks (55), an operator's hand (57),
files (58, F0), the server's own failures (XX): all of it passes by itself or is mended, and the same is then done.
"""

_NEVER_REACHED = "Failed client connect"
"""How the SDK's RuntimeError begins where a client that connects at its first call cannot."""


KINDS: tuple[type[Exception], ...] = (
    SystemUnavailable,
    StorageUnavailable,
    KeyUnavailable,
    RPCError,
    RuntimeError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)
"""The classes among whose errors `unavailable` finds some: for those who must name classes."""


class Part(StrEnum):
    """What cannot be had."""

    DATABASE = "database"
    ENGINE = "engine"
    KEYS = "keys"
    STORAGE = "storage"
    MACHINE = "machine"
    """A file, a socket or time itself, of whichever of them."""


SENTENCES: dict[Part, Message] = {
    Part.DATABASE: msgid(
        "PostgreSQL does not answer as it should: run `make up` or check DATABASE_URL, then try again."
    ),
    Part.ENGINE: msgid("The Temporal server does not answer as it should: check that `make up` runs, then try again."),
    Part.KEYS: msgid("An encryption key is not available: check the master key or the key service, then try again."),
    Part.STORAGE: msgid("The attachments' store cannot be reached: check KAWAL_ATTACHMENTS_URL, then try again."),
    Part.MACHINE: msgid("The system does not answer in time: check that `make up` runs, then try again."),
}
"""What to do; no word of an error's own."""


def unavailable(error: BaseException) -> Part | None:
    """Which part cannot be had, by an error that came from it; None for an error that says something else."""
    match error:
        case KeyUnavailable():
            return Part.KEYS
        case StorageUnavailable():
            return Part.STORAGE
        case RPCError():
            return None if error.status in ABOUT_THE_CALL else Part.ENGINE
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
    """The same for a reader: what cannot be had and what to do; None for an error that says something else."""
    if isinstance(error, SystemUnavailable):
        return error
    part = unavailable(error)
    return None if part is None else SystemUnavailable(SENTENCES[part])


@contextmanager
def unavailable_is_passed_over() -> Iterator[None]:
    """Go on after the block where something it needs cannot be had; every other error is raised."""
    try:
        yield
    except Exception as error:
        if unavailable(error) is None:
            raise


def _is_about_the_server(sqlstate: str) -> bool:
    # Without one it was no server that spoke: the connection broke before it could.
    return not sqlstate or sqlstate.startswith(_ABOUT_THE_SERVER)
