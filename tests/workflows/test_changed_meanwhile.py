"""Two people on one report: what the second did not see is told, whichever way the command goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, NamedTuple

import httpx
import pytest

from kawal.api import create_app
from kawal.console.app import routers
from kawal.console.auth.session_cookie import NAME
from kawal.console.auth.signed_in import HEADER
from kawal.console.pages.form_guard import TOKEN
from kawal.domain.messages import Answer
from kawal.domain.names import EventKind, Role
from kawal.wording.catalogues import say
from tests.console.staff.conftest import secure_client_of
from tests.console.staff.reports import received
from tests.people import form_token, session_of
from tests.workflows.conftest import shared_office as office
from tests.workflows.life import VERIFYING, Case, Office, refusal

__all__ = ["office"]

PROGRESS = {"text": "Lubang ditambal hari ini.", "final": False}
RACES, SIDE_BY_SIDE, FOLLOW_UPS = 200, 20, 8
ROUNDS: list[tuple[str, Role, dict[str, Any]]] = [
    ("verify", Role.ADMIN, VERIFYING),
    ("forward", Role.ADMIN, {"opds": ["DISHUB"]}),
    *[("follow_up", Role.LIAISON, PROGRESS)] * FOLLOW_UPS,
]
"""What two people want to do at the same time, one after another, to each of the reports."""

UNHURRIED = dict.fromkeys(("http_public_rate", "http_token_rate", "http_pages_rate"), "100000/minute")


class Colleague(NamedTuple):
    """One of two people at the same report."""

    name: str
    http: httpx.AsyncClient
    token: str
    """Of the session's forms."""


async def sent(case: Case, command: str, name: str, seen: int, opd: str | None = None, **arguments: object) -> Answer:
    """Send a command as somebody of that name who saw the report at that event."""
    complaints = case.office.complaints
    role = Role.ADMIN if opd is None else Role.LIAISON
    actor = await complaints.actor(role, name, opd, instansi="KEPRI")
    return await complaints.send(case.tracking_id, command, actor, arguments, if_seq=seen)


async def test_the_second_is_told_the_firsts_name_and_may_send_the_same_form_again_after_a_look(office: Office) -> None:
    case, complaints = await office.receive(), office.complaints
    await case.forward("DPUPR", "DISHUB")
    seen = (await case.row()).last_seq
    await sent(case, "follow_up", "Budi", seen, "DPUPR", **PROGRESS)
    citra = await complaints.actor(Role.LIAISON, "Citra", "DISHUB", instansi="KEPRI")
    refused = await refusal(complaints.send(case.tracking_id, "follow_up", citra, PROGRESS, "formulir", if_seq=seen))
    assert refused.code == "changed_meanwhile"
    assert refused.details["name"] == "Budi"
    assert "Budi (DPUPR) menindaklanjuti laporan ini" in say("id", refused.sentence)
    assert len(await case.events(EventKind.FOLLOWED_UP)) == 1
    entries = [entry async for entry in complaints.access_log.entries(case.tracking_id) if entry.kind == "refused"]
    assert [entry.facts["code"] for entry in entries] == ["changed_meanwhile"]
    assert "Budi" not in str(entries)

    looked = int(refused.details["seq"])
    first = await complaints.send(case.tracking_id, "follow_up", citra, PROGRESS, "formulir", if_seq=looked)
    await case.reporter("reply", text="Masih berlubang")
    for said in (seen, looked, looked + 1, None):
        answer = await complaints.send(case.tracking_id, "follow_up", citra, PROGRESS, "formulir", if_seq=said)
        assert answer == first


async def test_who_looked_before_a_report_ended_is_told_who_ended_it_and_a_reopening_has_to_have_seen_it(
    office: Office,
) -> None:
    archived, closed = await office.receive(), await office.receive()
    await sent(archived, "archive", "Dewi", 1, reason="Ganda")
    await archived.handle().result()
    refused = await refusal(sent(archived, "archive", "Rina", 1, reason="Ganda"))
    assert refused.code == "changed_meanwhile"
    assert refused.details["name"] == "Dewi"
    assert (await refusal(sent(archived, "archive", "Rina", 2, reason="Ganda"))).code == "ended"

    await closed.close()
    await closed.later(timedelta(days=31))
    await closed.handle().result()
    last = (await closed.row()).last_seq
    assert (await refusal(sent(closed, "reopen", "Dewi", last - 3, grounds="x"))).code == "changed_meanwhile"
    await sent(closed, "reopen", "Dewi", last, grounds="x")


async def test_what_the_clock_did_since_one_looked_refuses_nothing(office: Office) -> None:
    case = await office.receive()
    await case.later(timedelta(days=9))
    await sent(case, "verify", "Dewi", 1, **VERIFYING)
    kinds = await case.kinds()
    assert EventKind.BREACHED in kinds[: kinds.index(EventKind.VERIFIED)]


@pytest.fixture
async def pairs(office: Office) -> AsyncIterator[dict[Role, list[Colleague]]]:
    """Yield two people of each role, signed in."""
    app = create_app(office.complaints, office.complaints.settings.model_copy(update=UNHURRIED), routers())
    async with AsyncExitStack() as clients:
        found: dict[Role, list[Colleague]] = {}
        for role, name in ((Role.ADMIN, "Dewi"), (Role.ADMIN, "Rina"), (Role.LIAISON, "Budi"), (Role.LIAISON, "Citra")):
            opd = "DISHUB" if role is Role.LIAISON else None
            client = await clients.enter_async_context(secure_client_of(app))
            client.cookies.set(NAME, await session_of(office.complaints, role, name, opd))
            found.setdefault(role, []).append(Colleague(name, client, await form_token(client)))
        yield found


async def test_of_two_people_who_act_at_once_on_what_they_saw_one_does_and_the_other_is_told_by_page_and_by_json(
    office: Office, pairs: dict[Role, list[Colleague]]
) -> None:
    cases = await asyncio.gather(*(received(office) for _ in range(SIDE_BY_SIDE)))
    assert len(cases) * len(ROUNDS) == RACES
    for command, role, fields in ROUNDS:
        await asyncio.gather(*(_race(case, command, pairs[role], fields, nth) for nth, case in enumerate(cases)))
    acts = [EventKind.STARTED, EventKind.VERIFIED, EventKind.FORWARDED] + [EventKind.FOLLOWED_UP] * FOLLOW_UPS
    for case in cases:
        assert await case.kinds() == acts


async def _race(case: Case, command: str, people: list[Colleague], fields: dict[str, Any], nth: int) -> None:
    """Have two people send the same command at once, one by the page's form, the other by JSON."""
    seen = (await case.row()).last_seq
    by_page, by_json = people if nth % 2 else people[::-1]
    path = f"/laporan/{case.tracking_id}/{command}"
    form = {TOKEN: by_page.token, "kunci": f"{nth}-{seen}", "langkah": str(seen)}
    page, json = await asyncio.gather(
        by_page.http.post(path, data={**form, **{name: value for name, value in fields.items() if value}}),
        by_json.http.post(
            f"/api/v1/complaints/{case.tracking_id}/{command.replace('_', '-')}",
            json={**fields, "if_seq": seen},
            headers={HEADER: by_json.token},
        ),
    )
    if page.status_code == 303:
        assert (json.status_code, json.json()["details"]["name"]) == (409, by_page.name), json.text
    else:
        assert (page.status_code, json.status_code) == (409, 200), (page.text, json.text)
        assert by_json.name in page.text
