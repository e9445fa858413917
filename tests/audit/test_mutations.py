"""A campaign against the record: an administrator with every right changes, removes, inserts and swaps at random.

Each mutation is made by a superuser with all triggers and constraints' triggers off, in a transaction that is rolled
back, in a small record that is sealed except for its end. Each must be found, and at the right place.
"""

# ruff: noqa: S608 - the names of tables and columns are the test's own
from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import asyncpg
import pytest

from kawal.audit.proof.findings import Finding
from kawal.audit.proof.verify import Verification
from kawal.base.postgres import close_pool, open_pool, speak_json
from kawal.crypto.master_keys import LocalMasterKey
from kawal.proof.chain import (
    ACCESS_FIELDS,
    ACCESS_TAG,
    EVENT_FIELDS,
    EVENT_TAG,
    GENESIS,
    HISTORY_ARCHIVE_FIELDS,
    HISTORY_ARCHIVE_TAG,
    SIDE_ACT_FIELDS,
    SIDE_ACT_TAG,
    row_hash,
)
from kawal.proof.heads import Head, head_text
from kawal.proof.signing import endorsement_text, fresh_private, name_of, public_of, sign
from kawal.store import sealing
from kawal.store.data_keys import DataKeyStore
from kawal.store.log import Log
from kawal.store.sealing import Sealer
from kawal.store.setup import prepare_database
from tests.audit.records import Record
from tests.database_owner import owner_url
from tests.store.lives import NOON

MUTATIONS = 2_000
"""Tables with one row each."""

APART: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("event",), ("access_log",), ("history_archive",), ("side_act",)),
    (
        ("complaint", "complaint_opd", "complaint_clock", "queue_place", "status_span", "outbox"),
        ("log_head", "log_range", "log_tile", "signing_key"),
    ),
)
"""One of each is made at once: a finding about one must not hide another."""

TABLES = {
    "event": ("workflow_id", "seq"),
    "access_log": ("n",),
    "history_archive": ("n",),
    "side_act": ("n",),
    "log_head": ("size",),
    "log_range": ("first_leaf",),
    "log_tile": ("level", "n"),
    "signing_key": ("signing_key_id",),
    "complaint": ("tracking_id",),
    "complaint_opd": ("tracking_id", "code"),
    "complaint_clock": ("tracking_id", "kind", "opd"),
    "queue_place": ("tracking_id", "queue", "opd"),
    "status_span": ("tracking_id", "seq"),
    "outbox": ("id",),
}

FREE = {
    "event": {"position"},  # a place in the log, whose order must be kept: swapped below
    "history_archive": {"pruned_at"},
    "signing_key": {"encrypted_private"},
    "complaint": {"search", "workflow_id"},
    "complaint_opd": {"opd", "instansi"},
    "outbox": {"id", "status", "attempts", "next_try_at", "last_error", "created_at", "sent_at", "n"},
}
"""Columns that prove nothing: derived from others, or about delivery (see docs/audit.md)."""


class Small:
    """A small record in a database of one connection, and its verification inside that connection's transaction."""

    def __init__(self, record: Record, conn: asyncpg.Connection) -> None:
        self.record = record
        self.conn = conn
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.kept: list[Head] = []

    async def read(self) -> None:
        for table, key in TABLES.items():
            order = ", ".join(key)
            self.rows[table] = [dict(row) for row in await self.conn.fetch(f"select * from {table} order by {order}")]
        self.kept = await Log(self.conn).heads()

    async def verify(self, kept: list[Head] | None = None) -> list[Finding]:
        return (await Verification(_Same(self.conn), self.record.keys).all(kept=kept or [])).findings


class _Same:
    """A pool whose only connection is already in a transaction."""

    def __init__(self, conn: asyncpg.Connection) -> None:
        self._conn = _Quiet(conn)

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Any]:
        yield self._conn


class _Quiet:
    """That connection, whose transactions are the one in progress."""

    def __init__(self, conn: asyncpg.Connection) -> None:
        self.fetch, self.fetchval, self.fetchrow, self.cursor = conn.fetch, conn.fetchval, conn.fetchrow, conn.cursor
        self.execute, self.executemany = conn.execute, conn.executemany

    @asynccontextmanager
    async def transaction(self, **_how: Any) -> AsyncIterator[None]:
        yield


@pytest.fixture
async def small(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Small]:
    monkeypatch.setattr(sealing, "STRETCH", 24)
    monkeypatch.setattr(sealing, "RANGE", 6)
    master = LocalMasterKey(bytes(32))
    await prepare_database(database_url, master)
    pool = await open_pool(database_url)
    record = Record(pool, DataKeyStore(pool, master))
    await record.prepare()
    for seed in (3, 5):
        await record.life(seed, 7)
    await record.entries(4)
    await record.histories(3)
    await record.acts(3)
    await record.sealer.seal()
    await record.signing.rotate()
    await record.entries(1)
    await record.sealer.seal()
    await record.entries(1)
    conn = await asyncpg.connect(owner_url(database_url))
    await speak_json(conn)
    await conn.execute("set synchronous_commit = off")
    for table in TABLES:
        await conn.execute(f"alter table {table} disable trigger all")
    await _without_constraints(conn)
    small = Small(record, conn)
    await small.read()
    yield small
    await conn.close()
    await close_pool(pool)


async def _without_constraints(conn: asyncpg.Connection) -> None:
    """Drop the constraints, as an administrator can; only the uniqueness that the tables need to work stays."""
    rows = await conn.fetch(
        "select conrelid::regclass::text as of, conname from pg_constraint"
        " where conrelid <> 0 and contype in ('c', 'f') and conrelid::regclass::text = any ($1)",
        list(TABLES),
    )
    for row in rows:
        await conn.execute(f'alter table {row["of"]} drop constraint "{row["conname"]}"')


class Mutation(NamedTuple):
    """A change to the record: what, to which table's row, and what a finding must name."""

    what: str
    table: str
    row: dict[str, Any]
    other: dict[str, Any] | None = None


def places(table: str, row: dict[str, Any]) -> set[str]:
    """Return the names of a row in a finding; a derived table may be named in several ways."""
    match table:
        case "event":
            return {f"{row['workflow_id']} {row['seq']}", f"{row['workflow_id']} {row['seq'] + 1}", row["workflow_id"]}
        case "access_log":
            return {f"access {row['n']}", f"access {row['n'] + 1}"}
        case "history_archive":
            return {f"history_archive {row['n']}", f"history_archive {row['n'] + 1}"}
        case "side_act":
            return {f"side_act {row['n']}", f"side_act {row['n'] + 1}"}
        case "outbox":
            return {f"{row['workflow_id']} {row['seq']}"}
        case "log_head":
            return {f"head {row['size']}", f"leaf {row['size']}"}
        case "log_range":
            return {f"leaf {row['first_leaf']}", f"leaf {row['first_leaf'] + row['leaves']}"}
        case "log_tile":
            return {f"tile {row['level']}/{row['n']}"}
        case "signing_key":
            return {"keys"}
        case _:
            return {f"complaint-{row['tracking_id']}", f"complaint-{row['tracking_id']} {row.get('last_seq')}"}


def located(mutation: Mutation, findings: list[Finding]) -> bool:
    """Return whether the finding names the row, or one that it was swapped with; for hashes of the tree, its heads."""
    wanted = places(mutation.table, mutation.row)
    if mutation.other is not None:
        wanted |= places(mutation.table, mutation.other)
        if mutation.table == "log_range":  # swapped numbers of leaves: each range is said to end elsewhere
            pair = (mutation.row, mutation.other)
            wanted |= {f"leaf {one['first_leaf'] + two['leaves']}" for one, two in (pair, pair[::-1])}
    if mutation.table == "log_tile":
        return any(finding.code in ("head_root", "names_changed") or finding.where in wanted for finding in findings)
    if "last_position" in mutation.what:
        # Beyond the end of a range, the finding names the row that it takes in.
        return any(finding.code.startswith(("range_", "sealed_")) for finding in findings)
    if mutation.table == "signing_key":
        return any(finding.code in ("key_broken", "head_signature") for finding in findings)
    return bool(wanted & {finding.where for finding in findings})


def changed(value: Any, chance: random.Random) -> Any:
    """Return another value of the same kind."""
    match value:
        case None:
            return None
        case bool():
            return not value
        case bytes():
            place = chance.randrange(len(value)) if value else 0
            return (
                value[:place] + bytes([value[place] ^ (1 << chance.randrange(8))]) + value[place + 1 :]
                if value
                else b"x"
            )
        case int():
            return value + chance.choice([-1, 1])
        case float():
            return value + 0.25
        case dict():
            return value | {"campaign": chance.randrange(1000)}
        case list():
            return [*value, "X"]
        case str():
            return value[:-1] + ("1" if value[-1:] != "1" else "2")
        case _:
            from datetime import timedelta

            return value + timedelta(days=1) if hasattr(value, "year") else value


async def update(small: Small, table: str, row: dict[str, Any], column: str, value: Any) -> None:
    where = " and ".join(f"{key} is not distinct from ${n}" for n, key in enumerate(TABLES[table], 2))
    given = [row[key] for key in TABLES[table]]
    await small.conn.execute(f"update {table} set {column} = $1 where {where}", value, *given)


async def change_one(small: Small, chance: random.Random, table: str) -> Mutation | None:
    row = chance.choice(small.rows[table])
    column = chance.choice(sorted(row.keys() - FREE.get(table, set())))
    value = changed(row[column], chance)
    if column == "erased_at":
        value = NOON  # hidden as if erased
    elif column == "body" and chance.random() < 0.5:
        value = None  # destroyed
    if value == row[column]:
        return None
    await update(small, table, row, column, value)
    return Mutation(f"change {column}", table, row, row | {column: value})


async def remove_one(small: Small, chance: random.Random, table: str) -> Mutation | None:
    # The newest entry is not sealed, and nothing follows it: only the next seal would reveal its removal.
    row = chance.choice(small.rows[table][:-1] if table == "access_log" else small.rows[table])
    where = " and ".join(f"{key} is not distinct from ${n}" for n, key in enumerate(TABLES[table], 1))
    await small.conn.execute(f"delete from {table} where {where}", *[row[key] for key in TABLES[table]])
    return Mutation("remove", table, row)


async def insert_one(small: Small, chance: random.Random, table: str) -> Mutation | None:
    """Insert a copy of a row under another key, among the existing ones."""
    row = dict(chance.choice(small.rows[table]))
    match table:
        case "event":
            row["seq"] = max(one["seq"] for one in small.rows[table] if one["workflow_id"] == row["workflow_id"]) + 1
            row["position"] = chance.choice([0, -5, 10**6])
        case "access_log" | "history_archive" | "side_act":
            row["n"] = max(one["n"] for one in small.rows[table]) + chance.choice([1, 2])
            row |= {"run_id": "forged"} if table == "history_archive" else {}
        case "outbox":
            row |= {"id": 10**6, "n": 77}
        case "status_span":
            row["seq"] += 100
        case "log_head":
            row["size"] += chance.choice([1, 2])
        case "complaint":
            row["tracking_id"] = "7654321"
        case _:
            return None
    generated = {"complaint": {"search", "workflow_id"}, "complaint_opd": {"opd"}}.get(table, set())
    columns = [column for column in row if column not in generated]
    marks = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    await small.conn.execute(
        f"insert into {table} ({', '.join(columns)}) overriding system value values ({marks})",
        *[row[column] for column in columns],
    )
    return Mutation("insert", table, row)


async def swap_two(small: Small, chance: random.Random, table: str) -> Mutation | None:
    """Swap the content of two rows, keeping their keys."""
    if len(small.rows[table]) < 2:
        return None
    one, two = chance.sample(small.rows[table], 2)
    column = chance.choice(sorted(one.keys() - FREE.get(table, set()) - set(TABLES[table])))
    if one[column] == two[column]:
        return None
    await update(small, table, one, column, two[column])
    await update(small, table, two, column, one[column])
    return Mutation(f"swap {column}", table, one, two)


Act = Callable[[Small, random.Random, str], Awaitable[Mutation | None]]
ACTS: tuple[Act, ...] = (change_one, change_one, change_one, remove_one, insert_one, swap_two)


@asynccontextmanager
async def undone(small: Small) -> AsyncIterator[None]:
    transaction = small.conn.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


async def test_every_random_change_is_found_and_at_its_place(small: Small) -> None:
    async with undone(small):
        assert await small.verify(small.kept) == []
    chance, done = random.Random(20261125), Counter[str]()
    missed: list[str] = []
    while sum(done.values()) < MUTATIONS:
        async with undone(small):
            mutations = [
                one for tables in chance.choice(APART) if (one := await _some(small, chance, tables)) is not None
            ]
            findings = await small.verify(small.kept)
        for one in mutations:
            done[f"{one.table}: {one.what.split()[0]}"] += 1
            if not located(one, findings):
                named = sorted({finding.where for finding in findings})
                missed.append(f"{one.what} of {one.table} {places(one.table, one.row)}: {named}")
    assert missed == []
    assert {what.split(": ")[0] for what in done} == set(TABLES)
    assert {what.split(": ")[1] for what in done} == {"change", "remove", "insert", "swap"}


async def _some(small: Small, chance: random.Random, tables: tuple[str, ...]) -> Mutation | None:
    """Make one mutation of one of these tables; None if the chosen one is impossible."""
    table, act = chance.choice(tables), chance.choice(ACTS)
    if not small.rows[table]:
        return None
    try:
        async with small.conn.transaction():
            return await act(small, chance, table)
    except (asyncpg.PostgresError, asyncpg.InterfaceError):
        return None  # forbidden by the type itself: a closed list of words, a number's form, a key that is taken


async def rewrite(small: Small, table: str, chain: str, rows: list[dict[str, Any]]) -> None:
    """Recompute the chain's rows from their content, as an administrator with our code could."""
    tag, fields, keys = {
        "event": (EVENT_TAG, EVENT_FIELDS, ("workflow_id", "seq")),
        "access_log": (ACCESS_TAG, ACCESS_FIELDS, ("n",)),
        "history_archive": (HISTORY_ARCHIVE_TAG, HISTORY_ARCHIVE_FIELDS, ("n",)),
        "side_act": (SIDE_ACT_TAG, SIDE_ACT_FIELDS, ("n",)),
    }[table]
    assert chain
    prev = GENESIS
    for row in rows:
        hash_ = row_hash(tag, prev, [row[field] for field in fields])
        where = " and ".join(f"{key} = ${n}" for n, key in enumerate(keys, 3))
        await small.conn.execute(
            f"update {table} set prev_hash = $1, hash = $2 where {where}", prev, hash_, *[row[key] for key in keys]
        )
        prev = hash_


@pytest.mark.parametrize("table", ["event", "access_log", "history_archive", "side_act"])
async def test_a_whole_chain_recomputed_after_the_seal_is_found_at_the_changed_row(small: Small, table: str) -> None:
    chance, column = (
        random.Random(7),
        "close_status" if table == "history_archive" else "actor_account",
    )
    for _ in range(12):
        row = chance.choice(small.rows[table][:3] if table != "event" else small.rows[table])
        own = [one for one in small.rows[table] if table != "event" or one["workflow_id"] == row["workflow_id"]]
        async with undone(small):
            await update(small, table, row, column, "forged")
            forged = [one | {column: "forged"} if one is row else one for one in own]
            await rewrite(small, table, "chain", forged)
            findings = await small.verify()
            name = next(iter(sorted(places(table, row), key=len)[-1:]))
            assert any(one.code == "sealed_changed" and one.where in places(table, row) for one in findings), name
            assert "row_changed" not in {one.code for one in findings}


def where(code: str, findings: list[Finding]) -> set[str]:
    """Return the places that findings of that code name."""
    return {one.where for one in findings if one.code == code}


async def test_an_account_that_was_deleted_is_missed_at_each_of_its_events_and_nowhere_else(small: Small) -> None:
    accounts = [row["id"] for row in await small.conn.fetch("select id from account")]
    named = {account: [row for row in small.rows["event"] if row["actor_account"] == account] for account in accounts}
    assert sum(map(bool, named.values())) >= 3
    for account, events in named.items():
        async with undone(small):
            await small.conn.execute("delete from account where id = $1", account)
            findings = await small.verify()
        assert where("account_unknown", findings) == {f"{row['workflow_id']} {row['seq']}" for row in events}
        assert len(findings) == len(events)


async def test_who_was_invented_is_named_although_the_chain_fits_in_itself(small: Small) -> None:
    unsealed = f"complaint-{await small.record.life(8)}"
    await small.read()
    own = [row for row in small.rows["event"] if row["workflow_id"] == unsealed]
    another = next(
        row["actor_account"]
        for row in small.rows["event"]
        if row["actor_role"] == "reporter" and row["workflow_id"] != unsealed
    )
    opds = [row["id"] for row in await small.conn.fetch("select id from account where role = 'liaison'")]
    one_of_each = {row["actor_role"]: row for row in own if row["seq"] > 1}
    assert len(one_of_each) >= 3
    for role, row in one_of_each.items():
        forgeries = dict.fromkeys(["0123456789abcdef", "unreadable", "impor", another], "account_unknown")
        if role not in ("reporter", "system", "liaison"):
            forgeries |= dict.fromkeys(opds[:1], "account_differs")
        for account, code in forgeries.items():
            async with undone(small):
                await update(small, "event", row, "actor_account", account)
                forged = [one | {"actor_account": account} if one is row else one for one in own]
                await rewrite(small, "event", "chain", forged)
                findings = await small.verify()
            assert where(code, findings) == {f"{unsealed} {row['seq']}"}, (account, role)
            # The recap's sums were not maintained while the triggers were off.
            assert {finding.code for finding in findings} <= {code, "sums_differ"}


async def test_an_account_of_another_agency_is_named(small: Small) -> None:
    events = [row for row in small.rows["event"] if row["actor_role"] == "agency_admin"]
    async with undone(small):
        await small.conn.execute(
            "insert into instansi (code, name, kind) select 'LAIN', 'Lain', kind from instansi where code = 'KEPRI'"
        )
        await small.conn.execute("update account set instansi = 'LAIN' where role = 'agency_admin'")
        findings = await small.verify()
    assert where("account_differs", findings) == {f"{row['workflow_id']} {row['seq']}" for row in events} != set()


async def _forge_log(small: Small, private: bytes, key_id: str) -> None:
    """Rebuild tiles, ranges and heads from the current rows, signed by an available key."""
    await small.conn.execute("delete from log_tile")
    await small.conn.execute("delete from log_range")
    await small.conn.execute("delete from log_head")

    class Forger:
        async def current(self) -> Any:
            return (await small.record.signing.known_keys()).keys[-1]

        async def log_id(self) -> str:
            return (await small.record.signing.known_keys()).log_id

        async def sign(self, message: bytes) -> tuple[str, bytes]:
            return key_id, sign(private, message)

    sealer = Sealer(_Same(small.conn), Forger())  # type: ignore[arg-type]
    await sealer.seal()


@pytest.mark.parametrize("signed", [True, False])
async def test_tiles_and_heads_recomputed_as_well_are_found_by_a_head_kept_elsewhere(
    small: Small, signed: bool
) -> None:
    row = next(one for one in small.rows["event"] if one["actor_role"] == "agency_admin")
    own = [one for one in small.rows["event"] if one["workflow_id"] == row["workflow_id"]]
    signing = small.record.signing
    newest = await small.conn.fetchrow("select * from signing_key where retired_at is null")
    private = await signing._private(newest) if signed else fresh_private()
    async with undone(small):
        await small.conn.execute(
            "insert into account (id, instansi, role, name) values ('forged00', 'KEPRI', 'agency_admin', '')"
        )
        await update(small, "event", row, "actor_account", "forged00")
        await rewrite(
            small, "event", "chain", [one | {"actor_account": "forged00"} if one is row else one for one in own]
        )
        await _forge_log(small, private, newest["signing_key_id"])
        without = {finding.code for finding in await small.verify()}
        assert without == (set() if signed else {"head_signature"}), "consistent in itself but for the signature"
        findings = await small.verify(small.kept)
        assert {one.where for one in findings if one.code == "kept_differs"} == {
            f"head {one.size}" for one in small.kept
        }


async def test_a_log_cut_back_is_found_by_a_head_kept_elsewhere(small: Small) -> None:
    last = small.kept[-1]
    async with undone(small):
        await small.conn.execute("delete from log_head where size = $1", last.size)
        await small.conn.execute("delete from log_range where head = $1", last.size)
        size = small.kept[-2].size
        tile = await small.conn.fetchrow("select * from log_tile where level = 0 and n = 0")
        names = "\n".join(tile["names"].split("\n")[:size])
        await small.conn.execute("update log_tile set hashes = $1, names = $2", tile["hashes"][: 32 * size], names)
        assert await small.verify() == []
        assert [one.code for one in await small.verify(small.kept)] == ["kept_longer"]


async def test_keys_of_another_installation_do_not_pass(small: Small) -> None:
    private = fresh_private()
    public, at = public_of(private), min(row["created_at"] for row in small.rows["signing_key"])
    name = name_of(public)
    endorsement = sign(private, endorsement_text(name, name, public, at, name))
    async with undone(small):
        await small.conn.execute("delete from signing_key")
        await small.conn.execute(
            "insert into signing_key (signing_key_id, public_key, created_at, endorsement, retired_at)"
            " values ($1, $2, $3, $4, null)",
            name,
            public,
            at,
            endorsement,
        )
        for head in small.kept:
            text = head_text(name, head.size, head.root, head.at, name)
            await small.conn.execute(
                "update log_head set signing_key_id = $2, signature = $3 where size = $1",
                head.size,
                name,
                sign(private, text),
            )
        assert await small.verify() == [], "whoever signs everything anew is consistent in itself"
        assert {one.code for one in await small.verify(small.kept)} == {"kept_other_log"}
    await asyncio.sleep(0)
