"""A person's reports by any of their contacts: keyed hashes that reveal no contact, and before they are written a look.

The hashes are written with an official's first decision (store.index_entries). A report on which nobody has decided yet
is decrypted and looked into.
"""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from kawal.domain.contacts import same_email, same_phone
from kawal.domain.messages import Reporter
from kawal.store.data_keys import DataKeyStore
from kawal.store.inbox import Inbox


class Contacts:
    """A store that computes the hashes and finds reports by them."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; hashes are keyed with the look-up key of `keys`."""
        self._pool = pool
        self._keys = keys
        self._inbox = Inbox(pool, keys)

    async def email(self, address: str) -> bytes | None:
        """Return the hash for an e-mail address, however it is typed; None for an empty one."""
        plain = same_email(address)
        return None if plain is None else await self._keys.mac("reporter contact", "email", plain)

    async def phone(self, number: str) -> bytes | None:
        """Return the hash for a telephone number, however it is typed; None for one without a digit."""
        plain = same_phone(number)
        return None if plain is None else await self._keys.mac("reporter contact", "phone", plain)

    async def of(self, reporter: Reporter) -> list[bytes]:
        """Return the hashes for a reporter's e-mail address and telephone number, as far as there are any."""
        macs = [await self.email(reporter.email or ""), await self.phone(reporter.phone or "")]
        return [mac for mac in macs if mac is not None]

    async def reports_of(self, emails: Sequence[str], phones: Sequence[str], instansi: str | None = None) -> list[str]:
        """Return the numbers of the reports with any of these contacts, the oldest first.

        Only those of an agency, if one is given. Nothing of an erased report is found. Raises KeyUnavailable.
        """
        wanted = {mac for one in emails if (mac := await self.email(one)) is not None}
        wanted |= {mac for one in phones if (mac := await self.phone(one)) is not None}
        if not wanted:
            return []
        undecided = [
            one.tracking_id
            async for one in self._inbox.with_unnoted_contacts(instansi)
            if not wanted.isdisjoint(await self.of(one.report.reporter))
        ]
        rows = await self._pool.fetch(
            "select i.tracking_id::text as tracking_id from inbox i where (i.tracking_id::text = any ($3)"
            " or i.tracking_id in (select tracking_id from reporter_contact where contact_mac = any ($1::bytea[])))"
            " and ($2::text is null or i.instansi = $2) order by i.received_at, i.id",
            list(wanted),
            instansi,
            undecided,
        )
        return [row["tracking_id"] for row in rows]
