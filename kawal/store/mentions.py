"""Mentions that wait: whom a note names, until the note was shown to them or they noted it as read.

That a note names somebody stays on record with the note (store.notes); the rows here are an entry among that person's
work and end with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import asyncpg
from pydantic import BaseModel

from kawal.domain.names import Role
from kawal.domain.notes import Audience, Authorship

MOST = 50
"""The most mentions that are read at once, the newest."""


class Mention(BaseModel):
    """A note that names somebody, without its words."""

    note: int
    person: str
    """Whom it names."""
    tracking_id: str
    at: datetime
    """When it was written (UTC)."""
    role: Role
    account: str
    opd: str | None
    audience: Audience

    @property
    def authorship(self) -> Authorship:
        """Who wrote the note."""
        return Authorship(self.role, self.opd, self.account)


class Mentions:
    """A store of mentions."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`; over one that reads in a scope, only what that shows is found."""
        self._pool = pool

    async def waiting(self, people: Sequence[str], note: int | None = None) -> list[Mention]:
        """Return which notes (or whether this one) name one of these people and wait, the newest first, at most MOST.

        Who may read them is not asked.
        """
        rows = await self._pool.fetch(_WAITING, list(people), note, MOST)
        return [Mention.model_validate(dict(row)) for row in rows]

    async def end(self, notes: Sequence[int], people: Sequence[str]) -> list[tuple[int, str]]:
        """End the mentions of people in notes that were read; return which waited, by note and person."""
        rows = await self._pool.fetch(
            "delete from note_mention where note = any ($1) and person = any ($2) returning note, person",
            list(notes),
            list(people),
        )
        return [(row["note"], row["person"]) for row in rows]


async def add_mentions(conn: asyncpg.Connection, tracking_id: str, note: int, people: Iterable[str]) -> None:
    """Let a note wait for people, within the transaction that writes it."""
    values: list[tuple[Any, ...]] = [(note, person, tracking_id) for person in people]
    if values:
        await conn.executemany("insert into note_mention (note, person, tracking_id) values ($1, $2, $3)", values)


async def end_mentions(conn: asyncpg.Connection, note: int) -> None:
    """Let a note wait for nobody any more, within the transaction that strikes it."""
    await conn.execute("delete from note_mention where note = $1", note)


_WAITING = """
    select m.note, m.person, m.tracking_id::text as tracking_id, s.at, s.actor_role::text as role,
        s.actor_account as account, s.facts ->> 'opd' as opd, s.facts ->> 'audience' as audience
    from note_mention m join side_act s on s.n = m.note
    where m.person = any ($1) and ($2::bigint is null or m.note = $2) order by m.note desc limit $3
"""
