"""How long it takes to compute what another policy would have made of many reports, beside reading the same rows.

`python -m benchmarks.what_if [REPORTS]` loads copies of the shipped year's lives into a scratch database (embedded
PostgreSQL, removed at the end) and prints seconds. The floor reads the same events by the same pages and parses them.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import asyncpg

from activities.what_if import PAGE, reckoned
from kawal.base.database_roles import owner_address
from kawal.base.postgres import LONG_WITHIN, close_pool, open_pool
from kawal.base.settings import Settings
from kawal.domain.messages import Actor, Event
from kawal.domain.names import Role
from kawal.domain.policy import Policy
from kawal.domain.scenario import decode, read_rows
from kawal.domain.what_if import VERSION, WhatIfQuestion
from kawal.domain.what_if_figures import WhatIfFigure
from kawal.embedded.postgres import postgres
from kawal.store.schema import make_schema
from kawal.store.what_if import WhatIf, WhatIfs
from scenarios.make_kepri_2022 import FILE, shipped_rules
from scenarios.simulate import simulate

REPORTS = 10_000
FIRST, LAST, AS_OF = date(2022, 1, 1), date(2022, 12, 31), date(2022, 12, 31)
ASKED = Policy(version=VERSION, effective_from=FIRST, verify=2, respond=3, complete_pengaduan=10, auto_close=5)


@asynccontextmanager
async def _scratch(reports: int) -> AsyncIterator[asyncpg.Pool]:
    with tempfile.TemporaryDirectory(prefix="kwb", ignore_cleanup_errors=True) as folder:
        settings = Settings(home=Path(folder), cache=Path(folder))
        async with postgres(settings) as url:
            pool = await open_pool(owner_address(settings, url), max_size=2, within=LONG_WITHIN)
            try:
                async with pool.acquire() as conn:
                    await make_schema(conn)
                    await _load(conn, reports)
                yield pool
            finally:
                await close_pool(pool)


async def _load(conn: asyncpg.Connection, reports: int) -> None:
    """Load copies of the year's lives as they are read here: receipts and process records."""
    lives = list(simulate(read_rows(decode(FILE.read_bytes()), "csv"), shipped_rules()).events.values())
    await conn.execute("insert into instansi (code, name) values ('KEPRI', 'KEPRI') on conflict do nothing")
    await conn.execute("set session_replication_role = replica")
    for number in range(reports):
        await _insert(conn, f"{1_000_000 + number}", lives[number % len(lives)])
    await conn.execute("set session_replication_role = origin")
    await conn.execute("analyze")


async def _insert(conn: asyncpg.Connection, number: str, life: Sequence[Event]) -> None:
    await conn.execute(
        "insert into complaint (tracking_id, instansi, status, channel, anonim, rahasia, received_at, policy_version,"
        " calendar_version, last_seq) values ($1, 'KEPRI', 'belum_diverifikasi', 'web', false, false, $2, 'p', 'c', 1)",
        number,
        life[0].at,
    )
    await conn.executemany(
        "insert into event (workflow_id, seq, tracking_id, at, recorded_at, kind, actor_role, actor_account, actor_opd,"
        " status, facts, ciphertext, prev_hash, hash) values ('complaint-' || $1::text, $2, $1, $3, $4, $5, $6, $7, $8,"
        " $9, $10, '', decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'))",
        [
            (
                number,
                one.seq,
                one.at,
                one.recorded_at,
                str(one.kind),
                str(one.actor.role),
                one.actor.account,
                one.actor.opd,
                str(one.status),
                one.facts,
            )
            for one in life
        ],
    )


class Passage(NamedTuple):
    """How long it took to go through all reports."""

    seconds: float
    processor: float
    """Seconds of this process's processor time: on a busy machine these say more."""
    asked: WhatIf
    """The question after it."""


async def _gone_through(pool: asyncpg.Pool, *, reckon: bool) -> Passage:
    """Go through all reports once; the question is removed again."""
    what_ifs, actor = WhatIfs(pool), Actor(role=Role.LEADERSHIP, account="bench")
    question = WhatIfQuestion(policy=ASKED, first=FIRST, last=LAST, as_of=AS_OF)
    asked: WhatIf | None = await what_ifs.ask("KEPRI", question, actor, datetime.now(UTC))
    asked = await what_ifs.begin(asked.number) if asked else None
    start, processor, done = time.perf_counter(), time.process_time(), asked
    while asked is not None and (page := await what_ifs.page(asked, PAGE)):
        if reckon:
            found = await asyncio.to_thread(reckoned, page, question)
            done = asked = await what_ifs.add(asked, found, asked.sums.with_reports(one.outcomes for one in found))
        else:
            asked = asked.model_copy(update={"after_at": page[-1].received_at, "after_number": page[-1].number})
    took, processor = time.perf_counter() - start, time.process_time() - processor
    await what_ifs.tidy(datetime.now(UTC) + timedelta(days=365))
    if done is None:
        raise RuntimeError("the question was cancelled meanwhile")
    return Passage(took, processor, done)


async def run(reports: int = REPORTS) -> None:
    """Load, measure, print."""
    async with _scratch(reports) as pool:
        events = await pool.fetchval("select count(*) from event")
        floor = await _gone_through(pool, reckon=False)
        whole = await _gone_through(pool, reckon=True)
    sums = whole.asked.sums
    late, would = sums.counts(WhatIfFigure.LATE)
    sys.stdout.write(
        f"what if: {reports} reports, {events} events: "
        f"{whole.seconds:.1f} s, {whole.processor:.1f} s of processor time;"
        f" reading the same rows: {floor.seconds:.1f} s, {floor.processor:.1f} s;"
        f" late {late}, would be {would}, untold {sums.untold}\n"
        "(the worker rests as long as it computes, so that the rest of it goes on: about twice that)\n"
    )


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else REPORTS))
