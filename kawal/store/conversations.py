"""Who writes about which report by SMS and WhatsApp: senders and messages as keyed hashes, never in the clear."""

from __future__ import annotations

from datetime import timedelta

import asyncpg

from kawal.store.data_keys import KeyStore


class Conversations:
    """Remembers messages, each once, and the reports that a sender has written about."""

    def __init__(self, pool: asyncpg.Pool, keys: KeyStore) -> None:
        """Work through `pool`; hashes are keyed with the look-up key of `keys`."""
        self._pool = pool
        self._keys = keys

    async def sender(self, number: str) -> bytes:
        """What stands for a sender: the digits of the number, hashed."""
        digits = "".join(char for char in number if char.isdigit())
        return await self._keys.mac("message sender", digits or number)

    async def seen(self, gateway: str, message_id: str) -> tuple[bool, str | None]:
        """Whether a message came before, and the report it was for then (None: it began one)."""
        row = await self._pool.fetchrow(
            "select tracking_id::text as tracking_id from message_seen where gateway = $1 and message_mac = $2",
            gateway,
            await self._message(gateway, message_id),
        )
        return (False, None) if row is None else (True, row["tracking_id"])

    async def note(self, gateway: str, message_id: str, tracking_id: str | None) -> str | None:
        """Fix for which report a message is, before anything is done with it; what was fixed first holds."""
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
        """The sender has written about this report, now."""
        await self._pool.execute(
            "insert into conversation (sender_mac, tracking_id) values ($1, $2)"
            " on conflict (sender_mac, tracking_id) do update set last_at = now()",
            sender,
            tracking_id,
        )

    async def is_of(self, sender: bytes, tracking_id: str) -> bool:
        """Whether the sender has written about this report before."""
        return bool(
            await self._pool.fetchval(
                "select exists (select from conversation where sender_mac = $1 and tracking_id::text = $2)",
                sender,
                tracking_id,
            )
        )

    async def open_one(self, sender: bytes, within: timedelta) -> str | None:
        """The report that the sender's next message is about: held, asked about, or begun or added to lately.

        None where there is none: the message begins a report.
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
