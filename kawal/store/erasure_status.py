"""What remains known of an erasure: when, by whom, and on which ground."""

from __future__ import annotations

from datetime import datetime

import asyncpg
from pydantic import BaseModel

from kawal.domain.names import workflow_id


class ErasureStatus(BaseModel):
    """The erasure of a complaint's content, of which the process record is left."""

    at: datetime
    by: str
    """The account that did it."""
    ground: str


async def erasure_of(pool: asyncpg.Pool, tracking_id: str) -> ErasureStatus | None:
    """Return the erasure of a complaint; None if one of its keys exists, or if there is no such complaint."""
    row = await pool.fetchrow(
        # After a restore the key was destroyed again; the erasure keeps its own date.
        "select k.destroyed_at, coalesce(e.at, k.destroyed_at) as at, k.destroyed_by as by, k.destroy_ground as ground"
        " from data_key k left join erasure e on e.tracking_id::text = $2 where k.owner = $1"
        " order by k.destroyed_at desc nulls first limit 1",
        workflow_id(tracking_id),
        tracking_id,
    )
    if row is None or row["destroyed_at"] is None:
        return None
    return ErasureStatus(at=row["at"], by=row["by"], ground=row["ground"])


async def newest_erasure(pool: asyncpg.Pool, instansi: str) -> datetime | None:
    """Return when a complaint of the agency was last erased; None if none ever was."""
    at: datetime | None = await pool.fetchval("select max(at) from erasure where instansi = $1", instansi)
    return at
