"""Letters to supporters that are due: to confirm an address, and of reports' status, one a day for each address.

Each is held in a transaction while it is sent, and noted when the letter is out: a crash in between sends it again
under the same Message-ID.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any, NamedTuple

import asyncpg

from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import decrypt
from kawal.domain.calendar import local_day
from kawal.domain.names import Status
from kawal.store.automatic_letters import AutomaticLetters
from kawal.store.data_keys import DataKeyStore
from kawal.store.supports import SupportRows, aad

_INVITED = """
    select s.*, s.tracking_id::text as tracking_id, c.instansi::text as instansi from support s
    join complaint c on c.tracking_id = s.tracking_id
    where s.email is not null and s.confirmed_at is null and s.invited_at is null and s.ended_at is null
      and (s.tracking_id::text, s.browser_mac) > ($1, $2)
    order by s.tracking_id::text, s.browser_mac limit 1 for update of s skip locked
"""
_NEWS = """
    (s.ended_at is not null or s.told_status is distinct from m.status)
    and s.email is not null and s.confirmed_at is not null
"""
_MAIN = """
    support s join complaint c on c.tracking_id = s.tracking_id
    join complaint m on m.tracking_id = coalesce(c.main_report, c.tracking_id)
"""
_OWNERS = f"""
    select s.email_mac, min(m.instansi::text) as instansi from {_MAIN}
    where {_NEWS} and not exists (select from support o where o.email_mac = s.email_mac and o.told_on >= $1)
    group by s.email_mac order by s.email_mac limit 1000
"""  # noqa: S608 - own words
_NEWS_OF = f"""
    select s.*, s.tracking_id::text as tracking_id, m.tracking_id::text as about, m.status::text as status,
           (select min(e.at) from event e where e.workflow_id = m.workflow_id and e.seq > coalesce(
               (select max(b.seq) from event b where b.workflow_id = m.workflow_id and b.status <> m.status), 0))
           as status_since
    from {_MAIN} where {_NEWS} and s.email_mac = $1 and m.instansi = $2
    order by m.tracking_id for update of s skip locked
"""  # noqa: S608 - own words
_TOLD = """
    update support s set told_status = n.status, told_on = $4 from unnest($1::text[], $2::bytea[], $3::text[])
        as n (tracking_id, browser_mac, status)
    where s.tracking_id = n.tracking_id and s.browser_mac = n.browser_mac
"""
_DAY_NOTED = "update support set told_on = $2 where email_mac = $1"
_ENDED_GO = """
    update support set email = null, email_mac = null, email_key_id = null
    where email_mac = $1 and ended_at is not null
"""


class Invitation(NamedTuple):
    """A letter that asks to confirm an address."""

    tracking_id: str
    browser_mac: bytes
    instansi: str
    address: str
    token: str
    lang: str


class SupportNews(NamedTuple):
    """What is to be told of one supported report."""

    tracking_id: str
    about: str
    """The report that it counts for: another one, if it was merged."""
    status: Status | None
    """None: it is no longer public, and the support ended."""
    since: date | None
    token: str


class NewsLetter(NamedTuple):
    """One letter of a day to one address."""

    address: str
    instansi: str
    lang: str
    mark: str
    """Names the letter: the same after a crash."""
    news: list[SupportNews]


class SupportRound:
    """A store of letters to supporters that are due."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of `keys`."""
        self._pool = pool
        self._keys = keys
        self._letters = AutomaticLetters(pool, keys)
        self._supports = SupportRows(pool, keys)

    @asynccontextmanager
    async def invitation(self, after: tuple[str, bytes], at: datetime) -> AsyncIterator[Invitation | None]:
        """Hold the next address that is to be confirmed; it counts as asked when the block ends without an error.

        An address that got the most automatic letters of a day already is passed over, and asked on another day.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            while True:
                row = await conn.fetchrow(_INVITED, *after)
                if row is None:
                    yield None
                    return
                after = (row["tracking_id"], row["browser_mac"])
                address = await self._address(row)
                if address and await self._letters.may_answer(address, on_day=local_day(at), conn=conn):
                    break
            token = await self._supports.token(*after)
            yield Invitation(*after, row["instansi"], address, token, row["lang"])
            await conn.execute(
                "update support set invited_at = $3 where tracking_id = $1 and browser_mac = $2", *after, at
            )

    async def owners(self, at: datetime) -> list[tuple[bytes, str]]:
        """Return the addresses, as hashes, to which a letter is due and that got none today, each with the agency."""
        return [(row["email_mac"], row["instansi"]) for row in await self._pool.fetch(_OWNERS, local_day(at))]

    @asynccontextmanager
    async def news(self, owner: bytes, instansi: str, at: datetime) -> AsyncIterator[NewsLetter | None]:
        """Hold what an address is to be told; it counts as told when the block ends without an error.

        The addresses of supports that have ended are deleted then.
        """
        day = local_day(at)
        async with self._pool.acquire() as conn, conn.transaction():
            rows = await conn.fetch(_NEWS_OF, owner, instansi)
            address = await self._address(rows[0]) if rows else None
            if not rows or address is None:
                yield None
                return
            news = [await self._line(row) for row in rows]
            mark = f"support/{owner.hex()}/{instansi}/{day}"
            yield NewsLetter(address, instansi, rows[-1]["lang"], mark, news)
            places = [[row["tracking_id"] for row in rows], [row["browser_mac"] for row in rows]]
            await conn.execute(_TOLD, *places, [row["status"] for row in rows], day)
            await conn.execute(_DAY_NOTED, owner, day)
            await conn.execute(_ENDED_GO, owner)

    async def _line(self, row: Any) -> SupportNews:
        ended = row["ended_at"] is not None
        return SupportNews(
            row["tracking_id"],
            row["about"],
            None if ended else Status(row["status"]),
            None if ended or row["status_since"] is None else local_day(row["status_since"]),
            await self._supports.token(row["tracking_id"], row["browser_mac"]),
        )

    async def _address(self, row: Any) -> str | None:
        """Return the address of a support; None where its report was erased meanwhile."""
        try:
            key = await self._keys.key_by_id(row["email_key_id"])
        except KeyDestroyed:
            return None
        return None if key is None else decrypt(key, row["email"], aad(row["tracking_id"], row["browser_mac"])).decode()
