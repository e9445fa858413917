"""How many reports a second one API process accepts, beside bare inserts of the same rows into the same PostgreSQL.

50 clients keep one connection each and send a report as soon as the last one is answered; `kawal api` is a process of
its own, as an operator runs it, and nothing starts the reports meanwhile. The floor is 50 asyncpg connections, each
committing one row of the inbox after another into a table with the inbox's own columns and indexes.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import asyncpg

from client.connect import master_key_file
from crypto.keyring import ensure_master_key
from stack.embedded import embedded
from stack.settings import Settings
from store.setup import prepare_database

CLIENTS = 50
REPORTS = 3000
ROUNDS = 3
WARM_UP = 300

REPORT = {
    "title": "Jalan berlubang di depan pasar",
    "text": "Sudah dua bulan jalan di depan Pasar Bincen berlubang besar, motor sering jatuh. " * 4,
    "class": "pengaduan",
    "category": "PEKERJAAN UMUM DAN PENATAAN RUANG / JALAN BERLUBANG",
    "place": {"text": "Jl. Gatot Subroto, Tanjungpinang", "latitude": 0.9186, "longitude": 104.4665},
    "reporter": {"name": "Siti Aminah", "email": "siti@example.org", "phone": "+62 812 0000 0000"},
}

_LIKE = "create table bare_inbox (like inbox including all excluding identity excluding generated)"
_COLUMNS = "tracking_id, instansi, channel, key_mac, digest_mac, key_id, body, received_at"


class Load(NamedTuple):
    """What one round gave."""

    rate: float
    p99: float
    """Seconds."""


async def spread(one: Callable[[int], Coroutine[Any, Any, None]], total: int) -> Load:
    """Do `one` so often, by CLIENTS side by side, each after its own last."""
    left, spent = iter(range(total)), []

    async def client() -> None:
        for number in left:
            began = time.perf_counter()
            await one(number)
            spent.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return Load(total / (time.perf_counter() - began), statistics.quantiles(spent, n=100)[98])


async def by_http(url: str, total: int) -> Load:
    """Submit reports by HTTP over CLIENTS kept connections; raises RuntimeError for any answer but 201."""
    host, port = urlsplit(url).hostname, urlsplit(url).port
    idle = [await asyncio.open_connection(host, port) for _ in range(CLIENTS)]
    body = json.dumps(REPORT).encode()
    head = f"POST /api/v1/reports HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"

    async def one(_number: int) -> None:
        reader, writer = idle.pop()
        key = f"Idempotency-Key: {uuid.uuid4()}\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write((head + key).encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 201"):
            raise RuntimeError(f"not accepted: {answer!r}")
        length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        idle.append((reader, writer))

    load = await spread(one, total)
    for _, writer in idle:
        writer.close()
        await writer.wait_closed()
    return load


async def by_insert(database_url: str, rows: list[tuple[Any, ...]]) -> Load:
    """Commit the same rows one by one over CLIENTS connections."""
    idle = [await asyncpg.connect(database_url) for _ in range(CLIENTS)]
    await idle[0].execute("truncate bare_inbox")
    statement = f"insert into bare_inbox (id, {_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"  # noqa: S608

    async def one(number: int) -> None:
        conn = idle.pop()
        await conn.execute(statement, number, *rows[number])
        idle.append(conn)

    load = await spread(one, len(rows))
    for conn in idle:
        await conn.close()
    return load


@asynccontextmanager
async def api_process(settings: Settings) -> AsyncIterator[str]:
    """`kawal api` as a process of its own, its limits out of the way."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = {"KAWAL_HOME": str(settings.home), "KAWAL_CACHE": str(settings.cache)}
    given |= {"KAWAL_HTTP_PUBLIC_RATE": "100000000/minute"}
    command = (sys.executable, "-m", "cli", "api", "--port", str(port))
    process = await asyncio.create_subprocess_exec(*command, env=os.environ | given, stderr=asyncio.subprocess.DEVNULL)
    try:
        async with asyncio.timeout(30):
            while not await _answers(port):  # noqa: ASYNC110 - another process brings it about
                await asyncio.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def run(reports: int = REPORTS) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="kawal-", ignore_cleanup_errors=True) as folder:
        settings = Settings(home=Path(folder), cache=Settings.from_env().cache)
        master = ensure_master_key(master_key_file(settings.home))
        async with embedded(settings) as endpoints:
            await prepare_database(endpoints.database_url, master)
            async with api_process(settings) as url:
                await measure(url, endpoints.database_url, reports)


async def measure(url: str, database_url: str, reports: int) -> None:
    """Run both in turn and print the figures."""
    conn = await asyncpg.connect(database_url)
    await conn.execute(_LIKE)
    await by_http(url, WARM_UP)
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(await by_http(url, reports))
        rows = await conn.fetch(f"select {_COLUMNS} from inbox order by id desc limit $1", reports)  # noqa: S608
        bare.append(await by_insert(database_url, [tuple(row) for row in rows]))
    await conn.close()
    ratios = [a.rate / b.rate for a, b in zip(ours, bare, strict=True)]
    print(f"accepted by HTTP, one API process, {CLIENTS} clients: {_said(ours)}")
    print(f"bare inserts of the same rows, {CLIENTS} connections: {_said(bare)}")
    print(f"ratio {statistics.median(ratios):.2f} (each round: {', '.join(f'{ratio:.2f}' for ratio in ratios)})")


def _said(loads: list[Load]) -> str:
    rate, p99 = (statistics.median(getattr(one, name) for one in loads) for name in ("rate", "p99"))
    return f"{rate:,.0f}/s, p99 {p99 * 1000:.0f} ms"


if __name__ == "__main__":
    asyncio.run(run(*(int(arg) for arg in sys.argv[1:2])))
