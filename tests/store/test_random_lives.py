"""The database accepts every life that the rules allow: its constraints never prevent a step."""

from __future__ import annotations

import random
from datetime import timedelta

import asyncpg
import pytest

from activities.event_writer import EventWriter
from kawal.domain.messages import Batch, ClockLine, Command, Snapshot
from kawal.domain.process.decide import Decision, begin, decide, tick
from kawal.domain.process.evolve import fold
from kawal.domain.process.projection import snapshot
from kawal.store.directory import Directory
from kawal.store.inbox import Inbox
from kawal.store.ledger import Ledger
from tests.domain.catalogue import allowed
from tests.domain.lives import ADAPTER, RULES, local
from tests.domain.test_properties import HOURS, choose
from tests.store.lives import report

BEGINS = ("2022-03-07 09:00", "2022-03-05 23:59", "2022-04-27 00:00", "2025-12-19 16:30", "2026-12-15 08:00")
TOUCHES_ANOTHER = frozenset({"merge", "attach"})


@pytest.fixture
async def category(pool: asyncpg.Pool) -> str:
    """Return a category; the OPDs of the catalogue exist, too."""
    await pool.executemany(
        "insert into opd (instansi, code, name) values ('KEPRI', $1, $2)", [(opd, opd) for opd in "ABC"]
    )
    name: str = await pool.fetchval("select name from category order by name limit 1")
    return name


async def test_random_lives_are_written_step_by_step_and_read_back_as_they_were(
    pool: asyncpg.Pool, inbox: Inbox, ledger: Ledger, category: str
) -> None:
    for seed in range(16):
        await live(pool, inbox, ledger, category, seed)


async def live(pool: asyncpg.Pool, inbox: Inbox, ledger: Ledger, category: str, seed: int) -> None:
    chance, writer = random.Random(seed), EventWriter(pool, ledger, Directory(pool))
    now = local(chance.choice(BEGINS))
    filed = report(occurred_on=None, rahasia=chance.random() < 0.3)
    accepted = await inbox.accept(filed, "KEPRI", now)

    async def written(decision: Decision) -> Decision:
        if decision.events:
            batch = Batch(workflow_id=accepted.workflow_id, events=decision.events, after=snapshot(decision.state))
            assert await writer.write(batch) == []
            assert await writer.write(batch) == []
        return decision

    def command(number: int) -> Command | None:
        found = [one for one in allowed(state, now, f"step-{number}") if one.name not in TOUCHES_ANOTHER]
        for one in found:
            if "category" in one.arguments:
                one.arguments["category"] = category
        return choose(found, chance.randrange(10_000), chance.randrange(10_000))

    state = (await written(begin(filed, accepted.tracking_id, "KEPRI", RULES, ADAPTER, now, "start"))).state
    for number in range(24):
        now += timedelta(hours=chance.choice(HOURS))
        state = (await written(tick(state, now))).state
        chosen = command(number)
        if chosen is not None:
            state = (await written(decide(state, chosen, now))).state
    assert fold(await ledger.events(accepted.tracking_id)) == state
    row = await ledger.snapshot(accepted.tracking_id)
    assert row is not None
    assert in_order(row) == in_order(snapshot(state))


def in_order(row: Snapshot) -> Snapshot:
    def name(clock: ClockLine) -> tuple[str, str]:
        return clock.kind, clock.opd or ""

    return row.model_copy(update={"clocks": sorted(row.clocks, key=name)})
