"""The log: one Merkle tree over the rows of every chain, stored as rows of 256 hashes, with its signed heads.

A proof among millions of leaves reads a handful of such rows. `log_range` gives which row of a chain is at which leaf:
the rows of a source between two positions, in the order of their positions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import asyncpg

from kawal.proof.heads import Head
from kawal.proof.merkle import Node, consistency_path, cover, inclusion_path, root_of, subtree_root

TILE = 256
TILE_HEIGHT = 8
HASH_BYTES = 32


class Source(StrEnum):
    """A table whose rows are leaves."""

    EVENT = "event"
    ACCESS = "access"
    HISTORY_ARCHIVE = "history_archive"
    SIDE_ACT = "side_act"


POSITIONS = {
    Source.EVENT: ("event", "position"),
    Source.ACCESS: ("access_log", "n"),
    Source.HISTORY_ARCHIVE: ("history_archive", "n"),
    Source.SIDE_ACT: ("side_act", "n"),
}
"""Each source's table and the column that orders its rows in the log."""


class Range(NamedTuple):
    """A range of leaves: the rows of a source after one position and up to another."""

    first_leaf: int
    leaves: int
    source: Source
    after_position: int
    last_position: int
    head: int
    """The size of the tree whose head sealed it."""


class LeafLost(Exception):  # noqa: N818 - names the condition
    """A row's position in the log cannot be determined: the range beginning at `leaf` differs from what was sealed."""

    def __init__(self, leaf: int) -> None:
        """Name the range, or the tile, by its first leaf."""
        super().__init__(leaf)
        self.leaf = leaf


_TILE_NAMING = "select n from log_tile where level = 0 and strpos(E'\\n' || names || E'\\n', $1) > 0 order by n limit 1"
_GAP = """
select min(leaf) from (
    select least(first_leaf, ends_at) as leaf from (
        select first_leaf, after_position, coalesce(lag(first_leaf + leaves) over (order by first_leaf), 0) as ends_at,
            coalesce(lag(last_position) over (partition by source order by first_leaf), 0) as ends_after
        from log_range) as part where first_leaf <> ends_at or after_position <> ends_after
    union all select ends_at from (select coalesce(max(first_leaf + leaves), 0) as ends_at from log_range) as whole
        where ends_at <> $1) as gap
"""


class Log:
    """Queries of the log, through a pool or a connection."""

    def __init__(self, source: Any) -> None:
        """Read through an asyncpg pool or connection."""
        self._source = source

    # --- Heads -------------------------------------------------------------------------------------------------------

    async def log_id(self) -> str | None:
        """Return the log's name: its first key's id; None before anything was signed."""
        name: str | None = await self._source.fetchval(
            "select signing_key_id from signing_key where endorsed_by is null"
        )
        return name

    async def newest_head(self) -> Head | None:
        """Return the head of the whole log; None if nothing was sealed yet."""
        found = await self._heads("order by size desc limit 1")
        return found[0] if found else None

    async def head(self, size: int) -> Head | None:
        """Return the head of that size; None if the log never had one."""
        found = await self._heads("where size = $1", size)
        return found[0] if found else None

    async def heads(self, after: int = 0, limit: int = 1000) -> list[Head]:
        """Return the heads larger than `after`, the smallest first."""
        return await self._heads("where size > $1 order by size limit $2", after, limit)

    async def newest_heads(self, limit: int, before: int | None = None) -> list[Head]:
        """Return the newest heads, or the newest that are smaller than `before`; the largest first."""
        return await self._heads("where $2::bigint is null or size < $2 order by size desc limit $1", limit, before)

    async def head_over(self, leaf: int) -> Head | None:
        """Return the first head that includes a leaf; None if it is not sealed."""
        found = await self._heads("where size > $1 order by size limit 1", leaf)
        return found[0] if found else None

    async def _heads(self, which: str, *values: object) -> list[Head]:
        rows = await self._source.fetch(f"select * from log_head {which}", *values)  # noqa: S608 - own words
        log_id = await self.log_id() if rows else None
        return [
            Head(str(log_id), row["size"], row["root"], row["at"], row["signing_key_id"], row["signature"])
            for row in rows
        ]

    # --- Proofs ------------------------------------------------------------------------------------------------------

    async def mailed_up_to(self) -> int | None:
        """Return the size of the newest head that was sent by mail; None if none was."""
        size: int | None = await self._source.fetchval("select size from log_published where way = 'mail'")
        return size

    async def note_mailed(self, size: int) -> None:
        """Record that the head of that size was sent by mail."""
        await self._source.execute(
            "insert into log_published (way, size) values ('mail', $1) on conflict (way)"
            " do update set size = excluded.size, at = now() where log_published.size < excluded.size",
            size,
        )

    async def root(self, size: int) -> bytes:
        """Return the root of the first `size` leaves, from the stored hashes; raises KeyError if one is missing."""
        nodes = cover(0, size)
        hashes = await self._hashes(nodes)
        return root_of(nodes, hashes.__getitem__)

    async def inclusion(self, leaf: int, size: int) -> list[bytes]:
        """Return the proof that a leaf is in the tree of that size; raises ValueError, KeyError for a missing hash."""
        return await self._made(inclusion_path(leaf, size))

    async def consistency(self, older: int, newer: int) -> list[bytes]:
        """Return the proof that the tree grew between two sizes; raises ValueError, or KeyError for a missing hash."""
        return await self._made(consistency_path(older, newer))

    async def leaf(self, index: int) -> bytes:
        """Return the hash of a leaf; raises KeyError for a missing one."""
        node = Node(0, index)
        return (await self._hashes([node]))[node]

    async def _made(self, groups: Sequence[Sequence[Node]]) -> list[bytes]:
        hashes = await self._hashes([node for group in groups for node in group])
        return [root_of(group, hashes.__getitem__) for group in groups]

    async def _hashes(self, nodes: Iterable[Node]) -> dict[Node, bytes]:
        """Return the hashes of complete subtrees, from the rows that contain them; missing ones are omitted."""
        places = {node: _place(node) for node in nodes}
        wanted = sorted({(level, tile) for level, tile, _, _ in places.values()})
        rows = await self._source.fetch(
            "select t.level, t.n, t.hashes from log_tile t"
            " join unnest($1::smallint[], $2::bigint[]) as w (level, n) on w.level = t.level and w.n = t.n",
            [level for level, _ in wanted],
            [tile for _, tile in wanted],
        )
        tiles = {(row["level"], row["n"]): row["hashes"] for row in rows}
        found = {}
        for node, (level, tile, first, count) in places.items():
            part = split_hashes(tiles.get((level, tile), b""))[first : first + count]
            if len(part) == count:
                found[node] = subtree_root(part)
        return found

    # --- Rows and their leaves ---------------------------------------------------------------------------------------

    async def ranges(self, source: Source) -> list[Range]:
        """Return the ranges of a source, in order."""
        return await self._ranges("where source = $1 order by last_position", source)

    async def leaf_of(self, source: Source, position: int, name: str, hash_: bytes) -> int | None:
        """Return the leaf of a row within its range, by its leaf hash or else by its name; None if it is not sealed
        yet.

        Rows are not counted, so a missing row of the range does not shift the others. Raises LeafLost if the range has
        neither, or if the row is a leaf that no range covers.
        """
        found = await self._ranges(
            "where source = $1 and last_position >= $2 order by last_position limit 1", source, position
        )
        if not found:
            tile = await self._source.fetchval(_TILE_NAMING, f"\n{name}\n")
            if tile is not None:
                raise LeafLost(tile * TILE)
            return None
        part = found[0]
        leaves = await self._leaves(part, name, hash_)
        for wanted in ((name, hash_), (None, hash_), (name, None)):
            for leaf, stored_name, stored_hash in leaves:
                if wanted[0] in (None, stored_name) and wanted[1] in (None, stored_hash):
                    return leaf
        raise LeafLost(part.first_leaf)

    async def _leaves(self, part: Range, name: str, hash_: bytes) -> list[tuple[int, str, bytes]]:
        """Return the leaves of those tiles of a range that contain such a name or such a hash."""
        rows = await self._source.fetch(
            "select n, hashes, names from log_tile where level = 0 and n between $1 and $2"
            " and (strpos(names, $3) > 0 or position($4::bytea in hashes) > 0) order by n",
            part.first_leaf // TILE,
            (part.first_leaf + part.leaves - 1) // TILE,
            name,
            hash_,
        )
        numbers = range(part.first_leaf, part.first_leaf + part.leaves)
        return [
            (leaf, *stored)
            for row in rows
            for leaf, stored in enumerate(
                zip(row["names"].split("\n"), split_hashes(row["hashes"]), strict=False), row["n"] * TILE
            )
            if leaf in numbers
        ]

    async def first_gap(self, size: int) -> int | None:
        """Return the first leaf of the tree of that size at which the ranges stop being contiguous; None if they all
        are.

        Each must begin at the leaf, and after the row of its source, with which the one before it ends.
        """
        gap: int | None = await self._source.fetchval(_GAP, size)
        return gap

    async def _ranges(self, which: str, *values: object) -> list[Range]:
        rows = await self._source.fetch(f"select * from log_range {which}", *values)  # noqa: S608 - own words
        return [range_of(row) for row in rows]


def range_of(row: Any) -> Range:
    """Return a range from its row."""
    source = Source(row["source"])
    return Range(row["first_leaf"], row["leaves"], source, row["after_position"], row["last_position"], row["head"])


def split_hashes(joined: bytes) -> list[bytes]:
    """Return the hashes of a tile's row."""
    return [joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES)]


def _place(node: Node) -> tuple[int, int, int, int]:
    """Return where a complete subtree's hash comes from: level, tile, first hash in it, and the number of hashes."""
    level, above = divmod(node.height, TILE_HEIGHT)
    count = 1 << above
    tile, first = divmod(node.place * count, TILE)
    return level, tile, first, count


async def sealed_up_to(conn: asyncpg.Connection, source: Source) -> int:
    """Return the position up to which a source is in the log; 0 if none of it is."""
    return int(await conn.fetchval("select coalesce(max(last_position), 0) from log_range where source = $1", source))
