"""What an engine or a database that is away raises, in the words of the workflows that wait for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError


@contextmanager
def away_is_said() -> Iterator[None]:
    """Raise EngineUnavailable or DatabaseUnavailable (both retryable) where the block finds one of them away."""
    try:
        yield
    except RPCError as error:
        raise ApplicationError(f"the engine: {error.status.name}", type="EngineUnavailable") from error
    except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError) as error:
        raise ApplicationError("the database cannot be reached", type="DatabaseUnavailable") from error
