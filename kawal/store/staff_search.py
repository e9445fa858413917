"""Search for officials among everything that is theirs to see: by number, by a number of another system, by words.

The words of title, text and place count, in any form; of rahasia reports none do (kawal.client.complaint_search finds
those, for a purpose). What is found is what the lists show to the same people anyway. The scope is applied inside the
database's function `staff_search`, by the role that was taken on, the latest first; a page costs the same however
frequent a word is.
"""

from __future__ import annotations

import re
from typing import Any

from kawal.domain.messages import Actor
from kawal.domain.names import Channel, Role
from kawal.store.data_keys import DataKeyStore
from kawal.store.queue_queries import lines_of, marks_of
from kawal.store.queues import PAGE, Cursor, QueueFilters, QueueLine, QueuePage, lines_from, scope_of
from kawal.store.scoped import ScopedPool
from kawal.store.text_queries import plain, typed

_NUMBER = re.compile(r"\s*#?\s*([0-9]{7,9})\s*")
_SEARCHES = (Role.ADMIN, Role.LIAISON, Role.INSPECTORATE, Role.AUDITOR, Role.LEADERSHIP)
"""Who finds by words."""
_FINDS = (*_SEARCHES, Role.DESK)
"""Who finds by number; the national admin sees no report."""

_FOUND = "select number, at from staff_search($1, $2, $3, false, $4, $5, $6)"
_SYSTEMS = "select distinct channel::text as channel, name from api_token"
_OLD = """
select i.tracking_id::text as number from unnest($1::text[], $2::bytea[]) as a (channel, mac)
join inbox i on i.channel = a.channel and i.external_mac = a.mac order by i.received_at desc limit $3
"""


class StaffSearch:
    """Finds complaints for an official who works on them."""

    def __init__(self, pool: Any, keys: DataKeyStore, actor: Actor) -> None:
        """Search through `pool` in the scope of `actor`; old numbers are found by keyed hashes, as the application."""
        self._pool = pool
        self._seen = ScopedPool(pool, actor)
        self._scope = scope_of(actor)
        self._keys = keys

    async def page(
        self,
        words: str,
        filters: QueueFilters = QueueFilters(),  # noqa: B008 - cannot be changed
        after: Cursor | None = None,
        limit: int = PAGE,
    ) -> QueuePage:
        """Return a page of what matches, received last first; a number, or one of another system, finds that report."""
        if self._scope.role not in _FINDS:
            return QueuePage([], None)
        named = _NUMBER.fullmatch(words)
        if named is not None:
            lines = await self._lines([named[1]])
            if lines:
                return QueuePage(lines, None)
        old = await self._lines(await self._by_old_number(words, limit))
        if old:
            return QueuePage(old, None)
        return await self._by_words(words, filters, after, limit)

    async def _by_words(self, words: str, filters: QueueFilters, after: Cursor | None, limit: int) -> QueuePage:
        asked = typed(words)
        if self._scope.role not in _SEARCHES or (words.strip() and not asked):
            return QueuePage([], None)
        rows = await self._seen.fetch(
            _FOUND,
            asked,
            marks_of(filters),
            list(filters.statuses),
            after and after.due,
            after and after.number,
            limit + 1,
        )
        lines = await self._lines([row["number"] for row in rows[:limit]])
        last = rows[limit - 1] if len(rows) > limit else None
        return QueuePage(lines, last and Cursor(0, last["at"], last["at"], last["number"]))

    async def _by_old_number(self, words: str, most: int) -> list[str]:
        """Return the reports that another system sent, or a file brought, under this number."""
        said = plain(words).strip()
        if not said or " " in said or len(said) > _LONGEST_OLD:
            return []
        named: list[tuple[str, ...]] = [(str(channel),) for channel in Channel]
        named += [(row["channel"], row["name"]) for row in await self._pool.fetch(_SYSTEMS)]
        hashes = [await self._keys.mac("external id", *one, said) for one in named]
        rows = await self._pool.fetch(_OLD, [channel for channel, *_ in named], hashes, most)
        return [row["number"] for row in rows]

    async def _lines(self, numbers: list[str]) -> list[QueueLine]:
        """Return these reports in their order, as far as they are within the scope."""
        if not numbers:
            return []
        statement, values = lines_of(numbers, self._scope)
        rows = await self._seen.fetch(statement, *values)
        return lines_from(rows)


_LONGEST_OLD = 100
