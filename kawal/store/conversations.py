"""Conversations by SMS and WhatsApp: who writes about which report; senders and messages only as keyed hashes."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple, cast
from weakref import WeakValueDictionary

import asyncpg

from kawal.domain.contacts import phone_number
from kawal.store.data_keys import DataKeyStore

TURN_WITHIN = timedelta(seconds=10)
"""How long a message waits for its sender's earlier ones; then its gateway is asked to send it again."""

_OF_SENDER = (
    "select c.tracking_id::text from conversation c left join complaint k on k.tracking_id = c.tracking_id"
    " where c.sender_mac = $1"
)
_IN_PROCESS = (
    "select c.tracking_id::text as number, k.instansi::text as instansi, k.rating from conversation c"
    " join complaint k on k.tracking_id = c.tracking_id where c.sender_mac = $1"
)
_HAS_CLOCK = "exists (select from complaint_clock q where q.tracking_id = c.tracking_id and q.kind = '{}')"
_ENDED = "('selesai', 'diarsipkan', 'bukan_wewenang', 'digabung')"


class MessageKind(StrEnum):
    """What was decided about a message."""

    REPORT = "report"
    """It begins one."""
    REPLY = "reply"
    IGNORED = "ignored"
    """It is no complaint: only its sender is answered."""
    ASIDE = "aside"
    """It names somebody else's report: a person looks at it."""


class MessageDecision(NamedTuple):
    """What a message is; `tracking_id` is the report that a reply is for."""

    kind: MessageKind
    tracking_id: str | None = None


class SignatureReused(Exception):  # noqa: N818 - names the condition
    """What was signed for one message came with another: nothing was recorded."""


class NamedReports(NamedTuple):
    """The reports that a message names: its sender's own, and others' with the agency of each."""

    own: list[str]
    others: dict[str, str]


class Conversations:
    """A store of messages, each once, and of the reports that a sender has written about."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; hashes are keyed with the look-up key of `keys`."""
        self._pool = pool
        self._keys = keys
        self._turns: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()
        # Who has a turn holds one connection and works with others: most must stay free, or all wait for each other.
        self._holders = asyncio.Semaphore(max(1, pool.get_max_size() // 3))

    async def sender(self, number: str) -> bytes:
        """Return the hash for a sender: of the number in its one spelling, else of the name as it came."""
        plain = " ".join(unicodedata.normalize("NFKC", number).casefold().split())
        return await self._keys.mac("message sender", phone_number(number) or plain)

    @asynccontextmanager
    async def alone(self, sender: bytes) -> AsyncIterator[None]:
        """Let no other message of this sender be decided about while the block runs, in whichever process.

        Raises TimeoutError, or asyncpg's LockNotAvailableError, if their turn does not end in time.
        """
        turn = self._turns.setdefault(sender, asyncio.Lock())
        async with AsyncExitStack() as held:
            async with asyncio.timeout(TURN_WITHIN.total_seconds()):
                await held.enter_async_context(turn)
                await held.enter_async_context(self._holders)
                conn = await held.enter_async_context(self._pool.acquire())
                await held.enter_async_context(conn.transaction())
                await conn.execute("select set_config('lock_timeout', $1, true)", f"{TURN_WITHIN.seconds}s")
                await conn.execute("select pg_advisory_xact_lock($1)", int.from_bytes(sender[:8], signed=True))
            yield

    async def seen(self, gateway: str, identity: str) -> MessageDecision | None:
        """Return what was decided about a message that was received before; None for a new one."""
        row = await self._pool.fetchrow(
            "select kind, tracking_id::text as tracking_id from message_seen where gateway = $1 and message_mac = $2",
            gateway,
            await self._message(gateway, identity),
        )
        return None if row is None else MessageDecision(MessageKind(row["kind"]), row["tracking_id"])

    async def last_seen(self, gateways: Sequence[str]) -> datetime | None:
        """Return when the latest message came by one of these gateways (UTC); None if none has."""
        return cast(
            "datetime | None",
            await self._pool.fetchval(
                "select max(last) from unnest($1::text[]) as name, lateral"
                " (select max(seen_at) as last from message_seen where gateway = name) as latest",
                list(gateways),
            ),
        )

    async def note(self, gateway: str, identity: str, decision: MessageDecision, signed: str = "") -> MessageDecision:
        """Record what is decided about a message, before it is done; what was recorded first remains.

        `signed` is what its signature covers, if that covers no time. Raises SignatureReused if the same was signed for
        another message.
        """
        signed_mac = None
        if signed:
            digest = sha256(signed.encode(errors="replace")).hexdigest()
            signed_mac = await self._keys.mac("message signature", gateway, digest)
        try:
            row = await self._pool.fetchrow(
                "insert into message_seen (gateway, message_mac, signed_mac, kind, tracking_id)"
                " values ($1, $2, $3, $4, $5)"
                " on conflict (gateway, message_mac) do update set gateway = excluded.gateway"
                " returning kind, tracking_id::text as tracking_id",
                gateway,
                await self._message(gateway, identity),
                signed_mac,
                str(decision.kind),
                decision.tracking_id,
            )
        except asyncpg.UniqueViolationError as error:
            raise SignatureReused("what was signed belongs to another message") from error
        return MessageDecision(MessageKind(row["kind"]), row["tracking_id"])

    async def wrote_about(self, sender: bytes, tracking_id: str) -> None:
        """Record that the sender has written about this report now."""
        await self._pool.execute(
            "insert into conversation (sender_mac, tracking_id) values ($1, $2)"
            " on conflict (sender_mac, tracking_id) do update set last_at = now()",
            sender,
            tracking_id,
        )

    async def named(self, sender: bytes, numbers: Sequence[str]) -> NamedReports:
        """Return which of these numbers are reports that there are: those the sender has written about, and others."""
        if not numbers:
            return NamedReports([], {})
        rows = await self._pool.fetch(
            "select i.tracking_id::text as number, i.instansi::text as instansi, exists (select from conversation c"
            " where c.sender_mac = $1 and c.tracking_id = i.tracking_id) as own"
            " from inbox i where i.tracking_id = any ($2::text[])",
            sender,
            list(numbers),
        )
        own = {row["number"] for row in rows if row["own"]}
        others = {row["number"]: row["instansi"] for row in rows if not row["own"]}
        return NamedReports([number for number in numbers if number in own], others)

    async def open_one(self, sender: bytes, within: timedelta) -> str | None:
        """Return the report that the sender's next message is about: held, with a question, or begun or added to
        recently.

        None if there is none: the message begins a report.
        """
        return await self._first_of(
            sender,
            f"(k.status is null or k.status not in {_ENDED}) and (k.status = 'ditunda'"
            f" or c.last_at > now() - $2::interval or {_HAS_CLOCK.format('question')})",
            "c.last_at desc",
            within,
        )

    async def latest(self, sender: bytes) -> str | None:
        """Return the report that the sender wrote about last."""
        return await self._first_of(sender, "true", "c.last_at desc")

    async def latest_open(self, sender: bytes) -> str | None:
        """Return the report that the sender wrote about last, of those that have not ended."""
        return await self._first_of(sender, f"k.status is null or k.status not in {_ENDED}", "c.last_at desc")

    async def to_be_judged(self, sender: bytes) -> str | None:
        """Return the report that the sender can accept, rate or dispute.

        One whose final follow-up awaits that comes first, then one that is done.
        """
        return await self._first_of(
            sender,
            f"k.status is null or k.status = 'selesai' or k.status not in {_ENDED}",
            f"{_HAS_CLOCK.format('auto_close')} desc, k.status = 'selesai' desc nulls last, c.last_at desc",
        )

    async def awaiting_judgement(self, sender: bytes) -> dict[str, str]:
        """Return the reports of the sender's whose final follow-up awaits their word, each with its agency."""
        rows = await self._pool.fetch(
            "select c.tracking_id::text as number, i.instansi::text as instansi from conversation c"
            " join inbox i on i.tracking_id = c.tracking_id"
            " join complaint_clock q on q.tracking_id = c.tracking_id and q.kind = 'auto_close'"
            " where c.sender_mac = $1 order by c.last_at desc",
            sender,
        )
        return {row["number"]: row["instansi"] for row in rows}

    async def to_be_rated(self, sender: bytes) -> dict[str, str]:
        """Return the reports of the sender's that can be rated now, each with its agency.

        Those without a rating alone, if there are any.
        """
        rows = await self._pool.fetch(
            f"{_IN_PROCESS} and k.status = 'selesai' and {_HAS_CLOCK.format('aftercare')} order by c.last_at desc",
            sender,
        )
        unrated = [row for row in rows if row["rating"] is None]
        return {row["number"]: row["instansi"] for row in unrated or rows}

    async def awaiting_answer(self, sender: bytes, within: timedelta) -> dict[str, str]:
        """Return the sender's reports that are held or have an open question, each with its agency.

        None of them if the sender wrote about an open report within that time: then a message goes on with that one.
        """
        open_ones = f"k.status is null or k.status not in {_ENDED}"
        if await self._first_of(sender, f"({open_ones}) and c.last_at > now() - $2::interval", "1", within):
            return {}
        rows = await self._pool.fetch(
            f"{_IN_PROCESS} and k.status not in {_ENDED}"
            f" and (k.status = 'ditunda' or {_HAS_CLOCK.format('question')})"
            " order by c.last_at desc",
            sender,
        )
        return {row["number"]: row["instansi"] for row in rows}

    async def _first_of(self, sender: bytes, which: str, order: str, *values: object) -> str | None:
        asked = f"{_OF_SENDER} and ({which}) order by {order} limit 1"
        found: str | None = await self._pool.fetchval(asked, sender, *values)
        return found

    async def _message(self, gateway: str, identity: str) -> bytes:
        return await self._keys.mac("message id", gateway, identity)
