"""Notes and kept texts at the desk: on record, encrypted, and nowhere that the public or the reporter reads."""

from __future__ import annotations

import pytest

from kawal.console.pages.public import app as public_pages
from kawal.desks.notes import notes_for
from kawal.desks.table import Desk, perform
from kawal.domain.names import Role, Status
from kawal.domain.refusals import Refusal
from tests.intake.http.conftest import client_of
from tests.workflows.life import CATEGORY, Case, Office

PLANTED = "Pancawarna"


async def add(case: Case, role: Role, audience: str = "own", opd: str | None = None, text: str = PLANTED) -> int:
    desk = Desk(case.office.complaints, await case.person(role, opd))
    given = {"tracking_id": case.tracking_id, "text": text, "audience": audience}
    return int((await perform(desk, "note add", given)).note)


async def read(case: Case, role: Role, opd: str | None = None) -> list[str | None]:
    found = await notes_for(case.office.complaints, await case.row(), await case.person(role, opd))
    return [note.text for note in found]


async def test_a_note_stays_as_it_was_written_until_it_is_struck_and_then_for_auditors(office: Office) -> None:
    case = await office.receive()
    await case.forward("DISHUB")
    number = await add(case, Role.ADMIN, "opds")
    await add(case, Role.LIAISON, "inspectorate", "DISHUB", "Kepala dinas sudah tahu")
    assert await read(case, Role.LIAISON, "DISHUB") == [PLANTED, "Kepala dinas sudah tahu"]
    assert await read(case, Role.INSPECTORATE) == ["Kepala dinas sudah tahu"]
    desk = Desk(office.complaints, await case.person(Role.ADMIN))
    given = {"tracking_id": case.tracking_id, "note": number, "why": "Salah laporan"}
    await perform(desk, "note strike", given)
    with pytest.raises(Refusal) as refused:
        await perform(desk, "note strike", given)
    assert refused.value.code == "note_struck_already"
    (struck,) = await notes_for(office.complaints, await case.row(), await case.person(Role.ADMIN))
    assert (struck.text, struck.struck_why) == (None, "Salah laporan")
    assert (await read(case, Role.AUDITOR))[0] == PLANTED
    stored = "".join(str(row) for row in await office.complaints.pool.fetch("select * from side_act"))
    assert PLANTED not in stored


async def test_no_public_address_tells_of_a_note_nor_of_an_act_on_it(office: Office) -> None:
    from kawal.api import create_app

    case = await office.receive()
    await case.forward("DISHUB")
    await add(case, Role.ADMIN, "opds")
    app = create_app(office.complaints, office.complaints.settings, [])
    async with client_of(app) as stranger:
        for route in public_pages.ROUTES:
            if "GET" not in (route.methods or ()) or "{" in route.path.replace("{number}", ""):
                continue
            answer = await stranger.get(route.path.format(number=case.tracking_id))
            assert PLANTED not in answer.text, route.path
        for path in (f"/api/v1/reports/{case.tracking_id}", f"/open311/v2/requests/{case.tracking_id}.json"):
            assert PLANTED not in (await stranger.get(path)).text
    told = await office.complaints.pool.fetch("select r::text as row from public_report r")
    assert PLANTED not in "".join(one["row"] for one in told)


async def test_kept_texts_are_offered_by_status_and_category_and_their_keeping_is_on_record(office: Office) -> None:
    desk = Desk(office.complaints, await office.complaints.actor(Role.ADMIN, "Ani", instansi="KEPRI"))
    kept = {"command": "hold", "title": "Lokasi", "text": "Mohon lokasi tepat laporan {nomor}."}
    await perform(desk, "canned add", kept)
    main = CATEGORY.split(" / ")[0]
    await perform(desk, "canned add", kept | {"title": "Jalan", "status": "belum_diverifikasi", "category": main})
    texts = office.complaints.record.canned_texts
    offered = await texts.offered("KEPRI", Status.BELUM_DIVERIFIKASI, CATEGORY)
    assert [one.title for one in offered] == ["Jalan", "Lokasi"]
    assert [one.title for one in await texts.offered("KEPRI", Status.DITUNDA, CATEGORY)] == ["Lokasi"]
    assert [one.title for one in await texts.offered("KEPRI", Status.BELUM_DIVERIFIKASI, None)] == ["Lokasi"]
    for wrong, code in (
        ({"text": "Halo {nama}"}, "canned_place"),
        ({"command": "grant"}, "canned_command"),
        ({"category": "TIDAK ADA"}, "unknown_category"),
    ):
        with pytest.raises(Refusal) as refused:
            await perform(desk, "canned add", kept | wrong)
        assert refused.value.code == code
    (first, _) = await texts.all("KEPRI")
    await perform(desk, "canned remove", {"number": first.number})
    whats = [
        one.facts.get("what") async for one in office.complaints.access_log.entries() if one.kind == "administered"
    ]
    assert whats == ["canned_text_added", "canned_text_added", "canned_text_removed"]
