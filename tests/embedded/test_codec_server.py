"""The codec server asks who looks, and answers the Temporal UI and programs with a pass, and nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import aiohttp
import pytest
from google.protobuf import json_format
from temporalio.api.common.v1 import Payload, Payloads

from kawal.embedded.codec_server import COOKIE, PURPOSE, Visit, codec_server

UI = "http://127.0.0.1:8233"
PASS = "kawalpas_benar"  # noqa: S105 - of this test alone


class Reverser:
    """Admits one pass, opens a payload by turning it round, and remembers who looked."""

    def __init__(self) -> None:
        self.visits: list[Visit | None] = []

    async def admits(self, secret: str) -> bool:
        return secret == PASS

    async def show(self, visit: Visit | None, payloads: Sequence[Payload], _login_url: str) -> list[Payload]:
        self.visits.append(visit)
        if visit is None:
            return [Payload(data=b"log in") for _ in payloads]
        return [Payload(metadata=payload.metadata, data=payload.data[::-1]) for payload in payloads]


@pytest.fixture
def desk() -> Reverser:
    return Reverser()


@pytest.fixture
async def server(desk: Reverser) -> AsyncIterator[str]:
    async with codec_server(desk, ui_origin=UI) as url:
        yield url


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    """A browser: it keeps cookies, of an address too."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


SEALED = json_format.MessageToJson(Payloads(payloads=[Payload(metadata={"encoding": b"x"}, data=b"abc")]))


async def decode(browser: aiohttp.ClientSession, url: str, body: str = SEALED, **headers: str) -> tuple[int, bytes]:
    """The status, and what the first payload is shown as."""
    async with browser.post(f"{url}/decode", data=body, headers=headers) as answer:
        text = await answer.text()
        if answer.status != 200:
            assert "Access-Control-Allow-Origin" not in answer.headers
            return answer.status, text.encode()
        assert answer.headers["Access-Control-Allow-Origin"] == UI
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        return answer.status, json_format.Parse(text, Payloads()).payloads[0].data


async def log_in(browser: aiohttp.ClientSession, url: str, **given: str) -> int:
    form = {"pass": PASS, "purpose": "uji petik"} | given
    async with browser.post(f"{url}/login", data=form, headers={"Origin": url}) as answer:
        return answer.status


async def test_a_browser_is_shown_payloads_once_it_has_logged_in_and_until_it_logs_out(
    server: str, desk: Reverser, browser: aiohttp.ClientSession
) -> None:
    assert await decode(browser, server, Origin=UI) == (200, b"log in")
    assert await log_in(browser, server) == 200
    assert await decode(browser, server, Origin=UI) == (200, b"cba")
    assert desk.visits[-1] is not None
    assert desk.visits[-1].purpose == "uji petik"
    async with browser.post(f"{server}/logout", headers={"Origin": server}) as answer:
        assert answer.status == 200
    assert await decode(browser, server, Origin=UI) == (200, b"log in")


async def test_the_sessions_cookie_is_for_this_site_and_no_script(server: str, browser: aiohttp.ClientSession) -> None:
    form = {"pass": PASS, "purpose": "uji"}
    async with browser.post(f"{server}/login", data=form, headers={"Origin": server}) as answer:
        cookie = answer.headers["Set-Cookie"]
        assert PASS not in cookie + await answer.text()
    assert cookie.startswith(COOKIE)
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize("given", [{"pass": "salah"}, {"pass": ""}, {"purpose": " "}, {"purpose": "x" * 501}])
async def test_without_a_pass_or_a_purpose_nobody_is_let_in(
    server: str, browser: aiohttp.ClientSession, given: dict[str, str]
) -> None:
    assert await log_in(browser, server, **given) == 403
    assert await decode(browser, server, Origin=UI) == (200, b"log in")


async def test_an_endless_purpose_and_a_form_of_another_site_are_refused(
    server: str, browser: aiohttp.ClientSession
) -> None:
    assert await log_in(browser, server, purpose="x" * 2**16) == 413
    form = {"pass": PASS, "purpose": "uji"}
    async with browser.post(f"{server}/login", data=form, headers={"Origin": "http://elsewhere.example"}) as answer:
        assert answer.status == 403


async def test_a_program_shows_its_pass_and_purpose_in_headers(
    server: str, desk: Reverser, browser: aiohttp.ClientSession
) -> None:
    shown = {"Authorization": f"Bearer {PASS}", PURPOSE: "uji petik"}
    assert await decode(browser, server, **shown) == (200, b"cba")
    assert desk.visits[-1] == Visit("header", PASS, "uji petik")
    assert (await decode(browser, server, Authorization="Bearer salah"))[0] == 401
    assert (await decode(browser, server, Authorization=PASS))[0] == 401


async def test_the_page_says_in_both_languages_what_is_wanted(server: str, browser: aiohttp.ClientSession) -> None:
    async with browser.get(f"{server}/login") as answer:
        text = await answer.text()
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Untuk apa dibaca" in text
    assert "what it is read for" in text
    assert UI in text


async def test_a_preflight_is_answered_for_the_ui_alone(server: str, browser: aiohttp.ClientSession) -> None:
    async with browser.options(f"{server}/decode", headers={"Origin": UI}) as answer:
        assert answer.status == 200
        assert "x-namespace" in answer.headers["Access-Control-Allow-Headers"]
    async with browser.options(f"{server}/decode", headers={"Origin": "http://elsewhere.example"}) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://elsewhere.example"},
        {"Origin": UI, "Host": "elsewhere.example"},
        {"Origin": "http://elsewhere.example", "Authorization": f"Bearer {PASS}"},
    ],
)
async def test_anyone_else_is_refused(server: str, browser: aiohttp.ClientSession, headers: dict[str, str]) -> None:
    assert await log_in(browser, server) == 200
    status, body = await decode(browser, server, **headers)
    assert status == 403
    assert b"cba" not in body


@pytest.mark.parametrize("body", ["", "7", "{", '{"payloads": 3}'])
async def test_garbage_is_a_bad_request(server: str, browser: aiohttp.ClientSession, body: str) -> None:
    assert (await decode(browser, server, body, Origin=UI))[0] == 400
