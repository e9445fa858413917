"""Officials' notes on a report, as acts beside the process: written, struck, read in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg
from pydantic import BaseModel

from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.notes import Audience, Authorship
from kawal.store.data_keys import DataKeyStore
from kawal.store.mentions import add_mentions, end_mentions
from kawal.store.side_acts import SideAct, SideActKind, SideActs


class Note(BaseModel):
    """A note; `text` is None once the complaint is erased, or where it may not be shown."""

    number: int
    """Of its act: the notes of one complaint have gaps."""
    at: datetime
    role: Role
    account: str
    opd: str | None
    name: str | None
    audience: Audience
    text: str | None
    struck_at: datetime | None = None
    struck_why: str | None = None

    @property
    def author(self) -> Actor:
        """Who wrote it."""
        return Actor(role=self.role, account=self.account, opd=self.opd, name=self.name)

    @property
    def authorship(self) -> Authorship:
        """Whose it is."""
        return Authorship(self.role, self.opd, self.account)


class Notes:
    """A store of notes."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of `keys`."""
        self._pool = pool
        self._acts = SideActs(pool, keys)

    async def write(
        self, tracking_id: str, actor: Actor, at: datetime, audience: Audience, text: str, named: Sequence[str] = ()
    ) -> int:
        """Add a note and return its number; the `named` people find it among their work.

        Raises KeyDestroyed for an erased complaint.
        """
        facts: dict[str, Any] = {"audience": str(audience)}
        facts |= ({} if actor.opd is None else {"opd": actor.opd}) | ({"named": list(named)} if named else {})
        key = await self._acts.key_of(tracking_id)
        async with self._pool.acquire() as conn, conn.transaction():
            words = {"text": text}
            number = await self._acts.append(conn, key, SideActKind.NOTED, tracking_id, at, actor, facts, words)
            await add_mentions(conn, tracking_id, number, named)
        return number

    async def strike(self, tracking_id: str, actor: Actor, at: datetime, note: int, why: str) -> int:
        """Strike a note; it stays on record, and nobody is named by it any more.

        Raises KeyDestroyed for an erased complaint.
        """
        key = await self._acts.key_of(tracking_id)
        async with self._pool.acquire() as conn, conn.transaction():
            await end_mentions(conn, note)
            return await self._acts.append(
                conn, key, SideActKind.NOTE_STRUCK, tracking_id, at, actor, {"note": note}, {"why": why}
            )

    async def of(self, tracking_id: str) -> list[Note]:
        """Return every note of a complaint, struck ones too, the oldest first; who may read them is for the caller."""
        acts = await self._acts.notes(tracking_id)
        struck = {act.facts["note"]: act for act in acts if act.kind is SideActKind.NOTE_STRUCK}
        return [_note(act, struck.get(act.n)) for act in acts if act.kind is SideActKind.NOTED]

    async def leadership_wrote(self, tracking_ids: Sequence[str]) -> Mapping[str, datetime]:
        """Return when the leadership last wrote to the Inspectorate about each complaint, as far as it did (UTC)."""
        rows = await self._pool.fetch(_OF_LEADERSHIP, list(tracking_ids), str(Role.LEADERSHIP))
        return {row["tracking_id"]: row["at"] for row in rows}


_OF_LEADERSHIP = f"""
select n.tracking_id, max(n.at) as at from side_act n
where n.tracking_id = any ($1) and n.kind = '{SideActKind.NOTED}' and n.actor_role = $2 and not exists (
    select from side_act s where s.tracking_id = n.tracking_id and s.kind = '{SideActKind.NOTE_STRUCK}'
        and s.facts -> 'note' = to_jsonb(n.n))
group by 1
"""  # noqa: S608 - own words


def _note(act: SideAct, struck: SideAct | None) -> Note:
    assert act.actor is not None  # noqa: S101 - an official's act names the official
    return Note(
        number=act.n,
        at=act.at,
        role=act.actor.role,
        account=act.actor.account,
        opd=act.facts.get("opd"),
        name=act.actor.name,
        audience=Audience(act.facts["audience"]),
        text=act.words.get("text"),
        struck_at=None if struck is None else struck.at,
        struck_why=None if struck is None else struck.words.get("why"),
    )
