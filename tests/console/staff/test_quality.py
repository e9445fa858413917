"""`/mutu`: samples drawn, read and judged by page, and the registers of decrees and action plans."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from kawal.domain.access_kinds import AccessKind
from kawal.domain.calendar import local_day
from kawal.domain.names import Role
from tests.console.pages.browser import Browser
from tests.console.staff.conftest import SigningIn
from tests.console.staff.reports import WORDS, browser_of
from tests.console.staff.test_work import forwarded
from tests.workflows.life import Case, Office

PATH = "/mutu"


async def answered(office: Office, **fields: Any) -> Case:
    """Return a report with a final follow-up of today."""
    case = await forwarded(office, "DISHUB", **fields)
    await case.follow_up("DISHUB", final=True)
    return case


async def drawn(inspector: Browser, office: Office) -> str:
    """Draw a sample of today's follow-ups, and return the address to which that leads."""
    today = str(local_day(office.complaints.now()))
    drawing = (await inspector.open(PATH)).form(f"{PATH}/tarik")
    refused = await inspector.send(drawing, dari=today, sampai=today)
    assert (refused.status, refused.form(f"{PATH}/tarik").fields["dari"]) == (409, today)
    page = await inspector.send(refused.form(f"{PATH}/tarik"), seed="lotere-1")
    assert page.path.startswith(f"{PATH}/sampel/")
    again = await inspector.send(drawing, dari=today, sampai=today, seed="lotere-2")
    assert (again.status, "tidak dapat ditarik dua kali" in again.text) == (409, True)
    return page.path


async def test_a_sample_is_drawn_repeated_read_on_record_judged_once_and_corrected(
    sign_in: SigningIn, office: Office
) -> None:
    plain, rahasia = await answered(office), await answered(office, rahasia=True)
    inspector = await browser_of(sign_in, Role.INSPECTORATE, "Eka Putri")
    address = await drawn(inspector, office)
    items = await office.complaints.record.quality.items(int(address.rpartition("/")[2]))
    places = {item.tracking_id: item.place for item in items}
    reading, secret = (f"{address}/{places[one.tracking_id]}/baca" for one in (plain, rahasia))

    page = await inspector.open(address)
    again = await inspector.send(page.form(f"{address}/ulangi"))
    assert "Cocok: 2 tindak lanjut akhir yang sama" in again.text
    population = (await inspector.client.get(f"{address}/populasi.csv")).text.splitlines()[1:]
    assert [line.split(",")[1] for line in population] == [item.tracking_id for item in items]
    refused = await inspector.send(page.form(secret), tujuan="")
    assert (refused.status, WORDS in refused.text) == (409, False)
    assert WORDS in (await inspector.send(page.form(secret), tujuan="Penilaian triwulan")).text
    read = await inspector.send(page.form(reading))
    assert WORDS in read.text
    last = [one async for one in office.complaints.access_log.entries(plain.tracking_id)][-1]
    assert (last.kind, last.facts["via"]) == (AccessKind.READ_REPORT, "quality")

    judging = read.form(reading.replace("/baca", "/nilai"))
    judged = await inspector.send(judging, putusan="partly", alasan="Hanya satu lampu.")
    assert (judged.path, "menjawab sebagian" in judged.text) == (address, True)
    twice = await inspector.send(judging, putusan="answers", alasan="Semua menyala.")
    assert twice.status == 409
    form = twice.form(judging.action)
    assert form.fields["alasan"].strip() == "Semua menyala."
    await inspector.send(form, perbaiki="ya")
    [item] = [one for one in await office.complaints.record.quality.items(items[0].draw) if one.reviews]
    assert [(str(one.verdict), one.revision) for one in item.reviews] == [("answers", 2)]

    admin = await browser_of(sign_in, Role.ADMIN, "Rudi Biro")
    read = await admin.send((await admin.open(address)).form(reading))
    assert ("Semua menyala" in read.text, "(1)" in read.text) == (False, True)
    auditor = await browser_of(sign_in, Role.AUDITOR, "Rani")
    page = await auditor.open(address)
    assert "menjawab" in page.text
    seen = await auditor.send(page.form(reading))
    assert ("Hanya satu lampu." in seen.text, [one.action for one in seen.forms if "nilai" in one.action]) == (True, [])


async def test_who_had_a_hand_in_a_report_does_not_judge_it_and_others_see_no_sample(
    sign_in: SigningIn, office: Office
) -> None:
    # Dewi, the admin who verified and forwarded it, is an inspector as well.
    handler = await browser_of(sign_in, Role.INSPECTORATE, "Dewi")
    case = await answered(office)
    address = await drawn(handler, office)
    read = await handler.send((await handler.open(address)).form(f"{address}/1/baca"))
    refused = await handler.send(read.form(f"{address}/1/nilai"), putusan="answers", alasan="Sudah.")
    assert (refused.status, "ikut menangani" in refused.text) == (409, True)
    for role, opd in ((Role.LIAISON, "DISHUB"), (Role.LEADERSHIP, None)):
        other = await browser_of(sign_in, role, f"Orang {role}", opd)
        assert [(await other.open(one)).status for one in (PATH, address, f"{PATH}/sk")] == [403] * 3
    await office.complaints.pool.execute("insert into instansi (code, name) values ('BATAM', 'Kota Batam')")
    stranger = Browser(await sign_in(Role.INSPECTORATE, "Joko", None, "BATAM"))
    assert (await stranger.open(address)).status == 409
    assert case.tracking_id not in (await stranger.open(PATH)).text


async def test_decrees_and_plans_are_entered_corrected_and_withdrawn_and_a_document_is_kept_as_its_hash(
    sign_in: SigningIn, office: Office
) -> None:
    admin, registers = await browser_of(sign_in, Role.ADMIN), office.complaints.record.registers
    page = await admin.open(f"{PATH}/sk")
    form = page.form(f"{PATH}/sk/catat-dokumen")
    typed = {**form.fields, "nomor": "SK 12/2026", "tanggal": "2026-01-10", "sampai": "2026-01-01"}
    backwards = await admin.send(form, **typed)
    assert (backwards.status, backwards.form(form.action).fields["nomor"]) == (409, "SK 12/2026")
    document = b"%PDF-1.7 surat keputusan" * 100_000
    sent = {"berkas": ("sk.pdf", document, "application/pdf")}
    answer = await admin.client.post(form.action, data={**typed, "sampai": "2026-12-31"}, files=sent)
    assert answer.status_code == 303
    [decree] = await registers.decrees("KEPRI")
    assert (decree.number, decree.document_hash) == ("SK 12/2026", sha256(document).hexdigest())
    chosen = (await admin.open(f"{PATH}/sk?entri={decree.entry}")).form(form.action)
    assert chosen.fields["nomor"] == "SK 12/2026"
    page = await admin.send(chosen, dokumen="Arsip 7", batal="ya")
    [decree] = await registers.decrees("KEPRI")
    assert (decree.revision, decree.document, decree.withdrawn) == (2, "Arsip 7", True)
    assert "ditarik" in page.text

    plans = f"{PATH}/rencana-aksi"
    form = (await admin.open(plans)).form(f"{plans}/catat-dokumen")
    page = await admin.send(form, tahun="2026", tanggal="2026-01-15", butir="Melatih penghubung\nMenyusun SOP")
    progress = page.form(f"{plans}/kemajuan")
    page = await admin.send(progress, **{"butir-ke": "2"}, keadaan="done", sejak="2026-03-01")
    [plan] = await registers.plans("KEPRI")
    assert [(item.title, str(item.state)) for item in plan.items] == [
        ("Melatih penghubung", "not_begun"),
        ("Menyusun SOP", "done"),
    ]
    more = (await admin.open(f"{plans}?entri={plan.entry}")).form(f"{plans}/catat-dokumen")
    await admin.send(more, butir="Survei")
    assert [item.title for item in (await registers.plans("KEPRI"))[0].items][-1] == "Survei"

    auditor = await browser_of(sign_in, Role.AUDITOR, "Rani")
    seen = await auditor.open(plans)
    assert ("Menyusun SOP" in seen.text, [one for one in seen.forms if plans in one.action]) == (True, [])
    progress.fields["formulir"] = next(one.fields["formulir"] for one in seen.forms if "formulir" in one.fields)
    assert (await auditor.send(progress, **{"butir-ke": "2"}, keadaan="not_begun")).status == 403
