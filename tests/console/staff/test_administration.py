"""`/kelola`: what an agency administers itself, by forms alone; each act on record, and nothing half-done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kawal.domain.access_kinds import AccessKind
from kawal.domain.calendar import local_day
from kawal.domain.names import Role
from tests.console.pages.browser import Browser, Form, Page
from tests.console.staff.conftest import SigningIn
from tests.workflows.life import Office

PATH = "/kelola"


@pytest.fixture
async def admin(sign_in: SigningIn) -> Browser:
    return Browser(await sign_in(Role.ADMIN, "Ani Wijaya"))


async def administered(office: Office) -> list[dict[str, Any]]:
    """Return what of administration is on record, oldest first."""
    log = office.complaints.access_log
    return [one.facts async for one in log.entries() if one.kind is AccessKind.ADMINISTERED]


async def page_of(admin: Browser, name: str) -> Page:
    """Open somebody's page by the list."""
    people = await admin.open(f"{PATH}/akun")
    for path in [one for one in people.links if one.startswith(f"{PATH}/akun/")]:
        page = await admin.open(path)
        if f"<h1>{name}</h1>" in page.answer.text:
            return page
    raise AssertionError(name)


def form(page: Page, name: str, path: str | None = None, **fields: str) -> Form:
    """Return the page's form of that name which holds these values."""
    action = f"{path or page.path}/{name}"
    found = [one for one in page.forms if one.action == action and fields.items() <= one.fields.items()]
    assert len(found) == 1, [(one.action, one.fields) for one in page.forms]
    return found[0]


async def test_somebody_is_invited_by_a_link_that_is_shown_once_and_holds_roles_until_they_end(
    admin: Browser, office: Office
) -> None:
    people = office.complaints.record.people
    until = local_day(office.complaints.now()) + timedelta(days=30)
    invitation = form(await admin.open(f"{PATH}/akun"), "undang")
    typed = {"nama": "Budi Santoso", "masuk": "budi@kepri.go.id", "peran": "liaison", "sampai": until.isoformat()}
    refused = await admin.send(invitation, **typed)
    assert refused.status == 409
    assert form(refused, "undang", f"{PATH}/akun").fields["nama"] == "Budi Santoso"
    shown = await admin.send(form(refused, "undang", f"{PATH}/akun"), opd="DISHUB")
    assert "/masuk/tautan/" in shown.answer.text
    assert "<svg" in shown.answer.text
    assert "/masuk/tautan/" not in (await admin.open(f"{PATH}/akun")).answer.text
    again = await admin.send(invitation, **typed, opd="DISHUB")
    assert (again.status, "Budi Santoso" in again.answer.text) == (409, True)

    page = await page_of(admin, "Budi Santoso")
    page = await admin.send(form(page, "peran"), peran="desk")
    assert "Peran itu kini dipegang" in page.text
    budi = await people.by_login("budi@kepri.go.id")
    assert budi is not None
    held = {one.actor.role: one for one in await people.grants("KEPRI") if one.person == budi.id}
    assert (held[Role.LIAISON].until, held[Role.DESK].until) == (until, None)
    page = await admin.send(form(page, "peran-akhiri", nomor=str(held[Role.DESK].id)))
    today = local_day(office.complaints.now())
    assert [one.actor.role for one in await people.roles_of(budi.id, today)] == [Role.LIAISON]
    assert "/masuk/tautan/" in (await admin.send(form(page, "tautan"))).answer.text
    acts = [one.get("act") for one in await administered(office)]
    assert acts[-5:] == ["role_granted", "link_made", "role_granted", "role_ended", "link_made"]


async def test_a_deputy_is_named_for_somebody_and_ended(admin: Browser, office: Office, sign_in: SigningIn) -> None:
    await sign_in(Role.LIAISON, "Budi", "DPUPR")
    await sign_in(Role.LIAISON, "Siti", "DISHUB")
    today = local_day(office.complaints.now())
    page = await page_of(admin, "Budi")
    naming = next(one for one in page.forms if one.action.endswith("/pengganti"))
    [held] = [one for one in await office.complaints.record.people.grants("KEPRI") if one.actor.opd == "DPUPR"]
    days = {"nomor": str(held.id), "dari": today.isoformat(), "sampai": (today + timedelta(days=3)).isoformat()}
    wrong = await admin.send(naming, **{**days, "dari": "besok"}, wakil="Siti")
    assert wrong.status == 409
    page = await admin.send(naming, **days, wakil="Siti")
    assert "Siti menggantikan Budi" in page.text
    [deputy] = await office.complaints.record.deputies.all(today)
    ending = next(one for one in page.forms if one.action.endswith("/pengganti-akhiri"))
    assert ending.fields["nomor"] == str(deputy.id)
    await admin.send(ending)
    assert await office.complaints.record.deputies.all(today) == []


async def test_who_signed_in_long_ago_gives_nobody_access_but_may_take_it_away(
    admin: Browser, office: Office, sign_in: SigningIn
) -> None:
    await sign_in(Role.DESK, "Dewi")
    await office.complaints.pool.execute("update staff_session set began_at = began_at - interval '16 minutes'")
    page = await page_of(admin, "Dewi")
    refused = [await admin.send(form(page, "tautan")), await admin.send(form(page, "peran"), peran="desk")]
    people = await admin.open(f"{PATH}/akun")
    typed = {"nama": "Budi", "masuk": "budi", "peran": "desk"}
    refused.append(await admin.send(form(people, "undang"), **typed))
    assert [one.status for one in refused] == [409, 409, 409]
    assert all("15 menit" in one.text for one in refused)
    assert await office.complaints.record.people.by_login("budi") is None
    ended = await admin.send(next(one for one in page.forms if one.action.endswith("/peran-akhiri")))
    assert "Peran itu telah berakhir" in ended.text


async def test_each_role_administers_what_is_its_own_and_reaches_nobody_elsewhere(
    admin: Browser, office: Office, sign_in: SigningIn
) -> None:
    apip, liaison = Browser(await sign_in(Role.INSPECTORATE, "Eka")), await sign_in(Role.LIAISON, "Budi", "DPUPR")
    pages = ("", "/akun", "/opd", "/alamat", "/kategori")
    statuses = [(await apip.open(PATH + one)).status for one in pages]
    assert statuses == [200, 200, 403, 403, 403]
    assert [(await liaison.get(PATH + one)).status_code for one in pages] == [403] * 5
    own = await page_of(admin, "Ani Wijaya")
    assert not [one for one in own.forms if one.action.endswith(("/peran", "/tautan", "/peran-akhiri"))]
    inspector = await page_of(admin, "Eka")
    assert not [one for one in inspector.forms if one.action.endswith(("/tautan", "/peran-akhiri"))]

    await office.complaints.pool.execute("insert into instansi (code, name) values ('BATAM', 'Kota Batam')")
    stranger = Browser(await sign_in(Role.ADMIN, "Joko", None, "BATAM"))
    assert (await stranger.open(own.path)).status == 404
    forged = form(await stranger.open(f"{PATH}/akun"), "undang")
    forged.action = f"{inspector.path}/peran-akhiri"
    eka = await office.complaints.record.people.by_login("Eka")
    assert eka is not None
    [held] = [one for one in await office.complaints.record.people.grants("KEPRI") if one.person == eka.id]
    await stranger.send(forged, nomor=str(held.id))
    kept = await office.complaints.record.people.held(held.id)
    assert kept is not None
    assert kept.ended_at is None
    foreign = await admin.client.post(f"{PATH}/opd/tambah", data={"formulir": "x", "kode": "X", "nama": "X"})
    assert foreign.status_code == 403


async def test_opds_are_added_renamed_and_taken_out_of_use(admin: Browser, office: Office) -> None:
    directory = office.complaints.directory
    adding = form(await admin.open(f"{PATH}/opd"), "tambah")
    page = await admin.send(adding, kode="uptd-a", nama="UPTD A")
    pressed_twice = await admin.send(adding, kode="uptd-a", nama="UPTD A")
    assert (pressed_twice.status, pressed_twice.text) == (page.status, page.text)
    page = await admin.send(form(page, "ganti-nama", f"{PATH}/opd", kode="UPTD-A"), nama="UPTD <b>Anu</b>")
    assert "<b>Anu" not in page.answer.text
    page = await admin.send(form(page, "henti", f"{PATH}/opd", kode="UPTD-A"))
    one = await directory.opd("KEPRI", "UPTD-A")
    assert one is not None
    assert (one.name, one.active) == ("UPTD <b>Anu</b>", False)
    await admin.send(form(page, "pakai", f"{PATH}/opd", kode="UPTD-A"))
    twice = await admin.send(form(page, "tambah", f"{PATH}/opd"), kode="UPTD-A", nama="Lagi")
    assert twice.status == 409
    whats = [one["what"] for one in await administered(office) if str(one.get("what", "")).startswith("opd")]
    assert whats == ["opd_added", "opd_renamed", "opd_deactivated", "opd_activated"]


async def test_many_opds_are_seen_line_by_line_first_and_added_all_or_none(admin: Browser, office: Office) -> None:
    directory = office.complaints.directory
    before = await directory.opds("KEPRI")
    pasting = form(await admin.open(f"{PATH}/opd"), "periksa")
    faulty = "kode,nama\nUPTD-A;UPTD A\nuptd-b\tUPTD B, dan C\ntanpa nama\nUPTD-A,Lagi\nDPUPR,Nama lain"
    page = await admin.send(pasting, daftar=faulty)
    assert "3 baris tidak dapat ditambahkan" in page.text
    assert not [one for one in page.forms if one.action.endswith("/tambah-semua")]
    forged = form(page, "periksa", f"{PATH}/opd")
    assert forged.fields["daftar"].replace("\r", "").strip() == faulty
    forged.action = f"{PATH}/opd/tambah-semua"
    assert (await admin.send(forged)).status == 409
    for nothing, why in ((b"", "kosong"), (b"A;\x81", "CSV UTF-8"), (b"x" * (2 << 20), "1 MB")):
        refused = await admin.send_file(pasting, nothing)
        assert (refused.status, why in refused.text) == (409, True), why
    assert (await admin.send_file(pasting, b"x" * (5 << 20))).status == 413
    shown = await admin.send_file(pasting, "Kode;Nama\r\nUPTD-C;UPTD C, Bintan\r\nUPTD-D\r\n".encode("utf-16"))
    assert form(shown, "periksa", f"{PATH}/opd").fields["daftar"].split("\n")[-3:-1] == [
        "UPTD-C\tUPTD C, Bintan",
        "UPTD-D",
    ]
    assert "1 baris tidak dapat ditambahkan" in shown.text
    assert await directory.opds("KEPRI") == before

    good = f'UPTD-A;UPTD A\nuptd-b\tUPTD B, dan C\n{before[0].code},"{before[0].name}"'
    page = await admin.send(pasting, daftar=good)
    assert await directory.opds("KEPRI") == before
    adding = form(page, "tambah-semua", f"{PATH}/opd")
    assert "Semua OPD dalam daftar" in (await admin.send(adding)).text
    added = {one.code: one.name for one in await directory.opds("KEPRI") if one not in before}
    assert added == {"UPTD-A": "UPTD A", "UPTD-B": "UPTD B, dan C"}
    assert (await admin.send(adding)).status == 409
    assert [one for one in await administered(office) if one.get("what") == "opds_added"] == [
        {"what": "opds_added", "instansi": "KEPRI", "opds": ["UPTD-A", "UPTD-B"]}
    ]


async def test_an_offices_address_is_set_and_removed(admin: Browser, office: Office) -> None:
    directory, path = office.complaints.directory, f"{PATH}/alamat"
    page = await admin.open(path)
    page = await admin.send(form(page, "simpan", kantor="liaison", opd="DISHUB"), email="surat@dishub.example")
    assert await directory.office_email("KEPRI", "liaison", "DISHUB") == "surat@dishub.example"
    wrong = await admin.send(form(page, "simpan", path, kantor="sekda"), email="bukan alamat")
    assert form(wrong, "simpan", path, kantor="sekda").fields["email"] == "bukan alamat"
    assert wrong.status == 409
    removing = form(page, "simpan", path, kantor="liaison", opd="DISHUB")
    removing.action = f"{path}/hapus"
    await admin.send(removing)
    assert await directory.office_email("KEPRI", "liaison", "DISHUB") is None


async def test_main_categories_go_to_the_opds_that_were_chosen_unless_somebody_was_faster(
    admin: Browser, office: Office
) -> None:
    directory, path = office.complaints.directory, f"{PATH}/kategori"
    page = await admin.open(path)
    saving = form(page, "simpan")
    lines = {saving.fields[name]: name.removeprefix("kategori-") for name in saving.fields if "kategori-" in name}
    roads, transport = lines["PEKERJAAN UMUM DAN PENATAAN RUANG"], lines["PERHUBUNGAN"]
    assert saving.fields[f"jawab-{transport}"] == saving.fields[f"semula-{transport}"] == "DISHUB"

    async def answered(name: str, **fields: str) -> int:
        """Send a form of the page as it was opened; so large a page is not read again each time."""
        filled = (
            form(page, name).fields | fields if name != "lepas" else {"formulir": saving.fields["formulir"]} | fields
        )
        return (await admin.client.post(f"{path}/{name}", data=filled)).status_code

    assert await answered("simpan", **{f"jawab-{transport}": "DPUPR"}) == 303
    assert (await directory.place_of("KEPRI", "PERHUBUNGAN")).opd == "DPUPR"
    stale = await admin.send(saving, **{f"jawab-{transport}": "", f"jawab-{roads}": "~Kementerian PU"})
    assert (stale.status, "PERHUBUNGAN: Orang lain sudah mengubahnya" in stale.text) == (409, True)
    assert (await directory.place_of("KEPRI", "PERHUBUNGAN")).opd == "DPUPR"
    assert (await directory.place_of("KEPRI", "PEKERJAAN UMUM DAN PENATAAN RUANG")).outside == "Kementerian PU"

    below = next(one for one in await directory.categories() if one.startswith("PERHUBUNGAN / "))
    assert await answered("tetapkan", kategori=below.lower(), opd="DISHUB") == 303
    assert (await directory.place_of("KEPRI", below)).opd == "DISHUB"
    assert await answered("tetapkan", kategori=below, opd="DISHUB", luar="Polri") == 409
    assert await answered("lepas", kategori=below) == 303
    assert (await directory.place_of("KEPRI", below)).opd == "DPUPR"
    told = [one["what"] for one in await administered(office) if "category" in one]
    assert told == ["category_set", "category_set", "category_set", "category_unset"]
