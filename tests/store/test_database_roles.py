"""The application owns nothing: what its connection may do to each table, and what it may never do."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from kawal.base.database_roles import (
    APPLICATION,
    OWNER,
    WEB,
    connecting_as,
    make_roles,
    owner_address,
    owner_password_file,
    require_owner,
)
from kawal.base.endpoints import Endpoints
from kawal.base.errors import SystemUnavailable
from kawal.base.postgres import close_pool, connect, open_pool
from kawal.base.settings import Settings
from kawal.crypto.master_keys import LocalMasterKey
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.embedded.postgres import with_database
from kawal.embedded.postgres_tools import DUMP, fitting_tool, run_tool
from kawal.store.schema import grant_rights, make_schema, require_schema, schema_text
from kawal.store.scoped import scoped
from kawal.store.setup import prepare_database
from tests.database_owner import as_owner, is_refused, owner_does, owner_url

ROOT = Path(__file__).parents[2]
SECRET = "0123456789abcdef"  # noqa: S105 - of roles that a test makes and removes

NEVER = {
    "be the owner": f"set role {OWNER}",
    "be the owner for a transaction": f"select set_config('role', '{OWNER}', true)",
    "change what happened": "update event set status = 'selesai'",
    "remove what happened": "delete from event",
    "empty it": "truncate event cascade",
    "change who read what": "update access_log set kind = 'verified'",
    "change an act beside the process": "update side_act set kind = 'released'",
    "change a rule set": "update policy_version set body = '{}'",
    "change a head of the log": "update log_head set at = now()",
    "change what a data key opens": "update data_key set owner = 'complaint-1234567'",
    "remove a data key": "delete from data_key",
    "switch the triggers off": "alter table event disable trigger all",
    "switch one off": "alter table event disable trigger no_change",
    "switch them off for itself": "set session_replication_role = replica",
    "take a trigger away": "drop trigger no_change on event",
    "replace what a trigger does": "create or replace function refuse_change() returns trigger language plpgsql as ''",
    "take a table away": "drop table event",
    "take all away": "drop schema public cascade",
    "make a table": "create table mine (n integer)",
    "make one for itself": "create temporary table mine (n integer)",
    "make a function": "create function mine() returns integer language sql as 'select 1'",
    "make a role": "create role mine",
    "give itself more": f"alter role {APPLICATION} superuser",
    "take the row-level security away": "alter table complaint disable row level security",
    "read the passwords": "select rolpassword from pg_authid",
    "read the server's files": "select pg_read_file('postgresql.conf')",
    "run a program": "copy (select 1) to program 'true'",
    "recount everything": "select recap_rebuild()",
}


async def test_the_application_may_never(pool: asyncpg.Pool) -> None:
    for what, statement in NEVER.items():
        assert await is_refused(asyncpg.InsufficientPrivilegeError, pool.execute(statement)), what


async def test_the_roles_own_nothing_and_are_no_more_than_they_seem(pool: asyncpg.Pool) -> None:
    assert await pool.fetchval("select current_user || session_user") == APPLICATION * 2
    rights = "rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication"
    for role in (APPLICATION, WEB):
        assert await pool.fetchval(f"select {rights} from pg_roles where rolname = $1", role) is False  # noqa: S608
        owned = "select count(*) from pg_shdepend where deptype = 'o' and refobjid = $1::text::regrole"
        assert await pool.fetchval(owned, role) == 0
    assert await pool.fetchval("select rolcanlogin from pg_roles where rolname = $1", WEB) is False


@pytest.mark.parametrize("password", ["", "postgres", None])
async def test_nobody_connects_as_the_owner_without_its_password(database_url: str, password: str | None) -> None:
    given = "0" * 64 if password is None else password
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(connecting_as(database_url, OWNER, given))
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(connecting_as(database_url, APPLICATION, given))


async def test_the_owners_password_is_asked_of_its_file_alone(quick_folder: Path, database_url: str) -> None:
    home = quick_folder / "session"
    file = owner_password_file(home)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().strip() not in database_url
    assert owner_address(Settings(home=home), database_url) == owner_url(database_url)
    with pytest.raises(SystemUnavailable, match=r"database-owner\.password"):
        owner_address(Settings(home=home / "elsewhere"), database_url)
    named = Settings(home=home, database_url="postgresql://a@b/c", database_owner_url="postgresql://d@b/c")
    assert owner_address(named, database_url) == "postgresql://d@b/c"
    assert "postgresql://d@b/c" not in repr(named)


async def test_what_only_the_owner_can_do_is_refused_in_words_to_the_application(database_url: str) -> None:
    conn = await connect(database_url)
    with pytest.raises(SystemUnavailable, match="DATABASE_OWNER_URL"):
        await require_owner(conn)
    await conn.close()
    async with as_owner(database_url) as owner:
        await require_owner(owner)
        await owner.execute("create role stranger nosuperuser")
        await owner.execute("set role stranger")
        await make_roles(owner)  # there are all of them
        await owner.execute("reset role; drop role stranger")


async def test_an_agencys_own_server_works_with_an_owner_that_is_no_superuser_and_a_member_of_the_application(
    temporal_server: Endpoints, tmp_path: Path
) -> None:
    url = temporal_server.database_url
    names = [f"{name}_{uuid4().hex[:8]}" for name in ("owner", "kepri", "stranger", "installation")]
    owner, application, stranger = (connecting_as(with_database(url, names[3]), name, SECRET) for name in names[:3])
    async with as_owner(url) as server:
        for name in names[:3]:
            await server.execute(f"create role {name} login password '{SECRET}'")
        await server.execute(f"grant {APPLICATION} to {names[1]}")
        await server.execute(f"create database {names[3]} owner {names[0]}")
        for address in (application, owner):
            conn = await connect(address)
            if address == application:
                with pytest.raises(SystemUnavailable, match="DATABASE_OWNER_URL"):
                    await make_schema(conn)
            else:
                await make_schema(conn)
            await conn.close()
        await server.execute(f"grant connect on database {names[3]} to {names[2]}")
        conn = await connect(stranger)
        with pytest.raises(SystemUnavailable, match="kawal_app"):
            await require_schema(conn)
        await conn.close()
        await prepare_database(application, LocalMasterKey(bytes(32)))
        pool = await open_pool(application, max_size=1)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute("alter table event disable trigger all")
        async with scoped(pool, Actor(role=Role.ADMIN, account="admin0001", instansi="KEPRI")) as conn:
            assert await conn.fetchval("select current_user") == "kawal_web_agency"
            assert await conn.fetchval("select count(*) from complaint") == 0
        await close_pool(pool)
        dumped = tmp_path / "database.dump"
        await run_tool(await fitting_tool(DUMP, 18), ("--format=custom", f"--file={dumped}"), owner)
        assert dumped.stat().st_size > 0
        await server.execute(f"drop database {names[3]} with (force)")
        await server.execute(f"drop role {', '.join(names[:3])}")


async def test_rights_are_given_again_and_no_others(pool: asyncpg.Pool) -> None:
    before = await _granted(pool)
    await owner_does(
        pool, "grant all on all tables in schema public to kawal_app", "revoke select on inbox from kawal_app"
    )
    assert await _granted(pool) != before
    async with as_owner(pool) as owner:
        await grant_rights(owner)
    assert await _granted(pool) == before


async def _granted(pool: asyncpg.Pool) -> set[tuple[str, str]]:
    rows = await pool.fetch(
        "select table_name, privilege_type from information_schema.role_table_grants where grantee = $1"
        " union select table_name, privilege_type from information_schema.column_privileges where grantee = $1",
        APPLICATION,
    )
    return {(row["table_name"], row["privilege_type"]) for row in rows}


_BY_NAME = {
    "delete": {
        *("reporter_contact", "rahasia_word", "inbox_reply", "raw_letter", "conversation", "outgoing_message"),
        *("message_medium", "public_version", "public_follow_up", "public_file_version", "support", "supporter_count"),
        *("report_advice", "reply_read", "note_mention"),
    },
    "insert": {"access_log", "side_act", "history_archive", "decree", "action_plan", "action_item"},
}
"""What statements that are put together from a table's name do: erasures, numbered chains, registers."""


def _done_by_code() -> dict[str, set[str]]:
    """Return which tables the program inserts into, updates and deletes from, by reading its statements."""
    tables = set(re.findall(r"^create table (\w+)", schema_text(), re.MULTILINE))
    whole = schema_text().split("\n-- Rights --")[0]
    texts = [whole, *(path.read_text() for room in ("kawal", "activities") for path in (ROOT / room).rglob("*.py"))]
    done: dict[str, set[str]] = defaultdict(set)
    for verb, pattern in (
        ("insert", r"insert into (\w+)"),
        ("update", r"\bupdate (\w+)(?: \w+)? set\b|\bupdate (\w+)\b(?! on|\))"),
        ("delete", r"delete from (\w+)"),
        ("update", r"insert into (\w+)(?:(?!insert into).)*?do update"),
    ):
        for text in texts:
            joined = re.sub(r'"\s*\n\s*f?"', "", text)
            for match in re.finditer(pattern, joined, re.DOTALL):
                done[verb] |= {name for name in match.groups() if name in tables}
    for verb, named in _BY_NAME.items():
        done[verb] |= named
    return done


OWNERS_OWN = {"schema_made"}
"""Written while the schema is made."""


async def test_each_table_has_the_rights_that_the_program_uses_and_no_others(pool: asyncpg.Pool) -> None:
    granted, done = await _granted(pool), _done_by_code()
    for verb in ("insert", "update", "delete"):
        given = {table for table, right in granted if right == verb.upper()}
        assert given == done[verb] - OWNERS_OWN, verb
    tables = {row[0] for row in await pool.fetch("select tablename from pg_tables where schemaname = 'public'")}
    assert tables <= {table for table, right in granted if right == "SELECT"}
    assert {right for _, right in granted} == {"SELECT", "INSERT", "UPDATE", "DELETE"}
