"""What tests of the public figures stand on, and how a reader walks from a number to its reports."""

from __future__ import annotations

import re

from fastapi import FastAPI

from kawal.api import create_app
from kawal.client.complaints import Complaints
from kawal.store.ledger import Ledger
from kawal.system import System
from tests.console.pages.browser import Browser, Page
from tests.reports.conftest import CATEGORIES

HIDDEN = re.compile(r"([\d.]+) rahasia, ([\d.]+) belum diverifikasi, ([\d.]+) berkadar pengawasan = ([\d.]+)")


def app_of(connected: System) -> FastAPI:
    """Return the application without a worker: nobody else writes or takes up what the tests write."""
    rates = {"http_public_rate": "10000/minute", "http_pages_rate": "100000/minute"}
    return create_app(Complaints(connected), connected.settings.model_copy(update=rates), [])


async def ledger_of(connected: System) -> Ledger:
    """Return a ledger of KEPRI's with keys for 60 complaints, and an agency beside it that takes no reports."""
    pool, keys = connected.pool, connected.keys
    async with pool.acquire() as conn:
        await conn.execute("insert into instansi (code, name, active) values ('RIAU', 'Riau', false)")
        await conn.execute(
            "insert into opd (instansi, code, name) values ('KEPRI', 'PU', '=HYPERLINK(1)'), ('RIAU', 'DINKES', 'X')"
        )
        await conn.executemany(
            "insert into category (name, main, sub) values ($1, $2, $3) on conflict do nothing",
            [(main if sub is None else f"{main} / {sub}", main, sub) for main, sub in CATEGORIES],
        )
        for number in range(1, 61):
            await keys.create(conn, f"complaint-{number:07d}")
    return Ledger(pool, keys)


def numbers_of(page: Page) -> list[str]:
    """Return the numbers of the reports that a page lists."""
    return [link.removeprefix("/papan/") for link in page.links if link.startswith("/papan/")]


async def walked(browser: Browser, address: str) -> tuple[Page, list[str]]:
    """Read all pages behind a number by their links; return the first and the numbers of all."""
    first = page = await browser.open(address)
    numbers = numbers_of(page)
    while following := [link for link in page.links if link.startswith("/angka/baris?") and "setelah=" in link]:
        page = await browser.open(following[0])
        assert page.status == 200
        numbers += numbers_of(page)
    return first, numbers


def number_links(page: Page) -> dict[str, int]:
    """Return each number that leads to its reports, by the address that it leads to."""
    found = re.findall(r'<a href="(/angka/baris\?[^"]+)">([\d.]+)</a>', page.answer.text)
    return {address.replace("&amp;", "&"): int(shown.replace(".", "")) for address, shown in found}
