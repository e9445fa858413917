"""A recorded year of three reports, and a demo of it that is served to a browser without scripts."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from kawal.base.settings import Settings
from kawal.console.pages.demo.bar import START
from kawal.demo.demo import Demo
from kawal.demo.run import running_demo
from kawal.demo.starting_point import StartingPoint
from kawal.demo_api import create_demo_app, serve_demo
from kawal.domain.calendar import at_local
from kawal.domain.scenario import Format, ScenarioRow, read_rows
from kawal.web.server import browser_url, listen
from tests.console.pages.browser import Browser, Page

OWED, NEW, LATER = "Lampu jalan padam di Batu 8", "Pipa bocor di Batu 9", "Jembatan retak di Batu 10"
VERIFIED = {"title": OWED, "class": "pengaduan", "category": "PERHUBUNGAN", "pengawasan": False}

CACHE = Settings.from_env(os.environ).cache

MORNING = StartingPoint(at_local(date(2022, 3, 9), 8), date(2022, 3, 8), date(2022, 3, 3))


def _start(title: str) -> dict[str, Any]:
    reporter = {"name": "Siti", "email": "siti@example.org"}
    return {"title": title, "text": f"{title}, sejak Senin malam.", "channel": "web", "reporter": reporter}


_ROWS: list[tuple[str, str, str, str, dict[str, Any]]] = [
    ("2022-03-01T09:00:00+07:00", "A", "adapter", "start", _start(OWED)),
    ("2022-03-01T10:00:00+07:00", "A", "admin", "verify", VERIFIED),
    ("2022-03-01T10:05:00+07:00", "A", "admin", "forward", {"opds": ["DISKOMINFO"]}),
    ("2022-03-04T10:00:00+07:00", "A", "liaison/DISKOMINFO", "follow_up", {"text": "Selesai.", "final": True}),
    ("2022-03-08T09:00:00+07:00", "B", "adapter", "start", _start(NEW)),
    ("2022-03-08T10:00:00+07:00", "B", "admin", "verify", VERIFIED | {"title": NEW}),
    ("2022-03-10T09:00:00+07:00", "C", "adapter", "start", _start(LATER)),
]
"""What the OPD answered and what the admin decided last are the visitor's to do; the third report comes in later."""


def rows() -> list[ScenarioRow]:
    """Return the rows of the year."""
    names = ("at", "complaint", "role", "command", "arguments")
    lines = [json.dumps(dict(zip(names, row, strict=True)) | {"actor": "Dewi"}) for row in _ROWS]
    return read_rows("\n".join(lines), Format.JSONL)


@asynccontextmanager
async def demo_in(home: Path) -> AsyncIterator[Demo]:
    """Run the demo of that year in a folder."""
    with listen("127.0.0.1", 0, or_free=True) as bound:
        async with running_demo(Settings(home=home, cache=CACHE), bound, rows(), MORNING) as demo:
            yield demo


@asynccontextmanager
async def served_demo(home: Path) -> AsyncIterator[str]:
    """Run the demo in a folder and serve it to browsers; yield its address."""
    bound = listen("127.0.0.1", 0, or_free=True)
    running = running_demo(Settings(home=home, cache=CACHE), bound, rows(), MORNING)
    async with running as demo, serve_demo(demo, bound) as url:
        yield browser_url(url)


@asynccontextmanager
async def visitor(demo: Demo) -> AsyncIterator[Browser]:
    """Visit a demo's pages on this machine."""
    transport = httpx.ASGITransport(create_demo_app(demo), raise_app_exceptions=True, client=("127.0.0.1", 40_000))
    async with httpx.AsyncClient(transport=transport, base_url="https://localhost") as client:
        yield Browser(client)


async def signed_in(browser: Browser, login: str) -> Page:
    """Press one of the buttons of the sign-in page."""
    entrance = await browser.open("/masuk")
    return await browser.send(entrance.form(f"{START}/masuk"), orang=login)
