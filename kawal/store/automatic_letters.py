"""How many automatic letters an address got today: two machines must not write to each other for ever."""

from __future__ import annotations

from datetime import UTC, date, datetime

import asyncpg

from kawal.domain.calendar import local_day
from kawal.domain.contacts import same_email
from kawal.domain.tray import MOST_ANSWERS
from kawal.store.data_keys import DataKeyStore

_COUNT = """
    insert into automatic_letter (address_mac, day, n) values ($1, $2, 1)
    on conflict (address_mac, day) do update set n = automatic_letter.n + 1 where automatic_letter.n < $3
    returning n
"""


class AutomaticLetters:
    """A store that counts automatic letters, by keyed hashes of their addresses and by local days."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; hashes are keyed with the look-up key of `keys`."""
        self._pool = pool
        self._keys = keys

    async def may_answer(
        self, address: str, *, on_day: date | None = None, conn: asyncpg.Connection | None = None
    ) -> bool:
        """Count one more letter to the address on a local day (today), unless it got the most already.

        Within the caller's transaction, if its connection is given: a letter that is not sent then counts for nothing.
        """
        mac = await self._keys.mac("automatic letter", same_email(address) or "")
        day = on_day or local_day(datetime.now(UTC))
        return await (conn or self._pool).fetchval(_COUNT, mac, day, MOST_ANSWERS) is not None

    async def forget(self, before: date) -> None:
        """Delete the counts of days before one."""
        await self._pool.execute("delete from automatic_letter where day < $1", before)
