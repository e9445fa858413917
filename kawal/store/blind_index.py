"""The words of rahasia reports as keyed hashes: similarity and search without storing the words.

Each word, stemmed as PostgreSQL's `indonesian` does it and without stopwords, is hashed with the installation's look-up
key and the agency's code, once for each report; it is written with an official's first decision on the report
(store.index_entries) and removed when the report is erased. Whoever reads the table learns which reports of an agency
share words, how many words a report has, and how common each unknown word is; whoever also has the look-up key can test
words (docs/decisions/0019-contacts-and-blind-index.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from math import sqrt
from typing import Any

import asyncpg

from kawal.domain.checks import SimilarReport
from kawal.store.data_keys import DataKeyStore
from kawal.store.similar_reports import CANDIDATES, LEAST_SCORE, LEAST_WORDS, WINDOW, score

_LEXEMES = "select tsvector_to_array(to_tsvector('indonesian', $1))"

_CANDIDATES = """
    select c.tracking_id::text as tracking_id, c.received_at, count(*) as shared,
           (select count(*) from rahasia_word a where a.tracking_id = c.tracking_id) as theirs
    from rahasia_word w join complaint c on c.tracking_id = w.tracking_id
    where w.word_mac = any ($1::bytea[]) and c.received_at between $2 and $3 and c.tracking_id <> $4
      and c.status not in ('digabung', 'bukan_wewenang')
    group by c.tracking_id order by count(*) desc, c.tracking_id limit $5
"""

_WITH_ALL = """
    select tracking_id::text as tracking_id from rahasia_word where word_mac = any ($1::bytea[])
    group by tracking_id having count(*) = cardinality($1::bytea[]) order by tracking_id desc limit $2
"""


class BlindIndex:
    """A store that writes and queries the index."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; hashes are keyed with the look-up key of `keys`."""
        self._pool = pool
        self._keys = keys

    async def hashes(self, instansi: str, text: str) -> list[bytes]:
        """Return the hashes for the words of a text in an agency's reports; empty for one without significant words.

        The text is sent to PostgreSQL as a query's parameter, which it neither stores nor logs.
        """
        words = await self._pool.fetchval(_LEXEMES, text)
        return [await self._keys.mac("rahasia word", instansi, word) for word in words]

    async def write(self, conn: asyncpg.Connection, tracking_id: str, hashes: Sequence[bytes]) -> None:
        """Add words of a rahasia report within the caller's transaction; existing entries are left unchanged."""
        await conn.execute(
            "insert into rahasia_word (word_mac, tracking_id) select word, $1 from unnest($2::bytea[]) as word"
            " on conflict do nothing",
            tracking_id,
            list(hashes),
        )

    async def holds(self, tracking_id: str) -> bool:
        """Return whether words of that report are in the index."""
        return bool(
            await self._pool.fetchval("select exists (select from rahasia_word where tracking_id = $1)", tracking_id)
        )

    async def similar(
        self, instansi: str, tracking_id: str, text: str, at: datetime, most: int = 5
    ) -> list[SimilarReport]:
        """Return the agency's rahasia reports most similar to a text, best first, received in the WINDOW up to `at`
        (aware).

        Compared by words and time: their places are not known here. Only for those who may read them.
        """
        hashes = await self.hashes(instansi, text)
        rows = await self._pool.fetch(_CANDIDATES, hashes, at - WINDOW, at, tracking_id, CANDIDATES)
        found = [like for row in rows if (like := _likeness(row, len(hashes), at)) is not None]
        return sorted(found, key=lambda one: (-one.score, one.tracking_id))[:most]

    async def with_all_words(self, instansi: str, text: str, most: int) -> list[str]:
        """Return the agency's rahasia reports that contain every word of a text, up to a maximum; none for no words."""
        hashes = await self.hashes(instansi, text)
        rows = await self._pool.fetch(_WITH_ALL, hashes, most) if hashes else []
        return [row["tracking_id"] for row in rows]


def _likeness(row: Any, ours: int, at: datetime) -> SimilarReport | None:
    words = row["shared"] / sqrt(ours * row["theirs"])
    days = abs((at.astimezone(UTC) - row["received_at"]).days)
    likeness = score(words, None, days)
    if words < LEAST_WORDS or likeness < LEAST_SCORE:
        return None
    return SimilarReport(
        tracking_id=row["tracking_id"], score=round(likeness, 3), shared_words=row["shared"], days=days, rahasia=True
    )
