"""Colleagues named in notes: they find it among their work, as long as they may read it, until they have."""

from __future__ import annotations

import re

from kawal.domain.calendar import local_day
from kawal.domain.names import Role
from tests.console.pages.browser import Browser, Page
from tests.console.staff.conftest import SigningIn
from tests.console.staff.reports import browser_of, received
from tests.people import person_with
from tests.workflows.life import Case, Office

WORDS = "Mohon dicek sebelum Jumat"


async def _note(browser: Browser, case: Case, text: str = WORDS, named: str = "", audience: str = "opds") -> Page:
    address = f"/laporan/{case.tracking_id}"
    page = await browser.open(address)
    return await browser.send(page.form(f"{address}/catatan"), text=text, sebut=named, untuk=audience)


def _waits(page: Page, case: Case) -> bool:
    return f"Catatan pada laporan {case.tracking_id}" in page.text


async def test_whoever_is_named_in_a_note_finds_it_among_their_work_until_it_is_read(
    sign_in: SigningIn, office: Office
) -> None:
    case = await received(office)
    await case.forward("DISHUB")
    await person_with(office.complaints, Role.LIAISON, "Citra Lestari", "DPUPR")
    admin = await browser_of(sign_in, Role.ADMIN)
    liaison = await browser_of(sign_in, Role.LIAISON, "Budi Santoso", "DISHUB")
    offered = (await admin.open(f"/laporan/{case.tracking_id}")).answer.text
    assert '<option value="Budi Santoso">' in offered
    assert "Citra Lestari" not in offered

    for text, named, audience, why in (
        (f"{WORDS}, @Budi Santoso", "", "own", "Budi Santoso tidak boleh membaca catatan ini"),
        (WORDS, "Citra Lestari", "opds", "Citra Lestari tidak boleh membaca catatan ini"),
        (f"{WORDS} @Budiman", "", "opds", "Budiman"),
    ):
        refused = await _note(admin, case, text, named, audience)
        assert (refused.status, why in refused.text) == (409, True)
        fields = refused.form(f"/laporan/{case.tracking_id}/catatan").fields
        assert (fields["text"].strip(), fields["sebut"], fields["untuk"]) == (text, named, audience)
    assert await office.complaints.pool.fetchval("select count(*) from side_act") == 0
    assert not _waits(await liaison.open("/kerja"), case)

    assert (await _note(admin, case, named="budi santoso")).status == 200
    facts = await office.complaints.pool.fetchval("select facts from side_act")
    assert len(facts["named"]) == 1
    work = await liaison.open("/kerja?bagian=daftar")
    assert _waits(work, case)
    assert "Ani Wijaya, admin instansi" in work.text
    assert WORDS not in work.text
    assert f"{WORDS} @budi santoso" in (await liaison.open(f"/laporan/{case.tracking_id}")).text
    assert not _waits(await liaison.open("/kerja"), case)

    await _note(admin, case, f"Sekali lagi, @Budi Santoso dan @Ani Wijaya: {WORDS}")
    work = await liaison.open("/kerja")
    done = await liaison.send(work.form("/kerja/sebutan"))
    assert "Ditandai sudah dibaca" in done.text
    assert not _waits(done, case)
    assert not _waits(await admin.open("/kerja"), case)


async def test_a_deputy_finds_what_names_the_absent_and_reads_it_for_them_on_record(
    sign_in: SigningIn, office: Office
) -> None:
    complaints, case = office.complaints, await received(office)
    await case.forward("DISHUB")
    admin = await browser_of(sign_in, Role.ADMIN)
    absent = await browser_of(sign_in, Role.LIAISON, "Budi Santoso", "DISHUB")
    deputy = await browser_of(sign_in, Role.LIAISON, "Citra Lestari", "DPUPR")
    budi = await complaints.record.people.by_login("Budi Santoso")
    citra = await complaints.record.people.by_login("Citra Lestari")
    assert budi is not None
    assert citra is not None
    (held,) = [one for one in await complaints.record.people.grants() if one.person == budi.id]
    today = local_day(complaints.now())
    await complaints.record.deputies.name(held.id, held.actor, citra, today, today, "test", complaints.now())
    for _ in range(2):
        await _note(admin, case, named="Budi Santoso")

    work = await deputy.open("/kerja")
    assert not _waits(work, case), "in the deputy's own role nothing waits"
    standing_in = next(value for value in re.findall(r'<option value="(d[0-9]+)"', work.answer.text))
    await deputy.send(work.form("/peran"), peran=standing_in)
    work = await deputy.open("/kerja")
    assert "menyebut Budi Santoso, yang Anda gantikan" in work.text
    noted = await deputy.send(next(form for form in work.forms if form.action == "/kerja/sebutan"))
    assert noted.text.count("menyebut Budi Santoso, yang Anda gantikan") == 1
    assert WORDS in (await deputy.open(f"/laporan/{case.tracking_id}")).text
    for browser in (deputy, absent):
        assert not _waits(await browser.open("/kerja"), case)
    told = await complaints.pool.fetch("select facts from access_log where facts ->> 'what' = 'mention' order by n")
    assert [(one["facts"]["account"], one["facts"]["deputy_for"]) for one in told] == [(held.actor.account,) * 2] * 2


async def test_a_mention_is_gone_with_the_right_to_read_it_and_with_the_note(
    sign_in: SigningIn, office: Office
) -> None:
    case = await received(office)
    await case.forward("DISHUB")
    admin = await browser_of(sign_in, Role.ADMIN)
    inspector = await browser_of(sign_in, Role.INSPECTORATE, "Dewi Anggraini")
    liaison = await browser_of(sign_in, Role.LIAISON, "Budi Santoso", "DISHUB")
    await _note(admin, case, named="Budi Santoso")
    await _note(admin, case, named="Dewi Anggraini", audience="inspectorate")
    assert _waits(await liaison.open("/kerja"), case)
    assert _waits(await inspector.open("/kerja"), case)
    await case.liaison("DISHUB", "return", reason="Bukan urusan kami")
    assert not _waits(await liaison.open("/kerja"), case)

    page = await admin.open(f"/laporan/{case.tracking_id}")
    strike = next(form.action for form in reversed(page.forms) if form.action.endswith("/coret"))
    await admin.send(page.form(strike), why="Salah laporan")
    assert not _waits(await inspector.open("/kerja"), case)
