"""A million reports to measure the public pages on: written straight into the tables, but for a few that were lived.

Kept in a folder, it is filled once: `python -m benchmarks public` with `KAWAL_BENCH_HOME=FOLDER` fills it or finds it
filled. Filling takes from a quarter of an hour to more than one. The lived ones have what the others lack: events with
words, a cookie, keys.

A database of another schema is refused, also here. Where only functions changed, those are taken over and nothing is
filled anew, by `python -m benchmarks.public_record FOLDER FUNCTION ...`; where tables changed, they are changed by
hand first, or the folder is removed.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from benchmarks import queue_record
from benchmarks.lifecycle import begin, live, receive
from benchmarks.recap import FOLLOWED, STEPS, load_samples
from benchmarks.servers import servers, working
from kawal.base.database_roles import owner_address
from kawal.base.endpoints import Endpoints
from kawal.base.postgres import LONG_WITHIN, connect
from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.data import places
from kawal.domain.names import Role
from kawal.embedded.postgres import postgres
from kawal.store.schema import digest_of, grant_rights, schema_text
from kawal.system import System, open_system

REPORTS = 1_000_000
LIVED = 20
"""How many of each kind are lived: to the end, and up to where an OPD has it; and half as many are only received, and
escalated."""

LOADING = 1
"""Changed with what `load` writes. What it wrote before cannot be told from the rest, so a folder that was loaded
otherwise is refused, to be removed or kept for the code that it was loaded by."""

LIVES = 2
"""Changed with what `_live` lives. A folder that has other lives gets these beside them, in a minute."""

END = "timestamptz '2023-01-01 00:00+07'"
AREAS = ", ".join(f"'{one.code}'" for one in places.districts("21"))
MOST_AREAS = len(places.districts("21")) * 5 // 4

WORDS = 20_000
_DIGITS, _LETTERS = "0123456789abcdef", "bakidulemorusanp"

# Words as frequent as those of real reports: the most frequent one is in about every tenth.
_WORDS = f"""
create unlogged table vocabulary as
select n, substr(translate(md5(n::text), '{_DIGITS}', '{_LETTERS}'), 1, 5 + n % 4) as word
from generate_series(0, {WORDS - 1}) as n;
create unlogged table fragment as
select f, string_agg(v.word, ' ') as words
from (select f, floor(50 * exp(random() * ln({1 + WORDS // 50})) - 50)::int as n
    from generate_series(0, 49999) as f, generate_series(1, 8)) as drawn
join vocabulary v using (n) group by f;
grant select on vocabulary to kawal_app; -- whoever measures searches for words by how frequent they are
"""  # noqa: S608 - own words
_WRITTEN = f"""
create unlogged table written as
select s.*, a.words as title, concat_ws(' ', b.words, c.words, d.words, e.words) as body
from (select *, floor(random() * 50000)::int as f1, floor(random() * 50000)::int as f2,
        floor(random() * 50000)::int as f3, floor(random() * 50000)::int as f4, floor(random() * 50000)::int as f5,
        'Kecamatan ' || floor(random() * 100)::int || ' RT ' || floor(random() * 20)::int as place,
        (array[{AREAS}])[1 + floor(random() * {MOST_AREAS})::int] as area, -- a fifth names none
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
    calendar_version, last_seq, title, body, place, latitude, longitude, area, offices)
select tracking_id, 'KEPRI', case when closed < {END} then 'selesai' when followed < {END} then 'proses'
        when verified < {END} then 'belum_ditindaklanjuti' else 'belum_diverifikasi' end,
    channel, report_class, category, anonim, rahasia, received, case when verified < {END} then verified end,
    case when verified < {END} then verified end, case when followed < {END} then followed end,
    case when completed < {END} then completed end, case when closed < {END} then closed end,
    case when closed < {END} then 'auto_close' end, 'p', 'c', 5,
    case when not rahasia then title end, case when not rahasia then body end, case when not rahasia then place end,
    case when not rahasia then north end, case when not rahasia then 104 + east end,
    case when not rahasia then area end,
    {queue_record.OFFICES.format(end=END)}
from written;
insert into complaint_opd (tracking_id, instansi, place, code, state, forwarded_at, final_at)
select tracking_id, 'KEPRI', 0, opd, case when completed < {END} then 'final' else 'owes' end, verified,
    case when completed < {END} then completed end
from written where verified < {END};
insert into supporter_count (tracking_id, n)
select tracking_id, 1 + floor(random() * random() * 40)::int from written where not rahasia and random() < 0.1;
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
    case when n > 3 then ceil(complete) end, case when n > 4 and chance < 0.5 then 4 end,
    n between 2 and 3 and chance < 0.02, chance < 0.1, chance < 0.1, publicity, area, {FOLLOWED}
from (select sample.*, step.n, step.status, step.at {STEPS}) as lived join report_publicity using (tracking_id)
"""  # noqa: S608 - own words
_BOARD = "insert into board_entry select * from board_listing on conflict do nothing"
_TABLES = (
    "complaint",
    "complaint_opd",
    "status_span",
    "recap_tally",
    "work_tally",
    "board_entry",
    "concealment",
    "event",
)
_INDEXES = ("complaint_search", "board_entry_found", *queue_record.INDEXES)
_PATIENCE = 3600.0


def word(n: int) -> str:
    """Return a word of the vocabulary by its place in the order of frequency, from 0: as the table has it."""
    digest = hashlib.md5(str(n).encode(), usedforsecurity=False).hexdigest()
    return digest.translate(str.maketrans(_DIGITS, _LETTERS))[: 5 + n % 4]


def any_word(chance: random.Random) -> str:
    """Draw a word as the reports' words are drawn."""
    return word(int(50 * math.exp(chance.random() * math.log(1 + WORDS // 50)) - 50))


async def load(conn: asyncpg.Connection, reports: int) -> None:
    """Load reports with their words, lives and sums directly into the tables, beside the few that are there."""

    async def run(*statements: str) -> None:
        for statement in statements:
            await conn.execute(statement, timeout=_PATIENCE)

    await load_samples(conn, reports)
    await run("delete from sample where tracking_id in (select tracking_id from inbox)")
    indexes = [await conn.fetchval("select indexdef from pg_indexes where indexname = $1", name) for name in _INDEXES]
    await run("set session_replication_role = replica", "set work_mem = '256MB'", "set maintenance_work_mem = '1GB'")
    await run(*(f"drop index {name}" for name in _INDEXES), _WORDS, _WRITTEN, _COMPLAINTS)
    await run("analyze complaint; analyze event; analyze concealment; analyze complaint_opd; analyze supporter_count")
    await run(*queue_record.STATEMENTS, _SPANS, _BOARD, *indexes, "set session_replication_role = origin")
    await run(
        "select recap_rebuild()",
        "reset work_mem",
        *(f"vacuum (analyze) {table}" for table in (*_TABLES, *queue_record.TABLES)),
    )


@asynccontextmanager
async def filled_system(reports: int = REPORTS) -> AsyncIterator[System]:
    """Yield a system on a database with that many reports, without its engine.

    With `KAWAL_BENCH_HOME` it stands in that folder and stays; otherwise it is removed at the end.
    """
    kept = os.environ.get("KAWAL_BENCH_HOME")
    with tempfile.TemporaryDirectory(prefix="kwb", ignore_cleanup_errors=True) as scratch:
        settings = Settings(
            home=Path(kept or scratch), cache=Settings.from_env().cache, http_pages_rate="100000000/minute"
        )
        await _fill(settings, reports)
        async with postgres(settings) as url:
            nowhere = Endpoints(temporal_address="127.0.0.1:1", database_url=url, namespace=settings.namespace)
            async with open_system(settings, endpoints=nowhere, engine_later=True) as connected:
                yield connected


async def _live(complaints: Complaints) -> None:
    admin = await complaints.actor(Role.ADMIN, "Dewi")
    for _ in range(LIVED):
        await live(complaints)
        await begin(complaints)
    for _ in range(LIVED // 2):
        await receive(complaints)
        await complaints.send(await begin(complaints), "escalate", admin, {"why": "Warga sekolah terancam"})


async def _fill(settings: Settings, reports: int) -> None:
    """Do what the folder's marks do not say is done: the lives first, since loading leaves their numbers out."""
    loaded, lived = settings.home / f"loaded-{reports}-{LOADING}", settings.home / f"lived-{LIVES}"
    if loaded.exists() and lived.exists():
        return
    others = [one.name for one in settings.home.glob("loaded-*") if one != loaded]
    if others:
        raise RuntimeError(f"{settings.home} was filled as {others[0]}, not as {loaded.name}: name another folder")
    began = time.perf_counter()
    async with servers(settings) as running:
        if not lived.exists():
            async with working(running) as connected:
                await _live(Complaints(connected))
            lived.touch()
        if not loaded.exists():
            conn = await connect(running.owner_url, within=LONG_WITHIN)
            try:
                await load(conn, reports)
            finally:
                await conn.close()
            loaded.touch()
    sys.stdout.write(f"{reports} reports are there after {time.perf_counter() - began:.0f} s\n")


async def renew(home: Path, functions: Sequence[str]) -> None:
    """Take over these functions of schema.sql in a folder's database, and say that it has this schema.

    Raises ValueError for a name that is none of theirs.
    """
    text, settings = schema_text(), Settings(home=home)
    async with postgres(settings) as url:
        conn = await connect(owner_address(settings, url), within=LONG_WITHIN)
        try:
            for name in functions:
                _, found, rest = text.partition(f"create function {name}(")
                if not found:
                    raise ValueError(f"schema.sql has no function {name}")
                await conn.execute(found.replace("create", "create or replace", 1) + rest.partition("\n\n")[0])
            await conn.execute("update schema_made set digest = $1", digest_of(text))
            await grant_rights(conn)
        finally:
            await conn.close()


if __name__ == "__main__":
    asyncio.run(renew(Path(sys.argv[1]), sys.argv[2:]))
