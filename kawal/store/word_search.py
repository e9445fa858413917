"""Complaints by the words they contain: public ones by their text, and those of an agency that are not public."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from pydantic import BaseModel

from kawal.domain.names import Status

_PUBLIC = """
    select c.tracking_id::text as tracking_id, c.instansi::text as instansi, c.status::text as status, c.received_at,
           false as rahasia, c.title
    from public_report c, plainto_tsquery('indonesian', $1) as asked
    where c.search @@ asked and ($2::text is null or c.instansi = $2)
    order by ts_rank(c.search, asked) desc, c.received_at desc, c.tracking_id limit $3
"""
_UNPUBLISHED = """
    select c.tracking_id::text as tracking_id from complaint c, plainto_tsquery('indonesian', $1) as asked
    where c.search @@ asked and c.instansi = $2 and not c.rahasia and c.erased_at is null
      and not exists (select from public_report p where p.tracking_id = c.tracking_id)
    order by c.received_at desc, c.tracking_id limit $3
"""
_THESE = """
    select c.tracking_id::text as tracking_id, c.instansi::text as instansi, c.status::text as status, c.received_at,
           c.rahasia, c.title
    from complaint c where c.tracking_id::text = any ($1) and c.instansi = $2 and c.erased_at is null
    order by c.received_at desc, c.tracking_id
"""


class FoundComplaint(BaseModel):
    """A complaint that contains the words; without a title if it is rahasia. `received_at` is UTC."""

    tracking_id: str
    instansi: str
    status: Status
    received_at: datetime
    rahasia: bool
    title: str | None


class WordSearch:
    """A search with PostgreSQL's Indonesian text search; the caller checks who may see the results."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Search through `pool`."""
        self._pool = pool

    async def public(self, words: str, instansi: str | None, most: int) -> list[FoundComplaint]:
        """Return public complaints with all of the words, the best first, of one agency or of all."""
        return [FoundComplaint(**dict(row)) for row in await self._pool.fetch(_PUBLIC, words, instansi, most)]

    async def unpublished(self, words: str, instansi: str, most: int) -> list[str]:
        """Return the numbers of an agency's complaints that have all of the words, are not rahasia and not public."""
        return [row["tracking_id"] for row in await self._pool.fetch(_UNPUBLISHED, words, instansi, most)]

    async def these(self, numbers: Sequence[str], instansi: str) -> list[FoundComplaint]:
        """Return an agency's complaints of these numbers, the latest first, without the erased."""
        return [FoundComplaint(**dict(row)) for row in await self._pool.fetch(_THESE, list(numbers), instansi)]
