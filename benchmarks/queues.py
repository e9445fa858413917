"""How long a page of a queue and a search of officials take with a million reports, some forty thousand of them open.

Each is read in the scope of its official, as the pages read it, under row-level security.

`python -m benchmarks queues` fills the database of the public pages or finds it filled (benchmarks.public_record, with
`KAWAL_BENCH_HOME` kept) and prints the fastest, median and 95th percentile of each in milliseconds, beside a bare round
trip and a bare page of the index.
"""

from __future__ import annotations

import os
import random
import statistics
from typing import Any

from benchmarks.percentiles import percentile
from benchmarks.public_pages import Measured, timings
from benchmarks.public_record import REPORTS, filled_system
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.work_queues import Queue
from kawal.store.queues import Cursor, QueueFilters, queue_counts, queue_page, scope_of
from kawal.store.scoped import ScopedPool
from kawal.store.staff_search import StaffSearch

AIM = 20

_BARE = """
select tracking_id from queue_place where queue = 'open' and instansi = 'KEPRI' and opd = ''
order by rank, due, received_at, tracking_id limit 51
"""
ADMIN = Actor(role=Role.ADMIN, instansi="KEPRI", account="0" * 32)
INSPECTORATE = Actor(role=Role.INSPECTORATE, instansi="KEPRI", account="0" * 32)
LEADERSHIP = Actor(role=Role.LEADERSHIP, instansi="KEPRI", account="0" * 32)
DESK = Actor(role=Role.DESK, instansi="KEPRI", account="0" * 32)


class QueueQuestions:
    """What the staff's pages ask, each time with other offices, words and depths."""

    def __init__(self, pool: Any, keys: Any) -> None:
        """Ask through `pool`."""
        self.pool = pool
        self.keys = keys
        self.chance = random.Random(3)  # noqa: S311 - no secret
        self.words: list[str] = []
        self.numbers: list[str] = []
        self.deep: dict[tuple[Queue, Role], list[Cursor]] = {}

    async def prepare(self) -> None:
        """Look up words, numbers, and where later pages begin."""
        self.words = [row["word"] for row in await self.pool.fetch("select word from vocabulary order by n")]
        rows = await self.pool.fetch(
            "select tracking_id::text as n from queue_place tablesample bernoulli (1) limit 300"
        )
        self.numbers = [row["n"] for row in rows]
        for queue, actor in ((Queue.OPEN, ADMIN), (Queue.FINISHED, ADMIN), (Queue.FINISHED, liaison(0))):
            after, found = None, []
            for _ in range(20):
                page = await queue_page(ScopedPool(self.pool, actor), queue, scope_of(actor), after=after, limit=200)
                after = page.next
                found += [after] if after is not None else []
            self.deep[queue, actor.role] = found

    def word(self, first: int, last: int) -> str:
        """Return a word from these places in the order of frequency."""
        return self.words[self.chance.randrange(first, last)]

    async def page(self, queue: Queue, actor: Actor, after: Cursor | None = None, **filters: Any) -> object:
        """Ask for a page of a queue."""
        return await queue_page(ScopedPool(self.pool, actor), queue, scope_of(actor), QueueFilters(**filters), after)

    async def later(self, queue: Queue, actor: Actor) -> object:
        """Ask for a page up to twenty pages on."""
        return await self.page(queue, actor, self.chance.choice(self.deep[queue, actor.role]))

    async def counts(self, actor: Actor) -> object:
        """Count an official's queues."""
        return await queue_counts(ScopedPool(self.pool, actor), scope_of(actor))

    async def found(self, words: str, actor: Actor, **filters: Any) -> object:
        """Search."""
        return await StaffSearch(self.pool, self.keys, actor).page(words, QueueFilters(**filters))

    def any_liaison(self) -> Actor:
        """Return a liaison; the first OPD has a sixth of all reports, the last hardly any."""
        return liaison(self.chance.randrange(40))

    def category(self) -> str:
        """Return a category, main or leaf."""
        main = f"UTAMA {self.chance.randrange(38)}"
        return main if self.chance.random() < 0.5 else f"{main} / SUB {self.chance.randrange(24)}"

    def all(self) -> dict[str, tuple[float | None, Measured]]:
        """Return each part with its aim in milliseconds."""
        q, chance = Queue, self.chance
        return {
            "floor: a round trip": (None, lambda: self.pool.fetchval("select 1")),
            "floor: 51 numbers by the index": (None, lambda: self.pool.fetch(_BARE)),
            "verification": (AIM, lambda: self.page(q.VERIFICATION, ADMIN)),
            "decisions": (AIM, lambda: self.page(q.DECISIONS, ADMIN)),
            "waiting for reporters": (AIM, lambda: self.page(q.WAITING, ADMIN)),
            "all that is open": (AIM, lambda: self.page(q.OPEN, ADMIN)),
            "all that is open, any later page": (AIM, lambda: self.later(q.OPEN, ADMIN)),
            "owed by an OPD": (AIM, lambda: self.page(q.OWED, self.any_liaison())),
            "waiting of an OPD": (AIM, lambda: self.page(q.WAITING, self.any_liaison())),
            "finished by an OPD": (AIM, lambda: self.page(q.FINISHED, self.any_liaison())),
            "finished by the busiest OPD, any later page": (AIM, lambda: self.later(q.FINISHED, liaison(0))),
            "finished": (AIM, lambda: self.page(q.FINISHED, ADMIN)),
            "finished, any later page": (AIM, lambda: self.later(q.FINISHED, ADMIN)),
            "finished, of a category": (AIM, lambda: self.page(q.FINISHED, ADMIN, category=self.category())),
            "escalated": (AIM, lambda: self.page(q.ESCALATED, INSPECTORATE)),
            "come up": (AIM, lambda: self.page(q.COME_UP, LEADERSHIP)),
            "desk": (AIM, lambda: self.page(q.DESK, DESK)),
            "counts of an admin": (AIM, lambda: self.counts(ADMIN)),
            "counts of a liaison": (AIM, lambda: self.counts(self.any_liaison())),
            "open, of a status": (AIM, lambda: self.page(q.OPEN, ADMIN, statuses=("belum_ditindaklanjuti",))),
            "open, of a status that none has": (AIM, lambda: self.page(q.OPEN, ADMIN, statuses=("ditunda",))),
            "open, of a category": (AIM, lambda: self.page(q.OPEN, ADMIN, category=self.category())),
            "open, late, of an OPD and a class": (
                AIM, lambda: self.page(
                    q.OPEN, ADMIN, overdue=True, opd=f"OPD{chance.randrange(40)}", report_class="aspirasi"
                ),
            ),
            "open, with a frequent word": (AIM, lambda: self.page(q.OPEN, ADMIN, words=self.word(0, 50))),
            "open, with a word": (AIM, lambda: self.page(q.OPEN, ADMIN, words=self.word(50, 2000))),
            "search of a number": (AIM, lambda: self.found(chance.choice(self.numbers), ADMIN)),
            "search of an old number": (AIM, lambda: self.found(f"LAPOR-{chance.randrange(10**6)}", ADMIN)),
            "search of a frequent word": (AIM, lambda: self.found(self.word(0, 50), ADMIN)),
            "search of a word": (AIM, lambda: self.found(self.word(50, 2000), ADMIN)),
            "search of a rare word": (AIM, lambda: self.found(self.word(2000, 20000), ADMIN)),
            "search of two frequent words": (AIM, lambda: self.found(f"{self.word(0, 50)} {self.word(0, 50)}", ADMIN)),
            "search of a place": (AIM, lambda: self.found(f"kecamatan {chance.randrange(100)}", ADMIN)),
            "search of a frequent word within an OPD": (AIM, lambda: self.found(self.word(0, 50), self.any_liaison())),
            "search of a word within an OPD": (AIM, lambda: self.found(self.word(50, 2000), self.any_liaison())),
            "search of a word, a category and a status": (
                AIM, lambda: self.found(self.word(0, 200), ADMIN, category=self.category(), statuses=("selesai",)),
            ),
            "search of a word that nobody wrote": (AIM, lambda: self.found("tidakpernahditulis", ADMIN)),
        }  # fmt: skip


def liaison(number: int) -> Actor:
    """Return an OPD's liaison."""
    return Actor(role=Role.LIAISON, instansi="KEPRI", opd=f"OPD{number}", account="0" * 32)


async def measured(what: Measured) -> tuple[float, float, float]:
    """Return the fastest, the median and the 95th percentile of many runs in milliseconds, after warm-up runs.

    The fastest says what the work itself takes where the machine is shared.
    """
    took = await timings(what)
    return min(took), statistics.median(took), percentile(took)


async def show(asked: QueueQuestions) -> None:
    """Measure each part and print its figures."""
    await asked.prepare()
    for name, (aim, what) in asked.all().items():
        least, median, high = await measured(what)
        aimed = "" if aim is None else f"  (aim: {aim})"
        print(f"{name:<48} fastest {least:6.1f}  p50 {median:6.1f}  p95 {high:6.1f} ms{aimed}", flush=True)


async def run(reports: int = REPORTS) -> None:
    """Fill a database or find it filled, measure and print the figures."""
    async with filled_system(reports) as connected:
        print(f"load of the machine {os.getloadavg()[0]:.1f}")
        await show(QueueQuestions(connected.pool, connected.keys))
