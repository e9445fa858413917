"""A page whose system stands still is answered all the same."""

from __future__ import annotations

import asyncio

import pytest

from kawal.console.pages import time_limits
from kawal.console.pages.time_limits import in_time
from tests.console.pages.browser import Browser
from tests.database_owner import as_owner
from tests.intake.conftest import shared_office as office
from tests.workflows.life import Office

__all__ = ["office"]

LOCKED = "access_code, inbox, complaint, board_entry, recap_tally, policy_version, log_head, log_published"


@pytest.mark.parametrize("address", ["/papan", "/papan/1234567", "/papan.csv", "/angka", "/segel", "/l/1234567/AB12"])
async def test_a_page_that_gets_no_answer_from_the_database_says_that_the_system_cannot_be_reached(
    browser: Browser, office: Office, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    await browser.open("/papan")  # whose agencies are remembered
    monkeypatch.setattr(time_limits, "WITHIN", 0.5)
    async with as_owner(office.complaints.pool) as conn, conn.transaction():
        await conn.execute(f"lock table {LOCKED} in access exclusive mode")
        page = await browser.open(address, accept="text/html")
    assert page.status == 503
    assert page.answer.headers["retry-after"]


async def test_what_does_not_even_end_when_it_is_given_up_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_limits, "WITHIN", 0.1)
    confirmed = asyncio.Event()
    given_up = asyncio.Event()

    async def stands_still() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            given_up.set()
            await confirmed.wait()
            raise

    with pytest.raises(TimeoutError):
        await in_time(stands_still())
    await given_up.wait()
    confirmed.set()


async def test_whoever_goes_away_leaves_nothing_running() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def runs() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    reader = asyncio.create_task(in_time(runs()))
    await begun.wait()
    reader.cancel()
    await ended.wait()
    assert (await asyncio.gather(reader, return_exceptions=True))[0].__class__ is asyncio.CancelledError
