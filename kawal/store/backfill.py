"""Backfill of what finds a report (store.index_entries), where an official has decided on it; at every worker's start.

It can be interrupted at any time and continues where it stopped. A report whose key is unavailable waits for the next
start.
"""

from __future__ import annotations

import asyncpg

from kawal.base.log import log
from kawal.crypto.encryption import NotAuthentic
from kawal.crypto.master_keys import KeyUnavailable
from kawal.store.data_keys import DataKeyStore
from kawal.store.index_entries import IndexEntries
from kawal.store.ledger import Ledger

TOGETHER = 200
"""Reports per transaction."""


_DECIDED = "(c.verified_at is not null or c.status in ('diarsipkan', 'bukan_wewenang', 'digabung'))"
_LACKING = f"""
select c.tracking_id::text as id, not i.contacts_noted as contacts
from complaint c join inbox i on i.tracking_id = c.tracking_id
where c.tracking_id::text > $1 and c.erased_at is null and {_DECIDED}
  and (not i.contacts_noted
       or (c.rahasia and not exists (select from rahasia_word w where w.tracking_id = c.tracking_id)))
order by c.tracking_id::text limit $2
"""  # noqa: S608 - own words


class Backfill:
    """Backfill of the contacts, and of the blind index, of reports that lack them."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of the reports."""
        self._pool = pool
        self._ledger = Ledger(pool, keys)
        self._entries = IndexEntries(pool, keys)

    async def run(self) -> int:
        """Do everything that is left; return for how many reports something was written."""
        after, done = "", 0
        while rows := await self._pool.fetch(_LACKING, after, TOGETHER):
            after = rows[-1]["id"]
            for row in rows:
                done += await self._complete(row["id"], contacts=row["contacts"])
        if done:
            log.info("earlier_reports_caught_up", reports=done)
        return done

    async def _complete(self, tracking_id: str, *, contacts: bool) -> bool:
        after = await self._ledger.snapshot(tracking_id)
        if after is None:
            return False
        try:
            due = await self._entries.due(after, contacts, lambda: self._ledger.events(tracking_id))
        except (KeyUnavailable, NotAuthentic, ValueError) as error:
            log.warning("report_not_indexed", tracking_id=tracking_id, reason=type(error).__name__)
            return False
        async with self._pool.acquire() as conn, conn.transaction():
            erased = await conn.fetchval(
                "select erased_at is not null from complaint where tracking_id = $1 for update", tracking_id
            )
            await self._entries.write(conn, tracking_id, None if erased else due)
        return due is not None and not erased and bool(contacts or due.words)
