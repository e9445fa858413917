"""Whoever signed in is known by the cookie alone, in one role, until the session or the role ends."""

from __future__ import annotations

import re

from fastapi import FastAPI

from kawal.console.auth.session_cookie import NAME
from kawal.domain.names import Role
from tests.console.pages.browser import Page
from tests.console.staff.conftest import SigningIn, secure_client_of
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
    sent = {"formulir": token, "opd": ["DPUPR", "DISHUB"], "alasan": "Dua dinas terkait"}
    answer = await admin.post("/kerja/loket/catat", data=sent)
    assert answer.status_code == 409
    assert "DPUPR\nDISHUB" in answer.text
    assert "Dua dinas terkait" in answer.text


async def test_a_session_that_was_ended_is_over_at_the_next_request(sign_in: SigningIn, office: Office) -> None:
    admin = await sign_in(Role.ADMIN, "Ani Wijaya")
    assert (await admin.get("/kerja")).status_code == 200
    person = await office.complaints.record.people.by_login("Ani Wijaya")
    assert person is not None
    await office.complaints.record.staff_sessions.end_all(person.id)
    assert (await admin.get("/kerja")).status_code == 303
    assert admin.cookies.get(NAME) is not None
