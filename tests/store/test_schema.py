"""schema.sql is the sum of the migrations, and what they make refuses bad states."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from kawal.base.postgres import connect
from kawal.domain.names import Channel, ClockKind, EventKind, ReportClass, Role, Status
from kawal.store.migrations import SchemaTooNew, migrate, migrations, schema_text
from kawal.store.seed import seed

CATALOG = {
    "columns": """select table_name, column_name, ordinal_position, data_type, domain_name, is_nullable, column_default,
        is_identity, generation_expression from information_schema.columns where table_schema = 'public'""",
    "constraints": """select conrelid::regclass::text, contypid::regtype::text, conname, pg_get_constraintdef(oid)
        from pg_constraint where connamespace = 'public'::regnamespace""",
    "indexes": "select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'",
    "functions": "select proname, pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace",
    "triggers": """select tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid) from pg_trigger
        where not tgisinternal""",
    "domains": """select typname, format_type(typbasetype, typtypmod), typnotnull from pg_type
        where typnamespace = 'public'::regnamespace and typtype = 'd'""",
    "views": "select viewname, definition from pg_views where schemaname = 'public'",
}

COMPLAINT = (
    "insert into complaint (tracking_id, instansi, status, channel, anonim, rahasia, received_at, policy_version,"
    " calendar_version, last_seq{columns})"
    " values ('{tracking}', 'KEPRI', '{status}', 'web', false, true, now(), 'p', 'c', 1{values})"
)


async def catalog(conn: asyncpg.Connection) -> dict[str, list[str]]:
    return {name: sorted(str(tuple(row)) for row in await conn.fetch(query)) for name, query in CATALOG.items()}


async def emptied(conn: asyncpg.Connection) -> None:
    await conn.execute("drop schema public cascade; create schema public")


@pytest.fixture
async def conn(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    conn = await connect(database_url)
    await emptied(conn)
    yield conn
    await conn.close()


async def test_a_fresh_schema_equals_all_migrations(conn: asyncpg.Connection) -> None:
    await conn.execute(schema_text())
    fresh = await catalog(conn)
    await emptied(conn)
    for step in migrations():
        await conn.execute(step.path.read_text("utf-8"))
    stepwise = await catalog(conn)
    for name in CATALOG:
        assert fresh[name] == stepwise[name], name


def test_migrations_are_numbered_without_gaps() -> None:
    assert [step.version for step in migrations()] == list(range(1, len(migrations()) + 1))


async def test_migrating_again_or_by_several_processes_at_once_changes_nothing(
    conn: asyncpg.Connection, database_url: str
) -> None:
    others = [await connect(database_url) for _ in range(3)]
    added = await asyncio.gather(*(migrate(one) for one in [conn, *others]))
    assert sorted(map(len, added)) == [0, 0, 0, len(migrations())]
    assert await migrate(conn) == []
    for other in others:
        await other.close()


async def test_a_database_of_a_later_release_is_left_alone(conn: asyncpg.Connection) -> None:
    await migrate(conn)
    await conn.execute("insert into schema_version (version, name) values (9999, 'later')")
    with pytest.raises(SchemaTooNew):
        await migrate(conn)


@pytest.mark.parametrize(
    ("domain", "words"),
    [
        ("status_word", Status),
        ("role_word", Role),
        ("class_word", ReportClass),
        ("channel_word", Channel),
        ("clock_word", ClockKind),
        ("event_word", EventKind),
    ],
)
async def test_the_closed_lists_are_those_of_the_code(
    conn: asyncpg.Connection, domain: str, words: type[Status]
) -> None:
    await migrate(conn)
    for word in words:
        await conn.fetchval(f"select $1::text::{domain}", str(word))
    check = await conn.fetchval(
        "select pg_get_constraintdef(oid) from pg_constraint where contypid = $1::text::regtype", domain
    )
    assert check.count("::text") - check.count("VALUE)::text") - check.count("VALUE::text") == len(list(words))


@pytest.mark.parametrize(
    "bad",
    [
        "insert into instansi (code, name) values ('kecil', 'x')",
        "insert into instansi (code, name) values ('BARU', '')",
        "insert into opd (instansi, code, name) values ('ANTAH', 'X', 'x')",
        "insert into account (id, instansi, role, name) values ('aaaaaaaaaa', 'KEPRI', 'liaison', '')",
        "insert into account (id, role, name) values ('aaaaaaaaaa', 'agency_admin', '')",
        "insert into account (id, instansi, role, name) values ('Budi Santoso', 'KEPRI', 'inspectorate', '')",
        "insert into category (name, main, sub) values ('A / B', 'A', 'C')",
        "insert into category_opd (instansi, category, opd, outside) values ('KEPRI', 'AGAMA', null, null)",
        "insert into policy_version (version, effective_from, revision, body) values ('p', '2030-01-01', 0, '{}')",
        "update policy_version set body = '{}'",
        "delete from calendar_day",
        "insert into data_key (key_id, owner, master_key_id) values (gen_random_uuid(), 'system', 'm')",
        "insert into data_key (key_id, owner, wrapped_key, master_key_id) values (gen_random_uuid(), 'me', '', 'm')",
        "delete from data_key",
        COMPLAINT.format(columns=", body", values=", 'rahasia'", tracking="1234567", status="ditunda"),
        COMPLAINT.format(columns="", values="", tracking="1234567", status="selesai"),
        COMPLAINT.format(columns="", values="", tracking="1234567", status="proses"),
        COMPLAINT.format(columns="", values="", tracking="1234567", status="digabung"),
        COMPLAINT.format(columns="", values="", tracking="1234567", status="dibuang"),
        COMPLAINT.format(columns="", values="", tracking="123", status="ditunda"),
        COMPLAINT.format(columns=", rating", values=", 6", tracking="1234567", status="ditunda"),
        COMPLAINT.format(columns=", overdue", values=", true", tracking="1234567", status="ditunda"),
        COMPLAINT.format(columns=", category", values=", 'TIDAK ADA'", tracking="1234567", status="ditunda"),
    ],
)
async def test_a_bad_state_cannot_be_stored(conn: asyncpg.Connection, bad: str) -> None:
    await migrate(conn)
    await seed(conn)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await conn.execute(bad)


async def test_an_ordinary_complaint_can_be_stored(conn: asyncpg.Connection) -> None:
    await migrate(conn)
    await seed(conn)
    await conn.execute(COMPLAINT.format(columns="", values="", tracking="1234567", status="ditunda"))
