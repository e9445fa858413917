"""Signing in, and what attackers try: guessing, replaying, planting, leading elsewhere."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fastapi import FastAPI

from kawal.api import create_app
from kawal.client.complaints import Complaints
from kawal.console.auth import browser_cookie, session_cookie
from kawal.console.auth.password_check import PasswordCheck, weakness
from kawal.console.auth.sign_in_page import FREE_FAILURES
from kawal.console.auth.signing_in import own_path
from kawal.domain.calendar import local_day
from kawal.domain.names import Role
from kawal.store.people import Person
from kawal.system import System
from kawal.web.problems import Problem
from tests.console.pages.browser import Page
from tests.console.staff.authenticator import Authenticator
from tests.console.staff.signing import (
    ORIGIN,
    PASSWORD,
    Visitor,
    asked,
    code_of,
    key_of,
    link_for,
    visiting,
    with_passkey,
    with_password,
)
from tests.people import person_with

PLENTY = "100000/minute"
RP = "kawal.test"


@pytest.fixture
async def complaints(connected: System) -> Complaints:
    """Return the client of an installation without a worker: nobody who signs in needs the engine."""
    return Complaints(connected)


@pytest.fixture
def app(complaints: Complaints) -> FastAPI:
    """Return the application, reached by the public's address."""
    settings = complaints.settings.model_copy(update={"http_public_rate": PLENTY, "public_url": ORIGIN})
    return create_app(complaints, settings)


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[Visitor]:
    """Yield a browser without cookies."""
    async with visiting(app) as opened:
        yield opened


@pytest.fixture
async def budi(complaints: Complaints) -> Person:
    """Return a liaison who has not set up yet how to sign in."""
    person, _ = await person_with(complaints, Role.LIAISON, "budi@kepri.example", "DISHUB")
    return person


async def kinds(complaints: Complaints) -> list[str]:
    return [str(entry.kind) async for entry in complaints.access_log.entries()]


async def test_the_first_administrator_comes_in_by_a_link_that_works_once(
    complaints: Complaints, app: FastAPI, visitor: Visitor
) -> None:
    path = await link_for(complaints, None)
    page = await visitor.open(path)
    device = Authenticator(ORIGIN, RP)
    given = {"pemilik": "Ani Wijaya", "nama": "ani", "jawaban": device.made(asked(page))}
    answer = await visitor.send(page, "", "kunci", **given)
    assert answer.headers["location"] == "/kelola/mulai"
    shown = await visitor.open("/kerja")
    assert "Ani Wijaya" in shown.text
    assert "admin" in shown.text.lower()
    async with visiting(app) as other:
        assert (await other.open(path)).status == 410
    assert await link_is_over(complaints)


async def link_is_over(complaints: Complaints) -> bool:
    """Tell whether a link for a first administrator opens nothing any more: somebody is entered."""
    token, _ = await complaints.record.sign_in_links.make(None, "test")
    return await complaints.record.sign_in_links.find(token) is None


async def test_reading_a_link_changes_nothing_so_that_scanners_may_follow_it(
    complaints: Complaints, app: FastAPI, visitor: Visitor, budi: Person
) -> None:
    path = await link_for(complaints, budi)
    async with visiting(app) as scanner:
        for _ in range(3):
            assert (await scanner.open(path)).status == 200
    page = await visitor.open(path)
    secret = key_of(page)
    assert (await visitor.send(page, "", "sandi", sandi=PASSWORD, kode=code_of(secret))).status_code == 303


async def test_a_passkey_signs_in_and_names_nobody_before(
    complaints: Complaints, app: FastAPI, visitor: Visitor, budi: Person
) -> None:
    device = Authenticator(ORIGIN, RP)
    await with_passkey(complaints, visitor, budi, device)
    async with visiting(app) as other:
        page = await other.open("/masuk?ke=/akun")
        assert asked(page).get("allowCredentials", []) == []
        answer = await other.send(page, "/masuk/kunci", jawaban=device.signed(asked(page)))
        assert answer.headers["location"] == "/akun"
        assert (await other.open("/akun")).status == 200
    assert "signed_in" in await kinds(complaints)


def _lie(device: Authenticator, fault: str) -> Authenticator:
    """Let a device answer wrongly."""
    if fault == "stranger":
        return Authenticator(ORIGIN, RP)
    device.origin = "https://kawal.test.evil.example" if fault == "origin" else ORIGIN
    device.rp_id = "evil.example" if fault == "rp" else RP
    device.verifies = fault != "unverified"
    return device


async def test_a_passkeys_answer_that_is_not_what_was_asked_signs_nobody_in(
    complaints: Complaints, app: FastAPI, visitor: Visitor, budi: Person
) -> None:
    device = Authenticator(ORIGIN, RP)
    await with_passkey(complaints, visitor, budi, device)
    async with visiting(app) as other, visiting(app) as third:
        for fault in ("origin", "rp", "unverified", "another's challenge", "stranger"):
            page = await other.open("/masuk")
            wanted = asked(await third.open("/masuk") if fault == "another's challenge" else page)
            answer = await other.send(page, "/masuk/kunci", jawaban=_lie(device, fault).signed(wanted))
            assert (answer.status_code, session_cookie.NAME in other.client.cookies) == (403, False), fault
        for nonsense in ("", "{}", "[]", '{"response": 3}', "x" * 30_000):
            page = await other.open("/masuk")
            assert (await other.send(page, "/masuk/kunci", jawaban=nonsense)).status_code == 403
    assert "sign_in_failed" in await kinds(complaints)


async def test_a_passkeys_answer_counts_once(
    complaints: Complaints, app: FastAPI, visitor: Visitor, budi: Person
) -> None:
    device = Authenticator(ORIGIN, RP)
    await with_passkey(complaints, visitor, budi, device)
    async with visiting(app) as other:
        page = await other.open("/masuk")
        held = other.client.cookies[browser_cookie.NAME]
        answer = device.signed(asked(page))
        assert (await other.send(page, "/masuk/kunci", jawaban=answer)).status_code == 303
        other.client.cookies.clear()
        other.client.cookies.set(browser_cookie.NAME, held, domain="kawal.test")
        assert (await other.send(page, "/masuk/kunci", jawaban=answer)).status_code == 403


async def test_a_password_signs_in_only_with_a_code_and_a_code_only_once(
    complaints: Complaints, app: FastAPI, visitor: Visitor, budi: Person
) -> None:
    secret = await with_password(complaints, visitor, budi)
    code = code_of(secret, 1)
    async with visiting(app) as other:
        assert (await other.by_password(budi.login, PASSWORD, "")).status_code == 403
        assert (await other.by_password(budi.login, PASSWORD, code)).status_code == 303
    async with visiting(app) as third:
        assert (await third.by_password(budi.login, PASSWORD, code)).status_code == 403
        assert (await third.open("/kerja")).status == 303


async def test_nobody_learns_whether_a_log_in_name_exists(
    complaints: Complaints, app: FastAPI, visitor: Visitor, budi: Person
) -> None:
    secret = await with_password(complaints, visitor, budi)
    answers, took = [], []
    for login in (budi.login, "tidak.ada@kepri.example", budi.login, "tidak.ada@kepri.example"):
        async with visiting(app) as other:
            await other.open("/masuk")
            began = time.process_time()
            answer = await other.by_password(login, "salah sama sekali 123", code_of(secret, 1))
            took.append(time.process_time() - began)
            page = Page(answer)
            answers.append((answer.status_code, page.text.replace(login, "")))
    assert len(set(answers)) == 1
    known, unknown = min(took[0], took[2]), min(took[1], took[3])  # of the processor: the machine may be busy
    assert 0.4 < unknown / known < 2.5


async def test_guessing_makes_one_wait_whoever_is_meant_and_never_for_good(
    complaints: Complaints, app: FastAPI, visitor: Visitor, budi: Person
) -> None:
    secret = await with_password(complaints, visitor, budi)
    mac = await complaints.record.people.login_mac(budi.login)
    strange = await complaints.record.people.login_mac("tidak.ada")
    for _ in range(FREE_FAILURES):
        for one in (mac, strange):
            assert await complaints.record.passwords.attempt(one, timedelta(hours=1), lambda _: timedelta()) is None
    async with visiting(app) as other:
        right = await other.by_password(budi.login, PASSWORD, code_of(secret, 1))
        assert right.status_code == 429
        assert (await other.by_password("tidak.ada", PASSWORD, "000000")).status_code == 429
    await complaints.record.passwords.forget_failures(mac)  # as an hour does
    async with visiting(app) as other:
        assert (await other.by_password(budi.login, PASSWORD, code_of(secret, 1))).status_code == 303


async def test_the_session_before_signing_in_and_after_are_not_the_same(
    complaints: Complaints, app: FastAPI, visitor: Visitor, budi: Person
) -> None:
    secret = await with_password(complaints, visitor, budi)
    planted = visitor.client.cookies[session_cookie.NAME]
    answer = await visitor.by_password(budi.login, PASSWORD, code_of(secret, 1))
    given = answer.cookies[session_cookie.NAME]
    assert given != planted
    flags = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(session_cookie.NAME + "="))
    assert all(flag in flags for flag in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"))
    assert "Domain" not in flags
    async with visiting(app) as thief:
        thief.client.cookies.set(session_cookie.NAME, planted)
        assert (await thief.open("/kerja")).status == 303


async def test_a_form_of_another_site_is_refused(complaints: Complaints, visitor: Visitor, budi: Person) -> None:
    await with_passkey(complaints, visitor, budi, Authenticator(ORIGIN, RP))
    form = (await visitor.open("/akun")).form("/akun/pintasan")
    foreign = ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"sec-fetch-site": "same-site"})
    for headers in foreign:
        assert (await visitor.client.post(form.action, data=form.fields, headers=headers)).status_code == 403
    for token in ("r1.0000", "", "."):
        answer = await visitor.client.post(form.action, data={**form.fields, "formulir": token})
        assert answer.status_code == 403
    assert (await visitor.client.post(form.action, data=form.fields)).status_code == 303


@pytest.mark.parametrize(
    "wanted",
    [
        *("//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)"),
        *("/\t/evil.example", "/kerja\r\nSet-Cookie: a=b", "kerja", "///evil.example", "/" + "a" * 600, ""),
    ],
)
def test_signing_in_leads_nowhere_but_to_a_page_of_ours(wanted: str) -> None:
    assert own_path(wanted) == "/kerja"


def test_signing_in_leads_back_to_what_was_to_be_read() -> None:
    assert own_path("/laporan/1234567?bagian=berkas") == "/laporan/1234567?bagian=berkas"


async def test_by_plain_http_nobody_signs_in_and_the_page_says_what_is_needed(complaints: Complaints) -> None:
    settings = complaints.settings.model_copy(update={"http_public_rate": PLENTY})
    plain = create_app(complaints, settings)
    async with visiting(plain, "http://lapor.example") as other:
        page = await other.open("/masuk")
        assert "KAWAL_PUBLIC_URL" in page.text
        assert page.forms == []
        assert (await other.open("/")).status == 200
    async with visiting(plain, "http://localhost:8480") as local:
        assert {form.action for form in (await local.open("/masuk")).forms} == {"/masuk", "/masuk/kunci"}


async def test_a_session_that_was_ended_on_the_account_page_is_over_at_the_next_request(
    complaints: Complaints, app: FastAPI, visitor: Visitor, budi: Person
) -> None:
    secret = await with_password(complaints, visitor, budi)
    async with visiting(app, **{"User-Agent": "Mozilla/5.0 (Android 14) Firefox/128.0"}) as lost:
        assert (await lost.by_password(budi.login, PASSWORD, code_of(secret, 1))).status_code == 303
        page = await visitor.open("/akun")
        assert "Firefox, Android" in page.text
        assert (await visitor.send(page, "/akun/sesi")).status_code == 303
        assert (await lost.open("/kerja")).status == 303
    assert (await visitor.open("/kerja")).status == 200
    assert "session_revoked" in await kinds(complaints)


async def test_the_last_means_of_signing_in_stays(complaints: Complaints, visitor: Visitor, budi: Person) -> None:
    device = Authenticator(ORIGIN, RP)
    await with_passkey(complaints, visitor, budi, device)
    page = await visitor.open("/akun")
    assert (await visitor.send(page, "/akun/kunci-hapus")).status_code == 409
    secret = key_of(page)
    assert (await visitor.send(page, "/akun/sandi", sandi=PASSWORD, kode=code_of(secret))).status_code == 303
    assert (await visitor.send(page, "/akun/kunci-hapus")).status_code == 303
    assert (await visitor.send(await visitor.open("/akun"), "/akun/sandi-hapus")).status_code == 409


async def test_a_new_link_ends_what_one_signed_in_with_before(
    complaints: Complaints, app: FastAPI, visitor: Visitor, budi: Person
) -> None:
    lost = await with_password(complaints, visitor, budi)
    async with visiting(app) as other:
        await with_passkey(complaints, other, budi, Authenticator(ORIGIN, RP))
        assert (await other.open("/kerja")).status == 200
    assert (await visitor.open("/kerja")).status == 303
    assert (await visitor.by_password(budi.login, PASSWORD, code_of(lost, 1))).status_code == 403


@pytest.mark.parametrize(
    ("password", "good"),
    [
        *(("pendek", False), ("passwordpassword", False), ("budi@kepri.example", False), ("123456789012345", False)),
        *((PASSWORD, True), ("x" * 300, False), (PASSWORD * 4, True)),
    ],
)
def test_a_password_must_be_long_and_hard_to_guess_and_needs_no_kinds_of_characters(password: str, good: bool) -> None:
    assert (weakness(password, ("budi@kepri.example",)) is None) is good


async def test_many_who_sign_in_at_once_are_told_to_come_again_and_nobody_hangs() -> None:
    check = PasswordCheck(most=4)
    results = await asyncio.gather(*(check.is_right(None, "x") for _ in range(7)), return_exceptions=True)
    refused = [one for one in results if isinstance(one, Problem)]
    assert [(one.status_code, one.code) for one in refused] == [(503, "busy")] * 3
    assert results.count(False) == 4


async def _role_named(page: Page, word: str) -> str:
    """Return the value of the choice that names a role so."""
    found = re.search(rf'<option value="([rd][0-9]+)"[^>]*>[^<]*{word}', page.answer.text)
    assert found is not None
    return found[1]


async def test_one_acts_in_one_role_at_a_time_and_a_form_of_another_comes_back_with_what_was_typed(
    complaints: Complaints, visitor: Visitor, budi: Person
) -> None:
    await person_with(complaints, Role.DESK, budi.login)
    await with_passkey(complaints, visitor, budi, Authenticator(ORIGIN, RP))
    before = visitor.client.cookies[session_cookie.NAME]
    opened = await visitor.open("/akun")
    wanted = await _role_named(opened, "loket")
    assert (await visitor.send(await visitor.open("/kerja"), "/peran", peran=wanted)).status_code == 303
    assert visitor.client.cookies[session_cookie.NAME] != before
    refused = Page(await visitor.send(opened, "/akun/pengganti", nama="siti", dari="2026-03-09", sampai="2026-03-10"))
    assert refused.status == 409
    assert {"siti", "2026-03-10"} <= set(re.findall(r"<textarea[^>]*>([^<]*)<", refused.answer.text))
    again = refused.forms[-1] if refused.forms[-1].action == "/peran" else refused.forms[0]
    assert again.fields["peran"] == f"r{(await complaints.record.people.grants())[0].id}"
    stolen = await visitor.send(await visitor.open("/kerja"), "/peran", peran="r999999")
    assert stolen.status_code == 403


async def test_a_deputy_is_named_on_the_account_page_and_acts_for_the_absent(
    complaints: Complaints, app: FastAPI, visitor: Visitor, budi: Person
) -> None:
    siti, _ = await person_with(complaints, Role.DESK, "siti")
    await with_passkey(complaints, visitor, budi, Authenticator(ORIGIN, RP))
    page, today = await visitor.open("/akun"), local_day(complaints.now()).isoformat()
    number = str((await complaints.record.people.grants())[0].id)
    form = {"nomor": number, "nama": "siti", "dari": today, "sampai": today}
    assert (await visitor.send(page, "/akun/pengganti", **form)).status_code == 303
    assert (await visitor.send(page, "/akun/pengganti", **form | {"nama": "tidak.ada"})).status_code == 409
    async with visiting(app) as other:
        await with_passkey(complaints, other, siti, Authenticator(ORIGIN, RP))
        kerja = await other.open("/kerja")
        wanted = next(value for value in re.findall(r'<option value="(d[0-9]+)"', kerja.answer.text))
        assert (await other.send(kerja, "/peran", peran=wanted)).status_code == 303
        shown = (await other.open("/kerja")).text
        assert "DISHUB" in shown
        assert f"pengganti sementara {budi.name}" in shown
    await complaints.pool.execute("update staff_session set began_at = now() - interval '16 minutes'")
    page = await visitor.open("/akun")
    assert (await visitor.send(page, "/akun/pengganti", **form)).status_code == 403, "a desk may be left open"
    named = {"number": int(number), "login": "siti", "first": today, "last": today}
    header = {"X-Kawal-Form": page.form("/keluar").fields["formulir"]}
    late = await visitor.client.post("/api/v1/desk/deputy/name", json=named, headers=header)
    assert (late.status_code, late.json()["type"]) == (403, "urn:kawal:problem:sign_in_again")
    (deputy,) = await complaints.record.deputies.all(local_day(complaints.now()))
    ended = await visitor.client.post("/api/v1/desk/deputy/end", json={"number": deputy.id}, headers=header)
    assert ended.status_code == 200, "what takes access away does not wait"


async def test_programs_in_the_browser_act_by_the_session_and_change_nothing_without_the_forms_token(
    complaints: Complaints, app: FastAPI, visitor: Visitor, budi: Person
) -> None:
    await with_passkey(complaints, visitor, budi, Authenticator(ORIGIN, RP))
    me = await visitor.client.get("/api/v1/me")
    assert (me.status_code, me.json()["opd"]) == (200, "DISHUB")
    token = (await visitor.open("/akun")).form("/keluar").fields["formulir"]
    path = "/api/v1/officials/reports/1234567/attachments"
    for headers in ({}, {"X-Kawal-Form": "r1.00"}, {"X-Kawal-Form": token, "Sec-Fetch-Site": "cross-site"}):
        assert (await visitor.client.post(path, headers=headers)).status_code == 403
    let_in = await visitor.client.post(path, headers={"X-Kawal-Form": token})
    assert let_in.json()["type"] != "urn:kawal:problem:other_site"
    async with visiting(app) as nobody:
        nobody.client.cookies.set(session_cookie.NAME, "erfunden")
        assert (await nobody.client.get("/api/v1/me")).status_code == 401


async def test_signing_out_ends_the_session_and_changing_how_one_signs_in_needs_a_fresh_one(
    complaints: Complaints, visitor: Visitor, budi: Person
) -> None:
    await with_passkey(complaints, visitor, budi, Authenticator(ORIGIN, RP))
    held = visitor.client.cookies[session_cookie.NAME]
    page = await visitor.open("/akun")
    await complaints.pool.execute("update staff_session set began_at = now() - interval '16 minutes'")
    secret = key_of(page)
    assert (await visitor.send(page, "/akun/sandi", sandi=PASSWORD, kode=code_of(secret))).status_code == 403
    await complaints.pool.execute("update staff_session set began_at = now() - interval '12 hours'")
    assert (await visitor.open("/kerja")).status == 303
    await complaints.pool.execute("update staff_session set began_at = now(), seen_at = now() - interval '61 minutes'")
    assert (await visitor.open("/kerja")).status == 303
    await complaints.pool.execute("update staff_session set seen_at = now()")
    answer = await visitor.send(await visitor.open("/kerja"), "/keluar")
    assert answer.headers["location"] == "/masuk"
    visitor.client.cookies.set(session_cookie.NAME, held)
    assert (await visitor.open("/kerja")).status == 303
    assert "signed_out" in await kinds(complaints)
