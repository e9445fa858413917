"""How a reporter comes in: by the link or by number and code; whoever guesses learns nothing."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

import pytest
from fastapi import FastAPI

from kawal.api import create_app
from kawal.client.reporter_access import ReporterAccess
from tests.console.pages.browser import Browser
from tests.console.pages.test_report_form import filled, number_of
from tests.intake.conftest import live
from tests.intake.conftest import shared_office as office
from tests.intake.http.conftest import client_of
from tests.workflows.conftest import Opening
from tests.workflows.life import Office

__all__ = ["office"]

UNKNOWN = "1234567"


@pytest.fixture
async def sent(browser: Browser, office: Office) -> tuple[str, str]:
    """Return number and code of a report that was just sent."""
    number = number_of(await filled(browser))
    return number, await ReporterAccess(office.complaints).secret_of(number)


async def test_a_link_is_exchanged_for_a_cookie_and_the_code_stays_in_no_address(
    sent: tuple[str, str], app: FastAPI
) -> None:
    number, code = sent
    async with client_of(app) as client:
        answer = await client.get(f"/l/{number}/{code}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/l/{number}")
        assert answer.headers["referrer-policy"] == "no-referrer"
        cookie = answer.headers["set-cookie"]
        assert code not in cookie
        assert "HttpOnly" in cookie
        assert f"Path=/l/{number}" in cookie
        assert "SameSite=lax" in cookie
        assert number_of(await Browser(client).open(f"/l/{number}/tanda-terima")) == number


async def test_a_link_works_in_several_browsers_and_again(sent: tuple[str, str], app: FastAPI) -> None:
    number, code = sent
    for _ in range(3):
        async with client_of(app) as client:
            assert (await client.get(f"/l/{number}/{code}")).status_code == 303


async def test_number_and_code_are_read_however_they_are_typed(sent: tuple[str, str], app: FastAPI) -> None:
    number, code = sent
    spaced = f"{code[:5].lower()}-{code[5:].lower()}"
    async with client_of(app) as client:
        browser = Browser(client)
        form = (await browser.open(f"/l?nomor={number}")).form("/l")
        assert form.fields["number"] == number
        answer = await client.post("/l", data={"number": f" {number[:3]} {number[3:]}", "code": spaced})
        assert answer.headers["location"] == f"/l/{number}"


async def test_a_wrong_code_and_a_number_that_does_not_exist_are_answered_alike(
    sent: tuple[str, str], app: FastAPI
) -> None:
    number, _ = sent
    async with client_of(app) as client:
        answers = [await client.get(f"/l/{one}/0000000000") for one in (number, UNKNOWN)]
        typed = [await client.post("/l", data={"number": one, "code": "0000000000"}) for one in (number, UNKNOWN)]
        for known, unknown in (answers, typed):
            assert (known.status_code, unknown.status_code) == (404, 404)
            assert known.text.replace(number, UNKNOWN) == unknown.text
            assert not known.headers.get("set-cookie")


async def test_what_opens_nothing_stays_in_its_fields_and_they_are_marked(browser: Browser) -> None:
    page = await browser.send((await browser.open("/l")).form("/l"), number=UNKNOWN, code="abcde 12345")
    assert page.form("/l").fields == {"number": UNKNOWN, "code": "abcde 12345"}
    assert f"/l/kirim-ulang?nomor={UNKNOWN}" in page.links, "nobody types the number again"
    assert page.answer.text.count('aria-invalid="true"') == 2
    assert page.answer.text.count('aria-describedby="fault') == 2


async def test_whoever_guessed_too_often_learns_nothing_from_a_right_code_and_others_still_come_in(
    sent: tuple[str, str], office: Office
) -> None:
    number, code = sent
    strict = create_app(office.complaints, office.complaints.settings.model_copy(update={"http_public_rate": "3/hour"}))
    async with client_of(strict, "203.0.113.1") as office_address, client_of(strict, "203.0.113.2") as guesser:
        right = [(await office_address.get(f"/l/{number}/{code}")).status_code for _ in range(5)]
        assert right == [303] * 5, "right codes do not count"
        guesses = [(await guesser.get(f"/l/{number}/000000000{last}")).status_code for last in range(4)]
        assert guesses == [404, 404, 404, 429]
        for answer in (
            await guesser.get(f"/l/{number}/{code}"),
            await guesser.post("/l", data={"number": number, "code": code}),
        ):
            assert answer.status_code == 429
            assert "set-cookie" not in answer.headers
        assert (await office_address.get(f"/l/{number}/{code}")).status_code == 303


async def test_with_the_database_away_the_code_stays_in_its_field(open_office: Opening) -> None:
    async with (
        live(open_office) as office,
        client_of(create_app(office.complaints, office.complaints.settings, [])) as client,
    ):
        browser = Browser(client)
        form = (await browser.open("/l")).form("/l")
        await office.complaints.pool.close()
        page = await browser.send(form, number="1234567", code="abcde 12345")
    assert (page.status, page.form("/l").fields) == (503, {"number": "1234567", "code": "abcde 12345"})
    assert page.answer.headers["retry-after"]


async def test_a_page_without_its_cookie_asks_for_the_code_whether_the_report_exists_or_not(
    sent: tuple[str, str], app: FastAPI
) -> None:
    number, code = sent
    async with client_of(app) as client:
        pages = [await client.get(f"/l/{one}/tanda-terima") for one in (number, UNKNOWN)]
        assert pages[0].text.replace(number, UNKNOWN) == pages[1].text
        assert code not in pages[0].text


async def test_the_cookie_of_one_report_opens_no_other_and_a_changed_code_ends_it(
    browser: Browser, office: Office
) -> None:
    first, second = [number_of(await filled(browser)) for _ in range(2)]
    access = ReporterAccess(office.complaints)
    stolen = {f"laporan-{second}": await access.cookie_of(first)}
    answer = await browser.client.get(f"/l/{second}/tanda-terima", headers={"cookie": f"laporan-{second}=x"})
    assert "tanda-terima" not in answer.text
    answer = await browser.client.get(
        f"/l/{second}/tanda-terima", headers={"cookie": "; ".join(f"{name}={value}" for name, value in stolen.items())}
    )
    assert await access.secret_of(second) not in answer.text
    await access.change_code(first, office.complaints.now())
    assert (await browser.open(f"/l/{first}/tanda-terima")).forms[0].action == "/l"


@pytest.mark.parametrize("number", ["123456", "12345678901", "abcdefg", "%00", "١٢٣٤٥٦٧"])
async def test_what_is_no_number_is_answered_like_a_number_that_does_not_exist(browser: Browser, number: str) -> None:
    answer = await browser.client.get(f"/l/{number}/tanda-terima")
    unknown = await browser.client.get(f"/l/{UNKNOWN}/tanda-terima")
    assert answer.status_code == unknown.status_code
    said = [re.escape(spelt) for spelt in (number, unquote(number), quote(number))]
    assert re.sub("|".join(said), UNKNOWN, answer.text) == unknown.text
