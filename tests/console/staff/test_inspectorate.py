"""`/inspektorat`: what came before the Inspectorate, why, who owes, what comes next; acts are done right there."""

from __future__ import annotations

from datetime import date, timedelta

from kawal.domain.calendar import local_day
from kawal.domain.names import EventKind, Role
from tests.console.pages.browser import Browser
from tests.console.staff.conftest import SigningIn
from tests.console.staff.reports import browser_of, received
from tests.console.staff.test_work import forwarded, numbers_on
from tests.workflows.life import Case, Office, january

PAGE = "/inspektorat"


async def escalated(office: Office, opd: str = "DISHUB", **fields: str) -> Case:
    case = await forwarded(office, opd, **fields)
    await case.admin("escalate", why="Warga sekolah terancam")
    return case


async def inspector(sign_in: SigningIn) -> Browser:
    return await browser_of(sign_in, Role.INSPECTORATE, "Ira Puspita")


async def test_items_stand_by_rung_with_why_who_owes_since_when_and_who_hears_next_and_filters_narrow_them(
    sign_in: SigningIn, office: Office
) -> None:
    young = await escalated(office)
    late = await office.receive()
    await late.until(january(25), 9)
    browser = await inspector(sign_in)

    page = await browser.open(PAGE)
    assert numbers_on(page) == [late.tracking_id, young.tracking_id]
    higher, lower = page.text.split("Sudah sampai ke ")[1:]
    assert (higher.startswith("Gubernur"), lower.startswith("Inspektorat")) == (True, True)
    assert "Mengapa ada di sini: tenggat terlewat" in higher
    assert "admin instansi : verifikasi dan penerusan, sejak" in higher
    assert "terlambat sejak" in higher
    assert "Mengapa ada di sini: dieskalasi sebelum tenggat" in lower
    assert "Dinas Perhubungan : tindak lanjut pertama" in lower
    assert "→ laporan naik ke Sekretaris Daerah" in lower
    assert "naik ke" not in higher
    assert "tindakan belum dapat dilakukan" in higher
    forms = {form.action for form in page.forms}
    resolving = [f"/laporan/{case.tracking_id}/resolve" in forms for case in (late, young)]
    assert resolving == [False, True]

    assert numbers_on(await browser.open(f"{PAGE}?opd=DISHUB")) == [young.tracking_id]
    assert numbers_on(await browser.open(f"{PAGE}?terlambat=1")) == [late.tracking_id]
    none = await browser.open(f"{PAGE}?cari=gajah")
    assert numbers_on(none) == []
    assert "Tidak ada yang cocok dengan saringan ini." in none.text
    for role, opd in ((Role.ADMIN, None), (Role.LIAISON, "DISHUB"), (Role.AUDITOR, None)):
        other = await browser_of(sign_in, role, f"Orang {role}", opd)
        assert (await other.open(PAGE)).status == 403


async def test_an_instruction_is_addressed_to_who_is_late_and_a_day_out_of_reach_comes_back_with_what_was_typed(
    sign_in: SigningIn, office: Office
) -> None:
    case = await escalated(office)
    instruct = f"/laporan/{case.tracking_id}/instruct"
    browser = await inspector(sign_in)
    form = (await browser.open(PAGE)).form(instruct)
    assert form.fields["to"] == "admin"

    typed = {"to": "DISHUB", "text": "Tegakkan rambunya."}
    far = local_day(office.complaints.now()) + timedelta(days=90)
    refused = await browser.send(form, **typed, by=str(far))
    assert refused.status in (409, 422)
    assert refused.form(instruct).fields["text"].strip() == typed["text"]
    page = await browser.send(refused.form(instruct), by=str(await _next_working_day(office)))
    assert (page.path, numbers_on(page)) == (PAGE, [case.tracking_id])
    assert (await case.event(EventKind.INSTRUCTED)).facts["to"] == "DISHUB"
    assert "Diinstruksikan kepada: Dinas Perhubungan" in page.text
    assert "instruksi" in page.text.split("Jika tidak ada yang bertindak:")[1]


async def test_an_item_is_taken_over_and_another_resolved_by_forms_that_lead_back_to_the_list(
    sign_in: SigningIn, office: Office
) -> None:
    taken, settled = await escalated(office), await escalated(office)
    browser = await inspector(sign_in)

    page = await browser.open(PAGE)
    page = await browser.send(page.form(f"/laporan/{taken.tracking_id}/take_over"))
    assert [line.code for line in (await taken.row()).opds if line.state == "owes"] == ["INSPEKTORAT"]
    page = await browser.send(page.form(f"/laporan/{settled.tracking_id}/resolve"), finding="Sudah ditangani OPD.")
    assert not (await settled.row()).item_open
    assert page.path == PAGE
    assert f"Selesai: Tetapkan hasil pemeriksaan · {settled.tracking_id}" in page.text
    assert [form.action for form in page.forms if settled.tracking_id in form.action] == []


async def test_the_words_of_a_supervisory_report_are_released_by_a_form_that_only_withheld_ones_have(
    sign_in: SigningIn, office: Office
) -> None:
    plain, case = await escalated(office), await received(office)
    await case.verify(pengawasan=True)
    browser = await inspector(sign_in)
    page = await browser.open(PAGE)
    release = f"/laporan/{case.tracking_id}/rilis"
    assert [form.action for form in page.forms if form.action.endswith("/rilis")] == [release]
    assert plain.tracking_id in numbers_on(page)

    words = office.complaints.record.public_versions.words_now
    assert await words([case.tracking_id]) == {}
    assert (await browser.send(page.form(release))).status == 200
    assert list(await words([case.tracking_id])) == [case.tracking_id]
    assert [form.action for form in (await browser.open(PAGE)).forms if form.action.endswith("/rilis")] == []


async def _next_working_day(office: Office) -> date:
    calendar = await office.complaints.rulebook.calendar_for("KEPRI")
    return calendar.add(local_day(office.complaints.now()), 1)
