"""Who supports which report: browsers and addresses as keyed hashes, addresses encrypted until the support ends.

A support stays with the report that it was given to and counts for the one that this was merged into; both follow from
the read model, whatever merged them. Each change is an act beside the process, in the same transaction.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg

from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import DataKey, encrypt
from kawal.domain.contacts import same_email
from kawal.domain.names import FINAL, Status
from kawal.domain.process.decide import CLOCKWORK
from kawal.domain.supports import CONFIRMED_WITHIN, SupportOutcome
from kawal.store.data_keys import DataKeyStore
from kawal.store.side_acts import SideActKind, SideActs

_STANDING = "select tracking_id from complaint where tracking_id = $1 and erased_at is null for share"
_ALONE = "select tracking_id from complaint where tracking_id = $1 and erased_at is null for no key update"
"""Holds a report for one who supports it: of a button pressed several times at once the first press counts."""

_COUNTED_FOR = "coalesce((select c.main_report from complaint c where c.tracking_id = s.tracking_id), s.tracking_id)"
"""The report that a support counts for."""

_MINE = f"select s.* from support s where s.browser_mac = $1 and {_COUNTED_FOR} = $2 and s.ended_at is null"  # noqa: S608
_PUT = """
    insert into support (tracking_id, browser_mac, token_mac, since, lang) values ($1, $2, $3, $4, $5)
    on conflict (tracking_id, browser_mac) do update set lang = excluded.lang,
        since = case when support.ended_at is null then support.since else excluded.since end,
        told_status = case when support.ended_at is null then support.told_status end,
        asked_at = case when support.email is not null then support.asked_at end,
        confirmed_at = case when support.email is not null then support.confirmed_at end,
        ended_at = null, ended_why = null
"""
_ADDRESS = """
    update support set email_mac = $3, email_key_id = $4, email = $5, asked_at = $6, invited_at = null,
        confirmed_at = null
    where tracking_id = $1 and browser_mac = $2
"""
_CONFIRM = """
    update support set confirmed_at = $3,
        told_status = (select c.status from complaint c where c.tracking_id = $4)
    where tracking_id = $1 and browser_mac = $2
"""
_ENDED = """
    update support set ended_at = $3, ended_why = $4,
        email = case when $5 then email end, email_mac = case when $5 then email_mac end,
        email_key_id = case when $5 then email_key_id end
    where tracking_id = $1 and browser_mac = $2
"""
_HIDDEN = f"""
    select s.tracking_id::text as tracking_id, s.browser_mac, s.confirmed_at is not null as confirmed from support s
    where s.ended_at is null and not exists (select from public_report r where r.tracking_id = {_COUNTED_FOR})
    order by s.tracking_id limit 1000
"""  # noqa: S608
_FORGOTTEN = """
    update support set email = null, email_mac = null, email_key_id = null, asked_at = null, invited_at = null
    where email is not null and confirmed_at is null and asked_at < $1
"""


class Support(NamedTuple):
    """One support."""

    tracking_id: str
    since: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None


class SupportRows:
    """A store of supports."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of `keys`."""
        self._pool = pool
        self._keys = keys
        self._acts = SideActs(pool, keys)

    # --- Whoever supports --------------------------------------------------------------------------------------------

    async def put(self, tracking_id: str, browser: str, email: str | None, lang: str, at: datetime) -> SupportOutcome:
        """Support a report whose words are public and which has not ended; an address then waits to be confirmed."""
        if not await self.is_public(tracking_id):
            return SupportOutcome.NOT_PUBLIC  # there may be no such report, and so no key
        try:
            key = await self._acts.key_of(tracking_id)
        except KeyDestroyed:
            return SupportOutcome.NOT_PUBLIC
        mac = await self._browser_mac(browser)
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute(_ALONE, tracking_id)
            status = await conn.fetchval("select status::text from public_report where tracking_id = $1", tracking_id)
            if status is None:
                return SupportOutcome.NOT_PUBLIC
            if Status(status) in FINAL:
                return SupportOutcome.FINAL
            before = await conn.fetchrow(_MINE, mac, tracking_id)
            if before is None:
                token = await self._token_mac(await self.token(tracking_id, mac))
                await conn.execute(_PUT, tracking_id, mac, token, at, lang)
            if email is not None:
                await self._ask(conn, key, before["tracking_id"] if before else tracking_id, mac, email, at)
            if before is not None:
                return SupportOutcome.ALREADY
            await self._append(conn, key, SideActKind.SUPPORTED, tracking_id, mac, at)
            await _count(conn, tracking_id)
        return SupportOutcome.SUPPORTED

    async def confirm(self, token: str, at: datetime) -> str | None:
        """Confirm the address of a support by the token of its letter; return the report's number.

        None for a token that names nothing, or came too late. Confirming again changes nothing.
        """
        async with self._by_token(token) as (conn, key, row):
            if row is None or row["email"] is None or row["ended_at"] is not None or key is None:
                return None
            place = (row["tracking_id"], row["browser_mac"])
            if row["confirmed_at"] is None:
                if row["asked_at"] < at - CONFIRMED_WITHIN:
                    return None
                await conn.execute(_CONFIRM, *place, at, row["counted_for"])
                await self._append(conn, key, SideActKind.CONFIRMED, *place, at)
                await _count(conn, row["counted_for"])
            return str(row["counted_for"])

    async def end(self, tracking_id: str, browser: str, at: datetime) -> bool:
        """End the support of a browser, wherever it counts from; return False if there was none."""
        mac = await self._browser_mac(browser)
        rows = await self._pool.fetch(_MINE, mac, tracking_id)
        for row in rows:
            async with self._held(row["tracking_id"], mac) as (conn, key, held):
                await self._end(conn, key, held, at)
        return bool(rows)

    async def end_by(self, token: str, at: datetime) -> str | None:
        """End a support by the token of its letters; return the report's number, None for an unknown token."""
        async with self._by_token(token) as (conn, key, row):
            if row is None:
                return None
            await self._end(conn, key, row, at)
            return str(row["counted_for"])

    async def supported(self, tracking_id: str, browser: str) -> bool:
        """Return whether this browser's support counts for the report."""
        return await self._pool.fetchrow(_MINE, await self._browser_mac(browser), tracking_id) is not None

    async def is_public(self, tracking_id: str) -> bool:
        """Return whether the report's words are public now."""
        return bool(
            await self._pool.fetchval("select exists (select from public_report where tracking_id = $1)", tracking_id)
        )

    async def counts(self, numbers: Sequence[str]) -> dict[str, int]:
        """Return how many support each of these reports; 0 for one that nobody does."""
        rows = await self._pool.fetch(
            "select tracking_id::text as tracking_id, n from supporter_count where tracking_id::text = any ($1)",
            list(numbers),
        )
        return dict.fromkeys(numbers, 0) | {row["tracking_id"]: row["n"] for row in rows}

    # --- A person's data ---------------------------------------------------------------------------------------------

    async def of_address(self, emails: Sequence[str], instansi: str | None) -> list[Support]:
        """Return the supports with any of these addresses, of one agency's reports or of all."""
        return [Support(**{name: row[name] for name in Support._fields}) for row in await self._of(emails, instansi)]

    async def erase_address(self, emails: Sequence[str], instansi: str | None, at: datetime) -> list[str]:
        """End the supports with any of these addresses and delete these; return the numbers of the reports."""
        rows = await self._of(emails, instansi)
        for row in rows:
            async with self._held(row["tracking_id"], row["browser_mac"]) as (conn, key, held):
                await self._end(conn, key, held, at, why="erased")
        return [row["tracking_id"] for row in rows]

    async def _of(self, emails: Sequence[str], instansi: str | None) -> list[Any]:
        macs = [await self._email_mac(email) for email in emails]
        return list(
            await self._pool.fetch(
                "select s.*, s.tracking_id::text as tracking_id from support s"
                " join complaint c on c.tracking_id = s.tracking_id"
                " where s.email_mac = any ($1::bytea[]) and ($2::text is null or c.instansi = $2) order by s.since",
                macs,
                instansi,
            )
        )

    # --- What ends by itself -----------------------------------------------------------------------------------------

    async def end_hidden(self, at: datetime) -> int:
        """End the supports whose report, or its main report, is no longer public; return how many.

        A confirmed address stays until its owner has been told.
        """
        rows = await self._pool.fetch(_HIDDEN)
        for row in rows:
            async with self._held(row["tracking_id"], row["browser_mac"]) as (conn, key, held):
                await self._end(conn, key, held, at, why="not_public", keep=row["confirmed"])
        return len(rows)

    async def forget_unconfirmed(self, at: datetime) -> int:
        """Delete the addresses that nobody confirmed in time; return how many."""
        done: str = await self._pool.execute(_FORGOTTEN, at - CONFIRMED_WITHIN)
        return int(done.split()[-1])

    # --- Common ------------------------------------------------------------------------------------------------------

    async def token(self, tracking_id: str, browser_mac: bytes) -> str:
        """Return the token of a support: derived, so that letters can name it and no table holds it."""
        return (await self._keys.mac("support link", tracking_id, browser_mac.hex())).hex()[:32]

    async def _ask(
        self, conn: asyncpg.Connection, key: DataKey, tracking_id: str, mac: bytes, email: str, at: datetime
    ) -> None:
        """Put an address down to be confirmed, unless it is confirmed already."""
        email_mac = await self._email_mac(email)
        known = await conn.fetchrow(
            "select email_mac, confirmed_at, asked_at from support where tracking_id = $1 and browser_mac = $2",
            tracking_id,
            mac,
        )
        if known["email_mac"] == email_mac and (known["confirmed_at"] or known["asked_at"] > at - CONFIRMED_WITHIN):
            return
        secret = encrypt(key, email.encode(), aad(tracking_id, mac))
        await conn.execute(_ADDRESS, tracking_id, mac, email_mac, key.key_id, secret, at)

    async def _end(
        self,
        conn: asyncpg.Connection,
        key: DataKey | None,
        row: Any,
        at: datetime,
        *,
        why: str = "unsupported",
        keep: bool = False,
    ) -> None:
        """End a support; of one that has ended only the address goes."""
        place = (row["tracking_id"], row["browser_mac"])
        if row["ended_at"] is not None:
            await conn.execute(_ENDED, *place, row["ended_at"], row["ended_why"], keep)
            return
        await conn.execute(_ENDED, *place, at, why, keep)
        if key is not None:
            await self._append(conn, key, SideActKind.UNSUPPORTED, *place, at, why=why)
        await _count(conn, row["counted_for"])

    @asynccontextmanager
    async def _by_token(self, token: str) -> AsyncIterator[tuple[asyncpg.Connection, DataKey | None, Any]]:
        found = await self._pool.fetchrow(
            "select tracking_id::text as tracking_id, browser_mac from support where token_mac = $1",
            await self._token_mac(token),
        )
        if found is None:
            async with self._pool.acquire() as conn:
                yield conn, None, None
            return
        async with self._held(found["tracking_id"], found["browser_mac"]) as held:
            yield held

    @asynccontextmanager
    async def _held(
        self, tracking_id: str, mac: bytes
    ) -> AsyncIterator[tuple[asyncpg.Connection, DataKey | None, Any]]:
        """Hold a support, and its report against a merge, with the key that encrypts its acts."""
        try:
            key: DataKey | None = await self._acts.key_of(tracking_id)
        except KeyDestroyed:
            key = None
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute(_STANDING, tracking_id)
            row = await conn.fetchrow(
                f"select s.*, {_COUNTED_FOR}::text as counted_for from support s"  # noqa: S608 - own words
                " where s.tracking_id = $1 and s.browser_mac = $2 for update of s",
                tracking_id,
                mac,
            )
            yield conn, key, row

    async def _append(
        self,
        conn: asyncpg.Connection,
        key: DataKey,
        kind: SideActKind,
        tracking_id: str,
        mac: bytes,
        at: datetime,
        *,
        why: str = "unsupported",
    ) -> None:
        """Add an act: anyone's, or the installation's own where it ends a support."""
        own = why != "unsupported"
        facts = {"why": why} if own else {}
        words = {"supporter": mac.hex()}
        await self._acts.append(conn, key, kind, tracking_id, at, CLOCKWORK if own else None, facts, words)

    async def _browser_mac(self, browser: str) -> bytes:
        return await self._keys.mac("supporter", "browser", browser)

    async def _email_mac(self, email: str) -> bytes:
        return await self._keys.mac("supporter", "email", same_email(email) or "")

    async def _token_mac(self, token: str) -> bytes:
        return await self._keys.mac("support token", token)


def aad(tracking_id: str, browser_mac: bytes) -> bytes:
    """Return what an address is bound to: its support."""
    return f"support\x00{tracking_id}\x00{browser_mac.hex()}".encode()


async def _count(conn: asyncpg.Connection, tracking_id: str) -> None:
    await conn.execute("select count_supporters($1)", tracking_id)
