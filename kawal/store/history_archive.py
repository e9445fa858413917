"""The history archive: each closed run's complete history as the engine gave it, chained, kept for years.

A body is Temporal's own protobuf JSON (payloads still encrypted), compressed with gzip; its SHA-256 is part of the
chain. Retention may destroy bodies later, never rows.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import asyncpg
from pydantic import BaseModel, Field

from kawal.domain.names import workflow_id
from kawal.proof.chain import GENESIS, HISTORY_ARCHIVE_FIELDS, HISTORY_ARCHIVE_TAG, row_hash

COMPRESSION = "gzip"

_LOCK = 0x6B61_7761_6C07
"""Advisory lock under which archived histories get their numbers, so that there is no gap and no fork."""

_COLUMNS = (*HISTORY_ARCHIVE_FIELDS, "prev_hash", "hash", "body")
_SHOWN = (*HISTORY_ARCHIVE_FIELDS, "prev_hash", "hash", "pruned_at")


class HistoryArchiveDamaged(Exception):  # noqa: N818 - names the condition
    """An archived history was changed: its bytes or its row do not match their hash."""

    def __init__(self, n: int, workflow_id: str, run_id: str) -> None:
        """Name the history."""
        super().__init__(f"archived history {n} ({workflow_id}, run {run_id}) is not what was archived")
        self.n = n
        self.workflow_id = workflow_id
        self.run_id = run_id


class NotWhole(Exception):  # noqa: N818 - names the condition
    """The engine returned a history that does not begin at the first event, or has no end."""


class ClosedHistory(BaseModel):
    """A closed run's history as it comes from the engine; times are the engine's, UTC."""

    workflow_id: str
    run_id: str
    close_status: str
    """completed | continued_as_new | failed | terminated | canceled | timed_out"""
    started_at: datetime
    closed_at: datetime
    events: int
    history: bytes = Field(repr=False)
    """Protobuf JSON, UTF-8."""


class ArchivedRun(BaseModel):
    """An archived run; times are the engine's, UTC."""

    n: int
    """Its number in the history archive's chain."""
    workflow_id: str
    run_id: str
    close_status: str
    started_at: datetime
    closed_at: datetime
    events: int
    archived_at: datetime
    body_hash: bytes
    """SHA-256 of the compressed body."""
    hash: bytes
    """The row's own hash in the chain."""
    history: bytes | None = Field(repr=False)
    """Protobuf JSON with encrypted payloads, verified against the hash; None once pruned."""
    pruned_at: datetime | None = None


class HistoryArchive:
    """A store that adds to the history archive and reads it."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool

    async def add(self, closed: ClosedHistory) -> bool:
        """Archive a run, and remove it from the list of what is due, in one transaction.

        However often it is called, the run is archived once. Returns whether it is new.
        """
        body = await asyncio.to_thread(gzip.compress, closed.history, mtime=0)
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute("select pg_advisory_xact_lock($1)", _LOCK)
            fresh = not await _stands(conn, closed.workflow_id, closed.run_id)
            if fresh:
                await _append(conn, closed, body)
            await conn.execute(
                "delete from history_archive_due where workflow_id = $1 and run_id = $2",
                closed.workflow_id,
                closed.run_id,
            )
        return fresh

    async def runs(self, workflow: str) -> list[ArchivedRun]:
        """Return a workflow's archived runs, the earliest first; raises HistoryArchiveDamaged for one that was changed
        since.

        Each row is checked against its own hash and each body against its row. That no row is missing is verified by
        the chain, and by the log in which it is sealed.
        """
        rows = await self._pool.fetch(_SELECT + " where workflow_id = $1 order by started_at, n", workflow)
        return [await _verified(row) for row in rows]

    async def run(self, n: int) -> ArchivedRun | None:
        """Return the archived run of that number; None if there is none, raises HistoryArchiveDamaged like `runs`."""
        row = await self._pool.fetchrow(_SELECT + " where n = $1", n)
        return None if row is None else await _verified(row)

    async def numbers(self, tracking_ids: list[str]) -> AsyncIterator[int]:
        """Yield the numbers of these complaints' archived runs, complaint by complaint, the earliest first."""
        ids = [workflow_id(tracking_id) for tracking_id in tracking_ids]
        rows = await self._pool.fetch(
            "select n from history_archive where workflow_id = any($1::text[]) order by workflow_id, started_at, n", ids
        )
        for row in rows:
            yield int(row["n"])

    async def run_ids(self, workflow: str) -> set[str]:
        """Return the ids of the archived runs of a workflow."""
        rows = await self._pool.fetch("select run_id from history_archive where workflow_id = $1", workflow)
        return {row["run_id"] for row in rows}

    async def unknown(self, runs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return those of the runs (workflow id, run id) that are not archived."""
        rows = await self._pool.fetch(
            "select workflow_id, run_id from unnest($1::text[], $2::text[]) as r(workflow_id, run_id) where not exists"
            " (select from history_archive h where h.workflow_id = r.workflow_id and h.run_id = r.run_id)",
            [one for one, _ in runs],
            [run for _, run in runs],
        )
        return [(row["workflow_id"], row["run_id"]) for row in rows]

    async def counts(self) -> HistoryArchiveCounts:
        """Return how much is archived."""
        row = await self._pool.fetchrow(
            "select count(*) as runs, count(pruned_at) as pruned, coalesce(sum(octet_length(body)), 0)::bigint as bytes"
            " from history_archive"
        )
        return HistoryArchiveCounts(**dict(row))


class HistoryArchiveCounts(BaseModel):
    """How much is archived: runs, those whose body was pruned, and the bytes of all bodies, compressed."""

    runs: int
    pruned: int
    bytes: int


async def _stands(conn: asyncpg.Connection, workflow: str, run_id: str) -> bool:
    return bool(
        await conn.fetchval(
            "select exists (select from history_archive where workflow_id = $1 and run_id = $2)", workflow, run_id
        )
    )


async def _append(conn: asyncpg.Connection, closed: ClosedHistory, body: bytes) -> None:
    last = await conn.fetchrow("select n, hash from history_archive order by n desc limit 1")
    number, prev = (1, GENESIS) if last is None else (last["n"] + 1, last["hash"])
    fields = (
        number,
        closed.workflow_id,
        closed.run_id,
        closed.close_status,
        closed.started_at,
        closed.closed_at,
        closed.events,
        COMPRESSION,
        sha256(body).digest(),
        datetime.now(UTC),
    )
    await conn.execute(_INSERT, *fields, prev, row_hash(HISTORY_ARCHIVE_TAG, prev, fields), body)


async def _verified(row: Any) -> ArchivedRun:
    stored = [row[field] for field in HISTORY_ARCHIVE_FIELDS]
    body = row["body"]
    whole = row["hash"] == row_hash(HISTORY_ARCHIVE_TAG, row["prev_hash"], stored)
    if not whole or (body is not None and sha256(body).digest() != row["body_hash"]):
        raise HistoryArchiveDamaged(row["n"], row["workflow_id"], row["run_id"])
    history = None if body is None else await asyncio.to_thread(gzip.decompress, body)
    return ArchivedRun(history=history, **{name: row[name] for name in ArchivedRun.model_fields if name != "history"})


_INSERT = (
    f"insert into history_archive ({', '.join(_COLUMNS)})"  # noqa: S608 - own column names
    f" values ({', '.join(f'${n}' for n in range(1, len(_COLUMNS) + 1))})"
)
_SELECT = f"select {', '.join(_SHOWN)}, body from history_archive"  # noqa: S608 - own column names
