"""A person's reports by any of their contacts: keyed hashes, written with the report, that reveal no contact."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from kawal.domain.contacts import same_email, same_phone
from kawal.domain.messages import Reporter
from kawal.store.data_keys import DataKeyStore


class Contacts:
    """A store that computes the hashes and finds reports by them."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; hashes are keyed with the look-up key of `keys`."""
        self._pool = pool
        self._keys = keys

    async def email(self, address: str) -> bytes | None:
        """Return the hash for an e-mail address, however it is typed; None for an empty one."""
        plain = same_email(address)
        return None if plain is None else await self._keys.mac("reporter contact", "email", plain)

    async def phone(self, number: str) -> bytes | None:
        """Return the hash for a telephone number, however it is typed; None for one without a digit."""
        plain = same_phone(number)
        return None if plain is None else await self._keys.mac("reporter contact", "phone", plain)

    async def of(self, reporter: Reporter) -> tuple[bytes | None, bytes | None]:
        """Return the hashes for a reporter's e-mail address and telephone number; None where there is none."""
        return await self.email(reporter.email or ""), await self.phone(reporter.phone or "")

    async def reports_of(self, emails: Sequence[str], phones: Sequence[str], instansi: str | None = None) -> list[str]:
        """Return the numbers of the reports with any of these contacts, the oldest first.

        Only those of an agency, if one is given. Nothing of an erased report is found.
        """
        macs = [await self.email(one) for one in emails] + [await self.phone(one) for one in phones]
        rows = await self._pool.fetch(
            "select i.tracking_id::text as tracking_id from inbox i where i.tracking_id in"
            " (select tracking_id from reporter_contact where contact_mac = any ($1::bytea[]))"
            " and ($2::text is null or i.instansi = $2) order by i.received_at, i.id",
            [mac for mac in macs if mac is not None],
            instansi,
        )
        return [row["tracking_id"] for row in rows]
