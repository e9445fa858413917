"""The second wall: which tables and which rows the database shows to whom, written from the field's roles.

An agency's admin, Inspectorate and auditors see their agency, an auditor of none every one. A liaison sees what the own
OPD was given, and of a rahasia report the words only while the OPD has it. The leadership sees counts, and what came up
to it. The national admin sees counts. The desk sees its agency's process record, and words of what it registered.
"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from kawal.base.database_roles import SCOPES, scope_role
from kawal.base.settings import Settings
from kawal.domain.messages import Actor, Event, OpdLine
from kawal.domain.names import Role, Status
from kawal.domain.work_queues import Queue, may_open
from kawal.record import Record
from kawal.store import queues
from kawal.store.advice import advice_of
from kawal.store.changed_reports import changed_reports
from kawal.store.data_keys import DataKeyStore
from kawal.store.ledger import Ledger
from kawal.store.scoped import NoScope, scope_of, scoped
from kawal.store.staff_search import StaffSearch
from tests.database_owner import owner_does
from tests.reports.lives import happened, new, write

NOON = datetime(2022, 3, 7, 5, 0, tzinfo=UTC)

ADMIN = Actor(role=Role.ADMIN, account="admin0001", instansi="KEPRI")
INSPECTORATE = Actor(role=Role.INSPECTORATE, account="inspektorat1", instansi="KEPRI")
ADMIN_OF_RIAU = Actor(role=Role.ADMIN, account="admin0002", instansi="RIAU")
AUDITOR = Actor(role=Role.AUDITOR, account="auditor01", instansi="KEPRI")
OUTSIDER = Actor(role=Role.AUDITOR, account="auditor02")
ROADS = Actor(role=Role.LIAISON, account="liaison01", opd="DPUPR", instansi="KEPRI")
HEALTH = Actor(role=Role.LIAISON, account="liaison02", opd="DINKES", instansi="KEPRI")
HEALTH_OF_RIAU = Actor(role=Role.LIAISON, account="liaison03", opd="DINKES", instansi="RIAU")
SEKDA = Actor(role=Role.LEADERSHIP, account="sekda0001", instansi="KEPRI")
NATIONAL = Actor(role=Role.NATIONAL, account="nasional1")
DESK = Actor(role=Role.DESK, account="loket0001", instansi="KEPRI")
OTHER_DESK = Actor(role=Role.DESK, account="loket0002", instansi="KEPRI")

ALL_OFFICIALS = "agency every opd leadership national desk"
RECORD, OVERSEERS = "agency every opd leadership desk", "agency every"
READ_BY = {
    # What everybody may know, and what all need to read the rest.
    **dict.fromkeys(["instansi", "opd", "category", "category_opd", "calendar_version", "calendar_day"], ALL_OFFICIALS),
    **dict.fromkeys(
        ["policy_version", "board_entry", "schema_made", "log_head", "log_published", "canned_text"], ALL_OFFICIALS
    ),
    **dict.fromkeys(["public_status", "public_report", "public_file"], ALL_OFFICIALS),
    # The process record.
    **dict.fromkeys(["complaint", "complaint_opd", "complaint_clock", "concealment"], RECORD),
    # Words and what was done about them.
    "event": "agency every opd desk",
    **dict.fromkeys(["queue_place", "report_advice", "reply_read", "reconcile_finding"], RECORD),
    "attachment": RECORD,
    **dict.fromkeys(["raw_letter", "public_version", "public_follow_up", "public_file_version"], "agency every opd"),
    **dict.fromkeys(["side_act", "note_mention"], "agency every opd leadership"),
    "supporter_count": RECORD,
    # Counts.
    "status_span": "agency every leadership",
    **dict.fromkeys(["recap_tally", "recap_pending"], "agency every leadership national"),
    **dict.fromkeys(["work_tally", "work_pending", "what_if", "what_if_report"], "agency every leadership"),
    # What an agency administers, and what its work is judged by.
    **dict.fromkeys(["account", "office_address", "inbox", "tray_item", "tray_item_report"], OVERSEERS),
    "outbox": "agency every opd",
    **dict.fromkeys(["outgoing_message", "erasure", "access_log", "history_archive"], OVERSEERS),
    **dict.fromkeys(["quality_draw", "quality_item", "quality_review"], OVERSEERS),
    **dict.fromkeys(["decree", "action_plan", "action_item"], OVERSEERS),
}
"""Which scopes may read each table or view at all; one that is not named is read by none."""

NOT_READ = {
    "agency": {
        "inbox": {"body", "external_mac", "idempotency_mac", "digest_mac", "data_key_id", "contacts_noted"},
        "tray_item": {"body", "sender", "sender_mac", "identity_mac", "grounds"},
        "outbox": {"body"},
        "outgoing_message": {"body", "once_mac"},
    },
    "desk": {
        "complaint": {
            *("title", "body", "place", "latitude", "longitude", "occurred_on", "area", "search", "public_search"),
        },
    },
}
"""Columns that a scope may not read of a table that it may: what is opened for a purpose and on record, and words."""

SEEN: dict[str, list[tuple[Actor, set[int]]]] = {
    "complaint": [
        *((actor, {1, 2, 3, 5, 6}) for actor in (ADMIN, INSPECTORATE, AUDITOR, DESK, OTHER_DESK)),
        (ADMIN_OF_RIAU, {4}),
        (OUTSIDER, {1, 2, 3, 4, 5, 6}),
        (ROADS, {1, 3, 6}),
        (HEALTH, {2}),
        (HEALTH_OF_RIAU, {4}),
        (SEKDA, {2}),
    ],
    "complaint_opd": [(ADMIN, {1, 2, 3}), (ROADS, {1, 3}), (HEALTH, {2}), (SEKDA, {2}), (DESK, {1, 2, 3})],
    "event": [
        *((actor, {1, 2, 3, 5, 6}) for actor in (ADMIN, AUDITOR)),
        (ADMIN_OF_RIAU, {4}),
        (OUTSIDER, {1, 2, 3, 4, 5, 6}),
        (ROADS, {1, 6}),
        (HEALTH, {2}),
        (HEALTH_OF_RIAU, {4}),
        (DESK, {5}),
        (OTHER_DESK, set()),
    ],
    "status_span": [(ADMIN, {1, 2, 3, 5, 6}), (SEKDA, {1, 2, 3, 5, 6}), (ADMIN_OF_RIAU, {4})],
}
"""Of the reports that `pool` holds, which each official sees in a table."""

AGENCIES = [(ADMIN, {"KEPRI"}), (ADMIN_OF_RIAU, {"RIAU"}), (SEKDA, {"KEPRI"}), (OUTSIDER, {"KEPRI", "RIAU"})]
"""Whose sums each sees."""


def _given(code: str, state: str = "owes") -> list[OpdLine]:
    return [OpdLine(code=code, state=state, forwarded_at=NOON)]


REPORTS: dict[int, dict[str, Any]] = {
    1: {"opds": _given("DPUPR")},
    2: {"opds": _given("DINKES"), "level": 2, "ever_level": 2},
    3: {"opds": _given("DPUPR", "returned"), "rahasia": True},
    4: {"opds": _given("DINKES"), "level": 3, "ever_level": 3, "instansi": "RIAU"},
    5: {},
    6: {"main_report": "0000001", "status": Status.DIGABUNG},
}


@pytest.fixture
async def reports(pool: asyncpg.Pool, keys: DataKeyStore, ledger: Ledger) -> asyncpg.Pool:
    """Return the pool of a database with one report for each rule."""
    await pool.execute("insert into instansi (code, name) values ('RIAU', 'Riau')")
    await pool.execute("insert into opd (instansi, code, name) values ('RIAU', 'DINKES', 'Dinkes')")
    for number, given in REPORTS.items():
        async with pool.acquire() as conn:
            await keys.create(conn, f"complaint-{number:07d}")
        begun = happened(NOON, 1, given.get("status", Status.BELUM_DIVERIFIKASI))
        first = begun.model_copy(update={"actor": DESK}) if number == 5 else begun
        assert isinstance(first, Event)
        await write(ledger, new(number, NOON, **given), first)
    await owner_does(pool, "update complaint set title = 'Jembatan rusak' where not rahasia")
    return pool


async def _numbers(pool: asyncpg.Pool, actor: Actor, statement: str) -> set[int]:
    async with scoped(pool, actor) as conn:
        return {int(row[0]) for row in await conn.fetch(statement)}


async def test_each_official_sees_the_rows_of_the_own_scope_and_no_others(reports: asyncpg.Pool) -> None:
    for table, expected in SEEN.items():
        for actor, numbers in expected:
            found = await _numbers(reports, actor, f"select tracking_id from {table}")  # noqa: S608 - own words
            assert found == numbers, (table, actor)
    for actor, agencies in AGENCIES:
        async with scoped(reports, actor) as conn:
            counted = "select instansi from recap_tally union select instansi from recap_pending"
            assert {row[0] for row in await conn.fetch(counted)} == agencies, actor


async def test_who_sees_counts_alone_reads_no_report(reports: asyncpg.Pool) -> None:
    async with scoped(reports, NATIONAL) as conn:
        assert {row[0] for row in await conn.fetch("select distinct instansi from recap_pending")} == {"KEPRI", "RIAU"}
    for actor, table in ((NATIONAL, "complaint"), (NATIONAL, "event"), (SEKDA, "event"), (DESK, "raw_letter")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await _numbers(reports, actor, f"select tracking_id from {table}")  # noqa: S608 - own words


async def test_a_search_finds_what_its_reader_may_see_and_a_limit_starves_nobody(reports: asyncpg.Pool) -> None:
    found = "select number from staff_search('jembatan', '{{}}', '{{}}', false, null, null, {most})"
    for actor, numbers in (
        *((ADMIN, {1, 2, 5, 6}), (OUTSIDER, {1, 2, 4, 5, 6}), (ROADS, {1}), (HEALTH, {2}), (HEALTH_OF_RIAU, {4})),
        *((SEKDA, {2}), (DESK, set()), (NATIONAL, set())),
    ):
        assert await _numbers(reports, actor, found.format(most=50)) == numbers, actor
        assert len(await _numbers(reports, actor, found.format(most=1))) == min(1, len(numbers)), actor
    assert await reports.fetch(found.format(most=50)) == [], "the application itself has no scope"


async def test_a_number_is_found_and_a_change_told_as_far_as_the_scope_goes(
    reports: asyncpg.Pool, keys: DataKeyStore
) -> None:
    numbers = [f"{number:07d}" for number in REPORTS]
    for actor, seen in (*SEEN["complaint"], (NATIONAL, set())):
        changed = await changed_reports(reports, actor, numbers)
        assert {int(one.number) for one in changed} == seen, actor
        search = StaffSearch(reports, keys, actor)
        found = {int(line.number) for number in numbers for line in (await search.page(number)).lines}
        assert found == seen - ({6} if actor.role is Role.LIAISON else set()), actor


async def test_without_its_settings_a_scope_shows_nothing_and_it_ends_with_its_transaction(
    reports: asyncpg.Pool,
) -> None:
    for scope in sorted(set(SCOPES) - {"every", "national"}):
        async with reports.acquire() as conn, conn.transaction():
            await conn.execute(f"set local role {scope_role(scope)}")
            for blank in (None, ""):
                if blank is not None:
                    await conn.execute(
                        "select set_config('kawal.instansi', '', true), set_config('kawal.opd', '', true)"
                    )
                assert await conn.fetchval("select count(tracking_id) from complaint") == 0, scope
                assert (
                    await conn.fetch("select * from staff_search('jembatan', '{}', '{}', false, null, null, 9)") == []
                )
    async with reports.acquire() as conn:
        assert await conn.fetchval("select current_user") == "kawal_app"
        assert await conn.fetchval("select nullif(current_setting('kawal.instansi', true), '')") is None
    with pytest.raises(asyncpg.DivisionByZeroError):
        await _numbers(reports, ROADS, "select 1 / 0")
    assert await reports.fetchval("select count(*) from complaint") == len(REPORTS)


async def test_pages_that_read_much_at_once_never_wait_for_each_other_in_a_circle(
    reports: asyncpg.Pool, keys: DataKeyStore
) -> None:
    record = Record(Settings(), reports, keys)

    async def read(number: int) -> tuple[int, int]:
        async with record.seen_at_once(ROADS) as seen:
            first, again = await asyncio.gather(*(seen.pool.fetchval(_COUNTED) for _ in range(2)))
            assert first == again
            return first, await record.pool.fetchval("select $1::int", number)  # as what goes on record meanwhile

    async with asyncio.timeout(30):
        found = await asyncio.gather(*(read(number) for number in range(4 * reports.get_max_size())))
    assert found == [(3, number) for number in range(4 * reports.get_max_size())]


_COUNTED = "select count(tracking_id) from complaint"


async def test_a_scope_reads_and_does_nothing_else(reports: asyncpg.Pool) -> None:
    granted = await reports.fetch(
        "select grantee, table_name, privilege_type from information_schema.role_table_grants"
        " where grantee like 'kawal_web%' and privilege_type <> 'SELECT'"
    )
    assert [dict(row) for row in granted] == []
    for attack in ("update complaint set overdue = true", "select tracking_id from complaint for update"):
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError)):
            await _numbers(reports, ADMIN, attack)


MANY = """
insert into complaint (tracking_id, instansi, status, channel, anonim, rahasia, received_at, policy_version,
    calendar_version, last_seq)
select (2000000 + n)::text, 'KEPRI', 'belum_diverifikasi', 'web', false, false, now() - n * interval '1 minute', 'p',
    'c', 1
from generate_series(1, 5000) as n
"""
CONDITIONS = ("Index Cond", "Recheck Cond", "Filter")


class Plans:
    """Plans what would be read, with no whole table where anything else gives the same."""

    def __init__(self, conn: asyncpg.Connection) -> None:
        self._conn = conn
        self.scans: list[dict[str, Any]] = []
        """How the table of complaints would be read."""

    async def fetch(self, statement: str, *values: Any) -> list[Any]:
        (plan,) = json.loads(await self._conn.fetchval(f"explain (format json) {statement}", *values))
        self._walk(plan["Plan"])
        return []

    async def fetchrow(self, statement: str, *values: Any) -> None:
        await self.fetch(statement, *values)

    def _walk(self, node: dict[str, Any]) -> None:
        if node.get("Relation Name") == "complaint":
            self.scans.append(node)
        for inner in node.get("Plans", []):
            self._walk(inner)


async def test_no_page_of_a_queue_and_no_advice_looks_at_every_report_of_the_scope(reports: asyncpg.Pool) -> None:
    """What is not leakproof is evaluated after the policies: as the key of a join it is compared with every row."""
    await owner_does(reports, MANY, "analyze complaint")
    for actor in (ADMIN, INSPECTORATE, ROADS):
        async with scoped(reports, actor) as conn:
            plans, role = Plans(conn), queues.scope_of(actor)
            for way in ("seqscan", "hashjoin", "mergejoin"):
                await conn.execute(f"set local enable_{way} = off")
            for queue in Queue:
                if may_open(actor.role, queue):
                    await queues.queue_page(plans, queue, role)
            await advice_of(plans, "1000001")
        assert plans.scans
        others = [scan for scan in plans.scans if not any("tracking_id" in scan.get(part, "") for part in CONDITIONS)]
        in_order = [scan for scan in others if scan.get("Index Name") == "complaint_closed"]  # up to a page of them
        assert (actor.role, others) == (actor.role, in_order)


async def test_each_scope_reads_the_tables_and_columns_of_its_work(pool: asyncpg.Pool) -> None:
    rows = await pool.fetch(
        "select c.relname as table, a.attname as column, s.scope, c.relrowsecurity as guarded, c.relkind::text as kind,"
        " exists (select from pg_attribute t where t.attrelid = c.oid and t.attname in ('tracking_id', 'instansi'))"
        "   as somebodys"
        " from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
        " cross join unnest($1::text[]) as s (scope)"
        " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')"
        "   and has_column_privilege('kawal_web_' || s.scope, c.oid, a.attnum, 'select')",
        list(SCOPES),
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["table"], set()).add(row["scope"])
    assert found == {table: set(scopes.split()) for table, scopes in READ_BY.items()}
    for scope, tables in NOT_READ.items():
        for table, hidden in tables.items():
            read = {row["column"] for row in rows if (row["scope"], row["table"]) == (scope, table)}
            every = await pool.fetch("select column_name from information_schema.columns where table_name = $1", table)
            assert {row[0] for row in every} - read == hidden, (scope, table)
    known_to_all = {table for table, scopes in READ_BY.items() if scopes == ALL_OFFICIALS}
    unguarded = {row["table"] for row in rows if row["somebodys"] and row["kind"] == "r" and not row["guarded"]}
    assert unguarded <= known_to_all, "what belongs to a complaint or an agency has its policies"


def test_who_is_no_official_or_lacks_the_agency_or_opd_of_the_role_has_no_scope() -> None:
    assert [scope_of(actor) for actor in (ADMIN, INSPECTORATE, AUDITOR, OUTSIDER)] == ["agency"] * 3 + ["every"]
    assert [scope_of(actor) for actor in (ROADS, SEKDA, NATIONAL, DESK)] == ["opd", "leadership", "national", "desk"]
    for actor in (
        *(Actor(role=role, account="x", instansi="KEPRI") for role in (Role.REPORTER, Role.ADAPTER, Role.SYSTEM)),
        ADMIN.model_copy(update={"instansi": None}),
        ROADS.model_copy(update={"opd": None}),
    ):
        with pytest.raises(NoScope):
            scope_of(actor)
