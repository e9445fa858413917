"""Photos after the number: with JavaScript shrunk, one by one, tried again; without it several at once."""

from __future__ import annotations

import os
import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, Request, Route, expect

from tests.system.pages.form_steps import sent_report
from tests.system.pages.served import Site
from tests.system.pages.test_lost_network import lose_one_answer
from tests.system.pages.visits import visiting
from tests.workflows.life import eventually

SENT = "terkirim"
_SIDE = 700
"""Pixels: a picture of noise of about 1 MB."""


def photograph(side: int = _SIDE) -> bytes:
    """Return a photograph, unlike any other."""
    file = BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(3 * side * side)).save(file, "JPEG", quality=95)
    return file.getvalue()


@pytest.fixture
def photographs(tmp_path: Path) -> list[Path]:
    """Return two large photographs."""
    paths = [tmp_path / f"foto {number}.jpg" for number in (1, 2)]
    for path in paths:
        path.write_bytes(photograph())
    return paths


async def test_photos_are_shrunk_and_sent_one_by_one(browser: Browser, site: Site, photographs: list[Path]) -> None:
    async with visiting(browser, site.url) as visit:
        number = await sent_report(visit)
        sizes: list[int] = []

        def note(request: Request) -> None:
            if request.method == "POST":
                sizes.append(int(request.headers.get("content-length") or len(request.post_data_buffer or b"")))

        visit.page.on("request", note)
        await visit.page.locator("#photo").set_input_files(photographs)
        await visit.page.locator("#photos button").click()
        lines = visit.page.locator("#photo-list li")
        await expect(lines).to_have_text([f"{path.name}: {SENT}" for path in photographs])
        assert await site.attachments_of(number) == ["image/jpeg"] * 2
        assert len(sizes) == 2
        assert max(sizes) < min(path.stat().st_size for path in photographs)


async def test_a_photo_that_did_not_arrive_is_sent_again(browser: Browser, site: Site, photographs: list[Path]) -> None:
    async with visiting(browser, site.url) as visit:
        number = await sent_report(visit)
        failures = 0

        async def refused_once(route: Route) -> None:
            nonlocal failures
            failures += 1
            await (route.abort("internetdisconnected") if failures == 1 else route.continue_())

        await visit.page.route("**/foto", refused_once)
        await visit.page.locator("#photo").set_input_files(photographs[0])
        await visit.page.locator("#photos button").click()
        await expect(visit.page.locator("#photo-list li")).to_contain_text("belum terkirim, dicoba lagi")
        await expect(visit.page.locator("#photo-list li")).to_have_text([f"{photographs[0].name}: {SENT}"])
        assert await site.attachments_of(number) == ["image/jpeg"]


async def test_a_photo_of_which_only_the_answer_was_lost_is_there_once(
    browser: Browser, site: Site, photographs: list[Path]
) -> None:
    async with visiting(browser, site.url) as visit:
        number = await sent_report(visit)
        await lose_one_answer(visit.page, "**/foto")
        await visit.page.locator("#photo").set_input_files(photographs[0])
        await visit.page.locator("#photos button").click()
        await expect(visit.page.locator("#photo-list li")).to_have_text([f"{photographs[0].name}: {SENT}"])
        assert await site.attachments_of(number) == ["image/jpeg"]


async def test_a_photo_that_was_tried_in_vain_is_sent_by_pressing_the_button_again(
    browser: Browser, site: Site, photographs: list[Path]
) -> None:
    async with visiting(browser, site.url) as visit:
        number = await sent_report(visit)
        line = visit.page.locator("#photo-list li")
        await visit.page.clock.install()
        await visit.page.route("**/foto", lambda route: route.abort("internetdisconnected"))
        await visit.page.locator("#photo").set_input_files(photographs[0])
        await visit.page.locator("#photos button").click()

        async def given_up() -> bool:
            await visit.page.clock.fast_forward(20_000)
            return "tekan tombol" in await line.inner_text()

        await eventually(given_up)
        await visit.page.unroute("**/foto")
        await visit.page.locator("#photos button").click()
        await expect(line).to_have_text([f"{photographs[0].name}: {SENT}"])
        assert await site.attachments_of(number) == ["image/jpeg"]


async def test_a_file_that_is_too_large_is_named_without_being_sent(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    film.touch()
    os.truncate(film, 11 * 1024 * 1024)
    async with visiting(browser, site.url) as visit:
        await sent_report(visit)
        sent: list[Route] = []
        await visit.page.route("**/foto", lambda route: sent.append(route))
        await visit.page.locator("#photo").set_input_files(film)
        await visit.page.locator("#photos button").click()
        await expect(visit.page.locator("#photo-list li")).to_have_text(re.compile("^film.mp4: .*10 MB"))
        assert sent == []


async def test_a_file_that_is_no_photo_is_refused_by_name(browser: Browser, site: Site, tmp_path: Path) -> None:
    program = tmp_path / "hadiah.exe"
    program.write_bytes(b"MZ" + os.urandom(2000))
    async with visiting(browser, site.url) as visit:
        number = await sent_report(visit)
        await visit.page.locator("#photo").set_input_files(program)
        await visit.page.locator("#photos button").click()
        await expect(visit.page.locator("#photo-list li")).to_contain_text("hadiah.exe: ")
        await expect(visit.page.locator("#photo-list li")).not_to_contain_text("dikirim")
        assert await site.attachments_of(number) == []


async def test_without_a_script_several_are_sent_at_once_and_what_was_refused_is_named(
    browser: Browser, site: Site, photographs: list[Path], tmp_path: Path
) -> None:
    program = tmp_path / "hadiah.exe"
    program.write_bytes(b"MZ" + os.urandom(2000))
    async with visiting(browser, site.url, script=False) as visit:
        number = await sent_report(visit)
        await visit.page.locator("#photo").set_input_files([photographs[0], program, photographs[1]])
        await visit.page.locator("#photos button").click()
        await expect(visit.page.locator("li.fault")).to_contain_text("hadiah.exe")
        await expect(visit.page.locator("li.fault")).to_have_count(1)
        assert await site.attachments_of(number) == ["image/jpeg"] * 2
