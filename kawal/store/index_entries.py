"""What finds a report besides its number: keyed hashes of its contacts, and of a rahasia one's words.

They are written in the transaction that records an official's first decision (verified, handled, archived, passed on,
merged), and the words of one that becomes rahasia later with that event: so nobody can have words or contacts of their
choice hashed by sending reports, and compare. Until then a report is found by looking into it (store.contacts,
store.undecided).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

import asyncpg

from kawal.domain.messages import Event, Snapshot
from kawal.store.blind_index import BlindIndex
from kawal.store.contacts import Contacts
from kawal.store.data_keys import DataKeyStore
from kawal.store.read_model import hidden_words, reporter_of

_NOTE = """
with noted as (update inbox set contacts_noted = true where tracking_id = $1 and not contacts_noted
  returning tracking_id)
insert into reporter_contact (contact_mac, tracking_id)
select mac, tracking_id from noted, unnest($2::bytea[]) as mac on conflict do nothing
"""


class DueEntries(NamedTuple):
    """The hashes to be written for a report; `contacts` is None where they stand already."""

    words: Sequence[bytes]
    contacts: Sequence[bytes] | None


class IndexEntries:
    """A store that computes and writes what finds a report."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; hashes are keyed with the look-up key of `keys`."""
        self._pool = pool
        self._blind = BlindIndex(pool, keys)
        self._contacts = Contacts(pool, keys)

    async def due(
        self, after: Snapshot, decided: bool, events: Callable[[], Awaitable[Sequence[Event]]]
    ) -> DueEntries | None:
        """Return what is to be written with a step of a report that an official has decided on; None for nothing.

        `decided`: by this step. `events` reads all of its events, decrypted; they are asked for only where needed.
        """
        wordless = after.rahasia and not await self._blind.holds(after.tracking_id)
        if not decided and not wordless:
            return None
        told = await events()
        reporter = reporter_of(told)
        hidden = hidden_words(told, reporter) if wordless else ""
        words = await self._blind.hashes(after.instansi, hidden) if hidden else []
        return DueEntries(words, await self._contacts.of(reporter) if decided else None)

    async def write(self, conn: asyncpg.Connection, tracking_id: str, due: DueEntries | None) -> None:
        """Write them within the caller's transaction; repeating it changes nothing."""
        if due is None:
            return
        await self._blind.write(conn, tracking_id, due.words)
        if due.contacts is not None:
            await conn.execute(_NOTE, tracking_id, list(due.contacts))
