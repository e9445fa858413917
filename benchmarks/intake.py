"""How many reports per second API processes accept, compared with bare inserts of the same rows into the same
PostgreSQL.

50 clients keep one connection each and send a report as soon as the last one is answered; `kawal api` is a process of
its own, as an operator runs it, or two on two ports that share the clients, and nothing starts the reports meanwhile.
The floor is 50 asyncpg connections, each committing one row of the inbox after another into a table with the inbox's
own columns and indexes.

The clients, PostgreSQL and the API processes share this machine. If it has no more cores than these keep busy, a second
process takes from the others what it adds; the processor time per report tells what it costs.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import statistics
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from itertools import count, islice
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import asyncpg

from benchmarks.servers import scratch_settings, servers
from kawal.base.settings import Settings

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

_BODY = json.dumps(REPORT).encode()
_LENGTH = re.compile(rb"(?i)content-length: *([0-9]+)")
_NUMBERS = count()
_RUN = uuid.uuid4().hex.encode()
"""Together with a number it is the key of a report, unique to this run."""

_LIKE = "create table bare_inbox (like inbox including all excluding identity excluding generated)"
_COLUMNS = "tracking_id, instansi, channel, idempotency_mac, digest_mac, data_key_id, body, received_at"


class Load(NamedTuple):
    """The result of one round."""

    rate: float
    p99: float
    """In seconds."""
    cpu: float
    """This process's processor time per report, in seconds: what the clients themselves take."""


@contextmanager
def _measured(total: int, spent: list[float], into: list[Load]) -> Iterator[None]:
    began, busy = time.perf_counter(), time.process_time()
    yield
    rate, cpu = total / (time.perf_counter() - began), (time.process_time() - busy) / total
    into.append(Load(rate, statistics.quantiles(spent, n=100)[98], cpu))


class Client(asyncio.Protocol):
    """One persistent connection: sends the next report as soon as the last one is answered with 201."""

    def __init__(self, head: bytes, left: Iterator[int], spent: list[float]) -> None:
        """Send while there is something left, and note how many seconds each report took."""
        self._head, self._left, self._spent = head, left, spent
        self._answer = b""
        self._began = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]

    def send(self) -> None:
        """Send the next report; done when none is left."""
        number = next(self._left, None)
        if number is None:
            self.done.set_result(None)
            return
        self._began = time.perf_counter()
        self.transport.write(b"%bIdempotency-Key: %b-%d\r\n\r\n%b" % (self._head, _RUN, number, _BODY))

    def data_received(self, data: bytes) -> None:
        """Take a piece of the answer; when it is complete, send the next report."""
        self._answer += data
        head, end, body = self._answer.partition(b"\r\n\r\n")
        if not end or len(body) < int(_LENGTH.findall(head)[0]):
            return
        if not head.startswith(b"HTTP/1.1 201"):
            self.done.set_exception(RuntimeError(f"not accepted: {self._answer!r}"))
            return
        self._answer = b""
        self._spent.append(time.perf_counter() - self._began)
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail if the server closes the connection before the client is done."""
        if not self.done.done():
            self.done.set_exception(RuntimeError(f"cut off: {exc}"))


async def by_http(urls: Sequence[str], total: int, into: list[Load]) -> None:
    """Submit reports by HTTP over CLIENTS persistent connections, divided among the addresses."""
    left, spent, clients = islice(_NUMBERS, total), list[float](), list[Client]()
    for number in range(CLIENTS):
        host, port = urlsplit(urls[number % len(urls)])[1].split(":")
        head = f"POST /api/v1/reports HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
        head += f"Content-Length: {len(_BODY)}\r\n"
        make = partial(Client, head.encode(), left, spent)
        clients.append((await asyncio.get_running_loop().create_connection(make, host, int(port)))[1])
    with _measured(total, spent, into):
        for client in clients:
            client.send()
        await asyncio.gather(*(client.done for client in clients))
    for client in clients:
        client.transport.close()


async def by_insert(database_url: str, rows: list[tuple[Any, ...]], into: list[Load]) -> None:
    """Commit the same rows one by one over CLIENTS connections, each after the connection's previous one."""
    idle = [await asyncpg.connect(database_url) for _ in range(CLIENTS)]
    await idle[0].execute("truncate bare_inbox")
    statement = f"insert into bare_inbox (id, {_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"  # noqa: S608
    left, spent = iter(enumerate(rows)), list[float]()

    async def client(conn: asyncpg.Connection) -> None:
        for number, row in left:
            began = time.perf_counter()
            await conn.execute(statement, number, *row)
            spent.append(time.perf_counter() - began)

    with _measured(len(rows), spent, into):
        await asyncio.gather(*(client(conn) for conn in idle))
    for conn in idle:
        await conn.close()


@asynccontextmanager
async def api_process(settings: Settings) -> AsyncIterator[str]:
    """Run `kawal api` as a process of its own, without rate limits."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = {"KAWAL_HOME": str(settings.home), "KAWAL_CACHE": str(settings.cache)}
    given |= {"KAWAL_HTTP_PUBLIC_RATE": "100000000/minute", "KAWAL_HTTP_PAGES_RATE": "100000000/minute"}
    command = (sys.executable, "-m", "kawal.cli", "api", "--port", str(port))
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
    """Start a system, measure and print the figures."""
    with scratch_settings() as settings:
        async with servers(settings) as running, api_process(settings) as first, api_process(settings) as second:
            await measure([first, second], running.owner_url, reports)


async def measure(urls: Sequence[str], database_url: str, reports: int) -> None:
    """Measure one process, all of them and the inserts in turn and print the figures."""
    conn = await asyncpg.connect(database_url)
    await conn.execute(_LIKE)
    one: list[Load] = []
    more: list[Load] = []
    bare: list[Load] = []
    await by_http(urls, WARM_UP * len(urls), [])
    for _ in range(ROUNDS):
        await by_http(urls[:1], reports, one)
        await by_http(urls, reports, more)
        rows = await conn.fetch(f"select {_COLUMNS} from inbox order by id desc limit $1", reports)  # noqa: S608
        await by_insert(database_url, [tuple(row) for row in rows], bare)
    await conn.close()
    print(f"accepted by HTTP from {CLIENTS} clients, one API process: {_said(one, bare)}")
    print(f"the same with {len(urls)}: {_said(more, bare)}")
    print(f"bare inserts of the same rows, {CLIENTS} connections: {_said(bare)}")


def _said(loads: list[Load], bare: list[Load] | None = None) -> str:
    rate, p99, cpu = (statistics.median(getattr(load, name) for load in loads) for name in ("rate", "p99", "cpu"))
    line = f"{rate:,.0f}/s, p99 {p99 * 1000:.0f} ms; {cpu * 1000:.2f} ms of the clients' processor time each"
    if bare is None:
        return line
    ratios = [load.rate / floor.rate for load, floor in zip(loads, bare, strict=True)]
    each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    return f"{line}; ratio {statistics.median(ratios):.2f} (each round: {each})"


if __name__ == "__main__":
    asyncio.run(run(*(int(arg) for arg in sys.argv[1:2])))
