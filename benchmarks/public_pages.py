"""How long the public board, its search, the figures and the likenesses take with a million reports.

`python -m benchmarks.public_pages [REPORTS]` fills a scratch database (embedded PostgreSQL, removed at the end) and
prints the 95th percentile of each query in milliseconds, with a bare round trip as the floor. Loading takes minutes.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.recap import STEPS, load_samples
from kawal.base.postgres import close_pool, open_pool
from kawal.base.settings import Settings
from kawal.domain.messages import Place
from kawal.domain.names import Status
from kawal.domain.public_figures import Figure, Period
from kawal.embedded.postgres import postgres
from kawal.reports.public_figures import public_figures
from kawal.store.public_board import BoardKey, BoardQuery, FigureQuery, PublicBoard
from kawal.store.schema import make_schema
from kawal.store.similar_reports import ComparedReport, public_likenesses

REPORTS = 1_000_000
TIMES = 60
WARM = 8
LATE = datetime(2022, 12, 30, 12, tzinfo=UTC)
YEAR = Period.of_year(2022)
PAST = date(2022, 10, 5)
END = "timestamptz '2023-01-01 00:00+07'"

# Words as frequent as those of real reports: the most frequent one is in about every tenth.
_WORDS = """
create unlogged table vocabulary as
select n, substr(translate(md5(n::text), '0123456789abcdef', 'bakidulemorusanp'), 1, 5 + n % 4) as word
from generate_series(0, 19999) as n;
create unlogged table fragment as
select f, string_agg(v.word, ' ') as words
from (select f, floor(50 * exp(random() * ln(401)) - 50)::int as n
    from generate_series(0, 49999) as f, generate_series(1, 8)) as drawn
join vocabulary v using (n) group by f;
"""
_WRITTEN = f"""
create unlogged table written as
select s.*, a.words as title, concat_ws(' ', b.words, c.words, d.words, e.words) as body
from (select *, floor(random() * 50000)::int as f1, floor(random() * 50000)::int as f2,
        floor(random() * 50000)::int as f3, floor(random() * 50000)::int as f4, floor(random() * 50000)::int as f5,
        'Kecamatan ' || floor(random() * 100)::int || ' RT ' || floor(random() * 20)::int as place,
        random() < 0.05 as rahasia, random() < 0.2 as anonim, random() < 0.03 as ever_pengawasan,
        random() < 0.005 as concealed, random() as north, random() as east,
        received + verify * interval '1 day' as verified,
        received + (verify + follow) * interval '1 day' as followed,
        received + (verify + follow + complete) * interval '1 day' as completed,
        received + (verify + follow + complete + 4) * interval '1 day' as closed
    from sample) as s
join fragment a on a.f = f1 join fragment b on b.f = f2 join fragment c on c.f = f3 join fragment d on d.f = f4
join fragment e on e.f = f5;
delete from written where received >= {END};
"""  # noqa: S608 - own words
_COMPLAINTS = f"""
insert into complaint (tracking_id, instansi, status, channel, report_class, category, anonim, rahasia, received_at,
    verified_at, first_forwarded_at, first_follow_up_at, completed_at, closed_at, closed_by, policy_version,
    calendar_version, last_seq, title, body, place, latitude, longitude)
select tracking_id, 'KEPRI', case when closed < {END} then 'selesai' when followed < {END} then 'proses'
        when verified < {END} then 'belum_ditindaklanjuti' else 'belum_diverifikasi' end,
    channel, report_class, category, anonim, rahasia, received, case when verified < {END} then verified end,
    case when verified < {END} then verified end, case when followed < {END} then followed end,
    case when completed < {END} then completed end, case when closed < {END} then closed end,
    case when closed < {END} then 'auto_close' end, 'p', 'c', 5,
    case when not rahasia then title end, case when not rahasia then body end, case when not rahasia then place end,
    case when not rahasia then north end, case when not rahasia then 104 + east end
from written;
insert into complaint_opd (tracking_id, instansi, place, code, state, forwarded_at, final_at)
select tracking_id, 'KEPRI', 0, opd, case when completed < {END} then 'final' else 'owes' end, verified,
    case when completed < {END} then completed end
from written where verified < {END};
insert into concealment (tracking_id, anonim, rahasia)
select tracking_id, true, chance < 0.5 from written where concealed;
insert into event (workflow_id, seq, tracking_id, at, recorded_at, kind, actor_role, actor_account, status, facts,
    ciphertext, prev_hash, hash)
select 'complaint-' || tracking_id, 1, tracking_id, verified, verified, 'verified', 'agency_admin', 'a', 'proses',
    '{{"pengawasan": true}}', '', decode(repeat('00', 32), 'hex'), sha256(tracking_id::bytea)
from written where ever_pengawasan and verified < {END};
"""  # noqa: S608 - own words
_SPANS = f"""
insert into status_span
select tracking_id, n, 'KEPRI', received, status, at, lead(at) over (partition by tracking_id order by n), channel,
    case when n > 1 then report_class end, case when n > 1 then category end,
    case when n > 1 then array[opd] else '{{}}' end, case when n > 2 then ceil(follow) end,
    case when n > 3 then ceil(complete) end, case when n > 4 and chance < 0.5 then 4 end, false, chance < 0.1,
    chance < 0.1, publicity
from (select sample.*, step.n, step.status, step.at {STEPS}) as lived join report_publicity using (tracking_id)
"""  # noqa: S608 - own words
_BOARD = "insert into board_entry select * from board_listing"
_TABLES = ("complaint", "complaint_opd", "status_span", "recap_tally", "board_entry", "concealment", "event")
_INDEXES = ("complaint_search", "board_entry_found")
_PATIENCE = 3600.0


async def load(conn: asyncpg.Connection, reports: int) -> None:
    """Load reports with their words, lives and sums directly into the tables of an empty database."""

    async def run(*statements: str) -> None:
        for statement in statements:
            await conn.execute(statement, timeout=_PATIENCE)

    await load_samples(conn, reports)
    indexes = [await conn.fetchval("select indexdef from pg_indexes where indexname = $1", name) for name in _INDEXES]
    await run("set session_replication_role = replica", "set work_mem = '256MB'", "set maintenance_work_mem = '1GB'")
    await run(*(f"drop index {name}" for name in _INDEXES), _WORDS, _WRITTEN, _COMPLAINTS)
    await run("analyze complaint; analyze event; analyze concealment; analyze complaint_opd")
    await run(_SPANS, _BOARD, *indexes, "set session_replication_role = origin")
    await run("select recap_rebuild()", "reset work_mem", *(f"vacuum (analyze) {table}" for table in _TABLES))


Measured = Callable[[], Awaitable[object]]


async def percentile(what: Measured) -> float:
    """Return the 95th percentile of many runs in milliseconds, after warm-up runs in which statements are prepared."""
    took = []
    for n in range(TIMES + WARM):
        start = time.perf_counter()
        await what()
        if n >= WARM:
            took.append((time.perf_counter() - start) * 1000)
    return statistics.quantiles(took, n=20)[-1]


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
    """Load a scratch database, measure, print, remove it."""
    with tempfile.TemporaryDirectory(prefix="kwb", ignore_cleanup_errors=True) as folder:
        async with postgres(Settings(home=Path(folder), cache=Path(folder))) as url:
            pool = await open_pool(url)
            try:
                async with pool.acquire() as conn:
                    await make_schema(conn)
                    start = time.perf_counter()
                    await load(conn, reports)
                    sys.stdout.write(f"{reports} reports loaded in {time.perf_counter() - start:.0f} s\n")
                await measure(pool)
            finally:
                await close_pool(pool)


async def measure(pool: asyncpg.Pool) -> None:
    """Measure and print the figures."""
    pages = Pages(pool)
    await pages.prepare()
    for name, (aim, what) in pages.all().items():
        aimed = "" if aim is None else f"  (aim: {aim:.0f})"
        sys.stdout.write(f"{name:<44} p95 {await percentile(what):8.1f} ms{aimed}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else REPORTS))
