"""Backfill for reports accepted by earlier releases of what newer ones store at receipt; at every worker's start.

It can be interrupted at any time and continues where it stopped. A report whose key is unavailable waits for the next
start.
"""

from __future__ import annotations

import asyncpg

from kawal.base.log import log
from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import NotAuthentic
from kawal.crypto.master_keys import KeyUnavailable
from kawal.store.blind_index import BlindIndex
from kawal.store.contacts import Contacts
from kawal.store.data_keys import DataKeyStore
from kawal.store.inbox import Inbox
from kawal.store.ledger import Ledger
from kawal.store.read_model import hidden_words

TOGETHER = 200
"""Reports per transaction."""


class Backfill:
    """Backfill of the contacts, and of the blind index, of reports that were accepted before these existed."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of the reports."""
        self._pool = pool
        self._inbox = Inbox(pool, keys)
        self._contacts = Contacts(pool, keys)
        self._ledger = Ledger(pool, keys)
        self._blind = BlindIndex(pool, keys)

    async def run(self) -> int:
        """Do everything that is left; return for how many reports contacts were recorded."""
        noted, indexed = await self.contacts(), await self.words()
        if noted or indexed:
            log.info("earlier_reports_caught_up", contacts_of=noted, words_of=indexed)
        return noted

    async def contacts(self) -> int:
        """Record the contacts of earlier reports, the oldest first; return for how many."""
        after = done = 0
        while ids := await self._unnoted(after):
            after = ids[-1]
            for inbox_id in ids:
                done += await self._note(inbox_id)
        return done

    async def words(self) -> int:
        """Index the words of earlier rahasia reports; return of how many that have significant words."""
        after, done = "", 0
        while ids := await self._unindexed(after):
            after = ids[-1]
            for tracking_id in ids:
                done += await self._index(tracking_id)
        return done

    async def left(self) -> int:
        """Return how many reports' contacts are not recorded yet."""
        return int(await self._pool.fetchval("select count(*) from inbox where not contacts_noted"))

    async def _unnoted(self, after: int) -> list[int]:
        rows = await self._pool.fetch(
            "select id from inbox where not contacts_noted and id > $1 order by id limit $2", after, TOGETHER
        )
        return [row["id"] for row in rows]

    async def _unindexed(self, after: str) -> list[str]:
        rows = await self._pool.fetch(
            "select tracking_id::text as id from complaint c where rahasia and erased_at is null"
            " and tracking_id::text > $1"
            " and not exists (select from rahasia_word w where w.tracking_id = c.tracking_id)"
            " order by tracking_id::text limit $2",
            after,
            TOGETHER,
        )
        return [row["id"] for row in rows]

    async def _index(self, tracking_id: str) -> bool:
        try:
            events = await self._ledger.events(tracking_id)
        except (KeyUnavailable, NotAuthentic, ValueError) as error:
            log.warning("words_not_indexed", tracking_id=tracking_id, reason=type(error).__name__)
            return False
        instansi = await self._pool.fetchval("select instansi from complaint where tracking_id = $1", tracking_id)
        hashes = await self._blind.hashes(instansi, hidden_words(events, rahasia=True))
        async with self._pool.acquire() as conn, conn.transaction():
            erased = await conn.fetchval(
                "select erased_at is not null from complaint where tracking_id = $1 for update", tracking_id
            )
            if not erased:
                await self._blind.write(conn, tracking_id, hashes)
        return bool(hashes)

    async def _note(self, inbox_id: int) -> bool:
        row = await self._pool.fetchrow("select tracking_id from inbox where id = $1", inbox_id)
        try:
            found = await self._inbox.find(row["tracking_id"])
            macs = () if found is None else await self._contacts.of(found.report.reporter)
        except KeyDestroyed:
            macs = ()
        except (KeyUnavailable, NotAuthentic, ValueError) as error:
            log.warning("contacts_not_noted", inbox_id=inbox_id, reason=type(error).__name__)
            return False
        await self._pool.execute(
            "with noted as (update inbox set contacts_noted = true where id = $1 and not contacts_noted"
            "  returning tracking_id)"
            " insert into reporter_contact (contact_mac, tracking_id) select mac, tracking_id from noted,"
            " unnest($2::bytea[]) as mac on conflict do nothing",
            inbox_id,
            [mac for mac in macs if mac is not None],
        )
        return True
