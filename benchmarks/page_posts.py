"""A wave of citizens: the form sent two hundred times a second, as browsers without scripts send it.

    python -m benchmarks posts

Reports arrive at a fixed pace, each over a connection of its own, whether or not earlier ones were answered; a report's
time counts from when it was due, so that whoever had to wait for the client itself is counted too. `kawal api` and a
worker, which starts what was accepted, are processes of their own. The floors at the same pace in the same run: the
same words as JSON to the API, and a server that reads the same form and answers 204. Afterwards every report that was
accepted is looked for in the inbox.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import statistics
import sys
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import asyncpg
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from benchmarks.intake import api_process
from benchmarks.servers import scratch_settings, servers
from kawal.base.settings import Settings
from kawal.data import places
from kawal.web.server import listen, serving

A_SECOND = 200
SECONDS = 20
WARM_UP = 2
ROUNDS = 2
LIMIT_P99 = 0.5
CHARACTERS = 300
GIVEN_UP = 30.0
"""How long a client waits for its answer (seconds)."""

_SOME_WORDS = (
    "jalan lampu selokan pasar sekolah puskesmas jembatan sampah banjir berlubang padam rusak tersumbat warga "
    "anak malam hujan sejak senin minggu sudah belum diperbaiki mohon ditindaklanjuti depan dekat simpang kantor "
    "lurah motor jatuh gelap bau air pipa bocor tiang roboh pohon tumbang kabel antre pelayanan petugas surat"
)
_WORDS = _SOME_WORDS.split()
_NUMBER = re.compile(rb"/l/([0-9]{7,9})/|\"tracking_id\": ?\"([0-9]{7,9})\"")
_DISTRICTS = [one.label for one in places.districts("21")]


class Answer(NamedTuple):
    """What a client got."""

    seconds: float
    """From when it was due to the last byte."""
    status: str
    number: str | None
    """The report's, if it was accepted."""


class _Client(asyncio.Protocol):
    """Sends one request over a connection of its own and takes the answer."""

    def __init__(self, request: bytes, answered: asyncio.Future[bytes]) -> None:
        self._request, self._answered, self._got = request, answered, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - it is a socket's
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._got += data

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's own
        if not self._answered.done():
            self._answered.set_result(self._got)


def typed_reports(chance: random.Random) -> Iterator[dict[str, str]]:
    """Yield what different people type: different words and places, every third with a contact."""
    for count in range(sys.maxsize):
        text = " ".join(chance.choices(_WORDS, k=60))[:CHARACTERS]
        place = f"{chance.choice(_WORDS)} {chance.choice(_DISTRICTS)} RT {chance.randrange(20)}"
        contact = f"0812{chance.randrange(10**8):08}" if count % 3 == 0 else ""
        yield {"text": text, "place": place, "contact": contact, "key": str(uuid.uuid4())}


def as_form(typed: dict[str, str], path: str = "/lapor") -> bytes:
    """Return the request of a browser without scripts."""
    fields = {"name": "", "latitude": "", "longitude": "", **typed}
    return _request(
        path,
        urlencode(fields).encode(),
        "Content-Type: application/x-www-form-urlencoded",
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Encoding: gzip, deflate",
        "Accept-Language: id,en;q=0.5",
        "Sec-Fetch-Site: same-origin",
    )


def as_json(typed: dict[str, str]) -> bytes:
    """Return the same report as another system sends it."""
    reporter = {"phone": typed["contact"]} if typed["contact"] else {}
    report = {
        "title": typed["text"][:80],
        "text": typed["text"],
        "place": {"text": typed["place"]},
        "reporter": reporter,
    }
    body = json.dumps(report).encode()
    return _request("/api/v1/reports", body, "Content-Type: application/json", f"Idempotency-Key: {typed['key']}")


def _request(path: str, body: bytes, *headers: str) -> bytes:
    lines = (f"POST {path} HTTP/1.1", "Host: localhost", *headers, f"Content-Length: {len(body)}", "Connection: close")
    return "\r\n".join((*lines, "", "")).encode() + body


async def one(port: int, request: bytes, due: float) -> Answer:
    """Send a request and wait for its answer."""
    answered: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
    try:
        async with asyncio.timeout(GIVEN_UP):
            await asyncio.get_running_loop().create_connection(partial(_Client, request, answered), "127.0.0.1", port)
            got = await answered
    except (OSError, TimeoutError) as error:
        return Answer(time.perf_counter() - due, type(error).__name__, None)
    status = got[9:12].decode() or "cut off"
    number = next((one or other for one, other in _NUMBER.findall(got)), b"").decode() or None
    return Answer(time.perf_counter() - due, status, number)


async def arrivals(url: str, requests: Sequence[bytes]) -> list[Answer]:
    """Send requests at the fixed pace, without waiting for answers; return them all."""
    port = urlsplit(url).port
    assert port is not None  # noqa: S101 - we chose it
    began, under_way = time.perf_counter(), []
    for count, request in enumerate(requests):
        due = began + count / A_SECOND
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        under_way.append(asyncio.create_task(one(port, request, due)))
    return list(await asyncio.gather(*under_way))


async def _bare(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the body and answer 204."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    else:
        await Request(scope, receive).body()
        await Response(status_code=204)(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    for told in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{told}.complete"})


async def serve_bare() -> None:
    """Run the floor's server until the process is ended; print its address first."""
    async with serving(_bare, listen("127.0.0.1", 0, or_free=True)) as url:
        print(url, flush=True)
        await asyncio.Event().wait()


@asynccontextmanager
async def _bare_process() -> AsyncIterator[str]:
    command = (sys.executable, "-m", "benchmarks.page_posts", "bare")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None  # noqa: S101 - asked for as a pipe
    try:
        async for line in process.stdout:
            if line.startswith(b"http://"):
                yield line.decode().strip()
                break
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def _worker_process(settings: Settings) -> AsyncIterator[None]:
    given = os.environ | {"KAWAL_HOME": str(settings.home), "KAWAL_CACHE": str(settings.cache)}
    command = (sys.executable, "-m", "kawal.cli", "worker")
    nowhere = asyncio.subprocess.DEVNULL  # it says that it is slow, which is measured here
    process = await asyncio.create_subprocess_exec(*command, env=given, stdout=nowhere, stderr=nowhere)
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def run() -> None:
    """Start a system, measure and print the figures."""
    with scratch_settings() as settings:
        async with (
            servers(settings) as running,
            _worker_process(settings),
            api_process(settings) as api,
            _bare_process() as bare,
        ):
            await measure(api, bare, running.endpoints.database_url)


async def measure(api: str, bare: str, database_url: str) -> None:
    """Send all three kinds in turn and print the figures."""
    chance = random.Random(1)  # noqa: S311 - no secret
    typed = typed_reports(chance)
    kinds: dict[str, tuple[str, Callable[[dict[str, str]], bytes]]] = {
        "POST /lapor": (api, as_form),
        "floor: the same as JSON": (api, as_json),
        "floor: a bare 204 to the form": (bare, as_form),
    }
    for url, make in kinds.values():
        await arrivals(url, [make(next(typed)) for _ in range(WARM_UP * A_SECOND)])
    conn = await asyncpg.connect(database_url)
    answers: dict[str, list[Answer]] = {name: [] for name in kinds}
    for _ in range(ROUNDS):
        for name, (url, make) in kinds.items():
            sent = [make(next(typed)) for _ in range(SECONDS * A_SECOND)]
            began, busy = time.perf_counter(), time.process_time()
            got = await arrivals(url, sent)
            took, spent = time.perf_counter() - began, time.process_time() - busy
            answers[name] += got
            print(
                f"{name}: {_said(got, took)}; the clients' processor {spent / took:.0%}; load {os.getloadavg()[0]:.1f}"
            )
            await _check(conn, got)
    numbers = Counter(answer.number for got in answers.values() for answer in got if answer.number is not None)
    if numbers.total() != len(numbers):
        raise RuntimeError("two reports got one number")
    await conn.close()
    pages = answers["POST /lapor"]
    p99 = _percentile(pages, 99)
    floors = ", ".join(
        f"{p99 / _percentile(answers[name], 99):.1f} × {name}" for name in kinds if answers[name] is not pages
    )
    print(f"in all: p99 {p99 * 1000:.0f} ms (limit {LIMIT_P99 * 1000:.0f}) = {floors}")


async def _check(conn: asyncpg.Connection, got: Sequence[Answer]) -> None:
    """Raise RuntimeError unless each report that was accepted is in the inbox once."""
    numbers = Counter(answer.number for answer in got if answer.number is not None)
    found: int = await conn.fetchval("select count(*) from inbox where tracking_id::text = any ($1)", list(numbers))
    if not numbers.total() == len(numbers) == found:
        raise RuntimeError(f"{numbers.total()} accepted, {len(numbers)} numbers, {found} of them in the inbox")
    if numbers:
        print(f"    {found} accepted, each in the inbox once")


def _percentile(answers: Sequence[Answer], percent: int) -> float:
    return statistics.quantiles([answer.seconds for answer in answers], n=100)[percent - 1]


def _said(answers: Sequence[Answer], took: float) -> str:
    counts = Counter(answer.status for answer in answers)
    p50, p95, p99 = (f"p{percent} {_percentile(answers, percent) * 1000:.0f}" for percent in (50, 95, 99))
    statuses = ", ".join(f"{status}: {count}" for status, count in counts.most_common())
    return f"{len(answers) / took:.0f}/s answered ({statuses}); {p50}, {p95}, {p99} ms"


if __name__ == "__main__":
    asyncio.run(serve_bare() if sys.argv[1:] == ["bare"] else run())
