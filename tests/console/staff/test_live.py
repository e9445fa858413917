"""The stream of what others change: under the reader's rights, ended with the session, and never in the way."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from kawal.console.auth.session_cookie import NAME
from kawal.console.pages.staff.live import feed
from kawal.console.pages.staff.live.feed import PATH
from kawal.console.pages.staff.live.open_streams import OpenStreams
from kawal.console.pages.staff.live.watches import MOST_WAITING, News, Reader
from kawal.domain.names import Role
from kawal.store.changed_reports import ChangedReport
from kawal.web.problems import Problem
from kawal.web.server import listen, serving
from tests.console.pages.browser import Page
from tests.people import person_with, session_of
from tests.workflows.life import Office

Told = tuple[str, dict[str, Any]]


class Stream:
    """One open stream."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def next(self) -> Told | None:
        """Return the next event; None where the stream has ended."""
        name = ""
        async with asyncio.timeout(20):
            async for line in self._lines:
                if line.startswith("event: "):
                    name = line[7:]
                if line.startswith("data: "):
                    return name, json.loads(line[6:])
        return None

    async def until(self, name: str, **wanted: object) -> dict[str, Any]:
        """Return the content of the next event of that name that holds this."""
        while (told := await self.next()) is not None:
            if told[0] == name and wanted.items() <= told[1].items():
                return told[1]
        raise AssertionError(f"the stream ended before {name}")


class Pages:
    """The application on a socket, and how its streams are opened."""

    def __init__(self, url: str, office: Office, client: httpx.AsyncClient) -> None:
        self.url = url
        self.office = office
        self.client = client

    @asynccontextmanager
    async def stream(self, cookie: str, query: str = "") -> AsyncIterator[Stream]:
        headers = {"Cookie": f"{NAME}={cookie}"}
        async with self.client.stream("GET", f"{self.url}{PATH}{query}", headers=headers, timeout=20) as answer:
            yield Stream(answer)


@pytest.fixture
async def pages(app: FastAPI, office: Office) -> AsyncIterator[Pages]:
    async with (
        httpx.AsyncClient() as client,
        serving(app, listen("127.0.0.1", 0, or_free=False), app.state.streams.end) as url,
    ):
        yield Pages(url, office, client)


async def test_each_reader_is_told_in_words_what_changes_in_its_scope_and_nothing_else(
    pages: Pages, app: FastAPI
) -> None:
    office = pages.office
    cookie = await session_of(office.complaints, Role.ADMIN, "Ani Wijaya")
    own = await session_of(office.complaints, Role.LIAISON, "Budi Hartono", "DPUPR")
    other = await session_of(office.complaints, Role.LIAISON, "Citra Lestari", "DISHUB")
    secret = await office.receive(rahasia=True)
    case = await office.receive()
    async with pages.stream(cookie) as admin, pages.stream(own) as dpupr, pages.stream(other) as dishub:
        assert admin.answer.headers["content-type"].startswith("text/event-stream")
        assert admin.answer.headers["x-accel-buffering"] == "no"
        assert "content-encoding" not in admin.answer.headers
        for one in (admin, dpupr, dishub):
            assert await one.next() == ("ulang", {})
        await case.verify()
        told = await admin.until("laporan", nomor=case.tracking_id)
        assert "memverifikasi laporan ini" in told["kalimat"]
        assert told["sendiri"] is False
        await case.admin("forward", opds=["DPUPR"])
        heard = await dpupr.until("laporan", nomor=case.tracking_id)
        assert "meneruskan laporan ini" in heard["kalimat"]
        assert "berlubang" not in heard["kalimat"]
        await secret.verify()
        told = await admin.until("laporan", nomor=secret.tracking_id)
        assert "Dewi" not in told["kalimat"]
        app.state.streams.end()
        rest = [one async for one in _all(dishub)]
        assert [name for name, _ in rest if name == "laporan"] == []


async def _all(stream: Stream) -> AsyncIterator[Told]:
    while (told := await stream.next()) is not None:
        yield told


async def test_a_page_of_one_report_is_told_first_where_that_stands_if_it_may_be_seen(pages: Pages) -> None:
    office = pages.office
    case = await office.receive()
    seq = (await case.row()).last_seq
    admin = await session_of(office.complaints, Role.ADMIN, "Ani Wijaya")
    liaison = await session_of(office.complaints, Role.LIAISON, "Citra Lestari", "DISHUB")
    async with pages.stream(admin, f"?laporan={case.tracking_id}") as stream:
        assert await stream.until("laporan", nomor=case.tracking_id, langkah=seq)
    async with pages.stream(liaison, f"?laporan={case.tracking_id}") as stream:
        assert await stream.next() == ("ulang", {})
        await office.complaints.pool.execute("update staff_session set ended_at = now()")
        assert not [name for name, _ in [one async for one in _all(stream)] if name == "laporan"]


async def test_who_else_has_a_report_open_is_told_at_once_to_its_pages_alone(pages: Pages, app: FastAPI) -> None:
    office, client = pages.office, pages.client
    case = await office.receive()
    address = f"/laporan/{case.tracking_id}"
    ani = await session_of(office.complaints, Role.ADMIN, "Ani Wijaya")
    budi = {"Cookie": f"{NAME}={await session_of(office.complaints, Role.INSPECTORATE, 'Budi Santoso')}"}
    stranger = await session_of(office.complaints, Role.LIAISON, "Citra Lestari", "DISHUB")
    query = f"?laporan={case.tracking_id}"
    async with pages.stream(ani, query) as own, pages.stream(ani) as lists, pages.stream(stranger, query) as outside:
        await own.until("hadir", nomor=case.tracking_id, kalimat="")
        first, last = [Page(await client.get(pages.url + address, headers=budi)) for _ in range(2)]
        began = time.monotonic()
        await own.until("hadir", kalimat="Budi Santoso juga sedang membuka laporan ini.")
        assert time.monotonic() - began < 1
        for page in (first, last):  # the word of the page before takes nothing away
            assert await office.complaints.pool.fetchval("select count(*) from presence") == 1
            leaving = {**page.form(f"{address}/hadir").fields, "pergi": "ya"}
            assert (await client.post(f"{pages.url}{address}/hadir", data=leaving, headers=budi)).status_code == 204
        await own.until("hadir", kalimat="")
        app.state.streams.end()
        for other in (lists, outside):
            assert {name for name, _ in [one async for one in _all(other)]} <= {"ulang"}


async def test_a_stream_ends_within_five_seconds_of_its_session_or_its_role_and_none_opens_without_a_session(
    pages: Pages,
) -> None:
    complaints = pages.office.complaints
    ended = await session_of(complaints, Role.ADMIN, "Ani Wijaya")
    person, role = await person_with(complaints, Role.INSPECTORATE, "Ira Puspita")
    await person_with(complaints, Role.AUDITOR, "Ira Puspita")
    session, stays = await complaints.record.staff_sessions.begin(person.id, "passkey", role=f"r{role}")
    async with pages.stream(ended) as of_session, pages.stream(stays) as of_role:
        for stream in (of_session, of_role):
            assert await stream.next() == ("ulang", {})
        began = time.monotonic()
        await complaints.pool.execute("update staff_session set ended_at = now() where id <> $1", session)
        assert await complaints.record.people.end_role(role)
        for stream in (of_session, of_role):
            assert "kalimat" in await stream.until("selesai")
            assert await stream.next() is None
        assert time.monotonic() - began < 5
    for cookie, status in ((ended, 303), (stays, 200)):
        answer = await pages.client.get(f"{pages.url}/kerja", headers={"Cookie": f"{NAME}={cookie}"})
        assert answer.status_code == status
    refused = await pages.client.get(f"{pages.url}{PATH}", headers={"Cookie": f"{NAME}={ended}"})
    assert refused.status_code == 303


async def test_an_open_stream_is_no_use_of_its_session(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "ASKED_EVERY", 0.05)
    office, pool = pages.office, pages.office.complaints.pool
    cookie = await session_of(office.complaints, Role.ADMIN, "Ani Wijaya")
    async with pages.stream(cookie) as stream:
        assert await stream.next() == ("ulang", {})
        await pool.execute("update staff_session set seen_at = now() - interval '2 hours'")
        assert await stream.until("selesai")


async def test_the_server_stops_in_time_with_streams_open(app: FastAPI, office: Office) -> None:
    cookie = await session_of(office.complaints, Role.ADMIN, "Ani Wijaya")
    async with httpx.AsyncClient() as client:
        async with serving(app, listen("127.0.0.1", 0, or_free=False), app.state.streams.end) as url:
            opened = await client.send(
                client.build_request("GET", f"{url}{PATH}", headers={"Cookie": f"{NAME}={cookie}"}), stream=True
            )
            assert await Stream(opened).next() == ("ulang", {})
            began = time.monotonic()
        assert time.monotonic() - began < 3
        await opened.aclose()
    assert app.state.streams.count == 0


def test_streams_are_bounded_for_a_session_and_in_all() -> None:
    streams = OpenStreams(of_a_session=1, in_all=2)
    with streams.hold(1, Reader()):
        with pytest.raises(Problem) as own:
            streams.check(1)
        streams.check(2)
        with streams.hold(2, Reader()), pytest.raises(Problem) as all_of_them:
            streams.check(3)
    streams.check(1)
    assert (own.value.status_code, all_of_them.value.status_code) == (429, 503)


async def test_a_slow_reader_is_told_to_look_at_everything_again_and_keeps_nobody_waiting() -> None:
    reader = Reader()
    await reader.next(0)
    for n in range(MOST_WAITING + 1):
        reader.tell(News([ChangedReport(str(n), 1, False, None)], False))
    assert await reader.next(0) == News([], True)
    reader.tell(News([ChangedReport("1", 1, False, None)], False))
    reader.tell(News([ChangedReport("1", 2, False, None)], False))
    assert await reader.next(0) == News([ChangedReport("1", 2, False, None)], False)
