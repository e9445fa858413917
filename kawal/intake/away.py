"""What means, to every channel, that something cannot be had now: nothing was accepted, and the sender tries again."""

from __future__ import annotations

import asyncio

import asyncpg

from kawal.base.errors import SystemUnavailable
from kawal.crypto.keyring import KeyUnavailable
from kawal.intake.attachments.refusals import StorageUnavailable

AWAY = (
    SystemUnavailable,
    StorageUnavailable,
    KeyUnavailable,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shutting down, starting up, a statement cancelled
    asyncpg.InsufficientResourcesError,  # too many connections, disk full, out of memory
    asyncpg.TransactionRollbackError,  # a deadlock, a transaction that could not be put in order with another
    asyncpg.ObjectNotInPrerequisiteStateError,  # a database that takes no connections, a lock not had in time
    asyncpg.ReadOnlySQLTransactionError,  # a standby, or one set so while its disk is mended
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.PostgresSystemError,  # a file of the database that cannot be read or written
    asyncpg.InvalidAuthorizationSpecificationError,  # a password that is being changed
    asyncpg.InvalidCatalogNameError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
    asyncio.TimeoutError,
)
"""PostgreSQL, the engine, a key or the attachments' store."""
