"""How long the history of one complaint takes when a million are stored, and a search among all their events.

    python -m benchmarks.history [COMPLAINTS]

Some complaints run through the real engine; the others are rows of the same shape, loaded directly. The floor is a bare
select of the same complaint's rows, over the same connections in the same run.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence

import asyncpg

from benchmarks.lifecycle import live
from benchmarks.percentiles import percentile
from benchmarks.recap import load_samples
from benchmarks.servers import scratch_settings, servers, working
from kawal.audit.history.chronicle import Chronicles
from kawal.base.postgres import connect
from kawal.client.closed_runs import ClosedRuns
from kawal.client.complaints import Complaints
from kawal.domain.names import Role, workflow_id
from kawal.store.history_archive import HistoryArchive
from kawal.store.search import Search, SearchQuery

COMPLAINTS = 1_000_000
REAL = 60
ROUNDS = 5
AIM = 50.0
"""Milliseconds for the history of one complaint, 95th percentile."""

_EVENT_INDEXES = "select indexdef from pg_indexes where tablename = 'event' and indexname = any ($1::text[])"
_DROPPED = ("event_of_account", "event_of_opd", "event_to_opds", "event_of_kind", "event_idempotency", "event_at")
# Numbers that the real complaints already have.
_TAKEN = "delete from sample where tracking_id in (select tracking_id from complaint)"
_COMPLAINTS = """
insert into complaint (tracking_id, instansi, status, channel, report_class, category, anonim, rahasia, received_at,
    verified_at, first_forwarded_at, first_follow_up_at, closed_at, closed_by, policy_version, calendar_version,
    last_seq)
select tracking_id, 'KEPRI', 'selesai', channel, report_class, category, false, false, received, received, received,
    received, received, 'auto_close', 'p', 'c', 5
from sample
"""
_EVENTS = """
insert into event (workflow_id, seq, tracking_id, at, recorded_at, kind, actor_role, actor_account, actor_opd, status,
    facts, ciphertext, prev_hash, hash)
select 'complaint-' || tracking_id, n, tracking_id, at, at, kind, role, account, case when n in (3, 4) then opd end,
    status, case when n = 2 then jsonb_build_object('opds', array[opd]) else jsonb_build_object('opd', opd) end,
    decode(repeat('ab', 220), 'hex'), decode(repeat('00', 32), 'hex'), decode(repeat('cd', 32), 'hex')
from sample cross join lateral (values
    (1, 'started', 'adapter', 'belum_diverifikasi', received),
    (2, 'forwarded', 'agency_admin', 'belum_ditindaklanjuti', received + verify * interval '1 day'),
    (3, 'followed_up', 'liaison', 'proses', received + (verify + follow) * interval '1 day'),
    (4, 'followed_up', 'liaison', 'proses', received + (verify + follow + complete) * interval '1 day'),
    (5, 'auto_closed', 'system', 'selesai', received + (verify + follow + complete + 4) * interval '1 day')
) as step (n, kind, role, status, at)
cross join lateral (select md5(role || opd) as account) as who
"""


async def load(conn: asyncpg.Connection, complaints: int) -> None:
    """Load complaints with five events each; the events' indexes are rebuilt afterwards, which is faster."""
    await load_samples(conn, complaints)
    definitions = [row["indexdef"] for row in await conn.fetch(_EVENT_INDEXES, list(_DROPPED))]
    for name in _DROPPED:
        await conn.execute(f"drop index {name}")
    await conn.execute("alter table event disable trigger chained")
    await conn.execute("alter table event disable trigger no_change")
    await conn.execute("set session_replication_role = replica")
    for statement in (_TAKEN, _COMPLAINTS, _EVENTS):
        await conn.execute(statement)
    await conn.execute("set session_replication_role = origin")
    await conn.execute("alter table event enable always trigger chained")
    await conn.execute("alter table event enable always trigger no_change")
    await conn.execute("set maintenance_work_mem = '512MB'")
    for definition in definitions:
        await conn.execute(definition)
    for table in ("complaint", "event"):
        await conn.execute(f"vacuum (analyze) {table}")


async def line(name: str, ids: Sequence[str], one: Callable[[str], Awaitable[object]]) -> float:
    """Print median and 95th percentile over all ids and rounds, without the warm-up round; return the latter."""
    took = []
    for number in range(ROUNDS + 1):
        for tracking_id in ids:
            began = time.perf_counter()
            await one(tracking_id)
            if number:
                took.append((time.perf_counter() - began) * 1000)
    p95 = percentile(took)
    print(f"{name:<58} {statistics.median(took):8.1f} ms  (p95 {p95:.1f})")
    return p95


async def archive_histories(complaints: Complaints, ids: Sequence[str]) -> None:
    """End the complaints' runs and archive them, as the archiver does with closed runs."""
    history_archive, engine = HistoryArchive(complaints.pool), ClosedRuns(complaints.client)
    for tracking_id in ids:
        await complaints.client.get_workflow_handle(workflow_id(tracking_id)).terminate("measured")
        for run in await engine.of(workflow_id(tracking_id)) or []:
            history = await engine.history(run.workflow_id, run.run_id)
            if history is not None:
                await history_archive.add(history)


async def measure(complaints: Complaints, ids: Sequence[str]) -> None:
    """Measure and print the figures."""
    admin = await complaints.actor(Role.ADMIN, "Dewi")
    pool, chronicles = complaints.pool, Chronicles(complaints, complaints.seen_by(admin))

    async def bare(tracking_id: str) -> None:
        await pool.fetch("select * from event where workflow_id = $1 order by seq", workflow_id(tracking_id))
        await pool.fetch("select * from access_log where tracking_id = $1 order by n", tracking_id)
        await pool.fetch("select * from history_archive where workflow_id = $1", workflow_id(tracking_id))

    async def whole(tracking_id: str) -> None:
        await chronicles.of(await complaints.snapshot(tracking_id), words=True)

    await line("floor: bare select of a complaint's rows", ids, bare)
    found = [await line("kawal history: the events, opened", ids, complaints.history)]
    found.append(await line("kawal history --workflow: the whole chronicle, from the engine", ids, whole))
    await archive_histories(complaints, ids)
    await line("floor, with an archived run", ids, bare)
    found.append(await line("kawal history --workflow: the whole chronicle, from the history archive", ids, whole))
    print(f"aim: p95 at most {AIM:.0f} ms: {'met' if max(found) <= AIM else 'NOT met'}")
    await _searches(complaints)


async def _searches(complaints: Complaints) -> None:
    admin = await complaints.actor(Role.ADMIN, "Dewi")
    search = Search(complaints.pool, admin)
    for name, wanted in (
        ("all", SearchQuery(instansi="KEPRI")),
        ("a rare person", SearchQuery(instansi="KEPRI", accounts=[admin.account])),
        ("an OPD", SearchQuery(instansi="KEPRI", opd="OPD30")),
        ("a kind", SearchQuery(instansi="KEPRI", kinds=["forwarded"])),
        ("an OPD and a kind", SearchQuery(instansi="KEPRI", opd="OPD30", kinds=["auto_closed"])),
        ("a kind that never was", SearchQuery(instansi="KEPRI", kinds=["taken_over"])),
    ):

        async def found(_: str, wanted: SearchQuery = wanted) -> list[object]:
            return [one async for one in search.events(wanted, 100)]

        await line(f"kawal events: 100 by {name}", ["-"] * 3, found)


async def run(complaints: int = COMPLAINTS) -> None:
    """Start a system, measure and print the figures."""
    with scratch_settings() as settings:
        async with servers(settings) as running, working(running) as connected:
            client = Complaints(connected)
            ids = await asyncio.gather(*(live(client) for _ in range(REAL)))
            began = time.perf_counter()
            conn = await connect(running.owner_url)
            await load(conn, complaints)
            events = await conn.fetchval("select count(*) from event")
            await conn.close()
            print(f"{complaints:,} complaints, {events:,} events, loaded in {time.perf_counter() - began:.0f} s")
            await measure(client, ids)


if __name__ == "__main__":
    asyncio.run(run(*(int(arg) for arg in sys.argv[1:2])))
