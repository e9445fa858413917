"""Officials read a complaint's letters as they came, if they may know the reporter, for a purpose, with a record."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI

from kawal.api import create_app
from kawal.console.app import routers
from kawal.domain.access_kinds import AccessKind
from kawal.domain.names import Channel, Role
from tests.console.test_attachments import PURPOSE, shown
from tests.intake.http.conftest import client_of
from tests.intake.http.test_reports import problem
from tests.workflows.life import Case, Office

LETTER = b"From: Siti <siti@example.org>\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>\r\n"
RECEIVED = datetime(2022, 3, 7, 5, 0, tzinfo=UTC)


@pytest.fixture
async def client(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    app: FastAPI = create_app(office.complaints, office.complaints.settings, routers())
    async with client_of(app) as opened:
        yield opened


async def kept(case: Case, channel: Channel = Channel.EMAIL) -> str:
    """Keep a letter with the complaint, and return the address of its letters."""
    letters = case.office.complaints.system.raw_letters
    assert await letters.keep(
        case.tracking_id,
        LETTER,
        channel=channel,
        identity=f"{channel}-1",
        received_at=RECEIVED,
        left_out=["ktp siti.exe"],
    )
    return f"/api/v1/complaints/{case.tracking_id}/letters"


async def test_an_overseer_lists_and_saves_a_letter_byte_for_byte_and_both_are_on_record(
    office: Office, client: httpx.AsyncClient
) -> None:
    case = await office.receive()
    where = await kept(case)
    await kept(case, Channel.WHATSAPP)
    auditor, headers = await shown(office, Role.AUDITOR)
    answer = await client.get(where, headers=headers)
    assert answer.headers["cache-control"] == "no-store"
    listed = answer.json()["letters"]
    assert [(one["number"], one["channel"], one["left_out"]) for one in listed] == [
        (1, "email", ["ktp siti.exe"]),
        (2, "whatsapp", ["ktp siti.exe"]),
    ]
    letter = await client.get(f"{where}/1", headers=headers | PURPOSE)
    assert letter.content == LETTER
    assert letter.headers["content-type"] == "message/rfc822"
    assert letter.headers["content-disposition"] == f'attachment; filename="kawal-{case.tracking_id}-1.eml"'
    assert letter.headers["x-content-type-options"] == "nosniff"
    assert letter.headers["cache-control"] == "private, no-store"
    assert letter.headers["content-security-policy"] == "default-src 'none'; sandbox"
    message = await client.get(f"{where}/2", headers=headers | PURPOSE)
    assert (message.content, message.headers["content-type"]) == (LETTER, "text/plain; charset=utf-8")
    entries = [one async for one in office.complaints.access_log.entries(case.tracking_id)]
    assert {one.actor.account for one in entries} == {auditor.account}
    assert [(one.kind, one.facts) for one in entries] == [
        (AccessKind.READ_REPORT, {"via": "http", "matter": "letter", "what": "letters"}),
        *(
            (
                AccessKind.READ_REPORT,
                {"via": "http", "matter": "letter", "what": "letter", "letter": number, "identity": True},
            )
            for number in (1, 2)
        ),
    ]
    assert entries[1].words == {"purpose": "Pemeriksaan mutu é"}
    problem(await client.get(f"{where}/3", headers=headers | PURPOSE), 404, "letter_unknown")
    problem(await client.get(f"{where}/1"), 401, "pass")


async def test_a_letter_names_its_writer_so_no_liaison_reads_that_of_an_anonim_report(
    office: Office, client: httpx.AsyncClient
) -> None:
    named, anonim = await office.receive(), await office.receive(anonim=True)
    for case in (named, anonim):
        where = await kept(case)
        await case.forward("DPUPR")
        _, liaison = await shown(office, Role.LIAISON, "DPUPR")
        assert (await client.get(where, headers=liaison)).status_code == 200
        answer = await client.get(f"{where}/1", headers=liaison | PURPOSE)
        if case is named:
            assert answer.content == LETTER
            problem(await client.get(f"{where}/1", headers=liaison), 409, "purpose_needed")
        else:
            problem(answer, 409, "identity_not_yours")
        _, elsewhere = await shown(office, Role.LIAISON, "DISHUB")
        _, leader = await shown(office, Role.LEADERSHIP)
        for more in ("", "/1"):
            problem(await client.get(f"{where}{more}", headers=elsewhere | PURPOSE), 403, "words_not_of_opd")
            problem(await client.get(f"{where}{more}", headers=leader | PURPOSE), 403, "words_not_yours")


async def test_of_a_rahasia_report_the_list_too_is_for_a_purpose(office: Office, client: httpx.AsyncClient) -> None:
    where = await kept(await office.receive(rahasia=True))
    _, inspector = await shown(office, Role.INSPECTORATE)
    problem(await client.get(where, headers=inspector), 409, "purpose_needed")
    assert (await client.get(where, headers=inspector | PURPOSE)).status_code == 200
