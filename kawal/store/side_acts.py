"""The acts beside the process: who supported a report, what officials showed the public of it or hid, their notes.

Chained and numbered like the access log. What a person wrote, and whose support it was, is encrypted with the
complaint's key: an erased complaint keeps its rows and loses their words.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import asyncpg
from pydantic import BaseModel, Field

from kawal.crypto.encryption import DataKey
from kawal.domain.messages import Actor, acting_facts
from kawal.domain.names import Role, workflow_id
from kawal.proof.chain import SIDE_ACT_FIELDS, SIDE_ACT_TAG
from kawal.store.changes import tell_of_act
from kawal.store.data_keys import DataKeyStore
from kawal.store.numbered_chain import NumberedChain
from kawal.store.stored_events import acted_as

_CHAIN = NumberedChain("side_act", SIDE_ACT_FIELDS, SIDE_ACT_TAG, 0x6B61_7761_6C08, "side act")
_SELECT = f"select {', '.join(SIDE_ACT_FIELDS)} from side_act where tracking_id = $1"  # noqa: S608


class SideActKind(StrEnum):
    """What was done beside the process."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    """By the supporter; with facts that say why, by the installation."""
    CONFIRMED = "confirmed"
    """A supporter's e-mail address."""
    RELEASED = "released"
    REDACTED = "redacted"
    NOTED = "noted"
    """An official's note, for colleagues alone."""
    NOTE_STRUCK = "note_struck"
    REPLY_READ = "reply_read"
    """What the reporter said was noted as read: it waits for nobody any more."""


OF_OFFICIALS = (SideActKind.RELEASED, SideActKind.REDACTED)
"""What officials decided about the public's view. Of supports only the number is told; notes have their readers."""

TOLD = (*OF_OFFICIALS, SideActKind.REPLY_READ)
"""What a complaint's history and case file tell of."""

_NOTES = (SideActKind.NOTED, SideActKind.NOTE_STRUCK)


class SideAct(BaseModel):
    """A decrypted act; `words` are empty once the complaint is erased. Without an actor it was anyone's."""

    n: int
    at: datetime
    kind: SideActKind
    tracking_id: str
    actor: Actor | None
    facts: dict[str, Any] = Field(default_factory=dict)
    words: dict[str, Any] = Field(default_factory=dict)


class SideActs:
    """A store that appends acts and reads them."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of `keys`."""
        self._pool = pool
        self._keys = keys

    async def key_of(self, tracking_id: str) -> DataKey:
        """Return the key that encrypts new acts on a complaint; raises KeyDestroyed for an erased one."""
        return await self._keys.key_for(workflow_id(tracking_id))

    async def append(
        self,
        conn: asyncpg.Connection,
        key: DataKey,
        kind: SideActKind,
        tracking_id: str,
        at: datetime,
        actor: Actor | None,
        facts: dict[str, Any],
        words: dict[str, Any],
    ) -> int:
        """Add an act within the caller's transaction, for which all other acts then wait; return its number.

        `facts` are codes and numbers and are stored in plain text. `key` is the complaint's, asked for before the
        transaction began (`key_of`).
        """
        secret = words if actor is None else {"name": actor.name} | words
        plain = (
            at,
            str(kind),
            tracking_id,
            None if actor is None else str(actor.role),
            None if actor is None else actor.account,
            facts if actor is None else {**facts, **acting_facts(actor)},
        )
        number = await _CHAIN.append(conn, key, plain, secret)
        if actor is not None:  # a stranger's support is no reason to look again
            await tell_of_act(conn, tracking_id)
        return number

    async def of(self, tracking_id: str) -> list[SideAct]:
        """Return all acts on a complaint in order, decrypted."""
        return [await self._opened(row) for row in await self._pool.fetch(f"{_SELECT} order by n", tracking_id)]

    async def of_officials(self, tracking_id: str) -> list[SideAct]:
        """Return what officials released or redacted of a complaint, in order, decrypted; no support is among it."""
        return await self._of_kinds(tracking_id, OF_OFFICIALS)

    async def told(self, tracking_id: str) -> list[SideAct]:
        """Return what a complaint's history tells of besides its events, in order, decrypted."""
        return await self._of_kinds(tracking_id, TOLD)

    async def notes(self, tracking_id: str) -> list[SideAct]:
        """Return the notes on a complaint and what was struck of them, in order, decrypted."""
        return await self._of_kinds(tracking_id, _NOTES)

    async def _of_kinds(self, tracking_id: str, kinds: tuple[SideActKind, ...]) -> list[SideAct]:
        rows = await self._pool.fetch(f"{_SELECT} and kind = any ($2) order by n", tracking_id, list(kinds))
        return [await self._opened(row) for row in rows]

    async def _opened(self, row: Any) -> SideAct:
        secret = await _CHAIN.secret(self._keys, row)
        name = secret.pop("name", None)
        actor = None
        if row["actor_role"] is not None:
            role, account = Role(row["actor_role"]), row["actor_account"]
            actor = Actor(role=role, account=account, name=name, **acted_as(row["facts"]))
        return SideAct(
            n=row["n"],
            at=row["at"],
            kind=SideActKind(row["kind"]),
            tracking_id=row["tracking_id"],
            actor=actor,
            facts=row["facts"],
            words=secret,
        )
