"""Conversations by SMS and WhatsApp: who writes about which report; senders and messages only as keyed hashes."""

from __future__ import annotations

from datetime import timedelta

import asyncpg

from kawal.store.data_keys import DataKeyStore


class Conversations:
    """A store of messages, each once, and of the reports that a sender has written about."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; hashes are keyed with the look-up key of `keys`."""
        self._pool = pool
        self._keys = keys

    async def sender(self, number: str) -> bytes:
        """Return the hash for a sender, made from the digits of the number."""
        digits = "".join(char for char in number if char.isdigit())
        return await self._keys.mac("message sender", digits or number)

    async def seen(self, gateway: str, message_id: str) -> tuple[bool, str | None]:
        """Return whether a message was received before, and the report it was for (None: it began one)."""
        row = await self._pool.fetchrow(
            "select tracking_id::text as tracking_id from message_seen where gateway = $1 and message_mac = $2",
            gateway,
            await self._message(gateway, message_id),
        )
        return (False, None) if row is None else (True, row["tracking_id"])

    async def note(self, gateway: str, message_id: str, tracking_id: str | None) -> str | None:
        """Record which report a message is for, before it is processed; what was recorded first remains."""
        row = await self._pool.fetchrow(
            "insert into message_seen (gateway, message_mac, tracking_id) values ($1, $2, $3)"
            " on conflict (gateway, message_mac) do update set gateway = excluded.gateway"
            " returning tracking_id::text as tracking_id",
            gateway,
            await self._message(gateway, message_id),
            tracking_id,
        )
        found: str | None = row["tracking_id"]
        return found

    async def wrote_about(self, sender: bytes, tracking_id: str) -> None:
        """Record that the sender has written about this report now."""
        await self._pool.execute(
            "insert into conversation (sender_mac, tracking_id) values ($1, $2)"
            " on conflict (sender_mac, tracking_id) do update set last_at = now()",
            sender,
            tracking_id,
        )

    async def is_of(self, sender: bytes, tracking_id: str) -> bool:
        """Return whether the sender has written about this report before."""
        return bool(
            await self._pool.fetchval(
                "select exists (select from conversation where sender_mac = $1 and tracking_id::text = $2)",
                sender,
                tracking_id,
            )
        )

    async def open_one(self, sender: bytes, within: timedelta) -> str | None:
        """Return the report that the sender's next message is about: held, with a question, or begun or added to
        recently.

        None if there is none: the message begins a report.
        """
        found: str | None = await self._pool.fetchval(
            "select c.tracking_id::text from conversation c left join complaint k on k.tracking_id = c.tracking_id"
            " where c.sender_mac = $1 and (k.status is null or k.status not in"
            " ('selesai', 'diarsipkan', 'bukan_wewenang', 'digabung'))"
            " and (k.status = 'ditunda' or c.last_at > now() - $2::interval or exists (select from complaint_clock q"
            " where q.tracking_id = c.tracking_id and q.kind = 'question'))"
            " order by c.last_at desc limit 1",
            sender,
            within,
        )
        return found

    async def _message(self, gateway: str, message_id: str) -> bytes:
        return await self._keys.mac("message id", gateway, message_id)
