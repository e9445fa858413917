"""Officials read a complaint's attachments unchanged, if they may, with a record; and add their own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from kawal.api import create_app
from kawal.console.app import routers
from kawal.domain.access_kinds import AccessKind
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.intake.service import IntakeService
from tests.console.test_officials import issued
from tests.intake.attachments import files
from tests.intake.attachments.test_routes import form
from tests.intake.http.conftest import client_of
from tests.intake.http.test_guarding import bearer
from tests.intake.http.test_reports import problem
from tests.workflows.life import Case, Office

PURPOSE = {"X-Purpose": "Pemeriksaan%20mutu%20%C3%A9"}


@pytest.fixture
async def client(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    app: FastAPI = create_app(office.complaints, office.complaints.settings, routers())
    async with client_of(app) as opened:
        yield opened


async def shown(office: Office, role: Role, opd: str | None = None) -> tuple[Actor, dict[str, str]]:
    actor, text = await issued(office, role, opd)
    return actor, bearer(text)


async def with_photo(office: Office, client: httpx.AsyncClient, *, rahasia: bool) -> tuple[Case, str, str]:
    """Return a complaint with its reporter's photo, its attachments' address for officials, and the photo's id."""
    case = await office.receive(rahasia=rahasia)
    secret = {"X-Tracking-Secret": await IntakeService(office.complaints).secret_of(case.tracking_id)}
    made = await client.post(
        f"/api/v1/reports/{case.tracking_id}/attachments", headers=secret, files=form(files.jpeg())
    )
    assert made.status_code == 201, made.text
    return case, f"/api/v1/officials/reports/{case.tracking_id}/attachments", made.json()["id"]


async def test_an_official_who_may_reads_the_original_and_it_is_on_record(
    office: Office, client: httpx.AsyncClient
) -> None:
    case, where, photo = await with_photo(office, client, rahasia=False)
    auditor, headers = await shown(office, Role.AUDITOR)
    (listed,) = (await client.get(where, headers=headers)).json()["attachments"]
    assert (listed["id"], listed["media_type"]) == (photo, "image/jpeg")
    answer = await client.get(f"{where}/{photo}", headers=headers)
    assert answer.content == files.jpeg(), "the original: a position can be evidence"
    assert answer.headers["content-disposition"].startswith("attachment;")
    entries = [one async for one in office.complaints.access_log.entries(case.tracking_id)]
    assert {one.actor.account for one in entries} == {auditor.account}
    assert [(one.kind, one.facts["what"], one.facts["via"]) for one in entries] == [
        (AccessKind.READ_REPORT, "attachments", "http"),
        (AccessKind.READ_REPORT, "attachment", "http"),
    ]
    assert entries[1].facts["attachment"] == photo
    problem(await client.get(f"{where}/{photo}"), 401, "pass")
    problem(await client.get(f"{where}/Siti-Aminah", headers=headers), 404, "unknown_attachment")
    last = [one async for one in office.complaints.access_log.entries(case.tracking_id)][-1]
    assert "Siti" not in str(last.facts), "the record's clear part holds no words of the caller's"


async def test_of_a_rahasia_report_only_for_a_purpose_and_not_by_an_opd_that_never_had_it(
    office: Office, client: httpx.AsyncClient
) -> None:
    case, where, photo = await with_photo(office, client, rahasia=True)
    _, inspector = await shown(office, Role.INSPECTORATE)
    problem(await client.get(f"{where}/{photo}", headers=inspector), 409, "purpose_needed")
    assert (await client.get(f"{where}/{photo}", headers=inspector | PURPOSE)).status_code == 200
    _, liaison = await shown(office, Role.LIAISON, "DISHUB")
    problem(await client.get(where, headers=liaison | PURPOSE), 403, "words_not_of_opd")
    kept = [one async for one in office.complaints.access_log.entries(case.tracking_id)]
    assert [one.kind for one in kept] == [AccessKind.REFUSED, AccessKind.READ_REPORT, AccessKind.REFUSED]


async def test_an_opd_adds_a_photo_and_names_it_in_its_follow_up(office: Office, client: httpx.AsyncClient) -> None:
    case, where, _ = await with_photo(office, client, rahasia=False)
    await case.forward()
    _, budi = await shown(office, Role.LIAISON, "DPUPR")
    _, elsewhere = await shown(office, Role.LIAISON, "DISHUB")
    _, auditor = await shown(office, Role.AUDITOR)
    made = await client.post(where, headers=budi, files=form(files.png(), "sesudah.png"))
    assert made.status_code == 201, made.text
    problem(await client.post(where, headers=elsewhere, files=form(files.png())), 403, "words_not_of_opd")
    problem(await client.post(where, headers=auditor, files=form(files.png())), 403, "wrong_role")
    problem(await client.post(where, headers=budi, files=form(b"MZ\x90\x00" * 50)), 415, "type_not_allowed")
    await case.liaison("DPUPR", "follow_up", text="Sudah ditutup.", files=[made.json()["id"]])
    listed = (await client.get(where, headers=budi)).json()["attachments"]
    assert [one["event_seq"] is None for one in listed] == [True, False]
