"""`/laporan/NUMBER` as each official sees it: words for whoever may read them, acts that the rules allow, why not."""

from __future__ import annotations

from kawal.domain.access import AccessKind
from kawal.domain.names import EventKind, Role, Status
from tests.console.staff.conftest import SigningIn
from tests.console.staff.reports import TITLE, WORDS, browser_of, received
from tests.intake.attachments.files import jpeg, pieces
from tests.workflows.life import Case, Office

SEALED_WORDS = "Pejabat itu meminta uang dua juta."


async def readings(case: Case) -> list[tuple[str, str]]:
    """Return the kind of each reading of a report on record, with what was read."""
    log = case.office.complaints.access_log
    return [(str(one.kind), str(one.facts.get("matter"))) async for one in log.entries(case.tracking_id)]


async def test_an_admin_reads_the_report_on_record_and_acts_by_its_forms(sign_in: SigningIn, office: Office) -> None:
    case = await received(office)
    photo = await _attached(case)
    admin = await browser_of(sign_in, Role.ADMIN)
    address = f"/laporan/{case.tracking_id}"
    page = await admin.open(address)
    assert page.status == 200
    assert WORDS in page.text
    assert "Siti Aminah" not in page.text
    assert ("read_history", "words") in await readings(case)
    sent = {form.action for form in page.forms}
    assert {f"{address}/verify", f"{address}/hold", f"{address}/merge"} <= sent
    assert not {f"{address}/forward", f"{address}/grant", f"{address}/follow_up"} & sent
    verify = page.form(f"{address}/verify")
    assert verify.fields["title"] == TITLE
    done = await admin.send(verify, category="PEKERJAAN UMUM DAN PENATAAN RUANG", **{"class": "pengaduan"})
    assert (done.status, (await case.row()).status) == (200, Status.BELUM_DITINDAKLANJUTI)
    assert done.form(f"{address}/forward").fields["langkah"] == "2"
    picture = await admin.client.get(f"{address}/berkas/{photo}?tanpa-data")
    assert picture.headers["content-disposition"] == "inline"
    assert picture.headers["cache-control"] == "private, no-store"
    original = await admin.client.get(f"{address}/berkas/{photo}")
    assert original.headers["content-disposition"].startswith("attachment")
    named = await admin.send(page.form(f"{address}/pelapor"), tujuan="Menghubungi pelapor")
    assert "Siti Aminah" in named.text
    assert AccessKind.READ_HISTORY in {kind for kind, _ in await readings(case)}


async def test_a_rahasia_report_is_opened_for_a_purpose_alone_and_each_reading_bears_it(
    sign_in: SigningIn, office: Office
) -> None:
    case = await received(office, rahasia=True, text=SEALED_WORDS, title="Rahasia sekali")
    admin, address = await browser_of(sign_in, Role.ADMIN), f"/laporan/{case.tracking_id}"
    sealed = await admin.open(address)
    assert sealed.status == 200
    assert SEALED_WORDS not in sealed.answer.text
    assert "Rahasia sekali" not in sealed.answer.text
    assert await readings(case) == []
    silent = await admin.send(sealed.form(f"{address}/buka"), tujuan="  ")
    assert (silent.status, await readings(case)) == (422, [])
    opened = await admin.send(sealed.form(f"{address}/buka"), tujuan="Verifikasi")
    assert SEALED_WORDS in opened.text
    entries = [one async for one in office.complaints.access_log.entries(case.tracking_id)]
    assert {one.words.get("purpose") for one in entries} == {"Verifikasi"}
    closed = await admin.send(opened.form(f"{address}/tutup"))
    assert SEALED_WORDS not in closed.text


async def test_a_liaison_sees_what_the_opd_has_and_is_told_when_it_left(sign_in: SigningIn, office: Office) -> None:
    case = await received(office)
    await case.forward("DISHUB", "DPUPR")
    address = f"/laporan/{case.tracking_id}"
    liaison = await browser_of(sign_in, Role.LIAISON, "Budi Santoso", "DISHUB")
    page = await liaison.open(address)
    assert WORDS in page.text
    returned = await liaison.send(page.form(f"{address}/return"), reason="Milik DPUPR seluruhnya")
    assert returned.status == 200
    assert WORDS not in returned.text
    assert "Milik DPUPR seluruhnya" in returned.text
    assert len(await case.events(EventKind.RETURNED)) == 1
    never = await (await browser_of(sign_in, Role.LIAISON, "Wati", "DINKES")).open(address)
    nobody = await (await browser_of(sign_in, Role.LIAISON, "Wati", "DINKES")).open("/laporan/7654321")
    assert (never.status, nobody.status, never.text) == (404, 404, nobody.text)


async def test_leadership_and_desk_see_the_process_and_no_words(sign_in: SigningIn, office: Office) -> None:
    case = await received(office)
    await case.verify()
    address = f"/laporan/{case.tracking_id}"
    desk = await (await browser_of(sign_in, Role.DESK, "Sari")).open(address)
    assert desk.status == 200
    assert WORDS not in desk.text
    assert TITLE not in desk.text
    leader = await (await browser_of(sign_in, Role.LEADERSHIP, "Sekda")).open(address)
    assert leader.status == 403
    assert await (await browser_of(sign_in, Role.AUDITOR, "Rani")).open(address)


async def _attached(case: Case) -> str:
    from tests.desks.test_publicity import attachments_of

    added = await attachments_of(case.office).add(case.tracking_id, "lampu.jpg", pieces(jpeg()))
    return added.id
