"""How long the public pages take with a million reports: what they ask of PostgreSQL, and the server's whole answers.

`python -m benchmarks.public_pages [REPORTS]` fills a database (benchmarks.public_record: once, if it is to be kept) and
prints the 95th percentile of each query and of each page in milliseconds, with a bare round trip and a file from memory
as the floors.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any, Protocol

import asyncpg

from benchmarks.percentiles import percentile
from benchmarks.public_answers import LATE, Answers
from benchmarks.public_record import REPORTS, filled_system
from kawal.domain.messages import Place
from kawal.domain.names import Status
from kawal.domain.public_figures import Figure, Period
from kawal.reports.public_figures import public_figures
from kawal.store.counted_reports import FigureQuery
from kawal.store.public_board import BoardKey, BoardQuery, PublicBoard
from kawal.store.similar_reports import ComparedReport, public_likenesses

TIMES = 60
WARM = 8

YEAR = Period.of_year(2022)

Measured = Callable[[], Awaitable[object]]


async def timings(what: Measured) -> list[float]:
    """Return how many milliseconds many runs took, after warm-up runs in which statements are prepared."""
    took = []
    for n in range(TIMES + WARM):
        start = time.perf_counter()
        await what()
        if n >= WARM:
            took.append((time.perf_counter() - start) * 1000)
    return took


class Pages:
    """What the pages ask, each time with other words, reports and filters."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Ask through `pool`."""
        self.pool = pool
        self.board = PublicBoard(pool)
        self.chance = random.Random(1)  # noqa: S311 - no secret
        self.words: list[str] = []
        self.texts: list[tuple[str, str, datetime, float, float]] = []
        self.middle: list[BoardKey] = []

    async def prepare(self) -> None:
        """Look up words by how frequent they are, and some reports."""
        self.words = [row["word"] for row in await self.pool.fetch("select word from vocabulary order by n")]
        some = await self.pool.fetch(
            "select * from public_report where tracking_id in ("
            "select tracking_id from board_entry tablesample system (0.1)) limit 400"
        )
        self.texts = [
            (row["tracking_id"], f"{row['title']} {row['body']}", row["received_at"], row["latitude"], row["longitude"])
            for row in some
        ]
        self.middle = [BoardKey(row["received_at"], row["tracking_id"]) for row in some]

    def word(self, first: int, last: int) -> str:
        """Return a word from these places in the order of frequency."""
        return self.words[self.chance.randrange(first, last)]

    def opd(self) -> str:
        """Return an OPD; the first has a sixth of all reports, the last hardly any."""
        return f"OPD{self.chance.randrange(40)}"

    async def page(self, after: BoardKey | None = None, **wanted: Any) -> object:
        """Ask for a page of the board."""
        return await self.board.page(BoardQuery(instansi="KEPRI", **wanted), after)

    async def behind(self, figure: Figure, **given: Any) -> object:
        """Ask for the reports behind a figure."""
        return await self.board.behind(FigureQuery(figure, "KEPRI", YEAR, **given))

    async def figures(self, period: Period, day: date | None = None) -> object:
        """Count the figures."""
        return await public_figures(self.pool, instansi="KEPRI", period=period, day=day)

    async def likenesses(self) -> object:
        """Look for what is like a report of the last days."""
        number, text, _, latitude, longitude = self.chance.choice(self.texts)
        place = Place(text="Kecamatan 5", latitude=latitude, longitude=longitude)
        async with self.pool.acquire() as conn:
            return await public_likenesses(conn, ComparedReport("KEPRI", number, text, place, LATE))

    def all(self) -> dict[str, tuple[float | None, Measured]]:
        """Return each query with its aim in milliseconds."""
        chance = self.chance
        month = Period.of_month(2022, 6)
        return {
            "floor: a round trip": (None, lambda: self.pool.fetchval("select 1")),
            "board, first page": (50, self.page),
            "board, any later page": (50, lambda: self.page(chance.choice(self.middle))),
            "board of a status that most have": (50, lambda: self.page(status=Status.SELESAI)),
            "board of a status that few have": (50, lambda: self.page(status=Status.BELUM_DITINDAKLANJUTI)),
            "board of an OPD, any page": (50, lambda: self.page(chance.choice(self.middle), opd=self.opd())),
            "board of a leaf category": (
                50, lambda: self.page(category=f"UTAMA {chance.randrange(38)} / SUB {chance.randrange(24)}"),
            ),
            "board of a place": (50, lambda: self.page(place=f"kecamatan {chance.randrange(100)} rt 7")),
            "board of an OPD, a category and a status": (
                50, lambda: self.page(opd=self.opd(), category=f"UTAMA {chance.randrange(38)}", status=Status.PROSES),
            ),
            "search of a frequent word": (50, lambda: self.page(words=self.word(0, 50))),
            "search of a word": (50, lambda: self.page(words=self.word(50, 2000))),
            "search of a rare word": (50, lambda: self.page(words=self.word(2000, 20000))),
            "search of two frequent words": (50, lambda: self.page(words=f"{self.word(0, 50)} {self.word(0, 50)}")),
            "search of a word within an OPD": (50, lambda: self.page(words=self.word(0, 2000), opd=self.opd())),
            "search of a word that nobody wrote": (50, lambda: self.page(words="tidakpernahditulis")),
            "search of a number": (50, lambda: self.page(words=chance.choice(self.middle).number)),
            "one report": (20, lambda: self.board.one(chance.choice(self.middle).number)),
            "figures of a year, today": (50, lambda: self.figures(YEAR)),
            "figures of a month, today": (50, lambda: self.figures(month)),
            "figures of a year, another day": (100, lambda: self.figures(YEAR, _any_day(chance))),
            "reports behind a figure of today": (50, lambda: self.behind(chance.choice(list(Figure)))),
            "reports behind a figure of another day": (
                50, lambda: self.behind(chance.choice(list(Figure)), day=_any_day(chance)),
            ),
            "reports behind an OPD's figure": (50, lambda: self.behind(Figure.SELESAI, opd=self.opd())),
            "likenesses": (150, self.likenesses),
        }  # fmt: skip


def _any_day(chance: random.Random) -> date:
    return YEAR.first + timedelta(days=chance.randrange(60, 360))


async def run(reports: int = REPORTS) -> None:
    """Fill a database or find it filled, measure and print the figures."""
    async with filled_system(reports) as connected:
        print(f"load of the machine {os.getloadavg()[0]:.1f}")
        await show_percentiles(Pages(connected.pool))
        answers = Answers(connected)
        await show_percentiles(answers)
        print(f"forms that were sent: {answers.sent[303]} accepted, {answers.sent[200]} shown what is like them first")


class Measurable(Protocol):
    """Something with parts whose time is measured."""

    async def prepare(self) -> None:
        """Look up what is asked about."""

    def all(self) -> dict[str, tuple[float | None, Measured]]:
        """Return each part with its aim in milliseconds."""


async def show_percentiles(measured: Measurable) -> None:
    """Measure each part and print its figure."""
    await measured.prepare()
    for name, (aim, what) in measured.all().items():
        aimed = "" if aim is None else f"  (aim: {aim:.0f})"
        print(f"{name:<48} p95 {percentile(await timings(what)):8.1f} ms{aimed}", flush=True)


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else REPORTS))
