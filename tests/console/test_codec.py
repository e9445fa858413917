"""The codec asks who is reading, and answers the Temporal UI and programs with a pass, and nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import asyncpg
import httpx
import pytest
from google.protobuf import json_format
from starlette.requests import Request
from starlette.responses import Response
from temporalio.api.common.v1 import Payload, Payloads

from kawal.base.settings import Settings
from kawal.console.auth.session_cookie import NAME as SESSION
from kawal.console.codec import BASE, COOKIE, PURPOSE, Visit, codec_router, limit_of
from kawal.web.application import guard, new_application
from kawal.web.limits import JSON_BYTES
from kawal.web.problems import answer
from kawal.web.server import listen, serving

UI = "http://127.0.0.1:8233"
PASS = "kawalpas_benar"  # noqa: S105 - of this test alone


class Reverser:
    """A desk that admits one secret, decrypts a payload by reversing it, and remembers who read."""

    def __init__(self) -> None:
        self.visits: list[Visit | None] = []
        self.away: Exception | None = None

    async def admits(self, secret: str) -> bool:
        if self.away is not None:
            raise self.away
        return secret == PASS

    async def show(self, visit: Visit | None, payloads: Sequence[Payload], _login_url: str) -> list[Payload]:
        self.visits.append(visit)
        if visit is None:
            return [Payload(data=b"log in") for _ in payloads]
        return [Payload(metadata=payload.metadata, data=payload.data[::-1]) for payload in payloads]


@pytest.fixture
def desk() -> Reverser:
    return Reverser()


async def _elsewhere(_: Request) -> Response:
    return Response()


@pytest.fixture
async def server(desk: Reverser, tmp_path: Path) -> AsyncIterator[str]:
    """Yield the address of the codec, served like the whole interface."""
    app = new_application(Settings(home=tmp_path), {}, answer)
    app.include_router(codec_router(desk, UI))
    guard(app, answer, lambda path: limit_of(path) or JSON_BYTES, straight={"/elsewhere": _elsewhere})
    async with serving(app, listen("127.0.0.1", 0, or_free=False)) as url:
        yield url + BASE


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    """Yield a browser, which keeps cookies."""
    async with httpx.AsyncClient() as client:
        yield client


ENCRYPTED = json_format.MessageToJson(Payloads(payloads=[Payload(metadata={"encoding": b"x"}, data=b"abc")]))


async def decode(browser: httpx.AsyncClient, url: str, body: str = ENCRYPTED, **headers: str) -> tuple[int, bytes]:
    """Return the status, and the decoded first payload."""
    answer = await browser.post(f"{url}/decode", content=body, headers=headers)
    if answer.status_code != 200:
        assert "Access-Control-Allow-Origin" not in answer.headers
        return answer.status_code, answer.content
    assert answer.headers["Access-Control-Allow-Origin"] == UI
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    return answer.status_code, json_format.Parse(answer.text, Payloads()).payloads[0].data


async def sent(browser: httpx.AsyncClient, url: str, origin: str | None = None, **given: str) -> httpx.Response:
    """Return the answer to the page's form, by default sent from the page itself, by somebody who is signed in."""
    form = {"purpose": "uji petik"} | given
    browser.cookies.set(SESSION, form.pop("session", PASS))
    own = url.removesuffix(BASE)
    return await browser.post(f"{url}/login", data=form, headers={"Origin": own if origin is None else origin})


async def log_in(browser: httpx.AsyncClient, url: str, **given: str) -> int:
    return (await sent(browser, url, **given)).status_code


async def test_a_browser_is_shown_payloads_once_it_has_logged_in_and_until_it_logs_out(
    server: str, desk: Reverser, browser: httpx.AsyncClient
) -> None:
    assert await decode(browser, server, Origin=UI) == (200, b"log in")
    assert await log_in(browser, server) == 200
    assert await decode(browser, server, Origin=UI) == (200, b"cba")
    assert desk.visits[-1] is not None
    assert desk.visits[-1].purpose == "uji petik"
    out = await browser.post(f"{server}/logout", headers={"Origin": UI})
    assert out.status_code == 200
    assert await decode(browser, server, Origin=UI) == (200, b"log in")


async def test_the_sessions_cookie_is_for_this_site_and_no_script(server: str, browser: httpx.AsyncClient) -> None:
    answer = await sent(browser, server)
    cookie = answer.headers["Set-Cookie"]
    assert PASS not in cookie + answer.text
    assert cookie.startswith(COOKIE)
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert f"Path={BASE};" in f"{cookie};"


@pytest.mark.parametrize("given", [{"session": "salah"}, {"session": ""}, {"purpose": " "}, {"purpose": "x" * 501}])
async def test_without_a_session_or_a_purpose_nobody_is_let_in(
    server: str, browser: httpx.AsyncClient, given: dict[str, str]
) -> None:
    assert await log_in(browser, server, **given) == 403
    assert await decode(browser, server, Origin=UI) == (200, b"log in")


async def test_an_endless_purpose_and_a_form_of_another_site_are_refused(
    server: str, browser: httpx.AsyncClient
) -> None:
    assert await log_in(browser, server, purpose="x" * 2**16) == 413
    assert (await sent(browser, server, origin="http://elsewhere.example")).status_code == 403


async def test_a_program_shows_its_pass_and_purpose_in_headers(
    server: str, desk: Reverser, browser: httpx.AsyncClient
) -> None:
    shown = {"Authorization": f"Bearer {PASS}", PURPOSE: "uji petik"}
    assert await decode(browser, server, **shown) == (200, b"cba")
    assert desk.visits[-1] == Visit("header", PASS, "uji petik")
    assert (await decode(browser, server, Authorization="Bearer salah"))[0] == 401
    assert (await decode(browser, server, Authorization=PASS))[0] == 401


async def test_the_page_says_in_the_readers_language_what_is_wanted(server: str, browser: httpx.AsyncClient) -> None:
    assert "/masuk?ke=/codec/login" in (await browser.get(f"{server}/login")).text
    browser.cookies.set(SESSION, PASS)
    answer = await browser.get(f"{server}/login")
    text = answer.text
    english = await browser.get(f"{server}/login", headers={"Accept-Language": "en"})
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Tujuan" in text
    assert "Purpose" in english.text
    assert UI in text


async def test_a_preflight_is_answered_for_the_ui_alone(server: str, browser: httpx.AsyncClient) -> None:
    answer = await browser.options(f"{server}/decode", headers={"Origin": UI})
    assert answer.status_code == 200
    assert "x-namespace" in answer.headers["Access-Control-Allow-Headers"]
    answer = await browser.options(f"{server}/decode", headers={"Origin": "http://elsewhere.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://elsewhere.example"},
        {"Origin": UI, "Host": "elsewhere.example"},
        {"Origin": UI, "Host": "elsewhere.example:99999"},
        {"Origin": UI, "Host": "a@127.0.0.1"},
        {"Origin": UI, "Host": "[::"},
        {"Origin": UI, "X-Forwarded-For": "203.0.113.7"},
        {"Origin": "http://elsewhere.example", "Authorization": f"Bearer {PASS}"},
    ],
)
async def test_anyone_else_is_refused(server: str, browser: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert await log_in(browser, server) == 200
    status, body = await decode(browser, server, **headers)
    assert status == 403
    assert b"cba" not in body


async def test_more_than_a_page_of_payloads_is_refused_before_it_is_read(server: str, desk: Reverser) -> None:
    assert limit_of(f"{BASE}/decode") == 20 * 2**20
    where = httpx.URL(server)
    reader, writer = await asyncio.open_connection(where.host, where.port)
    head = (f"POST {BASE}/decode HTTP/1.1", f"Host: {where.host}", f"Origin: {UI}", f"Content-Length: {20 * 2**20 + 1}")
    writer.write("\r\n".join((*head, "", "")).encode())
    assert b" 413 " in await reader.readline()
    writer.close()
    assert desk.visits == []


async def test_more_payloads_than_anyone_asks_for_are_refused(
    server: str, desk: Reverser, browser: httpx.AsyncClient
) -> None:
    for number in (10_001, 1_000_000):
        many = '{"payloads": [' + ",".join(["{}"] * number) + "]}"
        assert (await decode(browser, server, many, Origin=UI))[0] == 413
    assert desk.visits == []


@pytest.mark.parametrize("error", [asyncpg.InterfaceError("pool is closing"), OSError("refused"), TimeoutError()])
async def test_while_the_database_is_away_nobody_is_let_in_and_is_told_to_try_again(
    server: str, desk: Reverser, browser: httpx.AsyncClient, error: Exception
) -> None:
    desk.away = error
    assert await log_in(browser, server) == 503
    assert (await decode(browser, server, Authorization=f"Bearer {PASS}"))[0] == 503


async def test_a_guesser_is_told_to_wait(server: str, browser: httpx.AsyncClient) -> None:
    statuses = [await log_in(browser, server, session="salah") for _ in range(70)]
    assert statuses[0] == 403
    assert statuses[-1] == 429


@pytest.mark.parametrize("body", ["", "7", "{", '{"payloads": 3}'])
async def test_garbage_is_a_bad_request(server: str, browser: httpx.AsyncClient, body: str) -> None:
    assert (await decode(browser, server, body, Origin=UI))[0] == 400
