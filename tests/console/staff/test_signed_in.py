"""Whoever signed in is known by the cookie alone, in one role, until the session or the role ends."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import Route

from kawal.console.auth.session_cookie import NAME
from kawal.console.pages.staff.app import ROUTES
from kawal.domain.names import Role
from tests.console.pages.browser import Page
from tests.console.staff.conftest import SigningIn, secure_client_of
from tests.console.staff.reports import browser_of, received
from tests.intake.attachments.files import jpeg
from tests.workflows.life import Office


async def test_a_page_says_who_is_signed_in_and_as_what(sign_in: SigningIn) -> None:
    liaison = await sign_in(Role.LIAISON, "Budi Santoso", "DISHUB")
    shown = (await liaison.get("/kerja")).text
    assert "Budi Santoso" in shown
    assert "DISHUB" in shown


async def test_whoever_is_not_signed_in_is_led_to_sign_in_and_back(app: FastAPI) -> None:
    async with secure_client_of(app) as stranger:
        answer = await stranger.get("/kerja?status=proses")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/masuk?ke=%2Fkerja%3Fstatus%3Dproses"


async def test_a_form_of_another_role_does_nothing_and_shows_all_that_was_typed_and_ticked(
    sign_in: SigningIn,
) -> None:
    await sign_in(Role.LEADERSHIP, "Ani Wijaya")
    admin = await sign_in(Role.ADMIN, "Ani Wijaya")
    page = Page(await admin.get("/akun"))
    token = page.form("/keluar").fields["formulir"]
    other = next(choice for choice in re.findall(r'value="(r\d+)"', page.answer.text) if not token.startswith(choice))
    await admin.post("/peran", data={"formulir": token, "peran": other})
    sent = {"formulir": token, "key": "of-the-page", "opd": ["DPUPR", "DISHUB"], "alasan": "Dua dinas terkait"}
    answer = await admin.post("/kerja/loket/catat", data=sent)
    assert answer.status_code == 409
    assert "DPUPR\nDISHUB" in answer.text
    assert "Dua dinas terkait" in answer.text
    assert "of-the-page" not in answer.text


async def test_a_session_that_was_ended_is_over_at_the_next_request(sign_in: SigningIn, office: Office) -> None:
    admin = await sign_in(Role.ADMIN, "Ani Wijaya")
    assert (await admin.get("/kerja")).status_code == 200
    person = await office.complaints.record.people.by_login("Ani Wijaya")
    assert person is not None
    await office.complaints.record.staff_sessions.end_all(person.id)
    assert (await admin.get("/kerja")).status_code == 303
    assert admin.cookies.get(NAME) is not None


TYPED = "Pemilik warung di seberang jalan melihat sendiri bagaimana tiang itu miring sejak hujan hari Sabtu."
SIGNING_IN = ("/masuk", "/akun/identitas/")
"""Where one shows who one is: what is typed there is a password or a code."""


def _forms() -> list[Route]:
    return [one for one in ROUTES if "POST" in (one.methods or ()) and not one.path.startswith(SIGNING_IN)]


async def _away(*_given: Any, **_more: Any) -> Any:
    raise ConnectionRefusedError(111, "pool")


async def test_no_form_loses_what_was_typed_whether_the_session_ended_or_the_database_is_away(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = {"sandi": "tidak untuk ditampilkan", "access_code": "tidak untuk ditampilkan"}
    lost = []
    async with secure_client_of(app) as client:
        for status in (401, 503):
            for route in _forms():
                path = re.sub(r"\{[a-z]+(:[a-z]+)?\}", "1234567", route.path.replace("{command}", "hold"))
                page = Page(await client.post(path, data={"catatan": TYPED, **secret}))
                kept = page.status == status and page.form(path).fields["catatan"].strip() == TYPED
                if not kept or secret["sandi"] in page.answer.text:
                    lost.append((path, page.status))
            client.cookies.set(NAME, "x" * 43)
            monkeypatch.setattr("kawal.store.staff_sessions.StaffSessions.find", _away)
    assert lost == []


async def test_who_signs_in_again_sends_what_came_back_once_more_with_the_files_chosen_again(
    sign_in: SigningIn, office: Office
) -> None:
    register = "/kerja/loket/catat"
    desk = await browser_of(sign_in, Role.DESK, "Lia")
    form = (await desk.open("/kerja/loket")).form(register)
    person = await office.complaints.record.people.by_login("Lia")
    assert person is not None
    await office.complaints.record.staff_sessions.end_all(person.id)
    sent = {**form.fields, "text": TYPED, "contact": "siti@example.org"}
    unsent = Page(await desk.client.post(form.action, data=sent, files={"foto": ("tiang.jpg", jpeg())}))
    assert unsent.status == 401
    assert "Masuk di tab lain" in unsent.text
    assert re.search(r'name="foto" type="file"', unsent.answer.text)
    back = await browser_of(sign_in, Role.DESK, "Lia")
    checked = await back.send(unsent.form(register))
    assert (checked.status, checked.form(register).fields["contact"]) == (403, "siti@example.org")
    assert "Lia, sebagai" in checked.text
    slip = await back.send(checked.form(register))
    assert slip.status == 200, slip.text
    assert "Kode akses" in slip.text


async def test_a_note_comes_back_when_the_database_goes_away_before_it_is_stored(
    sign_in: SigningIn, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = (await received(office)).tracking_id
    note, admin = f"/laporan/{number}/catatan", await browser_of(sign_in, Role.ADMIN)
    form = (await admin.open(f"/laporan/{number}")).form(note)
    with monkeypatch.context() as patch:
        patch.setattr("kawal.console.pages.staff.desk_form.perform", _away)
        unsent = await admin.send(form, text=TYPED)
    assert (unsent.status, "BELUM TERKIRIM" in unsent.text) == (503, True)
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    foreign = await admin.client.post(note, data={**form.fields, "text": TYPED}, headers=elsewhere)
    assert (foreign.status_code, TYPED in foreign.text) == (403, False)
    assert TYPED in (await admin.send(unsent.form(note))).text
