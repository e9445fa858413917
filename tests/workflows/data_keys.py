"""Making a complaint's data key unavailable for a while, as a restore without it does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kawal.domain.names import workflow_id
from tests.workflows.life import Case


@asynccontextmanager
async def key_away(case: Case) -> AsyncIterator[None]:
    """Make the complaint's data key unreadable while the block runs, also in this process."""
    connection, owner = case.office.complaints.system, workflow_id(case.tracking_id)

    async def put(wrapped: bytes) -> None:
        await connection.pool.execute("update data_key set wrapped_key = $2 where owner = $1", owner, wrapped)
        connection.keys.forget(owner)

    wrapped = await connection.pool.fetchval("select wrapped_key from data_key where owner = $1", owner)
    await put(bytes(len(wrapped)))
    try:
        yield
    finally:
        await put(wrapped)
