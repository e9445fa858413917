"""Checks the log against the rows: each leaf is a row, in order; each head is the root over its leaves, and signed.

The tree is rebuilt from the stored leaves, and these are compared with the rows, so a change of rows, leaves, heads or
the record of what was sealed is located exactly. Somebody who changes all of them consistently, and signs again, is
detected by a head that was kept elsewhere.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

import asyncpg

from kawal.audit.proof.findings import FindingCollector
from kawal.proof.heads import ACCESS, HISTORY_ARCHIVE, SIDE_ACT, Head, row_leaf
from kawal.proof.merkle import IncrementalRoot, subtree_root
from kawal.proof.signing import KeySet, instant_text
from kawal.store.log import POSITIONS, TILE, Log, Range, Source, range_of, split_hashes

ROWS = 2_000
_ROWS = {
    Source.EVENT: "workflow_id, seq, hash",
    Source.ACCESS: f"'{ACCESS}', n, hash",
    Source.HISTORY_ARCHIVE: f"'{HISTORY_ARCHIVE}', n, hash",
    Source.SIDE_ACT: f"'{SIDE_ACT}', n, hash",
}


_WITHOUT_HEAD = """
select distinct head from log_range r where not exists (select from log_head h where h.size = r.head)
order by head limit 1000
"""
_UNDER_ANOTHER_HEAD = """
select first_leaf from log_range r where head is distinct from
    (select size from log_head h where h.size >= r.first_leaf + r.leaves order by size limit 1)
order by first_leaf limit 1000
"""


class _Leaf(NamedTuple):
    name: str
    hash: bytes


class LogCheck:
    """One pass over the whole log."""

    def __init__(self, conn: asyncpg.Connection, keys: KeySet, kept: Sequence[Head], report: FindingCollector) -> None:
        """Check through a connection whose transaction sees one state; `kept` are heads from elsewhere."""
        self._conn = conn
        self._keys = keys
        self._report = report
        self._growing = IncrementalRoot()
        self._kept = sorted(kept, key=lambda head: head.size)
        self._good = 0
        self._upper: list[list[bytes]] = []

    async def run(self) -> None:
        """Check keys, tiles, heads, stretches and rows."""
        fault = self._keys.fault()
        if fault is not None:
            self._report.found("key_broken", "keys", key=fault)
        newest = await Log(self._conn).newest_head()
        size = 0 if newest is None else newest.size
        self._report.result.log_size = size
        self._report.result.sealed_at = None if newest is None else newest.at
        stored = _LeafReader(self._conn, self._report)
        heads = self._heads()
        self._awaited: Head | None = await anext(heads, None)
        self._before: Head | None = None
        await self._stretches(stored, heads, size)
        await self._rest(stored, heads)
        await self._upper_levels(size)
        await self._unsealed()
        for head in self._kept:
            self._report.found("kept_longer", f"head {head.size}", size=head.size)

    async def _heads(self) -> AsyncIterator[Head]:
        log_id = self._keys.log_id if self._keys.keys else ""
        async for row in self._conn.cursor("select * from log_head order by size", prefetch=ROWS):
            yield Head(log_id, row["size"], row["root"], row["at"], row["signing_key_id"], row["signature"])

    async def _stretches(self, stored: _LeafReader, heads: AsyncIterator[Head], size: int) -> None:
        """Check the stretches in the order of their leaves: no gap between them, in the tree or a source."""
        at, last, begun = 0, dict.fromkeys(Source, 0), dict.fromkeys(Source, 0)
        async for row in self._conn.cursor("select * from log_range order by first_leaf", prefetch=100):
            if row["source"] not in POSITIONS:
                self._report.found("range_broken", f"leaf {row['first_leaf']}", leaf=row["first_leaf"])
                continue
            part = range_of(row)
            if part.first_leaf != at:
                self._report.found("range_broken", f"leaf {at}", leaf=at)
            if part.after_position != last[part.source]:
                for leaf in (begun[part.source], part.first_leaf):
                    self._report.found("range_broken", f"leaf {leaf}", leaf=leaf)
            begun[part.source] = part.first_leaf
            await self._stretch(part, stored, heads, first=last[part.source] == 0)
            at, last[part.source] = part.first_leaf + part.leaves, part.last_position
            self._report.show(f"{at} / {size}")
        if at != size:
            self._report.found("range_broken", f"leaf {at}", leaf=at)
        self._last = last
        for row in await self._conn.fetch(_WITHOUT_HEAD):
            self._report.found("head_missing", f"head {row['head']}", size=row["head"])
        for row in await self._conn.fetch(_UNDER_ANOTHER_HEAD):
            self._report.found("range_broken", f"leaf {row['first_leaf']}", leaf=row["first_leaf"])

    async def _stretch(self, part: Range, stored: _LeafReader, heads: AsyncIterator[Head], *, first: bool) -> None:
        leaves = await stored.take(part.leaves)
        table, column = POSITIONS[part.source]
        lower = "" if first else f"{column} > $2 and "
        rows = await self._conn.fetch(
            f"select {_ROWS[part.source]}, {column} from {table} where {lower}{column} <= $1 order by {column}",  # noqa: S608
            part.last_position,
            *(() if first else (part.after_position,)),
        )
        self._report.count("leaf", len(leaves))
        found = [_Leaf(f"{chain} {number}", row_leaf(chain, number, hash_)) for chain, number, hash_, _ in rows]
        if not rows or rows[-1][3] != part.last_position:
            self._report.found("range_broken", f"leaf {part.first_leaf}", leaf=part.first_leaf)
        if [leaf.hash for leaf in found] != [leaf.hash for leaf in leaves]:
            self._tell_differences(part, leaves, found)
        called = {leaf.hash: leaf.name for leaf in found}
        if any(called.get(leaf.hash, leaf.name) != leaf.name for leaf in leaves):
            self._report.found("names_changed", f"leaf {part.first_leaf}", tile=part.first_leaf // TILE)
        await self._grow([leaf.hash for leaf in leaves], heads)

    def _tell_differences(self, part: Range, leaves: Sequence[_Leaf], found: Sequence[_Leaf]) -> None:
        stored = {leaf.hash: part.first_leaf + place for place, leaf in enumerate(leaves)}
        by_name = {leaf.name: part.first_leaf + place for place, leaf in enumerate(leaves)}
        present, names = {leaf.hash for leaf in found}, {leaf.name for leaf in found}
        for leaf in found:
            if leaf.hash in stored:
                continue
            if leaf.name in by_name:
                self._report.found("sealed_changed", leaf.name, leaf=by_name[leaf.name])
            else:
                self._report.found("sealed_inserted", leaf.name)
        for place, leaf in enumerate(leaves):
            if leaf.hash not in present and leaf.name not in names:
                self._report.found("sealed_missing", leaf.name, leaf=part.first_leaf + place)
        kept = [leaf for leaf in leaves if leaf.hash in present]
        standing = [leaf for leaf in found if leaf.hash in stored]
        for sealed, stands in zip(kept, standing, strict=False):
            if sealed.hash != stands.hash:
                self._report.found("sealed_reordered", stands.name, leaf=stored[stands.hash])

    async def _rest(self, stored: _LeafReader, heads: AsyncIterator[Head]) -> None:
        """Report leaves that no stretch covers, and heads beyond the last leaf."""
        while rest := await stored.take(ROWS):
            await self._grow([leaf.hash for leaf in rest], heads)
        while self._awaited is not None:
            self._report.found("head_root", f"head {self._awaited.size}", size=self._awaited.size)
            self._awaited = await anext(heads, None)

    async def _grow(self, hashes: Sequence[bytes], heads: AsyncIterator[Head]) -> None:
        """Add leaves; check every head, local or kept elsewhere, when the tree reaches its size."""
        done = 0
        while done < len(hashes):
            stops = [head.size for head in (self._awaited, self._kept[0] if self._kept else None) if head is not None]
            until = min([len(hashes), *[stop - self._growing.size + done for stop in stops]])
            self._growing.add(hashes[done:until])
            done = until
            while self._awaited is not None and self._awaited.size <= self._growing.size:
                self._head(self._awaited)
                self._awaited = await anext(heads, None)
            while self._kept and self._kept[0].size <= self._growing.size:
                self._kept_head(self._kept.pop(0))

    def _head(self, head: Head) -> None:
        where = f"head {head.size}"
        self._report.count("head")
        if head.root != self._growing.root:
            self._report.found("head_root", where, size=head.size)
        if not head.is_signed_by(self._keys):
            self._report.found("head_signature", where, size=head.size)
        if self._before is not None and head.at < self._before.at:
            self._report.found("head_time", where, size=head.size)
        self._before = head

    def _kept_head(self, head: Head) -> None:
        if head.root != self._growing.root:
            facts = {"size": head.size, "at": instant_text(head.at), "until": self._good}
            self._report.found("kept_differs", f"head {head.size}", **facts)
            return
        self._good = head.size
        self._report.result.kept_heads += 1

    async def _upper_levels(self, size: int) -> None:
        """Check the rows of hashes above the leaves, each against the level below."""
        level, count = 1, size // TILE
        while count:
            await self._level(level, count)
            level, count = level + 1, count // TILE
        async for row in self._conn.cursor("select level, n from log_tile where level >= $1", level):
            self._report.found("tile_changed", f"tile {row['level']}/{row['n']}", level=row["level"], tile=row["n"])

    async def _level(self, level: int, count: int) -> None:
        below = self._conn.cursor(
            "select n, hashes from log_tile where level = $1 and octet_length(hashes) = 8192 order by n", level - 1
        )
        roots: list[bytes] = []
        stored = {
            row["n"]: None
            for row in await self._conn.fetch("select n from log_tile where level = $1 order by n", level)
        }
        tile = 0
        async for row in below:
            roots.append(subtree_root(split_hashes(row["hashes"])))
            if len(roots) == TILE:
                await self._tile(level, tile, roots)
                stored.pop(tile, None)
                tile, roots = tile + 1, []
        if roots:
            await self._tile(level, tile, roots)
            stored.pop(tile, None)
        for extra in stored:
            self._report.found("tile_changed", f"tile {level}/{extra}", level=level, tile=extra)
        if tile * TILE + len(roots) != count:
            self._report.found("tile_changed", f"tile {level}/{tile}", level=level, tile=tile)

    async def _tile(self, level: int, tile: int, roots: Sequence[bytes]) -> None:
        stood = await self._conn.fetchval("select hashes from log_tile where level = $1 and n = $2", level, tile)
        if stood is None:
            self._report.found("tile_missing", f"tile {level}/{tile}", level=level, tile=tile)
        elif stood != b"".join(roots):
            self._report.found("tile_changed", f"tile {level}/{tile}", level=level, tile=tile)

    async def _unsealed(self) -> None:
        for source in Source:
            table, column = POSITIONS[source]
            waiting = await self._conn.fetchval(
                f"select count(*) from {table} where {column} > $1",  # noqa: S608 - own names
                self._last[source],
            )
            self._report.result.unsealed[str(source)] = int(waiting)


class _LeafReader:
    """The leaves as the log stores them, in order."""

    def __init__(self, conn: asyncpg.Connection, report: FindingCollector) -> None:
        self._conn = conn
        self._report = report
        self._next = 0
        self._leaves: deque[_Leaf] = deque()

    async def take(self, count: int) -> list[_Leaf]:
        """Return the next leaves, fewer at the end."""
        while len(self._leaves) < count and await self._read():
            pass
        return [self._leaves.popleft() for _ in range(min(count, len(self._leaves)))]

    async def _read(self) -> bool:
        rows = await self._conn.fetch(
            "select n, hashes, names from log_tile where level = 0 and n >= $1 order by n limit 16", self._next
        )
        for row in rows:
            for missing in range(self._next, min(row["n"], self._next + 100)):
                self._report.found("tile_missing", f"tile 0/{missing}", level=0, tile=missing)
            hashes, names = split_hashes(row["hashes"]), (row["names"] or "").split("\n")
            if len(hashes) != len(names):
                self._report.found("names_changed", f"tile 0/{row['n']}", tile=row["n"])
                names = (names + [""] * TILE)[: len(hashes)]
            self._leaves.extend(_Leaf(name, hash_) for name, hash_ in zip(names, hashes, strict=True))
            self._next = row["n"] + 1
        return bool(rows)
