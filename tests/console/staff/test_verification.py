"""The verification queue without scripts: every act is a plain form, and what it held is what is done."""

from __future__ import annotations

import pytest

from kawal.domain.access_kinds import AccessKind
from kawal.domain.names import EventKind, Role, Status
from kawal.store.advice import advice_of
from tests.console.pages.browser import Browser, Form, Page
from tests.console.staff.conftest import SigningIn
from tests.desks.test_publicity import photo
from tests.intake.attachments.files import COMMENT, jpeg
from tests.workflows.life import CATEGORY, Case, Office, eventually

PATH = "/kerja/verifikasi"
LAMPS = "PEKERJAAN UMUM DAN PENATAAN RUANG / PENERANGAN JALAN"


@pytest.fixture
async def admin(sign_in: SigningIn) -> Browser:
    return Browser(await sign_in(Role.ADMIN, "Ani Wijaya"))


def decision(page: Page, case: Case) -> Form:
    return page.form(f"{PATH}/{case.tracking_id}/putuskan")


def by_button(page: Page, case: Case, name: str) -> Form:
    """Return the decision's form as one of its other buttons sends it."""
    form = decision(page, case)
    form.action = f"{PATH}/{case.tracking_id}/{name}"
    return form


def act(page: Page, case: Case, name: str) -> Form:
    return page.form(f"{PATH}/{case.tracking_id}/{name}")


async def test_one_form_verifies_and_forwards_as_it_was_shown_once_and_opens_the_next(
    admin: Browser, office: Office, sign_in: SigningIn
) -> None:
    first = await office.receive(hour=8, category=CATEGORY, title="JALAN  BERLUBANG DI BATAM RT 02")
    second = await office.receive(category=LAMPS, title="Lampu padam di Jalan Merdeka", text="Gelap sejak Senin.")
    form = decision(await admin.open(PATH), first)
    filled = {name: form.fields[name] for name in ("judul", "kategori", "opd", "kelas")}
    assert filled == {
        "judul": "Jalan berlubang di Batam RT 02",
        "kategori": CATEGORY,
        "opd": "DPUPR",
        "kelas": "pengaduan",
    }
    answered = await admin.send(form, judul="Jalan rusak di Batam RT 02")
    assert f"Laporan {first.tracking_id} telah diverifikasi" in answered.text
    decision(answered, second)
    row, verified = await first.row(), await first.event(EventKind.VERIFIED)
    assert (row.status, [line.code for line in row.opds]) == (Status.BELUM_DITINDAKLANJUTI, ["DPUPR"])
    assert (verified.words["title"], verified.facts["category"]) == ("Jalan rusak di Batam RT 02", CATEGORY)
    again = await admin.send(form, judul="Jalan rusak di Batam RT 02")
    assert f"Laporan {first.tracking_id} telah diverifikasi" in again.text
    assert len(await first.events()) == row.last_seq

    # What is not theirs, not from our page, or not there
    foreign = await admin.client.post(form.action, data=form.fields, headers={"Sec-Fetch-Site": "cross-site"})
    unmarked = await admin.client.post(form.action, data={**form.fields, "formulir": "x"})
    assert (foreign.status_code, unmarked.status_code) == (403, 403)
    liaison = await sign_in(Role.LIAISON, "Budi", "DPUPR")
    assert (await liaison.get(PATH)).status_code == 403
    assert (await liaison.get(f"{PATH}/{second.tracking_id}")).status_code == 403
    await office.complaints.pool.execute("insert into instansi (code, name) values ('BINTAN', 'Kabupaten Bintan')")
    stranger = await sign_in(Role.ADMIN, "Joko", None, "BINTAN")
    elsewhere, unknown = [await stranger.get(f"{PATH}/{number}") for number in (second.tracking_id, "9999999")]
    assert (elsewhere.status_code, unknown.status_code) == (404, 404)
    said = [answer.text.replace(second.tracking_id, "#").replace("9999999", "#") for answer in (elsewhere, unknown)]
    assert said[0] == said[1]


async def test_every_other_act_is_a_form_of_its_own(admin: Browser, office: Office) -> None:
    held, archived, passed, merged, handled = [
        await office.receive(hour=8 + n, category=CATEGORY, title=f"Lubang jalan ke-{n}") for n in range(5)
    ]
    main = await office.receive(hour=7, category=LAMPS, title="Lampu padam", text="Gelap di Batu 8 sejak Senin.")

    shown = await admin.open(f"{PATH}/{held.tracking_id}")
    asked = await admin.send(act(shown, held, "tunda"), kurang="")
    assert (asked.status, "Tulislah apa yang harus dilengkapi pelapor." in asked.text) == (422, True)
    await admin.send(act(asked, held, "tunda"), kurang="Di jalan apa?")
    assert ((await held.row()).status, (await held.event(EventKind.HELD)).words["missing"]) == (
        Status.DITUNDA,
        "Di jalan apa?",
    )

    shown = await admin.open(f"{PATH}/{archived.tracking_id}")
    assert "Ini mengakhiri laporan" in shown.text
    await admin.send(act(shown, archived, "arsipkan"), alasan="Bukan laporan.")
    assert (await archived.row()).status is Status.DIARSIPKAN

    shown = await admin.open(f"{PATH}/{passed.tracking_id}")
    await admin.send(act(shown, passed, "bukan-wewenang"), lembaga="Pemerintah Kota Batam")
    assert (await passed.event(EventKind.PASSED_ON)).words["agency"] == "Pemerintah Kota Batam"

    compared = await admin.open(f"{PATH}/{merged.tracking_id}/banding/{main.tracking_id}")
    assert "Gelap di Batu 8" in compared.text
    await admin.send(act(compared, merged, "gabungkan"))
    assert ((await merged.row()).status, (await merged.row()).main_report) == (Status.DIGABUNG, main.tracking_id)

    shown = await admin.open(f"{PATH}/{handled.tracking_id}")
    done = await admin.send(by_button(shown, handled, "kelola"), diperiksa="serupa")
    assert [line.code for line in (await handled.row()).opds if line.state == "owes"] == ["KEPRI"]
    refused = await admin.send(act(done, handled, "tarik"), alasan="")
    assert (refused.status, "Tulislah alasan penarikan." in refused.text) == (422, True)
    await admin.send(act(refused, handled, "tarik"), alasan="Milik dinas.")
    assert [line.state for line in (await handled.row()).opds] == ["withdrawn"]
    rest = await admin.open(f"{PATH}/{handled.tracking_id}")
    await admin.send(act(rest, handled, "teruskan"), opd=None, opd_lain="perhub")
    assert [line.code for line in (await handled.row()).opds if line.state == "owes"] == ["DISHUB"]


async def test_what_is_not_taken_comes_back_as_it_was_typed_with_the_reason(admin: Browser, office: Office) -> None:
    case = await office.receive(category=CATEGORY, title="Lubang besar di depan pasar")
    form = decision(await admin.open(f"{PATH}/{case.tracking_id}"), case)
    lacking = await admin.send(form, judul="", kategori="", kategori_lain="jalan", opd=None, catatan="Segera.")
    typed = decision(lacking, case).fields
    assert (lacking.status, typed["kategori_lain"], typed["catatan"]) == (422, "jalan", "Segera.")
    for sentence in ("Tulislah judul.", "Beberapa kategori berawal kata ini", "Pilihlah sedikitnya satu OPD"):
        assert sentence in lacking.text
    assert await case.events(EventKind.VERIFIED) == []

    # The reporter replies while the admin types: what the decision rests on has changed.
    await case.reporter("reply", text="Sudah ada yang jatuh semalam.")
    late = await admin.send(form, judul="Jalan berlubang", catatan="Segera.")
    assert (late.status, decision(late, case).fields["judul"]) == (409, "Jalan berlubang")
    assert "pelapor" in late.text
    assert await case.events(EventKind.VERIFIED) == []

    # The second of the two commands is refused: the report is verified, and the rest is offered.
    half = await admin.send(decision(late, case), opd="TIDAKADA")
    assert half.status == 422
    assert f"Laporan {case.tracking_id} telah diverifikasi, tetapi belum diteruskan" in half.text
    assert (await case.row()).verified_at is not None
    done = await admin.send(act(half, case, "teruskan"), opd="DPUPR", opd_lain="")
    assert f"Laporan {case.tracking_id} telah diteruskan" in done.text
    assert [line.code for line in (await case.row()).opds] == ["DPUPR"]


async def test_a_rahasia_report_is_opened_by_its_own_button_alone_with_its_files_and_that_is_on_record(
    admin: Browser, office: Office, sign_in: SigningIn
) -> None:
    planted = "Atasan saya menerima suap"
    case = await office.receive(rahasia=True, category=CATEGORY, title=planted, text=f"{planted} bulan lalu di kantor.")
    log = office.complaints.access_log
    pages = [
        await admin.open(where)
        for where in (PATH, f"{PATH}/{case.tracking_id}", f"{PATH}/{case.tracking_id}/isi?awal=1")
    ] + [await admin.open(f"{PATH}/bersama?nomor={case.tracking_id}")]
    assert [planted in page.answer.text for page in pages] == [False] * 4
    assert [one async for one in log.entries(case.tracking_id)] == []
    opened = await admin.send(act(pages[1], case, "buka"))
    assert planted in opened.answer.text
    (entry,) = [one async for one in log.entries(case.tracking_id)]
    assert (entry.kind, entry.facts["matter"]) == (AccessKind.READ_REPORT, "words")
    assert entry.words["purpose"] == "verifikasi laporan baru"
    file = f"{PATH}/{case.tracking_id}/berkas/{await photo(case)}"
    colleague = await sign_in(Role.ADMIN, "Citra Lestari")
    for client, status in ((admin.client, 200), (colleague, 409)):
        await client.get(f"{PATH}/{case.tracking_id}")  # looking at it closed opens nothing
        assert [(await client.get(file + form)).status_code for form in ("", "?tanpa-data")] == [status] * 2
    read = [one async for one in log.entries(case.tracking_id) if one.kind is AccessKind.READ_REPORT]
    assert [one.words["purpose"] for one in read] == ["verifikasi laporan baru"] * 3
    # Its words hint at abuse of authority: not by one key alone.
    form = decision(opened, case)
    stopped = await admin.send(form)
    assert (stopped.status, await case.events(EventKind.VERIFIED)) == (422, [])
    await admin.send(decision(stopped, case), diperiksa="pengawasan", pengawasan="ya", opd="INSPEKTORAT")
    assert (await case.event(EventKind.VERIFIED)).facts["pengawasan"] is True


async def test_words_and_photos_are_shown_as_the_public_will_see_them_and_what_is_typed_stays_meanwhile(
    admin: Browser, office: Office
) -> None:
    case = await office.receive(
        category=CATEGORY, text="Rumah Pak Lurah Hasan di depan lubang, hubungi 0812 3456 7890 kapan saja."
    )
    number = case.tracking_id
    added = await office.complaints.actor(Role.ADMIN, "Dewi", instansi="KEPRI")
    file = await photo(case)
    picture = f"{PATH}/{number}/berkas/{file}?tanpa-data"
    shown = await admin.open(f"{PATH}/{number}")
    assert "<mark>[disembunyikan]</mark>" in shown.answer.text
    assert "0812" not in shown.answer.text
    assert "tidak ditampilkan kepada publik" in shown.text
    typed = {"kategori": "", "kategori_lain": "jalan", "opd": "DISHUB", "kelas": "aspirasi", "catatan": "Segera."}
    hide = by_button(shown, case, "sunting")
    title = "Lubang di rumah PAK  Lurah Hasan"
    hidden = await admin.send(hide, **typed, judul=title, kata="Pak Lurah Hasan", sebab="nama orang")
    assert "<mark>[disunting]</mark>" in hidden.answer.text
    assert "Hasan" not in hidden.answer.text
    typed["judul"] = "Lubang di rumah [disunting]"
    wrong = await admin.send(by_button(hidden, case, "sunting"), kata="tidak ada di sini", sebab="nama")
    assert wrong.status == 409
    released = await admin.send(by_button(wrong, case, "rilis"), berkas=file)
    assert "ditampilkan kepada publik setelah laporan diverifikasi" in released.text
    typed["kata"] = "tidak ada di sini"
    assert {name: decision(released, case).fields[name] for name in typed} == typed

    plain = await admin.client.get(picture)
    assert (plain.headers["content-disposition"], COMMENT in plain.content) == ("inline", False)
    assert f'src="{picture}"' in released.answer.text
    assert (await admin.client.get(f"{PATH}/{number}/berkas/{file}")).content == jpeg()
    (black_out,) = [link for link in released.links if link.endswith(f"/sunting?ke={PATH}/{number}")]
    form = (await admin.open(black_out)).form(black_out.partition("?")[0])
    blackened = await admin.send(form, why="Wajah", x0="0", y0="0", w0="4", h0="4")
    assert (blackened.path, "sebagian dihitamkan" in blackened.text) == (f"{PATH}/{number}", True)
    assert (await admin.client.get(picture)).content != plain.content
    await admin.client.get(f"{PATH}/{number}/isi?awal=1")
    entries = [entry async for entry in office.complaints.access_log.entries(number)]
    assert {entry.actor.role for entry in entries} == {added.role}
    assert [entry.facts.get("ahead") for entry in entries if entry.kind == "read_report"][-1] is True


async def test_the_next_report_is_one_that_no_colleague_has_open(
    admin: Browser, office: Office, sign_in: SigningIn
) -> None:
    first = await office.receive(hour=8, category=CATEGORY, title="Lubang jalan pertama")
    second = await office.receive(hour=9, category=LAMPS, title="Lampu padam kedua", text="Gelap di Batu 8.")
    decision(await admin.open(PATH), first)
    colleague = Browser(await sign_in(Role.ADMIN, "Citra Lestari"))
    shown = await colleague.open(PATH)
    decision(shown, second)
    assert "dibuka Ani Wijaya" in shown.text
    taken = await colleague.open(f"{PATH}/{first.tracking_id}")
    assert "Ani Wijaya sedang membuka laporan ini" in taken.text
    here = {"formulir": decision(taken, first).fields["formulir"], "nomor": second.tracking_id}
    told = await colleague.client.post(f"{PATH}/{first.tracking_id}/hadir", data=here)
    assert told.json() == {first.tracking_id: "Ani Wijaya"}
    await admin.send(decision(await admin.open(f"{PATH}/{first.tracking_id}"), first))
    left = await colleague.client.post(f"{PATH}/{second.tracking_id}/hadir", data=here)
    assert first.tracking_id not in left.json()


async def test_marked_reports_are_decided_together_each_with_a_result(admin: Browser, office: Office) -> None:
    one = await office.receive(hour=8, category=CATEGORY, title="Lubang jalan di Batu 9")
    other = await office.receive(hour=9, category=LAMPS, title="Lampu padam", text="Gelap di Senggarang sekali.")
    bribe = await office.receive(category=CATEGORY, title="Pungli di loket", text="Petugas minta uang di loket.")

    async def advised() -> bool:
        pool = office.complaints.pool
        return all([await advice_of(pool, case.tracking_id) is not None for case in (one, other, bribe)])

    await eventually(advised)
    query = "&".join(f"nomor={case.tracking_id}" for case in (one, other, bribe))
    shown = await admin.open(f"{PATH}/bersama?{query}")
    assert f"Laporan {bribe.tracking_id} harus diperiksa di halamannya sendiri" in shown.text
    form = shown.form(f"{PATH}/bersama")
    untitled = {**form.fields, "nomor": one.tracking_id, f"judul-{one.tracking_id}": ""}
    back = Page(await admin.client.post(form.action, data={**untitled, f"opd-{one.tracking_id}": "DISHUB"}))
    assert f"Laporan {one.tracking_id} belum diputuskan" in back.text
    assert back.form(form.action).fields[f"opd-{one.tracking_id}"] == "DISHUB"
    sent = [(name, value) for name, value in form.fields.items() if name != "nomor"]
    chosen = dict(sent) | {"nomor": [one.tracking_id, other.tracking_id], f"opd-{other.tracking_id}": "TIDAKADA"}
    answer = Page(await admin.client.post(form.action, data=chosen))
    assert f"Laporan {one.tracking_id} telah diverifikasi dan diteruskan." in answer.text
    assert f"Laporan {other.tracking_id} telah diverifikasi, tetapi belum diteruskan" in answer.text
    assert [(await case.row()).verified_at is not None for case in (one, other, bribe)] == [True, True, False]
