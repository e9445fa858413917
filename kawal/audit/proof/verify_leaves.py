"""Checks one complaint's rows in the log: each is a leaf of the newest head, which grew out of every head kept
elsewhere.

The two together prove each row under each kept head that is large enough: a tree that only grew has the same leaves.
The proofs are built from the stored tiles, which are trusted only as far as the proofs hold.
"""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from kawal.audit.proof.findings import FindingCollector
from kawal.audit.proof.verify_rows import History
from kawal.proof.heads import Head, row_leaf
from kawal.proof.merkle import is_consistent, is_included
from kawal.proof.signing import KeySet, instant_text
from kawal.store.log import POSITIONS, LeafLost, Log, Source


class LeafCheck:
    """Looks a complaint's rows up in the log."""

    def __init__(self, conn: asyncpg.Connection, keys: KeySet, kept: Sequence[Head], report: FindingCollector) -> None:
        """Check through a connection whose transaction sees one state; `kept` are trusted heads from elsewhere."""
        self._conn = conn
        self._log = Log(conn)
        self._keys = keys
        self._kept = sorted(kept, key=lambda head: head.size)
        self._report = report

    async def run(self, history: History) -> None:
        """Check the newest head, the kept heads, the record of what was sealed, and each row."""
        newest = await self._log.newest_head()
        if newest is not None:
            self._report.result.log_size, self._report.result.sealed_at = newest.size, newest.at
            if not newest.is_signed_by(self._keys):
                self._report.found("head_signature", f"head {newest.size}", size=newest.size)
        await self._grew_from_kept(newest)
        unsealed = await self._rows(f"complaint-{history.tracking_id}", newest)
        self._report.result.unsealed[str(Source.EVENT)] = unsealed
        await self._stretches(0 if newest is None else newest.size, unsealed=unsealed)

    async def _grew_from_kept(self, newest: Head | None) -> None:
        good = 0
        for head in self._kept:
            where = f"head {head.size}"
            if newest is None or head.size > newest.size:
                self._report.found("kept_longer", where, size=head.size)
                continue
            try:
                proof = await self._log.consistency(head.size, newest.size)
            except (KeyError, ValueError):
                proof = [b""]
            if is_consistent(head.size, head.root, newest.size, newest.root, proof):
                good = head.size
                self._report.result.kept_heads += 1
            else:
                self._report.found("kept_differs", where, size=head.size, at=instant_text(head.at), until=good)

    async def _rows(self, chain: str, newest: Head | None) -> int:
        """Prove each row; return how many are not in the log yet."""
        unsealed = 0
        for row in await self._conn.fetch(
            "select seq, hash, position from event where workflow_id = $1 order by seq", chain
        ):
            name, hash_ = f"{chain} {row['seq']}", row_leaf(chain, row["seq"], row["hash"])
            try:
                leaf = await self._log.leaf_of(Source.EVENT, row["position"], name, hash_)
            except LeafLost as lost:
                self._report.found("leaf_lost", name, leaf=lost.leaf)
                continue
            if leaf is None:
                unsealed += 1
                continue
            self._report.count("leaf")
            if newest is None or not await self._is_included(hash_, leaf, newest):
                self._report.found("sealed_changed", name, leaf=leaf)
        return unsealed

    async def _is_included(self, hash_: bytes, leaf: int, head: Head) -> bool:
        try:
            proof = await self._log.inclusion(leaf, head.size)
        except (KeyError, ValueError):
            return False
        return is_included(hash_, leaf, head.size, proof, head.root)

    async def _stretches(self, size: int, *, unsealed: int) -> None:
        """Check that every leaf is accounted for: only then can a row count as not sealed yet."""
        gap = await self._log.first_gap(size)
        if gap is not None:
            self._report.found("range_broken", f"leaf {gap}", leaf=gap)
        if not unsealed:
            return
        for source in Source:
            ranges = await self._log.ranges(source)
            if ranges and await self._count(source, ranges[-1].after_position, ranges[-1].last_position) != (
                ranges[-1].leaves,
                ranges[-1].last_position,
            ):
                leaf = ranges[-1].first_leaf
                self._report.found("range_broken", f"leaf {leaf}", leaf=leaf)

    async def _count(self, source: Source, after: int, last: int) -> tuple[int, int]:
        """Return how many rows a stretch has, and the position of the last one."""
        table, column = POSITIONS[source]
        row = await self._conn.fetchrow(
            f"select count(*) as rows, coalesce(max({column}), 0) as last from {table}"  # noqa: S608 - own names
            f" where {column} > $1 and {column} <= $2",
            after,
            last,
        )
        return row["rows"], row["last"]
