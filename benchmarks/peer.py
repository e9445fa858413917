"""Officials' pages beside the same four of Request Tracker 5 (RT), in one run.

    KAWAL_BENCH_RT=http://root:PASSWORD@127.0.0.1:8480 python -m benchmarks peer

docs/measured.md says how to get an RT with tickets in it. RT answers an agent over the loopback; Kawal answers in this
process, from a million reports under row-level security: what either's wire costs is the floor. The words that are
searched are the same ones, equally frequent in both.
"""

from __future__ import annotations

import os
import random
import statistics

import httpx

from benchmarks.peer_record import ADDRESS, AGENTS, QUEUES, SIGNED_IN, TICKETS, session
from benchmarks.percentiles import percentile
from benchmarks.public_pages import Measured, timings
from benchmarks.public_record import REPORTS, filled_system, word
from benchmarks.staff_answers import StaffAnswers

ROWS = 50
ROW = "data-record-id"
"""What each ticket of a list bears once."""


class Tracker:
    """RT's pages, each time asked for another queue, word, ticket."""

    def __init__(self, agent: httpx.AsyncClient) -> None:
        """Ask as the agent whose session this is."""
        self._agent = agent
        self._chance = random.Random(5)  # noqa: S311 - no secret

    async def prepare(self) -> None:
        """Raise RuntimeError unless a queue fills a page and a search finds something: then RT holds what it should."""
        if (await self._queue()).count(ROW) < ROWS or ROW not in await self._search(word(0)):
            raise RuntimeError("RT holds too little, or is not indexed: benchmarks.peer_record, rt-fulltext-indexer")

    async def _page(self, path: str, **asked: str) -> str:
        answer = await self._agent.get(path, params=asked)
        if SIGNED_IN not in answer.raise_for_status().text:
            raise RuntimeError(f"{answer.url}: not signed in")
        return answer.text

    async def _found(self, query: str) -> str:
        return await self._page("/Search/Results.html", Query=query, Rows=str(ROWS))

    async def _queue(self) -> str:
        return await self._found(f"Queue = '{self._chance.choice(QUEUES)}' AND Status = '__Active__'")

    async def _search(self, wanted: str) -> str:
        return await self._found(f"Content LIKE '{wanted}'")

    async def _ticket(self, number: int) -> None:
        """Ask for a ticket's page, and for its history, which the page's script fetches for whoever reads it."""
        await self._page("/Ticket/Display.html", id=str(number))
        (await self._agent.get("/Helpers/TicketHistory", params={"id": str(number)})).raise_for_status()

    async def _file(self) -> None:
        (await self._agent.get("/static/images/favicon.png")).raise_for_status()

    def all(self) -> dict[str, tuple[str, Measured]]:
        """Return each page with what it is compared with: the name of a page in `StaffAnswers`."""
        chance = self._chance
        return {
            "floor: a file": ("floor: a file from memory", self._file),
            "a queue's first page": ("/kerja of an admin", self._queue),
            "a search of a word": ("/kerja/cari, a word", lambda: self._search(word(chance.randrange(50, 2000)))),
            "a ticket, its history": ("/laporan/NUMBER of an admin", lambda: self._ticket(chance.randint(1, TICKETS))),
            "the home, the dashboard": ("/pimpinan", lambda: self._page("/")),
        }


async def run(reports: int = REPORTS) -> None:
    """Fill Kawal's database or find it filled, measure both and print them side by side."""
    address = os.environ.get(ADDRESS)
    if address is None:
        print(f"left out: {ADDRESS} names no Request Tracker 5; docs/measured.md says how to set one up and fill it")
        return
    async with filled_system(reports) as connected, session(address, AGENTS[0]) as agent:
        tracker, answers = Tracker(agent), StaffAnswers(connected)
        await tracker.prepare()
        await answers.prepare()
        print(f"load of the machine {os.getloadavg()[0]:.1f}; milliseconds, p50 and p95")
        print(f"{'':<26}{f'RT, {TICKETS:,} tickets':>24}{f'Kawal, {reports:,} reports':>28}{'ratio of p95':>16}")
        ours = answers.all()
        for name, (page, theirs) in tracker.all().items():
            rt, kawal = await timings(theirs), await timings(ours[page][1])
            ratio = percentile(rt) / percentile(kawal)
            print(f"{name:<26}{_shown(rt):>24}{_shown(kawal):>28}{ratio:>16.1f}", flush=True)


def _shown(took: list[float]) -> str:
    return f"{statistics.median(took):.1f} {percentile(took):8.1f}"
