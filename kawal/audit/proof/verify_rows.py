"""Checks that each row matches its hash and that each chain is complete: of events and of what is numbered like the
access log."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import asyncpg

from kawal.audit.proof.findings import FindingCollector
from kawal.domain.access_kinds import AccessKind
from kawal.proof.chain import ACCESS_FIELDS, EVENT_FIELDS, GENESIS, HISTORY_ARCHIVE_FIELDS, SIDE_ACT_FIELDS
from kawal.proof.chain_check import access_hash, event_hash, history_archive_hash, selected, side_act_hash
from kawal.proof.heads import ACCESS, HISTORY_ARCHIVE, SIDE_ACT
from kawal.store.history_archive_retention import PRUNED

PAGE = 200
"""Complaints checked at a time."""

ROWS = 2_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SEQ, _PREV, _HASH = EVENT_FIELDS.index("seq"), len(EVENT_FIELDS), len(EVENT_FIELDS) + 1
_EVENTS = (
    f"select {', '.join(map(selected, EVENT_FIELDS))}, prev_hash, hash from event"  # noqa: S608 - own names
    " where workflow_id = any ($1) order by workflow_id, seq"
)

_PRUNINGS = """
select actor_role || ':' || actor_account as by, facts -> 'numbers' as numbers from access_log
where kind = $1 and facts ->> 'what' = $2 and jsonb_typeof(facts -> 'numbers') = 'array'
"""


class History(NamedTuple):
    """One complaint's rows in order, each as EVENT_FIELDS with both hashes; `sound` if its chain has no fault."""

    tracking_id: str
    rows: list[tuple[Any, ...]]
    sound: bool


async def complaints(conn: asyncpg.Connection, since: datetime | None) -> AsyncIterator[list[str]]:
    """Yield the tracking ids of all complaints, or of those with events recorded since then, a page at a time."""
    after = ""
    recent = (
        ""
        if since is None
        else "and exists (select from event e where e.workflow_id = c.workflow_id and e.recorded_at >= $3)"
    )
    values = () if since is None else (since,)
    while True:
        rows = await conn.fetch(
            f"select tracking_id::text as id from complaint c where tracking_id::text > $1 {recent}"  # noqa: S608
            " order by tracking_id::text limit $2",
            after,
            PAGE,
            *values,
        )
        if not rows:
            return
        after = rows[-1]["id"]
        yield [row["id"] for row in rows]


async def histories(conn: asyncpg.Connection, page: Sequence[str], report: FindingCollector) -> list[History]:
    """Return the chains of these complaints, each checked."""
    rows = await conn.fetch(_EVENTS, [f"complaint-{one}" for one in page])
    by_workflow: dict[str, list[tuple[Any, ...]]] = {f"complaint-{one}": [] for one in page}
    for row in rows:
        by_workflow[row[0]].append(tuple(row))
    report.count("event", len(rows))
    return [
        History(workflow.removeprefix("complaint-"), own, _checked(workflow, own, report))
        for workflow, own in by_workflow.items()
    ]


def _checked(workflow: str, rows: list[tuple[Any, ...]], report: FindingCollector) -> bool:
    """Check one complaint's chain; return whether it has no fault."""
    prev, number, sound, length = GENESIS, 0, True, 0
    for row in rows:
        number += 1
        seq = row[_SEQ]
        if seq != number:
            sound = False
            for missing in range(number, min(seq, number + 100)):
                report.found("row_missing", f"{workflow} {missing}")
            number = seq
        elif row[_PREV] != prev:
            sound = False
            report.found("chain_broken", f"{workflow} {seq}")
        hash_, bytes_ = _hashed(event_hash, row)
        length += bytes_
        if hash_ != row[_HASH]:
            sound = False
            report.found("row_changed", f"{workflow} {seq}")
        prev = row[_HASH]
    report.count("bytes", length)
    return sound


def _hashed(hash_of: Callable[[bytes, Sequence[Any]], tuple[bytes, int]], row: tuple[Any, ...]) -> tuple[bytes, int]:
    """Return a row's hash from its fields, the last two of which are its predecessor's hash and its own."""
    try:
        return hash_of(row[-2], row[:-2])
    except (TypeError, ValueError, RecursionError):
        return b"", 0


def instant(microseconds: int) -> datetime:
    """Return an instant, as rows print it, as a datetime."""
    return _EPOCH + timedelta(microseconds=microseconds)


async def orphans(conn: asyncpg.Connection, report: FindingCollector) -> None:
    """Report events of complaints that are missing from the read model, and so from every page."""
    rows = await conn.fetch(
        "select distinct e.workflow_id from event e"
        " where not exists (select from complaint c where c.workflow_id = e.workflow_id) order by 1"
    )
    for row in rows:
        report.found("model_missing", row["workflow_id"])
        own = [tuple(one) for one in await conn.fetch(_EVENTS, [row["workflow_id"]])]
        report.count("event", len(own))
        _checked(row["workflow_id"], own, report)


async def access_log(conn: asyncpg.Connection, report: FindingCollector) -> None:
    """Check the access log's chain."""
    query = f"select {', '.join(map(selected, ACCESS_FIELDS))}, prev_hash, hash from access_log order by n"  # noqa: S608
    await _numbered(conn, query, ACCESS, access_hash, report)


async def side_acts(conn: asyncpg.Connection, report: FindingCollector) -> None:
    """Check the chain of the acts beside the process."""
    query = f"select {', '.join(map(selected, SIDE_ACT_FIELDS))}, prev_hash, hash from side_act order by n"  # noqa: S608
    await _numbered(conn, query, SIDE_ACT, side_act_hash, report)


async def history_archive(conn: asyncpg.Connection, report: FindingCollector) -> None:
    """Check the history archive's chain, and each body that still exists against its row."""
    fields = ", ".join(map(selected, HISTORY_ARCHIVE_FIELDS))
    query = f"select {fields}, prev_hash, hash from history_archive order by n"  # noqa: S608 - own names
    await _numbered(conn, query, HISTORY_ARCHIVE, history_archive_hash, report)
    async for row in conn.cursor("select n, body, body_hash from history_archive where body is not null", prefetch=10):
        report.count("bytes", len(row["body"]))
        if sha256(row["body"]).digest() != row["body_hash"]:
            report.found("body_changed", f"{HISTORY_ARCHIVE} {row['n']}")
    await _gone(conn, report)


async def _gone(conn: asyncpg.Connection, report: FindingCollector) -> None:
    """Check that each missing body is named by an entry of the access log by whoever pruned it."""
    told: set[tuple[object, str]] = set()
    async for row in conn.cursor(_PRUNINGS, AccessKind.ADMINISTERED, PRUNED, prefetch=100):
        told.update((number, row["by"]) for number in row["numbers"])
    async for row in conn.cursor("select n, pruned_by from history_archive where body is null order by n"):
        if (row["n"], row["pruned_by"]) not in told:
            report.found("body_gone", f"{HISTORY_ARCHIVE} {row['n']}")


async def _numbered(conn: asyncpg.Connection, query: str, chain: str, hash_of: Any, report: FindingCollector) -> None:
    prev, number = GENESIS, 0
    async for record in conn.cursor(query, prefetch=ROWS):
        row = tuple(record)
        number += 1
        if row[0] != number:
            for missing in range(number, min(row[0], number + 100)):
                report.found("row_missing", f"{chain} {missing}")
            number = row[0]
        elif row[-2] != prev:
            report.found("chain_broken", f"{chain} {number}")
        hash_, bytes_ = _hashed(hash_of, row)
        if hash_ != row[-1]:
            report.found("row_changed", f"{chain} {number}")
        prev = row[-1]
        report.count(chain)
        report.count("bytes", bytes_)
