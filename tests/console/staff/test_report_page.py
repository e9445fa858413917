"""`/laporan/NUMBER` as each official sees it: words for whoever may read them, acts that the rules allow, why not."""

from __future__ import annotations

from kawal.console.pages.assets import _all
from kawal.domain.access_kinds import AccessKind
from kawal.domain.names import EventKind, Role, Status
from kawal.intake.attachments.file_types import KINDS
from tests.console.staff.conftest import SigningIn
from tests.console.staff.reports import TITLE, WORDS, browser_of, received
from tests.desks.test_publicity import attachments_of
from tests.intake.attachments import files
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
    added = await attachments_of(case.office).add(case.tracking_id, "lampu.jpg", pieces(jpeg()))
    return added.id


async def test_notes_releases_and_redactions_are_made_on_the_page_and_a_refused_one_keeps_what_was_typed(
    sign_in: SigningIn, office: Office
) -> None:
    case = await received(office, title=TITLE, text="Lampu di depan rumah Pak Budi padam.")
    await case.verify()
    photo = await _attached(case)
    admin, address = await browser_of(sign_in, Role.ADMIN), f"/laporan/{case.tracking_id}"
    page = await admin.open(address)
    noted = await admin.send(page.form(f"{address}/catatan"), text="Sudah ditelepon", untuk="own")
    assert "Sudah ditelepon" in noted.text
    assert noted.form(f"{address}/catatan").fields["kunci"] != page.form(f"{address}/catatan").fields["kunci"]
    pressed_twice = await admin.send(page.form(f"{address}/catatan"), text="Sudah ditelepon", untuk="own")
    assert pressed_twice.text.count("Sudah ditelepon") == noted.text.count("Sudah ditelepon")
    wrong = await admin.send(noted.form(f"{address}/sunting"), passages="Pak Ujang", why="Nama orang")
    assert wrong.status == 409
    assert wrong.form(f"{address}/sunting").fields["passages"].strip() == "Pak Ujang"
    hidden = await admin.send(noted.form(f"{address}/sunting"), passages="Pak Budi", why="Nama orang")
    assert "depan rumah [disunting] padam" in hidden.text
    await admin.send(hidden.form(f"{address}/rilis"))
    parts = await office.complaints.record.public_versions.shown(case.tracking_id)
    assert parts.has(photo)
    picture = f"{address}/berkas/{photo}/sunting"
    none = await admin.send((await admin.open(picture)).form(picture), why="Wajah")
    assert none.status == 422
    drawn = await admin.send(none.form(picture), why="Wajah", x0="0", y0="0", w0="4", h0="4")
    assert drawn.status == 200
    assert "Wajah" in drawn.text
    auditor = await (await browser_of(sign_in, Role.AUDITOR, "Rani")).open(address)
    assert "Ani Wijaya juga sedang membuka laporan ini." in auditor.text
    assert "Sudah ditelepon" in auditor.text
    offered = {form.action for form in auditor.forms if form.action.startswith(f"{address}/")}
    assert offered == {f"{address}/pelapor", f"{address}/hadir"}


async def test_two_reports_stand_side_by_side_and_the_newer_is_merged_into_the_older(
    sign_in: SigningIn, office: Office
) -> None:
    older, newer = await received(office), await received(office, text="Gelap di Batu 8, lampunya mati.")
    admin = await browser_of(sign_in, Role.ADMIN)
    both = await admin.open(f"/laporan/{older.tracking_id}/banding/{newer.tracking_id}")
    assert WORDS in both.text
    assert "lampunya mati" in both.text
    merge = f"/laporan/{newer.tracking_id}/merge"
    asked = await admin.send(both.form(merge))
    assert (await newer.row()).status is Status.BELUM_DIVERIFIKASI
    await admin.send(asked.form(merge), pasti="ya")
    assert (await newer.row()).main_report == older.tracking_id


async def test_a_page_weighs_less_than_an_office_line_notices(sign_in: SigningIn, office: Office) -> None:
    case = await received(office)
    admin = await browser_of(sign_in, Role.ADMIN)
    page = await admin.client.get(f"/laporan/{case.tracking_id}", headers={"Accept-Encoding": "gzip"})
    assert int(page.headers["content-length"]) < 15_000
    files = ("kawal.css", "staff.css", "staff_drafts.js", "staff_report.js")
    assets = sum(len(_all()[name].compressed) for name in files)
    assert int(page.headers["content-length"]) + assets < 60_000


async def test_a_deputys_step_says_for_whom_by_name_or_by_role_where_names_are_not_shown(
    sign_in: SigningIn, office: Office
) -> None:
    case, complaints = await received(office), office.complaints
    await case.forward("DISHUB")
    absent = await complaints.actor(Role.LIAISON, "Budi Santoso", "DISHUB", "KEPRI")
    deputy = await complaints.actor(Role.LIAISON, "Citra Lestari", "DISHUB", "KEPRI")
    deputy = deputy.model_copy(update={"deputy_for": absent.account})
    await complaints.send(case.tracking_id, "receive", deputy, {}, None)
    auditor = await browser_of(sign_in, Role.AUDITOR, "Rani")
    life = await auditor.open(f"/auditor/laporan/{case.tracking_id}")
    opened = await auditor.send(life.form(f"/auditor/laporan/{case.tracking_id}/buka"), tujuan="LHP 12/2026")
    admin, desk = await browser_of(sign_in, Role.ADMIN), await browser_of(sign_in, Role.DESK, "Lia")
    timeline, process = [await one.open(f"/laporan/{case.tracking_id}") for one in (admin, desk)]
    for page, said in ((opened, "Budi Santoso"), (timeline, "Budi Santoso"), (process, "pejabat penghubung")):
        assert f"pengganti sementara untuk: {said}" in page.text
        assert f"untuk: {absent.account}" not in page.text


KINDS_OF_FILES = {
    "jpeg": jpeg(),
    "png": files.png(),
    "webp": files.webp(),
    "heic": files.heic(),
    "pdf": files.pdf(),
    "docx": files.office(),
    "xlsx": files.office(part="xl/workbook.xml"),
    "mp4": files.mp4(),
    "ogg": files.ogg(),
    "m4a": files.m4a(),
    "amr": files.amr(),
    "txt": b"Tiang nomor 17",
}


async def test_every_kind_of_file_opens_as_it_came_and_without_its_data_or_says_that_there_is_no_such_form(
    sign_in: SigningIn, office: Office
) -> None:
    case = await received(office)
    attachments = attachments_of(office)
    refs = {
        kind: await attachments.add(case.tracking_id, kind, pieces(content)) for kind, content in KINDS_OF_FILES.items()
    }
    assert {ref.media_type for ref in refs.values()} == set(KINDS)
    admin = await browser_of(sign_in, Role.ADMIN)
    for kind, ref in refs.items():
        for path in (f"/laporan/{case.tracking_id}/berkas", f"/kerja/verifikasi/{case.tracking_id}/berkas"):
            original = await admin.client.get(f"{path}/{ref.id}")
            assert (original.status_code, original.content) == (200, KINDS_OF_FILES[kind]), kind
            plain = await admin.client.get(f"{path}/{ref.id}?tanpa-data")
            there_is_one = ref.public_size is not None
            assert plain.status_code == (200 if there_is_one else 404), (kind, path)
            assert there_is_one or "tidak dapat ditampilkan tanpa data tempat" in plain.text, kind
    assert [kind for kind, ref in refs.items() if ref.public_size is None] == [
        "pdf",
        "docx",
        "xlsx",
        "ogg",
        "m4a",
        "amr",
    ]
