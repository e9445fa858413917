"""Rahasia reports on which no official has decided yet: only a look into each finds their words (store.index_entries).

The texts are sent to PostgreSQL as a query's parameters, which it neither stores nor logs.
"""

from __future__ import annotations

import asyncpg

from kawal.base.log import log
from kawal.crypto.encryption import NotAuthentic
from kawal.store.data_keys import DataKeyStore
from kawal.store.ledger import Ledger
from kawal.store.read_model import hidden_words, reporter_of

PAGE = 100
LOOKED_THROUGH = 2_000
"""The most reports that one search looks into, the latest first."""

_UNINDEXED = """
select c.tracking_id::text as id, c.received_at from complaint c
where c.instansi = $1 and c.rahasia and c.erased_at is null and c.status in ('belum_diverifikasi', 'ditunda')
  and ($2::timestamptz is null or (c.received_at, c.tracking_id::text) < ($2, $3))
  and not exists (select from rahasia_word w where w.tracking_id = c.tracking_id)
order by c.received_at desc, c.tracking_id::text desc limit $4
"""
_WITH_ALL = """
select id from unnest($1::text[], $2::text[]) as t (id, words), plainto_tsquery('indonesian', $3) as asked
where to_tsvector('indonesian', words) @@ asked
"""


class UndecidedReports:
    """A search in the rahasia reports that are not indexed; the caller checks who may see the results."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Search through `pool`, with the keys of the reports."""
        self._pool = pool
        self._ledger = Ledger(pool, keys)

    async def with_all_words(self, instansi: str, text: str, most: int) -> list[str]:
        """Return the numbers of an agency's reports that contain every word of a text, the latest first; none for none.

        Raises KeyUnavailable.
        """
        found: list[str] = []
        at, number, looked = None, "", 0
        while looked < LOOKED_THROUGH and len(found) < most:
            rows = await self._pool.fetch(_UNINDEXED, instansi, at, number, PAGE)
            if not rows:
                break
            at, number, looked = rows[-1]["received_at"], rows[-1]["id"], looked + len(rows)
            numbers = [row["id"] for row in rows]
            words = [await self._words(number) for number in numbers]
            having = {row["id"] for row in await self._pool.fetch(_WITH_ALL, numbers, words, text)}
            found += [number for number in numbers if number in having]
        return found[:most]

    async def _words(self, tracking_id: str) -> str:
        try:
            events = await self._ledger.events(tracking_id)
        except (NotAuthentic, ValueError) as error:
            log.warning("report_not_read", tracking_id=tracking_id, reason=type(error).__name__)
            return ""
        return hidden_words(events, reporter_of(events))
