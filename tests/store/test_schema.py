"""A database has this release's schema or is refused; and the schema refuses bad states."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from enum import StrEnum
from pathlib import Path

import asyncpg
import pytest

from kawal.base.postgres import connect
from kawal.domain.names import Channel, ClockKind, EventKind, Publicity, ReportClass, Role, Status
from kawal.store.schema import SchemaMismatch, check_schema, digest_of, make_schema, require_schema, schema_text
from kawal.store.seed_data import seed
from kawal.wording.catalogues import say
from tests.database_owner import is_refused, owner_url

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
async def conn(bare_database_url: str) -> AsyncIterator[asyncpg.Connection]:
    conn = await connect(owner_url(bare_database_url))
    await emptied(conn)
    yield conn
    await conn.close()


def step(folder: Path, number: int, start: str, statements: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{number:04}_step.sql").write_text(f"-- from {start}\n{statements};\n")


async def test_making_the_schema_again_or_by_several_processes_at_once_changes_nothing(
    conn: asyncpg.Connection, bare_database_url: str
) -> None:
    others = [await connect(owner_url(bare_database_url)) for _ in range(3)]
    made = await asyncio.gather(*(make_schema(one) for one in [conn, *others]))
    assert sorted(made) == [False, False, False, True]
    assert await make_schema(conn) is False
    await require_schema(conn)
    for other in others:
        await other.close()


@pytest.mark.parametrize(
    ("before", "named"),
    [
        ("create table schema_version (version integer, name text); insert into schema_version values (4, 'x')", "#4"),
        ("create table schema_made (digest text); insert into schema_made values (repeat('7', 64))", "7" * 12),
    ],
    ids=["numbered", "of another release"],
)
async def test_a_database_of_another_schema_is_refused_in_one_sentence_and_left_alone(
    conn: asyncpg.Connection, before: str, named: str
) -> None:
    await conn.execute(before)
    stood = await catalog(conn)
    ours = digest_of(schema_text())[:12]
    for refusing in (make_schema, require_schema):
        with pytest.raises(SchemaMismatch) as refused:
            await refusing(conn)
        for lang in ("id", "en"):
            assert f" {named}" in say(lang, refused.value.sentence)
            assert ours in say(lang, refused.value.sentence)
            assert "\n" not in say(lang, refused.value.sentence)
    assert await catalog(conn) == stood


async def test_numbered_steps_lead_from_an_earlier_schema_to_todays(conn: asyncpg.Connection, tmp_path: Path) -> None:
    earliest, earlier = "1" * 64, "2" * 64
    step(tmp_path, 1, earliest, "create table first (n integer)")
    step(tmp_path, 2, earlier, "create table second (n integer)")
    await conn.execute("create table schema_made (singleton boolean default true, digest text)")
    await conn.execute("insert into schema_made (digest) values ($1)", earlier)
    check_schema(earliest, tmp_path)
    assert await make_schema(conn, tmp_path)
    assert await conn.fetchval("select to_regclass('second') is not null and to_regclass('first') is null")
    assert await make_schema(conn, tmp_path) is False
    with pytest.raises(SchemaMismatch):
        check_schema("3" * 64, tmp_path)


def test_a_comment_makes_no_other_schema() -> None:
    assert digest_of("create table a (b int); -- why\n\n") == digest_of("-- what\ncreate  table a\n(b int);")
    assert digest_of("create table a (b int);") != digest_of("create table a (c int);")


CLOSED_LISTS: dict[str, type[StrEnum]] = {
    "status_word": Status,
    "role_word": Role,
    "class_word": ReportClass,
    "channel_word": Channel,
    "clock_word": ClockKind,
    "event_word": EventKind,
    "publicity_word": Publicity,
}


async def test_the_closed_lists_are_those_of_the_code(conn: asyncpg.Connection) -> None:
    await make_schema(conn)
    for domain, words in CLOSED_LISTS.items():
        for word in words:
            await conn.fetchval(f"select $1::text::{domain}", str(word))
        check = await conn.fetchval(
            "select pg_get_constraintdef(oid) from pg_constraint where contypid = $1::text::regtype", domain
        )
        listed = check.count("::text") - check.count("VALUE)::text") - check.count("VALUE::text")
        assert listed == len(list(words)), domain


BAD = (
    "insert into instansi (code, name) values ('kecil', 'x')",
    "insert into instansi (code, name) values ('BARU', '')",
    "insert into instansi (code, name, area) values ('BARU', 'Batam', 'Batam')",
    "insert into opd (instansi, code, name) values ('ANTAH', 'X', 'x')",
    "insert into account (id, instansi, role, name) values ('aaaaaaaaaa', 'KEPRI', 'liaison', '')",
    "insert into account (id, role, name) values ('aaaaaaaaaa', 'agency_admin', '')",
    "insert into account (id, instansi, role, name) values ('Budi Santoso', 'KEPRI', 'inspectorate', '')",
    "insert into category (name, main, sub) values ('A / B', 'A', 'C')",
    "insert into category_opd (instansi, category, opd, outside) values ('KEPRI', 'AGAMA', null, null)",
    "insert into policy_version (version, effective_from, revision, body) values ('p', '2030-01-01', 0, '{}')",
    "update policy_version set body = '{}'",
    "delete from calendar_day",
    "insert into data_key (data_key_id, owner, master_key_id) values (gen_random_uuid(), 'system', 'm')",
    "insert into data_key (data_key_id, owner, wrapped_key, master_key_id) values (gen_random_uuid(), 'me', '', 'm')",
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
)


async def test_a_bad_state_cannot_be_stored(conn: asyncpg.Connection) -> None:
    await make_schema(conn)
    await seed(conn)
    for bad in BAD:
        assert await is_refused(asyncpg.IntegrityConstraintViolationError, conn.execute(bad)), bad


async def test_an_ordinary_complaint_can_be_stored(conn: asyncpg.Connection) -> None:
    await make_schema(conn)
    await seed(conn)
    await conn.execute(COMPLAINT.format(columns="", values="", tracking="1234567", status="ditunda"))
