"""How fast the record is verified and sealed, and what a proof costs among ten million leaves.

`python -m benchmarks.audit` fills scratch databases (embedded PostgreSQL, removed at the end). Verification is measured
in this process, on one core, against SHA-256 of the same bytes; the database server works in parallel.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg

from kawal.audit.proof import verify_rows
from kawal.audit.proof.findings import FindingCollector
from kawal.audit.proof.verify import Verification
from kawal.base.database_roles import owner_address
from kawal.base.postgres import close_pool, open_pool
from kawal.base.settings import Settings
from kawal.crypto.master_keys import LocalMasterKey
from kawal.embedded.postgres import ensure_database, postgres, with_database
from kawal.proof.chain import EVENT_FIELDS, EVENT_TAG, GENESIS, canonical_json, row_hash
from kawal.proof.merkle import is_included, subtree_root
from kawal.store.data_keys import DataKeyStore
from kawal.store.log import TILE, Log
from kawal.store.schema import make_schema
from kawal.store.sealing import Sealer
from kawal.store.setup import prepare_database
from kawal.store.signing_keys import SigningKeys

COMPLAINTS = 20_000
EVENTS = 5
"""Events of each complaint: 100,000 in total."""

AIM = 0.25
"""The share of SHA-256's rate over the same rows that is aimed at, on one core."""

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
PROOFS = 200
_COLUMNS = (*EVENT_FIELDS, "prev_hash", "hash")


def _rows(first: int, count: int) -> list[tuple[Any, ...]]:
    """Return that many complaints' events as the workflow writes them.

    On average they have 180 bytes of facts and 350 of ciphertext.
    """
    from datetime import UTC, datetime, timedelta

    rows: list[tuple[Any, ...]] = []
    start = datetime(2022, 1, 3, 2, tzinfo=UTC)
    kinds = ("started", "verified", "forwarded", "followed_up", "reminded")
    for number in range(first, first + count):
        tracking, prev = f"{number:07d}", GENESIS
        for seq in range(1, EVENTS + 1):
            at = start + timedelta(seconds=number, hours=seq)
            due = {"verify": "2022-01-06", f"respond:OPD{number % 40}": "2022-01-11", "complete": "2022-01-24"}
            facts = {"deadlines": due, "deadlines_before": {"verify": "2022-01-06"}, "opds": [f"OPD{number % 40}"]}
            fields = (
                f"complaint-{tracking}",
                seq,
                tracking,
                at,
                at,
                kinds[seq - 1],
                "agency_admin",
                sha256(tracking[:3].encode()).hexdigest()[:24],
                None,
                "belum_ditindaklanjuti",
                facts,
                os.urandom(32),
                os.urandom(250 + number % 200),
            )
            hash_ = row_hash(EVENT_TAG, prev, fields)
            rows.append((*fields, prev, hash_))
            prev = hash_
    return rows


async def _load_events(pool: asyncpg.Pool) -> None:
    async with pool.acquire() as conn:
        for table in ("event", "complaint"):
            await conn.execute(f"alter table {table} disable trigger all")
        await conn.execute(
            "insert into complaint (tracking_id, instansi, status, channel, anonim, rahasia, received_at,"
            " policy_version, calendar_version, last_seq) select lpad(n::text, 7, '0'), 'KEPRI',"
            " 'belum_diverifikasi', 'web', false, true, now(), 'p', 'c', $2 from generate_series(1, $1) as n",
            COMPLAINTS,
            EVENTS,
        )
        statement = (
            f"insert into event ({', '.join(_COLUMNS)}) select * from unnest("  # noqa: S608 - own names
            "$1::text[], $2::int[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::text[],"
            " $8::text[], $9::text[], $10::text[], $11::jsonb[], $12::bytea[], $13::bytea[], $14::bytea[],"
            " $15::bytea[])"
        )
        for first in range(1, COMPLAINTS + 1, 2_000):
            await conn.execute(statement, *map(list, zip(*_rows(first, 2_000), strict=True)))
        await conn.execute("vacuum (analyze) event")
        await conn.execute("vacuum (analyze) complaint")


async def _verification(pool: asyncpg.Pool) -> None:
    """Measure chains alone, chains with the log, and the same bytes through SHA-256."""
    rows = await pool.fetch(f"select {', '.join(_COLUMNS)} from event limit 20000")  # noqa: S608 - own names
    images = [b"".join(_image(value) for value in tuple(row)[:-1]) for row in rows]
    wall, cpu = time.perf_counter(), time.process_time()
    for image in images:
        sha256(image).digest()
    floor = (time.process_time() - cpu) / sum(map(len, images))
    _line("SHA-256 of the same rows", f"{1 / floor / 1e6:9.0f} MB/s  ({time.perf_counter() - wall:.2f} s)")

    report = FindingCollector()
    wall, cpu = time.perf_counter(), time.process_time()
    async with pool.acquire() as conn, conn.transaction():
        async for page in verify_rows.complaints(conn, None):
            await verify_rows.histories(conn, page, report)
    _rate("verified: chains", report.finish().counted, time.perf_counter() - wall, time.process_time() - cpu, floor)

    keys = DataKeyStore(pool, LocalMasterKey(bytes(32)))
    wall, cpu = time.perf_counter(), time.process_time()
    verified = await Verification(pool, keys).all(model=False)
    if verified.found:
        raise RuntimeError(f"what nobody touched does not verify: {verified.findings[:3]}")
    _rate("verified: chains and log", verified.counted, time.perf_counter() - wall, time.process_time() - cpu, floor)


def _image(value: Any) -> bytes:
    if isinstance(value, bytes):
        return bytes(9) + value
    return bytes(9) + (canonical_json(value) if isinstance(value, dict) else str(value)).encode()


def _rate(name: str, counted: dict[str, int], wall: float, cpu: float, floor: float) -> None:
    rate = counted["bytes"] / cpu
    _line(
        name,
        f"{counted['event'] / wall:9.0f} events/s, {counted['bytes'] / wall / 1e6:.0f} MB/s"
        f"  (this process's core alone: {counted['event'] / cpu:.0f} events/s, {rate / 1e6:.0f} MB/s,"
        f" {rate * floor:.3f} of SHA-256; aim {AIM})",
    )


async def _sealing(pool: asyncpg.Pool) -> None:
    sealer = Sealer(pool, SigningKeys(pool, DataKeyStore(pool, LocalMasterKey(bytes(32)))))
    start = time.perf_counter()
    heads = await sealer.seal()
    took = time.perf_counter() - start
    _line(f"sealed {heads[-1].size} new events", f"{took:9.2f} s  ({heads[-1].size / took:.0f} /s, {len(heads)} heads)")
    start = time.perf_counter()
    await sealer.seal()
    _line("sealed nothing new", f"{(time.perf_counter() - start) * 1000:9.1f} ms")


async def _proofs(pool: asyncpg.Pool) -> None:
    """Measure synthetic trees of growing size: the cost of sealing the next 1,000 leaves and of proving one."""
    size = 0
    async with pool.acquire() as conn:
        await conn.execute("alter table log_tile disable trigger all")
        for wanted in SIZES:
            start = time.perf_counter()
            await _grow(conn, size, wanted)
            size = wanted
            loaded = time.perf_counter() - start
            log, took = Log(conn), []
            root = await log.root(size)
            for number in range(PROOFS):
                leaf = (number * 7_919_993) % size
                start = time.perf_counter()
                proof = await log.inclusion(leaf, size)
                took.append((time.perf_counter() - start) * 1000)
                if not is_included(await log.leaf(leaf), leaf, size, proof, root):
                    raise RuntimeError(f"the proof of leaf {leaf} does not hold")
            worst = sorted(took)[int(0.95 * PROOFS)]
            _line(
                f"proof of one among {size}",
                f"{statistics.median(took):9.2f} ms  (p95 {worst:.2f}; {len(proof)} hashes; loaded in {loaded:.0f} s)",
            )


async def _grow(conn: asyncpg.Connection, size: int, wanted: int) -> None:
    """Grow the tree's rows to a size: random leaves, and all levels above them as sealing makes them."""
    level, hashes = 0, b""
    first = size // TILE
    stood = await _tail(conn, 0, first)
    hashes = stood + os.urandom(32 * (wanted - first * TILE - len(stood) // 32))
    while hashes:
        rows = [
            (level, first + at // (32 * TILE), hashes[at : at + 32 * TILE]) for at in range(0, len(hashes), 32 * TILE)
        ]
        await conn.execute("delete from log_tile where level = $1 and n >= $2", level, first)
        await conn.copy_records_to_table(
            "log_tile",
            records=[(*row, "x" if level == 0 else None) for row in rows],
            columns=["level", "n", "hashes", "names"],
        )
        roots = b"".join(
            subtree_root([part[at : at + 32] for at in range(0, len(part), 32)])
            for _, _, part in rows
            if len(part) == 32 * TILE
        )
        above, level = first, level + 1
        first = above // TILE
        stood = await _tail(conn, level, first)
        hashes = stood[: 32 * (above - first * TILE)] + roots if roots else b""


async def _tail(conn: asyncpg.Connection, level: int, tile: int) -> bytes:
    found: bytes | None = await conn.fetchval("select hashes from log_tile where level = $1 and n = $2", level, tile)
    return found or b""


def _line(name: str, told: str) -> None:
    sys.stdout.write(f"{name:<32} {told}\n")
    sys.stdout.flush()


async def run() -> None:
    """Measure and print the figures."""
    with tempfile.TemporaryDirectory(prefix="kwb", ignore_cleanup_errors=True) as folder:
        settings = Settings(home=Path(folder), cache=Path(folder))
        async with postgres(settings) as application_url:
            url = owner_address(settings, application_url)
            for work in ((_load_events, _sealing, _verification), (_proofs,)):
                name = f"bench_{uuid4().hex[:8]}"
                await ensure_database(url, name)
                own = with_database(url, name)
                pool = await open_pool(own)
                try:
                    async with pool.acquire() as conn:
                        await make_schema(conn)
                    await prepare_database(own, LocalMasterKey(bytes(32)))
                    for step in work:
                        await step(pool)
                finally:
                    await close_pool(pool)


if __name__ == "__main__":
    asyncio.run(run())
