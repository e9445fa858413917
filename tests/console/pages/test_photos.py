"""Photos come after the number: each once, each that is refused by its name."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from kawal.console.pages.public.photos import AT_ONCE
from tests.console.pages.browser import Browser
from tests.console.pages.test_report_form import filled, number_of
from tests.intake.attachments.files import jpeg
from tests.intake.conftest import shared_office as office
from tests.workflows.life import Office

__all__ = ["office"]

Files = list[tuple[str, tuple[str, bytes, str]]]


@pytest.fixture
async def number(browser: Browser) -> str:
    """Return the number of a report that was just sent."""
    return number_of(await filled(browser))


async def send(browser: Browser, number: str, files: Files, **headers: str) -> httpx.Response:
    form = (await browser.open(f"/l/{number}/tanda-terima")).form(f"/l/{number}/foto")
    return await browser.client.post(form.action, data=form.fields, files=files, headers=headers)


def named(*names: str) -> Files:
    """Return photos of different contents."""
    return [("photo", (name, jpeg(place + 1), "image/jpeg")) for place, name in enumerate(names)]


async def attached(office: Office, number: str) -> int:
    return int(
        await office.complaints.pool.fetchval("select count(*) from attachment where tracking_id::text = $1", number)
    )


async def test_several_photos_are_added_at_once_without_a_script(browser: Browser, office: Office, number: str) -> None:
    answer = await send(browser, number, named("satu.jpg", "dua.jpg", "tiga.jpg"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/l/{number}?sudah=foto")
    assert await attached(office, number) == 3


async def test_the_same_photo_again_is_there_once(browser: Browser, office: Office, number: str) -> None:
    for _ in range(2):
        answer = await send(browser, number, named("satu.jpg"), accept="application/json")
        assert (answer.status_code, answer.json()) == (201, {"refused": []})
    assert await attached(office, number) == 1


async def test_a_file_that_is_refused_is_named_and_the_others_are_taken(
    browser: Browser, office: Office, number: str
) -> None:
    files: Files = [
        *named("satu.jpg"),
        ("photo", ("virus.exe", b"MZ" + bytes(2000), "image/jpeg")),
        *named("a", "b.jpg")[1:],
    ]
    answer = await send(browser, number, files)
    assert answer.status_code == 422
    assert "virus.exe" in answer.text
    assert "2 berkas ditambahkan" in answer.text
    assert await attached(office, number) == 2


async def test_a_form_without_a_file_adds_nothing(browser: Browser, office: Office, number: str) -> None:
    answer = await send(browser, number, [("photo", ("", b"", "application/octet-stream"))])
    assert answer.status_code == 303
    assert await attached(office, number) == 0


@pytest.mark.parametrize("fields", [{}, {"formulir": "x"}])
async def test_a_form_without_the_pages_token_adds_nothing(
    browser: Browser, office: Office, number: str, fields: dict[str, Any]
) -> None:
    answer = await browser.client.post(f"/l/{number}/foto", data=fields, files=named("satu.jpg"))
    assert answer.status_code == 403
    assert await attached(office, number) == 0


async def test_more_files_than_are_taken_at_once_are_named_and_the_first_are_taken(
    browser: Browser, office: Office, number: str
) -> None:
    answer = await send(browser, number, named(*(f"{one}.jpg" for one in range(AT_ONCE + 2))))
    assert answer.status_code == 422
    assert [f"{one}.jpg" in answer.text for one in range(AT_ONCE + 2)] == [False] * AT_ONCE + [True] * 2
    assert await attached(office, number) == AT_ONCE


async def test_what_is_no_form_is_refused_in_words(browser: Browser, number: str) -> None:
    answer = await browser.client.post(f"/l/{number}/foto", content=b"x" * 100)
    assert answer.status_code == 400
    assert "<h1>" in answer.text
