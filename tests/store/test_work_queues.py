"""Queues in a real PostgreSQL: every page in the order of work, nothing left out, nothing that is not the reader's."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import NamedTuple

import asyncpg
import pytest

from activities.event_writer import EventWriter
from kawal.domain.messages import Actor, Batch, Snapshot
from kawal.domain.names import FINAL, Role
from kawal.domain.process.decide import Decision, begin, decide, tick
from kawal.domain.process.projection import snapshot
from kawal.domain.refusals import Refusal
from kawal.domain.work_queues import QUEUES_OF, Queue, places
from kawal.store.data_keys import DataKeyStore
from kawal.store.directory import Directory
from kawal.store.inbox import Inbox
from kawal.store.ledger import Ledger
from kawal.store.queues import Cursor, QueueFilters, QueueLine, Scope, office, queue_counts, queue_page, scope_of
from kawal.store.read_model import NO_DATE
from kawal.store.read_replies import note_read
from kawal.store.scoped import ScopedPool
from kawal.store.staff_search import StaffSearch
from tests.database_owner import owner_does
from tests.domain.catalogue import allowed
from tests.domain.lives import ADAPTER, RULES, local
from tests.domain.test_properties import choose
from tests.store.lives import NOON, report

OFFICIALS = {
    role: Actor(role=role, instansi="KEPRI", opd="A" if role is Role.LIAISON else None, account="somebody")
    for role in QUEUES_OF
}
SCOPES = {role: scope_of(actor) for role, actor in OFFICIALS.items()}


class Lived(NamedTuple):
    pool: asyncpg.Pool
    rows: dict[str, Snapshot]

    def seen_by(self, scope: Scope) -> ScopedPool:
        return ScopedPool(self.pool, OFFICIALS[scope.role])


@pytest.fixture
async def lived(pool: asyncpg.Pool, inbox: Inbox, ledger: Ledger) -> Lived:
    """Make two dozen complaints at all stages, as the rules allow them."""
    await pool.executemany(
        "insert into opd (instansi, code, name) values ('KEPRI', $1, $2)", [(opd, opd) for opd in "ABC"]
    )
    category = await pool.fetchval("select name from category order by name limit 1")
    chance, writer = random.Random(7), EventWriter(pool, ledger, Directory(pool))
    rows = {}
    for number in range(24):
        now = local("2022-03-07 09:00") + timedelta(hours=chance.randrange(40))
        filed = report(occurred_on=None, rahasia=chance.random() < 0.2, external_id=f"LPR-{number}")
        accepted = await inbox.accept(filed, "KEPRI", now)

        async def written(decision: Decision, to: str = accepted.workflow_id) -> Decision:
            if decision.events:
                await writer.write(Batch(workflow_id=to, events=decision.events, after=snapshot(decision.state)))
            return decision

        state = (await written(begin(filed, accepted.tracking_id, "KEPRI", RULES, ADAPTER, now, "start"))).state
        for step in range(number % 9):
            now += timedelta(hours=chance.choice((1, 20, 60)))
            state = (await written(tick(state, now))).state
            found = [one for one in allowed(state, now, f"step-{step}") if one.name not in ("merge", "attach")]
            for one in found:
                if "category" in one.arguments:
                    one.arguments["category"] = category
            chosen = choose(found, chance.randrange(10_000), chance.randrange(10_000))
            if chosen is not None:
                state = (await written(decide(state, chosen, now))).state
        rows[accepted.tracking_id] = snapshot(state)
    return Lived(pool, rows)


ALL = QueueFilters()


async def walked(lived: Lived, queue: Queue, scope: Scope, filters: QueueFilters = ALL) -> list[QueueLine]:
    """Return all lines of a queue, page by page of two, each cursor passed on as an address carries it."""
    lines: list[QueueLine] = []
    after: Cursor | None = None
    while True:
        page = await queue_page(lived.seen_by(scope), queue, scope, filters, after, 2)
        lines += page.lines
        if page.next is None:
            return lines
        after = Cursor.decode(page.next.encode())
        assert after == page.next


def expected(lived: Lived, queue: Queue, scope: Scope) -> list[str]:
    """Return the numbers of a queue in the order of work, reckoned from the rows alone."""
    found = [
        (place.rank, place.due or NO_DATE, row.received_at, number)
        for number, row in lived.rows.items()
        for place in places(row)
        if place.queue is queue and place.opd == office(scope, queue)
    ]
    return [number for *_, number in sorted(found)]


async def test_every_role_reads_its_queues_in_the_order_of_work_with_counts_until_a_reply_was_read(
    lived: Lived,
) -> None:
    read = 0
    for role, scope in SCOPES.items():
        for queue in QUEUES_OF[role]:
            if queue is not Queue.FINISHED:
                numbers = [line.number for line in await walked(lived, queue, scope)]
                assert numbers == expected(lived, queue, scope), (role, queue)
                read += len(numbers)
    assert read > 40
    await counts_are_those_of_the_pages(lived)
    await finished_comes_latest_first(lived)
    await a_reply_that_was_read_waits_for_nobody(lived)


async def finished_comes_latest_first(lived: Lived) -> None:
    final = {number: row for number, row in lived.rows.items() if row.status in FINAL}
    of_all = [line.number for line in await walked(lived, Queue.FINISHED, SCOPES[Role.ADMIN])]
    assert of_all == sorted(final, key=lambda number: (final[number].closed_at, number), reverse=True)
    own = {line.number for line in await walked(lived, Queue.FINISHED, SCOPES[Role.LIAISON])}
    assert own == {
        number for number, row in lived.rows.items() if any((o.code, o.state) == ("A", "final") for o in row.opds)
    }
    filtered = await walked(lived, Queue.FINISHED, SCOPES[Role.LIAISON], QueueFilters(opd="A"))
    assert {line.number for line in filtered} == own
    closed = QueueFilters(statuses=("diarsipkan", "bukan_wewenang"))
    ended = [line.number for line in await walked(lived, Queue.FINISHED, SCOPES[Role.ADMIN], closed)]
    assert ended == [number for number in of_all if final[number].status in closed.statuses]


async def a_reply_that_was_read_waits_for_nobody(lived: Lived) -> None:
    said = next(row for row in lived.rows.values() if row.said is not None and row.said != "opd_answer")
    scope, number = SCOPES[Role.ADMIN], said.tracking_id
    assert said.said_seq is not None
    assert not await note_read(lived.pool, number, said.said_seq - 1, "somebody", NOON)
    assert await note_read(lived.pool, number, said.said_seq, "somebody", NOON)
    assert not await note_read(lived.pool, number, said.said_seq, "somebody", NOON)
    for queue in (Queue.DECISIONS, Queue.VERIFICATION):
        for line in await walked(lived, queue, scope):
            assert line.number != number or (line.said is None and said.said not in line.why)


async def counts_are_those_of_the_pages(lived: Lived) -> None:
    for role, scope in SCOPES.items():
        counts = await queue_counts(lived.seen_by(scope), scope)
        assert counts == {
            queue: len(expected(lived, queue, scope)) for queue in QUEUES_OF[role] if queue is not Queue.FINISHED
        }


async def test_filters_combine_and_only_the_own_queues_are_read(lived: Lived) -> None:
    await only_the_own_queues_are_read(lived)
    scope = SCOPES[Role.ADMIN]
    lines = await walked(lived, Queue.OPEN, scope)
    for name in {line.status for line in lines}:
        shown = await walked(lived, Queue.OPEN, scope, QueueFilters(statuses=(name,), words="lubang"))
        assert [one.number for one in shown] == [o.number for o in lines if o.status == name and not o.rahasia]
    late = await walked(lived, Queue.OPEN, scope, QueueFilters(overdue=True, opd="B"))
    assert [one.number for one in late] == [one.number for one in lines if one.overdue and "B" in one.opds]
    assert await walked(lived, Queue.OPEN, scope, QueueFilters(category="ADA", report_class="pengaduan")) == []
    verified = [one for one in lines if one.category is not None and one.report_class == "aspirasi"]
    category = verified[0].category
    assert category is not None
    for asked in (category, category.partition(" / ")[0]):
        shown = await walked(lived, Queue.OPEN, scope, QueueFilters(category=asked, report_class="aspirasi"))
        assert shown == verified


async def only_the_own_queues_are_read(lived: Lived) -> None:
    with pytest.raises(Refusal, match="liaison"):
        await queue_page(lived.seen_by(SCOPES[Role.LIAISON]), Queue.ESCALATED, SCOPES[Role.LIAISON])
    for word in ("", "x", "WzEsMl0", "bnVsbA", "WzEsMiwzLDRd", "é"):
        assert Cursor.decode(word) is None


_AS_THOUGH_A_MILLION = ("analyze complaint", "update pg_class set reltuples = 1000000 where relname = 'complaint'")


async def test_officials_find_what_is_theirs_by_words_number_and_marks(lived: Lived, keys: DataKeyStore) -> None:
    await what_is_theirs_is_found(lived, keys)


async def test_among_a_million_reports_officials_find_the_same_stretch_by_stretch(
    lived: Lived, keys: DataKeyStore
) -> None:
    await owner_does(lived.pool, *_AS_THOUGH_A_MILLION)
    words = ["lubang", "pasar", "in KEPRI"]
    assert await lived.pool.fetchval("select found_by_about($1)", words) > 2500
    assert await lived.pool.fetchval("select count(*) from found_by_shares($1) where share > 0.3", words) == 3
    await what_is_theirs_is_found(lived, keys)


async def what_is_theirs_is_found(lived: Lived, keys: DataKeyStore) -> None:
    def search(role: Role) -> StaffSearch:
        return StaffSearch(lived.pool, keys, OFFICIALS[role])

    told = {number: row for number, row in lived.rows.items() if not row.rahasia}
    latest = sorted(told, key=lambda number: (told[number].received_at, number), reverse=True)
    found: list[str] = []
    after: Cursor | None = None
    while after is not None or not found:
        page = await search(Role.ADMIN).page("lubang pasar", after=after, limit=7)
        found += [line.number for line in page.lines]
        after = page.next
        if after is None:
            break
    assert found == latest
    own = await search(Role.LIAISON).page("berlubang", limit=100)
    assert {line.number for line in own.lines} == {
        number for number, row in told.items() if any(line.code == "A" for line in row.opds)
    }
    other = next(number for number, row in lived.rows.items() if all(line.code != "A" for line in row.opds))
    assert [line.number for line in (await search(Role.ADMIN).page(f"#{other}")).lines] == [other]
    assert (await search(Role.LIAISON).page(other)).lines == []
    assert [line.number for line in (await search(Role.ADMIN).page(" LPR-3 ")).lines] == [list(lived.rows)[3]]
    assert (await search(Role.ADMIN).page("LPR-99")).lines == []
    assert (await search(Role.ADMIN).page("tiada")).lines == []
    assert (await search(Role.ADMIN).page(" ".join(f"tiada{n}" for n in range(25)))).lines == []
    assert (await search(Role.DESK).page("lubang")).lines == []
    late = await search(Role.ADMIN).page(
        "lubang", QueueFilters(overdue=True, statuses=("proses", "ditunda")), limit=100
    )
    assert {line.number for line in late.lines} == {
        number for number, row in told.items() if row.overdue and row.status in ("proses", "ditunda")
    }
