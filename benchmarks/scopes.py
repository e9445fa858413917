"""What row-level security costs officials' readings: `python -m benchmarks scopes [REPORTS]`.

A scratch database of half a million complaints of two agencies and 40 OPDs. Each reading is made as the application,
which sees everything, and in the scope of an official; a search of words both as a statement of one's own under
row-level security, which looks at every row, and by the owner's function, which applies the scope itself.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg

from kawal.base.database_roles import owner_address
from kawal.base.postgres import LONG_WITHIN, close_pool, connect, open_pool
from kawal.base.settings import Settings
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.embedded.postgres import postgres
from kawal.store.schema import make_schema
from kawal.store.scoped import scoped

REPORTS = 500_000
TIMES = 40

ADMIN = Actor(role=Role.ADMIN, account="admin0001", instansi="KEPRI")
LIAISON = Actor(role=Role.LIAISON, account="liaison01", opd="OPD7", instansi="KEPRI")

_DIRECTORY = """
insert into instansi (code, name) values ('KEPRI', 'Kepri'), ('RIAU', 'Riau');
insert into opd (instansi, code, name)
    select i, 'OPD' || n, 'OPD ' || n from unnest(array['KEPRI', 'RIAU']) as i, generate_series(0, 39) as n
"""
_COMPLAINTS = """
insert into complaint (tracking_id, instansi, status, channel, anonim, rahasia, received_at, policy_version,
    calendar_version, last_seq, offices, title, body)
select (1000000 + n)::text, case when n % 5 = 0 then 'RIAU' else 'KEPRI' end, 'belum_diverifikasi', 'web', false, false,
    timestamptz '2021-01-01 00:00Z' + n * interval '2 min', 'p', 'c', 1, array['sent OPD' || (1000000 + n) / 5 % 40],
    w[1 + n % 20] || ' ' || w[1 + n * 7 % 20] || ' kode' || n % 5000, w[1 + n * 11 % 20] || ' ' || w[1 + n * 13 % 20]
from generate_series(1, $1::integer) as n, (select string_to_array('jalan lampu sampah air banjir rusak listrik '
    || 'sekolah pasar pungutan pelayanan ktp puskesmas drainase jembatan parkir macet guru dokter pelabuhan', ' ') as w)
"""
_LINES = """
insert into complaint_opd (tracking_id, instansi, code, place, state, forwarded_at)
select tracking_id, instansi, 'OPD' || (tracking_id::integer / 5) % 40, 0, 'owes', received_at from complaint
"""
_OWN_SEARCH = (
    "select tracking_id::text from complaint where search @@ websearch_to_tsquery('indonesian', $1)"
    " order by received_at desc limit 50"
)
_FUNCTION = "select number from staff_search($1, '{}', '{}', false, null, null, 50)"
_ONE = "select * from complaint where tracking_id = $1"
_QUEUE = (
    "select c.tracking_id::text from complaint_opd o join complaint c using (tracking_id)"
    " where o.code = 'OPD7' and o.state = 'owes' order by o.tracking_id limit 50"
)
READINGS = (
    ("a rare word", _OWN_SEARCH, _FUNCTION, ("kode77",)),
    ("a frequent word", _OWN_SEARCH, _FUNCTION, ("jembatan",)),
    ("one report", _ONE, _ONE, ("1400001",)),
    ("what an OPD owes, 50 rows", _QUEUE, _QUEUE, ()),
)


async def load(owner: asyncpg.Connection, reports: int) -> None:
    """Load complaints and their OPDs past the triggers."""
    await owner.execute(_DIRECTORY)
    await owner.execute("set session_replication_role = replica")
    await owner.execute(_COMPLAINTS, reports)
    await owner.execute(_LINES)
    await owner.execute("vacuum (analyze) complaint")
    await owner.execute("vacuum (analyze) complaint_opd")


async def took(read: Callable[[], Awaitable[object]], times: int = TIMES) -> tuple[float, float]:
    """Return median and 95th percentile in milliseconds, after a first time that does not count."""
    await read()
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        await read()
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent), sorted(spent)[int(times * 0.95)]


async def report(pool: asyncpg.Pool) -> None:
    """Measure and print."""

    async def in_scope(actor: Actor, statement: str, given: tuple[str, ...]) -> object:
        async with scoped(pool, actor) as conn:
            return await conn.fetch(statement, *given)

    for name, plain, by_function, given in READINGS:
        lines = [("as the application", await took(lambda: pool.fetch(plain, *given)))]  # noqa: B023 - used at once
        for who, actor in (("admin", ADMIN), ("liaison", LIAISON)):
            lines.append((who, await took(lambda: in_scope(actor, by_function, given))))  # noqa: B023
            if plain != by_function:
                own = await took(lambda: in_scope(actor, plain, given), 5)  # noqa: B023
                lines.append((f"{who}, a statement of one's own", own))
        for who, (median, late) in lines:
            sys.stdout.write(f"{name + ', ' + who:<60} {median:8.2f} ms, p95 {late:8.2f}\n")


async def run(reports: int = REPORTS) -> None:
    """Load a scratch database, measure, print, remove it."""
    with tempfile.TemporaryDirectory(prefix="kwb", ignore_cleanup_errors=True) as folder:
        settings = Settings(home=Path(folder), cache=Path(folder))
        async with postgres(settings) as url:
            owner = await connect(owner_address(settings, url), within=LONG_WITHIN)
            try:
                await make_schema(owner)
                began = time.perf_counter()
                await load(owner, reports)
                sys.stdout.write(f"{reports:,} complaints loaded in {time.perf_counter() - began:.0f} s\n")
            finally:
                await owner.close()
            pool = await open_pool(url, max_size=2, within=LONG_WITHIN)
            try:
                await report(pool)
            finally:
                await close_pool(pool)


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else REPORTS))
