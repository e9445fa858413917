"""What newer releases keep of a report as it comes in, made good for those that came before; at every worker's start.

Both can be broken off at any time and go on where they stopped. A report whose key is away waits for the next time.
"""

from __future__ import annotations

import asyncpg
import structlog

from crypto.keyring import KeyUnavailable
from crypto.keys import KeyDestroyed, KeyStore
from crypto.sealing import NotAuthentic
from store.contacts import Contacts
from store.inbox import Inbox

TOGETHER = 200
"""Reports of one transaction."""

log = structlog.get_logger()


class Backfill:
    """Notes the contacts of reports that were accepted before contacts were noted."""

    def __init__(self, pool: asyncpg.Pool, keys: KeyStore) -> None:
        """Work through `pool` with the keys of the reports."""
        self._pool = pool
        self._inbox = Inbox(pool, keys)
        self._contacts = Contacts(pool, keys)

    async def run(self) -> int:
        """Do all that is left; returns how many reports that was."""
        done = await self.contacts()
        if done:
            log.info("contacts_noted", number=done)
        return done

    async def contacts(self) -> int:
        """Note the contacts of earlier reports, the oldest first; returns of how many."""
        after = done = 0
        while ids := await self._unnoted(after):
            after = ids[-1]
            for inbox_id in ids:
                done += await self._note(inbox_id)
        return done

    async def left(self) -> int:
        """How many reports' contacts are not noted yet."""
        return int(await self._pool.fetchval("select count(*) from inbox where not contacts_noted"))

    async def _unnoted(self, after: int) -> list[int]:
        rows = await self._pool.fetch(
            "select id from inbox where not contacts_noted and id > $1 order by id limit $2", after, TOGETHER
        )
        return [row["id"] for row in rows]

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
