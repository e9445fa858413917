"""Sealing: new rows of every chain become leaves of the log, under a signed head.

A batch of rows is one transaction: if the process is killed, it was sealed completely or not at all, and the next seal
continues. Two sealers wait for each other. No event is missed: an event's position is assigned before its transaction
commits, so a seal first notes the last assigned position, then waits until every transaction that was writing events at
that moment has ended. All rows up to that position are then final, and nothing is added below it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import asyncpg

from kawal.proof.heads import ACCESS, HISTORY_ARCHIVE, SIDE_ACT, Head, head_text, row_leaf
from kawal.proof.merkle import subtree_root
from kawal.store.log import POSITIONS, TILE, Log, Source, sealed_up_to, split_hashes
from kawal.store.signing_keys import SEAL_LOCK, SigningKeys

STRETCH = 16_384
"""Rows of each source per transaction."""

RANGE = 2_048
"""The maximum number of rows per range, among which the leaf of a row is searched."""

WAIT_SECONDS = 30.0
_LOOK_AGAIN = 0.02
_NAMES = {
    Source.EVENT: "workflow_id as chain, seq as number",
    Source.ACCESS: f"'{ACCESS}' as chain, n as number",
    Source.HISTORY_ARCHIVE: f"'{HISTORY_ARCHIVE}' as chain, n as number",
    Source.SIDE_ACT: f"'{SIDE_ACT}' as chain, n as number",
}
_WRITERS = """
select virtualtransaction from pg_locks where locktype = 'relation' and relation = 'event'::regclass and granted
    and database = (select oid from pg_database where datname = current_database()) and pid is distinct from
    pg_backend_pid() and mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
"""


class SealingWaits(Exception):  # noqa: N818 - names the condition
    """A transaction that writes events does not end: nothing was sealed, and the next seal tries again."""


class _Row(NamedTuple):
    position: int
    chain: str
    number: int
    hash: bytes


class Sealer:
    """The sealer of new rows."""

    def __init__(self, pool: asyncpg.Pool, signing: SigningKeys) -> None:
        """Seal what is in `pool`, with heads signed by `signing`."""
        self._pool = pool
        self._signing = signing

    async def seal(self) -> list[Head]:
        """Seal everything that is recorded by now; return the new heads, none if nothing was new.

        Raises SealingWaits, KeyUnavailable if the signing key is not available, and asyncpg's errors.
        """
        made: list[Head] = []
        until = await self._settled()
        while (head := await self._stretch(until)) is not None:
            made.append(head)
        return made

    async def _settled(self) -> dict[Source, int]:
        """Return the position of each source up to which nothing can be added any more."""
        async with self._pool.acquire() as conn:
            event = await conn.fetchval("select case when is_called then last_value else 0 end from event_position_seq")
            await _writers_gone(conn)
            numbered = [source for source in Source if source is not Source.EVENT]
            last = [
                await conn.fetchval(f"select coalesce(max(n), 0) from {POSITIONS[source][0]}")  # noqa: S608 - own names
                for source in numbered
            ]
        return {Source.EVENT: event, **dict(zip(numbered, last, strict=True))}

    async def _stretch(self, until: dict[Source, int]) -> Head | None:
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute("select pg_advisory_xact_lock($1)", SEAL_LOCK)
            log = Log(conn)
            last = await log.newest_head()
            size = 0 if last is None else last.size
            found = {source: await _new_rows(conn, source, until[source]) for source in Source}
            if not any(found.values()):
                return None
            leaves = [row for source in Source for row in found[source]]
            await _grow(conn, size, leaves)
            head = await self._head(log, size + len(leaves), last)
            await _insert_head(conn, head)
            await _insert_ranges(conn, size, found, head.size)
            return head

    async def _head(self, log: Log, size: int, last: Head | None) -> Head:
        """Sign a head; no rotation can intervene, because it takes the same lock."""
        key = await self._signing.current()
        at = max(datetime.now(UTC), key.created_at, *([last.at] if last else []))
        root, log_id = await log.root(size), await self._signing.log_id()
        key_id, signature = await self._signing.sign(head_text(log_id, size, root, at, key.key_id))
        return Head(log_id, size, root, at, key_id, signature)


async def _writers_gone(conn: asyncpg.Connection) -> None:
    """Wait until the transactions that are writing events at this moment have committed or rolled back."""
    writing = {row[0] for row in await conn.fetch(_WRITERS)}
    deadline = time.monotonic() + WAIT_SECONDS
    while writing:
        if time.monotonic() > deadline:
            raise SealingWaits("a transaction that writes events does not end")
        await asyncio.sleep(_LOOK_AGAIN)
        writing &= {row[0] for row in await conn.fetch(_WRITERS)}


async def _new_rows(conn: asyncpg.Connection, source: Source, until: int) -> list[_Row]:
    table, column = POSITIONS[source]
    rows = await conn.fetch(
        f"select {column} as position, {_NAMES[source]}, hash from {table}"  # noqa: S608 - own names
        f" where {column} > $1 and {column} <= $2 order by {column} limit $3",
        await sealed_up_to(conn, source),
        until,
        STRETCH,
    )
    return [_Row(*row) for row in rows]


async def _grow(conn: asyncpg.Connection, size: int, rows: Sequence[_Row]) -> None:
    """Add the rows' leaves to the tiles: a completed row of 256 adds its root to the level above."""
    hashes = [row_leaf(row.chain, row.number, row.hash) for row in rows]
    names: list[str] | None = [f"{row.chain} {row.number}" for row in rows]
    level = 0
    while hashes:
        written, above = await _extended(conn, level, size, hashes, names)
        await conn.executemany(
            "insert into log_tile (level, n, hashes, names) values ($1, $2, $3, $4)"
            " on conflict (level, n) do update set hashes = excluded.hashes, names = excluded.names",
            written,
        )
        hashes, names, size, level = above, None, size // TILE, level + 1


async def _extended(
    conn: asyncpg.Connection, level: int, size: int, hashes: list[bytes], names: list[str] | None
) -> tuple[list[tuple[int, int, bytes, str | None]], list[bytes]]:
    """Return the rows of a level of `size` hashes with these added, and the roots of those that they complete."""
    first, begun = divmod(size, TILE)
    if begun:
        stood = await conn.fetchrow("select hashes, names from log_tile where level = $1 and n = $2", level, first)
        hashes = [*split_hashes(stood["hashes"]), *hashes]
        names = None if names is None else [*stood["names"].split("\n"), *names]
    written, roots = [], []
    for at in range(0, len(hashes), TILE):
        part = hashes[at : at + TILE]
        told = None if names is None else "\n".join(names[at : at + TILE])
        written.append((level, first + at // TILE, b"".join(part), told))
        if len(part) == TILE:
            roots.append(subtree_root(part))
    return written, roots


async def _insert_head(conn: asyncpg.Connection, head: Head) -> None:
    await conn.execute(
        "insert into log_head (size, root, at, signing_key_id, signature) values ($1, $2, $3, $4, $5)",
        head.size,
        head.root,
        head.at,
        head.key_id,
        head.signature,
    )


async def _insert_ranges(conn: asyncpg.Connection, size: int, found: dict[Source, list[_Row]], head: int) -> None:
    ranges = []
    for source in Source:
        after = await sealed_up_to(conn, source)
        for at in range(0, len(found[source]), RANGE):
            part = found[source][at : at + RANGE]
            ranges.append((size, len(part), source, after, part[-1].position, head))
            size, after = size + len(part), part[-1].position
    await conn.executemany(
        "insert into log_range (first_leaf, leaves, source, after_position, last_position, head)"
        " values ($1, $2, $3, $4, $5, $6)",
        ranges,
    )
