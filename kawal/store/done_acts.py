"""Officials' acts beside the process under an idempotency key: sent again under it, none is done twice.

Keyed hashes of key and act are kept for a while, and no answer, for many an answer holds a secret or words of a report.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg

from kawal.store.data_keys import DataKeyStore

KEPT_FOR = timedelta(days=7)
"""How long a key is known; longer than anybody's program tries again."""

_BEGIN = """
    insert into done_act (key_mac, act_mac, begun_at) values ($1, $2, $3) on conflict (key_mac) do nothing
    returning true
"""


_EARLIER = "select act_mac, begun_at, done_at from done_act where key_mac = $1"


class EarlierAct(NamedTuple):
    """What is known of an act that began under the same key before."""

    same: bool
    """Whether the same was asked then."""
    begun_at: datetime
    done_at: datetime | None
    """None: it is being done, or nobody knows how it ended. Times are UTC."""


class DoneActs:
    """A store of acts under a key, each account's keys apart."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of `keys`."""
        self._pool = pool
        self._keys = keys

    async def begin(self, account: str, key: str, act: str, at: datetime) -> EarlierAct | None:
        """Put on record that an act begins; return the earlier one if any began under this key."""
        key_mac, act_mac = await self._mac(account, key), await self._keys.mac("acts", key, act)
        await self._pool.execute("delete from done_act where begun_at < $1", at - KEPT_FOR)
        while not await self._pool.fetchval(_BEGIN, key_mac, act_mac, at):
            row = await self._pool.fetchrow(_EARLIER, key_mac)
            if row is not None:  # else it was forgotten just now, and this one may begin
                return EarlierAct(row["act_mac"] == act_mac, row["begun_at"], row["done_at"])
        return None

    async def done(self, account: str, key: str, at: datetime) -> None:
        """Put on record that an act is done."""
        await self._pool.execute(
            "update done_act set done_at = $2 where key_mac = $1", await self._mac(account, key), at
        )

    async def forget(self, account: str, key: str) -> None:
        """Free a key whose act was refused: nothing was done under it."""
        await self._pool.execute("delete from done_act where key_mac = $1", await self._mac(account, key))

    async def _mac(self, account: str, key: str) -> bytes:
        return await self._keys.mac("keys of acts", account, key)
