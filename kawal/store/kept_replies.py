"""What reporters said and PostgreSQL keeps while the engine is unavailable, in order of arrival.

What is to be concealed is kept always, with its row in `concealment`: it is out of the public's sight at once.
"""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from pydantic import BaseModel

from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import NotAuthentic, decrypt, encrypt
from kawal.domain.messages import Actor, Behalf, Command
from kawal.domain.names import CommandName
from kawal.proof.chain import canonical_json
from kawal.store.data_keys import DataKeyStore


class ReplyConflict(Exception):  # noqa: N818 - names the condition
    """The idempotency key was used for another reply to this report: nothing was kept."""


class KeptReply(BaseModel):
    """A reporter's command to be delivered: its name and arguments, with the sender's idempotency key."""

    id: int
    tracking_id: str
    channel: str
    accepted_at: datetime
    attempts: int
    command: CommandName
    idempotency_key: str
    arguments: dict[str, Any]
    actor: Actor | None = None
    """Who speaks for the reporter; None: the reporter."""
    behalf: Behalf | None = None

    def as_command(self, reporter: Actor) -> Command:
        """Return the command as its complaint gets it, under the reporter's pseudonym if nobody speaks for them."""
        return Command(
            name=self.command,
            actor=self.actor or reporter,
            arguments=self.arguments,
            idempotency_key=self.idempotency_key,
            received_at=self.accepted_at,
            behalf=self.behalf,
        )


class KeptReplies:
    """A store of encrypted commands; of each report it hands out one at a time, the oldest first."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of the complaints."""
        self._pool = pool
        self._keys = keys

    async def waits_for(self, tracking_id: str) -> bool:
        """Return whether an earlier reply to that report is still kept, behind which a later one must queue."""
        return bool(
            await self._pool.fetchval(
                "select exists (select from inbox_reply where tracking_id::text = $1 and status = 'waiting')",
                tracking_id,
            )
        )

    async def keep(self, tracking_id: str, command: Command, channel: str, at: datetime) -> int:
        """Keep a command and return its number; the same one kept before keeps its number.

        What it conceals is out of the public's sight with the same transaction. Raises ReplyConflict, KeyDestroyed,
        KeyUnavailable.
        """
        idempotency_mac, digest = await self._macs(tracking_id, command)
        body = json.dumps(_content_of(command)).encode()
        data_key = await self._keys.key_for(f"complaint-{tracking_id}")
        async with self._pool.acquire() as conn, conn.transaction():
            kept = await conn.fetchval(
                "insert into inbox_reply"
                " (tracking_id, channel, command, idempotency_mac, digest_mac, body, accepted_at)"
                " values ($1, $2, $3, $4, $5, $6, $7) on conflict (tracking_id, idempotency_mac) do nothing"
                " returning id",
                tracking_id,
                channel,
                command.name,
                idempotency_mac,
                digest,
                encrypt(data_key, body, _aad(tracking_id)),
                at,
            )
            if kept is not None and command.name == CommandName.CONCEAL:
                await _conceal(conn, tracking_id, command.arguments)
        number = int(kept) if kept is not None else await self.number_of(tracking_id, command)
        assert number is not None  # noqa: S101 - it was there when it could not be added
        return number

    async def number_of(self, tracking_id: str, command: Command) -> int | None:
        """Return the number under which a command was kept; None if it was not. Raises ReplyConflict."""
        idempotency_mac, digest = await self._macs(tracking_id, command)
        first = await self._pool.fetchrow(
            "select id, digest_mac from inbox_reply where tracking_id::text = $1 and idempotency_mac = $2",
            tracking_id,
            idempotency_mac,
        )
        if first is not None and first["digest_mac"] != digest:
            raise ReplyConflict("the idempotency key was used for another command")
        return None if first is None else int(first["id"])

    async def _macs(self, tracking_id: str, command: Command) -> tuple[bytes, bytes]:
        said = canonical_json(_digested(command))
        return (
            await self._keys.mac("reply idempotency key", tracking_id, command.idempotency_key),
            await self._keys.mac("reply digest", tracking_id, said),
        )

    async def concealed(self, tracking_id: str) -> tuple[bool, bool]:
        """Return what of a report its reporter has hidden since the start: the identity, the whole content."""
        row = await self._pool.fetchrow(
            "select anonim, rahasia from concealment where tracking_id::text = $1", tracking_id
        )
        return (False, False) if row is None else (row["anonim"], row["rahasia"])

    async def claim(self, limit: int, lease: timedelta) -> list[KeptReply]:
        """Claim the oldest waiting reply of each report whose turn it is; nobody else gets them within the lease.

        One whose report was erased meanwhile, or that cannot be read, is marked refused and not handed out.
        """
        rows = await self._pool.fetch(
            "update inbox_reply set attempts = attempts + 1, next_try_at = now() + $2 where id in ("
            " select id from inbox_reply r where status = 'waiting' and next_try_at <= now() and not exists ("
            "  select from inbox_reply e where e.tracking_id = r.tracking_id and e.status = 'waiting' and e.id < r.id)"
            " order by id limit $1 for update skip locked) returning *",
            limit,
            lease,
        )
        claimed = []
        for row in sorted(rows, key=lambda row: row["id"]):
            try:
                claimed.append(await self._opened(row))
            except KeyDestroyed:
                await self.mark_refused(row["id"], "erased")
            except (NotAuthentic, ValueError):
                await self.mark_refused(row["id"], "unreadable")
        return claimed

    async def kept_before(self, tracking_id: str, before: datetime) -> list[KeptReply]:
        """Return the replies to a report that were kept before an instant and are not delivered yet, in order.

        Those that cannot be read are omitted, and all if the report was erased; raises KeyUnavailable.
        """
        rows = await self._pool.fetch(
            "select * from inbox_reply where tracking_id::text = $1 and status = 'waiting' and accepted_at < $2"
            " order by id",
            tracking_id,
            before,
        )
        found = []
        for row in rows:
            with contextlib.suppress(KeyDestroyed, NotAuthentic, ValueError):
                found.append(await self._opened(row))
        return found

    async def waiting_of(self, tracking_id: str) -> list[KeptReply]:
        """Return what a report's reporter said and its complaint has not got yet, in order; see `kept_before`."""
        return await self.kept_before(tracking_id, datetime.max.replace(tzinfo=UTC))

    async def _opened(self, row: Any) -> KeptReply:
        known = {name: row[name] for name in ("id", "tracking_id", "channel", "accepted_at", "attempts", "command")}
        return KeptReply(**known, **await self._content(row))

    async def _content(self, row: Any) -> dict[str, Any]:
        key = await self._keys.key_of(f"complaint-{row['tracking_id']}", row["body"])
        content: dict[str, Any] = json.loads(decrypt(key, row["body"], _aad(row["tracking_id"])))
        return content

    async def all_of(self, tracking_id: str) -> list[tuple[datetime, str, dict[str, Any]]]:
        """Return when each command to a report was kept, its status (waiting, sent, refused), and its arguments.

        The oldest first. Raises KeyDestroyed, KeyUnavailable, and NotAuthentic for one that was changed.
        """
        rows = await self._pool.fetch(
            "select accepted_at, status, tracking_id, body from inbox_reply where tracking_id = $1 order by id",
            tracking_id,
        )
        return [(row["accepted_at"], row["status"], (await self._content(row))["arguments"]) for row in rows]

    async def mark_sent(self, reply_id: int) -> None:
        """Record that the reply is in the complaint's record; repeating it changes nothing."""
        await self._finish(reply_id, "sent", None)

    async def mark_refused(self, reply_id: int, code: str) -> None:
        """Record that the rules refused the reply at delivery; the refusal itself is in the access log."""
        await self._finish(reply_id, "refused", code)

    async def mark_failed(self, reply_id: int, error: str, retry_in: timedelta) -> None:
        """Record that the reply could not be delivered: try again after `retry_in` (real time)."""
        await self._pool.execute(
            "update inbox_reply set last_error = $2, next_try_at = now() + $3 where id = $1 and status = 'waiting'",
            reply_id,
            error,
            retry_in,
        )

    async def _finish(self, reply_id: int, status: str, code: str | None) -> None:
        await self._pool.execute(
            "update inbox_reply set status = $2, last_error = $3, done_at = now() where id = $1 and status = 'waiting'",
            reply_id,
            status,
            code,
        )


async def _conceal(conn: asyncpg.Connection, tracking_id: str, arguments: dict[str, Any]) -> None:
    await conn.execute(
        "insert into concealment as c (tracking_id, anonim, rahasia) values ($1, $2, $3)"
        " on conflict (tracking_id) do update set anonim = c.anonim or excluded.anonim,"
        " rahasia = c.rahasia or excluded.rahasia",
        tracking_id,
        bool(arguments.get("anonim")),
        bool(arguments.get("rahasia")),
    )


def _content_of(command: Command) -> dict[str, Any]:
    """Return what is kept of a command, encrypted."""
    content: dict[str, Any] = {"idempotency_key": command.idempotency_key, "arguments": command.arguments}
    if command.behalf is not None:
        content |= {"actor": command.actor.model_dump(mode="json"), "behalf": command.behalf.model_dump(mode="json")}
    return content


def _digested(command: Command) -> dict[str, Any]:
    """Return by what two commands under one idempotency key are the same; a reply as earlier releases stored it."""
    if command.name == CommandName.REPLY and command.behalf is None:
        return command.arguments
    return {"command": command.name} | _content_of(command)


def _aad(tracking_id: str) -> bytes:
    return f"reply\x00{tracking_id}".encode()
