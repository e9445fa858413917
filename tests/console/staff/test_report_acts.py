"""Forms about one report: each is done once, by the rules; whatever goes wrong, what was typed comes back."""

from __future__ import annotations

from kawal.domain.names import EventKind, Role, Status
from tests.console.pages.browser import Page
from tests.console.staff.conftest import SigningIn
from tests.console.staff.reports import browser_of, received
from tests.intake.attachments.files import jpeg
from tests.workflows.life import CATEGORY, Office


async def test_a_form_is_done_once_and_leads_back_and_a_wrong_one_comes_back_with_what_was_typed(
    sign_in: SigningIn, office: Office
) -> None:
    case = await received(office)
    admin = await browser_of(sign_in, Role.ADMIN)
    verify = f"/laporan/{case.tracking_id}/verify"
    form = (await admin.open(f"{verify}?ke=/kerja%3Fstatus%3Dproses")).form(verify)
    wrong = await admin.send(form, title="Lampu padam", category="TIDAK ADA", **{"class": "pengaduan"})
    assert wrong.status == 422
    assert wrong.form(verify).fields["title"] == "Lampu padam"
    assert wrong.form(verify).fields["kunci"] == form.fields["kunci"]
    missing = await admin.send(form, title="", category=CATEGORY)
    assert missing.status == 422
    assert "Bagian ini harus diisi." in missing.text
    right = {"title": "Lampu padam", "category": CATEGORY, "class": "pengaduan"}
    done = await admin.send(form, **right)
    assert done.path == "/kerja"
    assert str(done.answer.url).endswith(f"?status=proses&sudah=verify.{case.tracking_id}")
    again = await admin.send(form, **right)
    assert again.path == "/kerja"
    changed = await admin.send(form, **{**right, "title": "Lain"})
    assert changed.status == 409
    assert changed.form(verify).fields["title"] == "Lain"
    assert changed.form(verify).fields["kunci"] != form.fields["kunci"]
    assert len(await case.events(EventKind.VERIFIED)) == 1


async def test_an_act_that_ends_a_report_says_first_what_will_happen(sign_in: SigningIn, office: Office) -> None:
    case = await received(office)
    admin = await browser_of(sign_in, Role.ADMIN)
    archive = f"/laporan/{case.tracking_id}/archive"
    asked = await admin.send((await admin.open(archive)).form(archive), reason="Bukan pengaduan")
    assert (asked.status, (await case.row()).status) == (200, Status.BELUM_DIVERIFIKASI)
    assert asked.form(archive).fields["reason"].strip() == "Bukan pengaduan"
    await admin.send(asked.form(archive), pasti="ya")
    assert (await case.row()).status is Status.DIARSIPKAN


async def test_a_follow_up_brings_its_photos_and_keeps_them_when_it_is_refused(
    sign_in: SigningIn, office: Office
) -> None:
    case = await received(office)
    await case.forward("DISHUB")
    liaison = await browser_of(sign_in, Role.LIAISON, "Budi Santoso", "DISHUB")
    address = f"/laporan/{case.tracking_id}/follow_up"
    form = (await liaison.open(address)).form(address)
    photo = {"foto": ("sesudah.jpg", jpeg(), "image/jpeg")}
    first = await liaison.client.post(address, data={**form.fields, "text": ""}, files=photo)
    assert first.status_code == 422
    kept = Page(first).form(address)
    assert kept.fields["berkas"]
    done = await liaison.client.post(address, data={**kept.fields, "text": "Lampu diganti."}, files={"foto": ("", b"")})
    assert done.status_code == 303
    event = await case.event(EventKind.FOLLOWED_UP)
    assert event.words["files"] == [kept.fields["berkas"]]


async def test_nobody_acts_by_another_sites_form_or_on_what_is_out_of_sight(sign_in: SigningIn, office: Office) -> None:
    case = await received(office)
    await case.forward("DISHUB")
    own, other = f"/laporan/{case.tracking_id}/receive", "/laporan/7654321/receive"
    liaison = await browser_of(sign_in, Role.LIAISON, "Budi Santoso", "DISHUB")
    stranger = await browser_of(sign_in, Role.LIAISON, "Wati", "DPUPR")
    form = (await liaison.open(own)).form(own)
    foreign = await liaison.client.post(own, data=form.fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    forged = await liaison.send(form, formulir="r1.0000")
    assert forged.status == 403
    assert forged.form(own).fields["formulir"] == form.fields["formulir"]
    unseen, unknown = await stranger.open(own), await stranger.open(other)
    assert (unseen.status, unknown.status) == (404, 404)
    assert unseen.text == unknown.text
    assert (await stranger.client.post(own, data=form.fields)).status_code == 404
    assert await case.events(EventKind.RECEIVED) == []
    assert (await liaison.send(form)).path == f"/laporan/{case.tracking_id}"
    assert len(await case.events(EventKind.RECEIVED)) == 1


async def test_whoever_was_signed_out_meanwhile_gets_back_all_that_was_typed(
    sign_in: SigningIn, office: Office
) -> None:
    case = await received(office)
    admin = await browser_of(sign_in, Role.ADMIN)
    hold = f"/laporan/{case.tracking_id}/hold"
    form = (await admin.open(hold)).form(hold)
    person = await office.complaints.record.people.by_login("Ani Wijaya")
    assert person is not None
    await office.complaints.record.staff_sessions.end_all(person.id)
    typed = "Mohon sebutkan nomor tiang lampu, dan sejak kapan lampu itu padam setiap malam."
    unsent = await admin.send(form, missing=typed)
    assert unsent.status == 401
    assert unsent.form(hold).fields["missing"].strip() == typed
    back = await browser_of(sign_in, Role.ADMIN)
    checked = await back.send(unsent.form(hold))
    assert checked.status == 403
    assert (await back.send(checked.form(hold))).status in (200, 404)
    assert (await case.event(EventKind.HELD)).words["missing"] == typed


async def test_whoever_missed_a_colleagues_act_is_told_and_sends_again_after_a_look(
    sign_in: SigningIn, office: Office
) -> None:
    case = await received(office)
    await case.forward("DISHUB", "DPUPR")
    liaison = await browser_of(sign_in, Role.LIAISON, "Budi Santoso", "DISHUB")
    address = f"/laporan/{case.tracking_id}/follow_up"
    form = (await liaison.open(address)).form(address)
    await case.liaison("DPUPR", "follow_up", text="Kabel diperiksa.", final=False)
    told = await liaison.send(form, text="Lampu diganti.")
    assert told.status == 409
    assert "DPUPR" in told.text
    assert told.form(address).fields["text"].strip() == "Lampu diganti."
    done = await liaison.send(told.form(address))
    assert done.status == 200
    assert len(await case.events(EventKind.FOLLOWED_UP)) == 2
