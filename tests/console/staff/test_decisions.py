"""`/kerja/keputusan`: what waits for the admin, each kind with what is to be done about it, by forms alone."""

from __future__ import annotations

from kawal.domain.names import EventKind, Role
from kawal.store.outbox import NoticeStatus
from tests.console.staff.conftest import SigningIn
from tests.console.staff.reports import browser_of, received
from tests.console.staff.test_work import forwarded, numbers_on
from tests.workflows.life import Office

PAGE = "/kerja/keputusan"


async def test_an_extension_is_granted_and_a_returned_report_goes_where_the_opd_said_that_it_belongs(
    sign_in: SigningIn, office: Office
) -> None:
    own = await browser_of(sign_in, Role.ADMIN, "Budi")  # who is the liaison, too
    asked, returned = await forwarded(office, "DISHUB"), await forwarded(office, "DISHUB")
    await asked.liaison("DISHUB", "extend", days=3, grounds="Menunggu suku cadang")
    await returned.liaison("DISHUB", "return", reason="Jalan provinsi", belongs_to="DPUPR")
    admin = await browser_of(sign_in, Role.ADMIN)

    page = await own.open(PAGE)
    assert f"/laporan/{asked.tracking_id}/grant" not in {form.action for form in page.forms}
    assert "Anda sendiri" in page.text
    page = await admin.open(PAGE)
    assert set(numbers_on(page)) == {asked.tracking_id, returned.tracking_id}
    assert "Diminta oleh DISHUB" in page.text
    assert "perpanjangan 3 hari diminta" in page.text
    assert "Dikembalikan oleh DISHUB · disebut kewenangan DPUPR" in page.text

    forwarding = page.form(f"/laporan/{returned.tracking_id}/forward")
    assert forwarding.fields["opds"] == "DPUPR"
    several = await admin.open(f"/laporan/{returned.tracking_id}/forward")
    assert several.answer.text.count('type="checkbox" name="opds"') > 2
    page = await admin.send(forwarding)
    assert [line.code for line in (await returned.row()).opds if line.state == "owes"] == ["DPUPR"]
    assert "Selesai: Teruskan ke OPD" in page.text
    page = await admin.send(page.form(f"/laporan/{asked.tracking_id}/grant"))
    assert EventKind.EXTENSION_GRANTED in await asked.kinds()
    assert numbers_on(await admin.open(PAGE)) == []
    assert "Tidak ada yang menunggu keputusan." in page.text


async def test_what_a_reporter_wrote_waits_until_an_act_or_until_it_is_noted_as_read_on_record(
    sign_in: SigningIn, office: Office
) -> None:
    case = await forwarded(office, "DISHUB")
    await case.reporter("reply", text="Sudah gelap sekali.")
    admin = await browser_of(sign_in, Role.ADMIN)
    page = await admin.open(PAGE)
    assert numbers_on(page) == [case.tracking_id]
    assert "Pelapor menulis" in page.text

    reading = page.form(f"{PAGE}/dibaca")
    await case.reporter("reply", text="Masih gelap.")
    stale = await admin.send(reading)
    assert (stale.status, numbers_on(stale)) == (409, [case.tracking_id])
    done = await admin.send(stale.form(f"{PAGE}/dibaca"))
    assert numbers_on(done) == []
    (act,) = await office.complaints.record.side_acts.told(case.tracking_id)
    assert (act.kind, act.facts["event"]) == ("reply_read", (await case.row()).said_seq)

    await case.admin("nudge", opd="DISHUB", how="Ditelepon")
    assert numbers_on(await admin.open(PAGE)) == []
    await case.reporter("reply", text="Tolong segera.")
    assert numbers_on(await admin.open(PAGE)) == [case.tracking_id]


async def test_a_notice_that_failed_is_sent_again_by_its_agencys_admin_alone(
    sign_in: SigningIn, office: Office
) -> None:
    case = await received(office)
    outbox = office.complaints.record.outbox
    (line, *_) = await outbox.lines(tracking_id=case.tracking_id)
    await outbox.mark_failed(line.id, "address_refused")
    admin = await browser_of(sign_in, Role.ADMIN)

    sending = (await admin.open(PAGE)).form(f"{PAGE}/kirim-ulang")
    auditor = await browser_of(sign_in, Role.AUDITOR, "Rani")
    assert (await auditor.open(PAGE)).status == 403
    page = await admin.send(sending)
    assert "Pemberitahuan akan dikirim lagi." in page.text
    again = await outbox.line(line.id)
    assert again is not None
    assert again.status is not NoticeStatus.FAILED
    assert (await admin.send(sending, notice="999999")).status == 409
