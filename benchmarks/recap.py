"""How long a recap of a million complaints takes, now and as of a past instant, and what updating its sums costs.

`python -m benchmarks.recap [COMPLAINTS]` fills a scratch database (embedded PostgreSQL, removed at the end) and prints
milliseconds, with a plain count(*) of the same complaints as the floor. Loading takes a few minutes.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path

import asyncpg

from kawal.base.database_roles import owner_address
from kawal.base.postgres import LONG_WITHIN, connect
from kawal.base.settings import Settings
from kawal.domain.calendar import JAKARTA
from kawal.domain.public_figures import Period
from kawal.domain.work_figures import WorkNumber
from kawal.embedded.postgres import postgres
from kawal.reports.leadership import leadership
from kawal.reports.league import league
from kawal.reports.recap import WAYS, recap
from kawal.store.schema import make_schema
from kawal.store.work_rows import WorkQuery, work_page

COMPLAINTS = 1_000_000
YEAR = 2022
PAST = datetime(2022, 10, 5, 17, 30, tzinfo=JAKARTA)
TIMES = 15
CHANGES = 5_000

# One agency's year of lives: received, verified, followed up, final follow-up, closed; those of the last days are still
# open.
_LIVES = """
create unlogged table sample as
select lpad(i::text, 7, '0') as tracking_id,
    timestamptz '2022-01-01 00:00+07' + random() * interval '364 days' as received,
    (array['web', 'app', 'sms', 'whatsapp', 'x', 'email', 'walk_in'])[1 + floor(random() * 7)::int] as channel,
    (array['pengaduan', 'pengaduan', 'pengaduan', 'aspirasi', 'permintaan_informasi'])[1 + floor(random() * 5)::int]
        as report_class,
    'UTAMA ' || s.main || ' / SUB ' || s.sub as category, 'OPD' || floor(random() * random() * 40)::int as opd,
    random() * 3 as verify, random() * 5 as follow, random() * 14 as complete, random() as chance
from generate_series(1, $1) as i
cross join lateral (
    select i as each, floor(random() * random() * 38)::int as main, floor(random() * 24)::int as sub) as s
"""
_DIRECTORY = """
insert into instansi (code, name) values ('KEPRI', 'KEPRI') on conflict do nothing;
insert into opd (instansi, code, name) select 'KEPRI', 'OPD' || n, 'OPD' || n from generate_series(0, 39) as n;
insert into category (name, main, sub)
    select 'UTAMA ' || m || ' / SUB ' || s, 'UTAMA ' || m, 'SUB ' || s
    from generate_series(0, 37) as m, generate_series(0, 23) as s;
"""
STEPS = """
from sample cross join lateral (values
    (1, 'belum_diverifikasi', received),
    (2, 'belum_ditindaklanjuti', received + verify * interval '1 day'),
    (3, 'proses', received + (verify + follow) * interval '1 day'),
    (4, 'proses', received + (verify + follow + complete) * interval '1 day'),
    (5, 'selesai', received + (verify + follow + complete + 4) * interval '1 day')) as step (n, status, at)
where at < timestamptz '2023-01-01 00:00+07'
"""
FOLLOWED = """
    case when n > 4 then at end, case when n > 1 then array[row(opd, n < 4, n < 4 and chance < 0.02, chance < 0.1,
        case when n > 2 then ceil(follow)::integer end, case when n > 3 then ceil(complete)::integer end)::opd_standing]
        else '{}' end
"""
"""The last columns of a span: when it was closed, and how its OPD stands."""

_SPANS = f"""
insert into status_span
select tracking_id, n, 'KEPRI', received, status, at, lead(at) over (partition by tracking_id order by n), channel,
    case when n > 1 then report_class end, case when n > 1 then category end,
    case when n > 1 then array[opd] else '{{}}' end, case when n > 2 then ceil(follow) end,
    case when n > 3 then ceil(complete) end, case when n > 4 and chance < 0.5 then 4 end,
    n between 2 and 3 and chance < 0.02, chance < 0.1, chance < 0.1, 'unverified', null, {FOLLOWED}
{STEPS}
"""
_COMPLAINTS = """
insert into complaint (tracking_id, instansi, status, channel, report_class, category, anonim, rahasia, received_at,
    verified_at, first_forwarded_at, first_follow_up_at, closed_at, closed_by, policy_version, calendar_version,
    last_seq, offices)
select tracking_id, instansi, status, channel, report_class, category, false, false, received_at,
    from_at, from_at, from_at, from_at, 'auto_close', 'p', 'c', seq,
    array(select 'sent ' || opd from unnest(opds) as opd)
from status_span where to_at is null
"""
_LOAD = ("set session_replication_role = replica", _SPANS, _COMPLAINTS, "set session_replication_role = origin")


async def load_samples(conn: asyncpg.Connection, complaints: int) -> None:
    """Make the table `sample`, one row per complaint to be loaded, and the OPDs and categories it names."""
    await conn.execute("select setseed(0.42)")
    await conn.execute(_DIRECTORY)
    await conn.execute(_LIVES.replace("$1", str(complaints)))


async def load(conn: asyncpg.Connection, complaints: int) -> None:
    """Load lives directly into the tables of a migrated, empty database, and count them."""
    await load_samples(conn, complaints)
    for statement in _LOAD:
        await conn.execute(statement)
    await conn.execute("select recap_rebuild()")
    await conn.execute("vacuum (analyze) complaint")
    await conn.execute("vacuum (analyze) status_span")
    await conn.execute("vacuum (analyze) recap_tally")
    await conn.execute("vacuum (analyze) work_tally")


async def measured(what: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Return median and worst of several runs in milliseconds, after a warm-up run."""
    await what()
    took = []
    for _ in range(TIMES):
        start = time.perf_counter()
        await what()
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took), max(took)


async def cost_of_counting(conn: asyncpg.Connection) -> tuple[float, float]:
    """Return the microseconds to write one change of a span with updating the sums, and without."""
    took = []
    for trigger in ("enable", "disable"):
        transaction = conn.transaction()
        await transaction.start()
        await conn.execute(f"alter table status_span {trigger} trigger counted")
        start = time.perf_counter()
        await conn.execute(
            "update status_span set rating = 3 where to_at is null and tracking_id between $1 and $2",
            f"{1:07d}",
            f"{CHANGES:07d}",
        )
        took.append((time.perf_counter() - start) * 1e6 / CHANGES)
        await transaction.rollback()
    return took[0], took[1]


async def report(conn: asyncpg.Connection, complaints: int) -> None:
    """Measure and print the figures."""

    async def line(name: str, what: Callable[[], Awaitable[object]]) -> None:
        median, worst = await measured(what)
        sys.stdout.write(f"{name:<44} {median:9.1f} ms  (worst of {TIMES}: {worst:.1f})\n")

    lines = await conn.fetchval("select count(*) from recap_tally")
    masuk = (await recap(conn, year=YEAR)).total.masuk
    sys.stdout.write(f"{complaints} complaints, masuk {masuk}, {lines} lines of sums\n")
    await line("floor: count(*) of complaint", lambda: conn.fetchval("select count(*) from complaint"))
    await line("recap of today", lambda: recap(conn, year=YEAR))
    await line(f"recap as of {PAST:%Y-%m-%d %H:%M}", lambda: recap(conn, year=YEAR, as_of=PAST))
    for by in WAYS:
        await line(f"recap of today by {by}", lambda by=by: recap(conn, year=YEAR, by=by))  # type: ignore[misc]
        await line(f"recap as of then by {by}", lambda by=by: recap(conn, year=YEAR, as_of=PAST, by=by))  # type: ignore[misc]
    await _report_work(conn, line)
    await line(
        "for comparison: statuses by scanning spans",
        lambda: conn.fetch(
            "select status, count(*) from status_span where from_at <= $1 and (to_at is null or to_at > $1) group by 1",
            PAST,
        ),
    )
    kept, bare = await cost_of_counting(conn)
    sys.stdout.write(f"{'a change of a complaint, sums kept':<44} {kept:9.0f} µs  (without: {bare:.0f})\n")


async def _report_work(conn: asyncpg.Connection, line: Callable[..., Awaitable[None]]) -> None:
    """Measure the league, the leadership's figures, and pages of the reports behind their numbers."""
    year, last, past = Period.of_year(YEAR), date(YEAR, 12, 31), PAST.date()
    lines = await conn.fetchval("select count(*) from work_tally")
    sys.stdout.write(f"{lines} lines of sums of the OPDs' work\n")
    await line("league of the year", lambda: league(conn, instansi="KEPRI", period=year))
    await line("league as of a past day", lambda: league(conn, instansi="KEPRI", period=year, day=past))
    await line("leadership's figures", lambda: leadership(conn, instansi="KEPRI", day=last, past=False))
    await line("leadership's figures of a past day", lambda: leadership(conn, instansi="KEPRI", day=past, past=True))
    for number in WorkNumber:
        for opd in ("OPD0", "OPD38", None):
            of = f"reports behind {number} of {opd or 'the agency'}"
            query = WorkQuery(number, "KEPRI", year.first, last, opd)
            await line(of, lambda query=query: work_page(conn, query))


async def run(complaints: int = COMPLAINTS) -> None:
    """Load a scratch database, measure, print, remove it."""
    with tempfile.TemporaryDirectory(prefix="kwb", ignore_cleanup_errors=True) as folder:
        settings = Settings(home=Path(folder), cache=Path(folder))
        async with postgres(settings) as url:
            conn = await connect(owner_address(settings, url), within=LONG_WITHIN)
            try:
                await make_schema(conn)
                start = time.perf_counter()
                await load(conn, complaints)
                sys.stdout.write(f"loaded in {time.perf_counter() - start:.0f} s\n")
                await report(conn, complaints)
            finally:
                await conn.close()


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else COMPLAINTS))
