"""How soon a change by another is on a page that is open: a hundred pages seen, twenty acts a second.

    python -m benchmarks live

Each page does what `live.js` does: it holds a stream, and fetches its list when it hears of a change, with its pauses.
Measured is from an act's answer, when it is on record, to the sentence at each page whose reader sees that report, and
to the list that was fetched after it. Worker, application, pages and whoever acts share one process.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple

import httpx

from benchmarks.lifecycle import begin
from benchmarks.servers import scratch_settings, servers, working
from kawal.api import create_app
from kawal.client.complaints import Complaints
from kawal.console.auth.session_cookie import NAME
from kawal.domain.names import Role
from kawal.web.server import listen, serving

PAGES = int(os.environ.get("KAWAL_BENCH_PAGES", "100"))
ACTS = float(os.environ.get("KAWAL_BENCH_ACTS", "20"))
SECONDS = 20
REPORTS = 40
LIMIT = 1.0
"""Seconds within which 95 of 100 sentences are to be there."""

PAUSE = 1.0
"""Seconds between two fetches of a page's list, as in `live.js`."""


class Act(NamedTuple):
    """A change that is on record."""

    number: str
    seq: int
    at: float


class Page:
    """An open page: when it heard of each report's steps, and when it had a list that was fetched after that."""

    def __init__(self, client: httpx.AsyncClient, cookie: str) -> None:
        """Open it with a session's cookie."""
        self._client = client
        self._headers = {"Cookie": f"{NAME}={cookie}", "Accept-Encoding": "gzip"}
        self.heard: list[Act] = []
        self.listed: list[tuple[float, float]] = []
        """When a fetch of the list began, and when it had come."""
        self._wanted = asyncio.Event()

    async def look(self) -> None:
        """Hold the stream and fetch the list until cancelled."""
        fetching = asyncio.create_task(self._fetch())
        try:
            async with self._client.stream("GET", "/kerja/perubahan", headers=self._headers, timeout=None) as answer:
                answer.raise_for_status()
                async for line in answer.aiter_lines():
                    if line.startswith("data: "):
                        told = json.loads(line[6:])
                        if "nomor" in told:
                            self.heard.append(Act(told["nomor"], told["langkah"], time.perf_counter()))
                        self._wanted.set()
        finally:
            fetching.cancel()

    async def _fetch(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            began = time.perf_counter()
            answer = await self._client.get("/kerja?bagian=daftar", headers=self._headers, timeout=60)
            answer.raise_for_status()
            ended = time.perf_counter()
            self.listed.append((began, ended))
            await asyncio.sleep(max(PAUSE, 10 * (ended - began)))


async def run() -> None:
    """Start a system, measure and print the figures."""
    with scratch_settings() as settings:
        async with servers(settings) as running, working(running) as connected:
            complaints = Complaints(connected)
            app = create_app(complaints, settings)
            async with serving(app, listen("127.0.0.1", 0, or_free=True), app.state.streams.end) as url:
                await measure(complaints, url)


async def measure(complaints: Complaints, url: str) -> None:
    """Have the pages open while acts are done, and print what they heard and when."""
    numbers = await asyncio.gather(*(begin(complaints) for _ in range(REPORTS)))
    async with _opened(complaints, url) as pages:
        acts = await _acts(complaints, numbers)
        await asyncio.sleep(3)
        said = [_after(act, page.heard) for act in acts for page in pages]
        listed = [_list_after(act, page.listed) for act in acts for page in pages]
    print(
        f"{PAGES} pages, {len(acts) / SECONDS:.1f} acts/s: the sentence is there after {_share(said, 0.5):.2f} s, p95"
        f" {_share(said, 0.95):.2f} s (limit {LIMIT:.0f} s), missed {said.count(None)} of {len(said)};"
        f" the list after {_share(listed, 0.5):.2f} s, p95 {_share(listed, 0.95):.2f} s, missed {listed.count(None)}"
    )


@asynccontextmanager
async def _opened(complaints: Complaints, url: str) -> AsyncIterator[list[Page]]:
    """Yield the open pages: half of the agency's admins, half of an OPD's liaisons."""
    async with AsyncExitStack() as stack:
        limits = httpx.Limits(max_connections=2 * PAGES, max_keepalive_connections=2 * PAGES)
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=url, limits=limits))
        pages = [Page(client, await _session(complaints, n)) for n in range(PAGES)]
        looking = [asyncio.create_task(page.look()) for page in pages]
        try:
            await asyncio.sleep(3)
            yield pages
        finally:
            for task in looking:
                task.cancel()
            await asyncio.gather(*looking, return_exceptions=True)


async def _session(complaints: Complaints, n: int) -> str:
    people, role = complaints.record.people, (Role.ADMIN, Role.LIAISON)[n % 2]
    person = await people.enter(f"pejabat{n}", f"Pejabat {n}")
    opd = "DPUPR" if role is Role.LIAISON else None
    instansi = await complaints.default_instansi()
    held = await people.grant(person, role, instansi, opd, None, "bench", complaints.now())
    _, cookie = await complaints.record.staff_sessions.begin(person.id, "passkey", role=f"r{held}")
    return cookie


async def _acts(complaints: Complaints, numbers: list[str]) -> list[Act]:
    """Do as many acts a second as are wanted, as far as the engine follows; return those that are on record."""
    admin = await complaints.actor(Role.ADMIN, "Dewi")
    done: list[Act] = []

    async def act(n: int) -> None:
        wanted: dict[str, object] = {"class": ("aspirasi", "pengaduan")[n // REPORTS % 2], "pengawasan": False}
        answer = await complaints.send(numbers[n % REPORTS], "reclassify", admin, wanted)
        done.append(Act(numbers[n % REPORTS], answer.last_seq, time.perf_counter()))

    began, doing = time.perf_counter(), []
    for n in range(int(ACTS * SECONDS)):
        await asyncio.sleep(max(0.0, began + n / ACTS - time.perf_counter()))
        doing.append(asyncio.create_task(act(n)))
    await asyncio.gather(*doing)
    return done


def _after(act: Act, heard: list[Act]) -> float | None:
    """Return the seconds from an act to the first sentence of its report that tells of it or of a later step."""
    times = [one.at for one in heard if one.number == act.number and one.seq >= act.seq]
    return max(0.0, min(times) - act.at) if times else None


def _list_after(act: Act, listed: list[tuple[float, float]]) -> float | None:
    times = [ended for began, ended in listed if began >= act.at]
    return min(times) - act.at if times else None


def _share(found: list[float | None], share: float) -> float:
    """Return the quantile of the seconds; what was missed counts as longest."""
    known = sorted(float("inf") if one is None else one for one in found)
    return known[min(len(known) - 1, int(share * len(known)))]


if __name__ == "__main__":
    asyncio.run(run())
