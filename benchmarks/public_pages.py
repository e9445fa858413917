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
from datetime import UTC, date, datetime
from pathlib import Path

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
    await run(_SPANS, _BOARD, *indexes, "set session_replication_role = origin", "reset work_mem")
    await run("select recap_rebuild()", *(f"vacuum (analyze) {table}" for table in _TABLES))
