"""Protection of the HTTP interface: tokens, limits, and errors that are always problems and never reveal too much."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.types import Message
from structlog.testing import capture_logs

from kawal.api import create_app
from kawal.base.errors import StorageUnavailable
from kawal.intake.open311.faults import answer_to
from kawal.store.tokens import Tokens
from kawal.web.limits import JSON_BYTES, Gate
from kawal.web.problems import problem_of
from tests.intake.conftest import shared_office as office
from tests.intake.http.conftest import REPORT, client_of
from tests.intake.http.test_reports import number_of_reports, problem
from tests.workflows.life import Office, eventually

__all__ = ["office"]

REPORTS = "/api/v1/reports"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_token_gives_its_channel_and_holds_until_it_is_revoked(
    app: FastAPI, client: httpx.AsyncClient, office: Office
) -> None:
    tokens: Tokens = app.state.tokens
    token, text = await tokens.create("gerbang wa", "whatsapp", "KEPRI")
    answer = await client.post(REPORTS, json=REPORT, headers=bearer(text))
    assert answer.status_code == 201
    channel = await office.complaints.pool.fetchval(
        "select channel::text from inbox where tracking_id::text = $1", answer.json()["tracking_id"]
    )
    assert channel == "whatsapp"
    (used,) = [one for one in await tokens.all() if one.id == token.id]
    assert used.last_used_at is not None
    assert await tokens.revoke(token.id)
    assert not await tokens.revoke(token.id)
    problem(await client.post(REPORTS, json=REPORT, headers=bearer(text)), 401, "token")


async def test_a_token_revoked_elsewhere_is_trusted_for_a_few_seconds_at_most(office: Office) -> None:
    here, elsewhere = Tokens(office.complaints.pool), Tokens(office.complaints.pool)
    token, text = await elsewhere.create("gerbang", "sms")
    assert await here.find(text)
    await elsewhere.revoke(token.id)

    async def refused() -> bool:
        return await here.find(text) is None

    await eventually(refused)


async def test_a_tokens_text_is_stored_nowhere(office: Office) -> None:
    _, text = await Tokens(office.complaints.pool).create("gerbang", "sms")
    row = await office.complaints.pool.fetchrow("select t::text as whole from api_token t")
    assert text not in row["whole"]
    assert text.encode().hex() not in row["whole"]


async def test_a_token_reaches_no_further_than_its_scopes_and_agency(app: FastAPI, client: httpx.AsyncClient) -> None:
    _, reader = await app.state.tokens.create("baca", "web", scopes=("read",))
    problem(await client.post(REPORTS, json=REPORT, headers=bearer(reader)), 403, "scope")
    _, bound = await app.state.tokens.create("kepri", "web", "KEPRI")
    other = {**REPORT, "instansi": "LAIN"}
    problem(await client.post(REPORTS, json=other, headers=bearer(bound)), 403, "other_instansi")


@pytest.mark.parametrize("shown", ["Bearer kawal_unknown", "Bearer ", "Basic eDp5", "x", "Bearer " + "a" * 5000])
async def test_what_is_no_valid_token_is_refused_and_not_taken_for_a_citizen(
    client: httpx.AsyncClient, office: Office, shown: str
) -> None:
    before = await number_of_reports(office)
    answer = await client.post(REPORTS, json=REPORT, headers={"Authorization": shown})
    problem(answer, 401, "token")
    assert "bearer" in answer.headers["www-authenticate"].lower()
    assert await number_of_reports(office) == before


@pytest.fixture
async def strict(office: Office) -> FastAPI:
    """Return the application with limits that are soon reached."""
    settings = office.complaints.settings.model_copy(update={"http_public_rate": "3/hour", "http_token_rate": "5/hour"})
    return create_app(office.complaints, settings)


async def test_too_many_calls_of_an_address_wait_and_others_do_not(strict: FastAPI) -> None:
    async with client_of(strict, "203.0.113.1") as one, client_of(strict, "203.0.113.2") as other:
        for _ in range(3):
            assert (await one.post(REPORTS, json=REPORT)).status_code == 201
        answer = await one.post(REPORTS, json=REPORT)
        problem(answer, 429, "too_many")
        assert 0 < int(answer.headers["retry-after"]) <= 3600
        assert (await other.post(REPORTS, json=REPORT)).status_code == 201


async def test_a_token_may_call_more_often_and_has_its_own_count(strict: FastAPI) -> None:
    _, text = await strict.state.tokens.create("gerbang", "sms")
    async with client_of(strict, "203.0.113.3") as client:
        codes = [(await client.post(REPORTS, json=REPORT, headers=bearer(text))).status_code for _ in range(6)]
        assert codes == [201] * 5 + [429]
        assert (await client.post(REPORTS, json=REPORT)).status_code == 201


async def test_one_subscriber_is_one_address_however_many_it_has(strict: FastAPI) -> None:
    codes = []
    for host in (
        "2001:db8:1:2::1",
        "2001:db8:1:2:ffff::9",
        "2001:db8:1:2::3%eth0",
        "2001:db8:1:2:8::",
        "2001:db8:1:3::1",
    ):
        async with client_of(strict, host) as client:
            codes.append((await client.post(REPORTS, json=REPORT)).status_code)
    assert codes == [201, 201, 201, 429, 201]


async def test_counting_a_call_costs_the_same_however_many_addresses_have_called() -> None:
    gate, took = Gate({"pages": "1200/minute"}), []
    for first in (0, 200_000):
        for count in range(first, first + 100_000):
            await gate.let_in("pages", str(count))
        began = time.thread_time()  # of the processor: others may be at work
        for count in range(1000):
            await gate.let_in("pages", f"one more {count}")
            await asyncio.sleep(0)
        took.append(time.thread_time() - began)
    assert max(took) < 1, "1000 calls"


@pytest.mark.parametrize(
    "path", ["/lapor", "/l", "/l/kirim-ulang", REPORTS, "/webhooks/sms", "/open311/v2/requests.json"]
)
async def test_a_caller_who_is_gone_before_all_was_sent_is_no_fault_of_ours(app: FastAPI, path: str) -> None:
    arriving: list[Message] = [
        {"type": "http.request", "body": b"text=Lub", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return arriving.pop(0)

    async def send(_message: Message) -> None:
        """Send to nobody."""

    form = [(b"content-type", b"application/x-www-form-urlencoded"), (b"host", b"kawal.test")]
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": form}
    with capture_logs() as logged:
        await app(
            {**scope, "client": ("203.0.113.9", 1), "server": ("kawal.test", 80), "scheme": "http"}, receive, send
        )
    assert [one for one in logged if one["log_level"] == "error"] == []


async def test_guessed_tokens_count_against_their_address(strict: FastAPI) -> None:
    async with client_of(strict, "203.0.113.4") as client:
        codes = [(await client.post(REPORTS, json=REPORT, headers=bearer(f"kawal_{n}"))).status_code for n in range(4)]
    assert codes == [401, 401, 401, 429]


async def test_a_body_over_the_limit_is_cut_off_whether_or_not_it_says_its_length(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    problem(await client.post(REPORTS, content=b" " * (JSON_BYTES + 1), headers=headers), 413, "too_large")
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65536
            yield b" " * 65536

    problem(await client.post(REPORTS, content=endless(), headers=headers), 413, "too_large")
    assert sent < 4 * JSON_BYTES


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (b'{"title": "x", "text": "y"}', "text/plain", 415, "media_type"),
        (b"title=x", "application/x-www-form-urlencoded", 415, "media_type"),
        (b"{", "application/json", 400, "unreadable"),
        (b"", "application/json", 400, "unreadable"),
        (b'{"title": "\xff\xfe", "text": "y"}', "application/json", 400, "unreadable"),
        (b'\xef\xbb\xbf{"title": "x", "text": "y"}', "application/json", 400, "unreadable"),
        (b'{"title": "\\ud800", "text": "y"}', "application/json", 400, "unreadable"),
        (b'{"title": ' + b"[" * 100_000, "application/json", 400, "unreadable"),
        (b"[]", "application/json", 422, "invalid"),
        (b"null", "application/json", 422, "invalid"),
        (b'{"title": "x\\u0000", "text": "y"}', "application/json", 422, "invalid"),
        (b'{"title": "x", "text": "y", "more": 1}', "application/json", 422, "invalid"),
        (b'{"title": "x", "text": "y", "place": {"latitude": NaN}}', "application/json", 422, "invalid"),
        (b'{"title": "x", "text": "y", "place": {"latitude": 91}}', "application/json", 422, "invalid"),
        (b'{"title": "x", "text": "y", "occurred_on": "7 jam yang lalu"}', "application/json", 422, "invalid"),
        (b'{"title": "x", "text": "y", "occurred_on": "9999-12-31"}', "application/json", 422, "malformed"),
        (b'{"title": "x", "text": "y", "category": "JALAN"}', "application/json", 422, "unknown_category"),
        (b'{"title": "x", "text": "y", "opd": "TIDAKADA"}', "application/json", 422, "unknown_opd"),
        (b'{"title": "x", "text": "y", "instansi": "LAIN"}', "application/json", 422, "malformed"),
    ],
)
async def test_a_body_that_is_no_report_is_a_problem_that_says_why(
    client: httpx.AsyncClient, office: Office, content: bytes, media_type: str, status: int, code: str
) -> None:
    before = await number_of_reports(office)
    answer = await client.post(REPORTS, content=content, headers={"Content-Type": media_type})
    problem(answer, status, code)
    assert await number_of_reports(office) == before


async def test_each_field_at_fault_is_named_and_nothing_sent_is_repeated(client: httpx.AsyncClient) -> None:
    answer = await client.post(REPORTS, json={"title": "", "text": "rahasia sekali", "reporter": {"email": "rahasia"}})
    told = problem(answer, 422, "invalid")
    assert [fault["pointer"] for fault in told["errors"]] == ["#/title", "#/reporter/email"]
    assert "rahasia" not in answer.text


@pytest.mark.parametrize(
    "faulty",
    [
        {"reporter": {"email": "siti"}},
        {"reporter": {"phone": "telepon"}},
        {"reporter": {"name": "x\x00"}},
        {"reporter": "Siti"},
        {"place": 5},
        {"class": "lain"},
    ],
)
async def test_no_inner_word_of_a_check_is_told(client: httpx.AsyncClient, faulty: dict[str, object]) -> None:
    answer = await client.post(REPORTS, json=REPORT | faulty)
    told = problem(answer, 422, "invalid")["detail"]
    assert not [word for word in ("pattern", "^", "Value error", "instance of", "In ") if word in told]


async def test_what_the_framework_answers_is_said_in_our_words(client: httpx.AsyncClient) -> None:
    for tracking, key in (("abc", "k"), ("1234567", "kunci satu")):
        headers = {"X-Tracking-Secret": "x", "Idempotency-Key": key}
        answer = await client.post(f"{REPORTS}/{tracking}/replies", json={"text": "x"}, headers=headers)
        assert "^" not in problem(answer, 422, "invalid")["detail"]
    answer = await client.post(REPORTS, json=REPORT, headers={"Idempotency-Key": "kunci satu"})
    assert "^" not in problem(answer, 422, "invalid")["detail"]
    assert "Tidak ada apa pun" in problem(await client.get("/api/v1/nothing"), 404, "not_found")["detail"]


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.DeadlockDetectedError("deadlock detected"),
        asyncpg.SerializationError("could not serialize access"),
        asyncpg.DiskFullError("No space left on device"),
        asyncpg.ReadOnlySQLTransactionError("read-only transaction"),
        asyncpg.TooManyConnectionsError("too many clients"),
        asyncpg.LockNotAvailableError("lock timeout"),
        asyncpg.PostgresIOError("could not read block"),
        StorageUnavailable("the bucket"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_is_away_for_a_while_is_503_on_every_channel(error: Exception) -> None:
    assert problem_of(error, "id").status_code == 503
    request = Request({"type": "http", "path": "/open311/v2/requests.json", "headers": [], "app": FastAPI()})
    assert answer_to(request, error).status_code == 503


@pytest.mark.parametrize("key", ["", " ", "k" * 151, "kunci satu"])
async def test_a_key_that_is_none_is_refused(client: httpx.AsyncClient, key: str) -> None:
    problem(await client.post(REPORTS, json=REPORT, headers={"Idempotency-Key": key}), 422, "invalid")


async def test_unknown_paths_and_methods_are_problems(client: httpx.AsyncClient) -> None:
    problem(await client.get("/api/v1/nothing"), 404, "not_found")
    answer = await client.delete(f"{REPORTS}/1234567")
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"]


async def test_what_nobody_foresaw_is_a_problem_without_a_trace(
    app: FastAPI, client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    @app.get("/broken")
    async def broken() -> None:
        raise ZeroDivisionError("secret thing")

    answer = await client.get("/broken")
    problem(answer, 500, "internal")
    assert "secret" not in answer.text
    assert "secret thing" in "".join(capsys.readouterr())


async def test_payloads_are_opened_only_where_that_was_asked_for(office: Office) -> None:
    complaints, ui = office.complaints, "http://127.0.0.1:8233"
    for app, status in (
        (create_app(complaints, complaints.settings), 404),
        (create_app(complaints, complaints.settings, ui=ui), 200),
    ):
        async with client_of(app, "127.0.0.1") as client:
            local = {"Host": "127.0.0.1", "Origin": ui}
            assert (await client.options("/codec/decode", headers=local)).status_code == status
            assert "/codec" not in (await client.get("/api/v1/openapi.json")).text
