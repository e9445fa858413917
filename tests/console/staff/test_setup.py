"""`/kelola/mulai` and the pages by which an agency speaks: one sitting, nothing said unseen, all on record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from kawal.base.last_backup import note_backup
from kawal.console.auth.session_cookie import NAME
from kawal.domain.access_kinds import AccessKind
from kawal.domain.calendar import JAKARTA, local_day
from kawal.domain.government import HEAD
from kawal.domain.names import Role
from kawal.intake.mail.mailboxes import Mailbox
from kawal.store.last_tries import mailbox_try
from tests.console.pages.browser import Browser, Form, Page
from tests.console.staff.conftest import SigningIn, secure_client_of
from tests.workflows.life import Office

HEALTH = "/kelola/keadaan"
START = "/kelola/mulai"


@pytest.fixture
async def admin(sign_in: SigningIn) -> Browser:
    return Browser(await sign_in(Role.ADMIN, "Ani Wijaya"))


async def administered(office: Office) -> list[Any]:
    """Return what of administration is on record, oldest first."""
    log = office.complaints.access_log
    entries = [one.facts async for one in log.entries() if one.kind is AccessKind.ADMINISTERED]
    return [one.get("what") or one.get("act") for one in entries]


def form(page: Page, path: str) -> Form:
    """Return the page's form that is sent to a path."""
    return page.form(path)


async def onward(admin: Browser, page: Page, word: str) -> Page:
    """Leave a step with a word."""
    return await admin.send(form(page, f"{page.path}/lanjut"), kata=word)


async def test_an_agency_replaces_the_example_and_is_set_up_in_one_sitting(admin: Browser, office: Office) -> None:
    complaints = office.complaints
    page = await admin.open("/kerja")
    assert "Contoh “Kepri”" in page.text
    page = await admin.open(START)
    assert page.path == f"{START}/instansi"
    who = {"nama": "Pemerintah Kabupaten Bintan", "kode": "bintan", "jenis": "kabupaten"}
    wrong = await admin.send(form(page, f"{START}/instansi/simpan"), **who, wilayah="21.71")
    assert wrong.status == 409
    assert form(wrong, f"{START}/instansi/simpan").fields["nama"] == who["nama"]
    page = await admin.send(form(wrong, f"{START}/instansi/simpan"), wilayah="21.01")
    assert page.path == f"{START}/opd"
    assert await complaints.default_instansi() == "BINTAN"
    assert (await complaints.directory.names("BINTAN"))[HEAD] == "Bupati"
    assert "Contoh “Kepri”" not in page.text
    assert "belum selesai" in page.text

    looked = await admin.send(form(page, f"{START}/opd/periksa"), daftar="DPUPR,Dinas PUPR\nDISHUB;Dinas Perhubungan")
    page = await admin.send(form(looked, f"{START}/opd/tambah-semua"))
    page = await onward(admin, page, "done")
    assert page.path == f"{START}/kategori"
    table = form(page, f"{START}/kategori/simpan")
    number = next(name.split("-")[1] for name, value in table.fields.items() if value == "PERHUBUNGAN")
    page = await admin.send(table, **{f"jawab-{number}": "DISHUB"})
    assert (await complaints.directory.place_of("BINTAN", "PERHUBUNGAN")).opd == "DISHUB"
    page = await onward(admin, page, "done")
    invited = {"nama": "Budi", "masuk": "budi@bintan.go.id", "peran": "liaison", "opd": "DISHUB"}
    link = await admin.send(form(page, f"{START}/orang/undang"), **invited)
    assert "/masuk/tautan/" in link.answer.text
    assert f"{START}/orang" in link.links
    assert "← Orang-orangnya" in link.text

    page = await admin.open(START)
    assert page.path == f"{START}/orang", "taken up again where it was left"
    page = await onward(admin, await onward(admin, page, "later"), "not_needed")
    assert page.path == f"{START}/selesai"
    assert "kepala daerahnya Bupati" in page.text
    page = await admin.send(form(page, f"{START}/selesai/tutup"))
    assert "belum selesai" not in page.text
    bintan = await complaints.directory.instansi("BINTAN")
    kepri = await complaints.directory.instansi("KEPRI")
    assert bintan is not None
    assert kepri is not None
    assert (bintan.set_up, kepri.active, kepri.example) == (True, False, True)
    steps = await complaints.record.agency_setup.settled("BINTAN")
    assert list(steps.values()) == ["done", "done", "done", "later", "not_needed"]
    log = await administered(office)
    assert log[-12:-8] == ["agency_entered", "role_granted", "setup_step", "opds_added"]
    assert log[-1] == "setup_finished"
    again = await admin.open(f"{START}/instansi")
    assert (await admin.send(form(again, f"{START}/instansi/simpan"), kode="LAIN")).status == 409


async def test_only_an_admin_sets_up_and_nobody_by_standing_in(
    admin: Browser, office: Office, sign_in: SigningIn
) -> None:
    paths = (START, f"{START}/opd", "/kelola/pesan", "/kelola/surat", HEALTH)
    apip, liaison = await sign_in(Role.INSPECTORATE, "Eka"), await sign_in(Role.LIAISON, "Budi", "DPUPR")
    assert [(await apip.get(path)).status_code for path in paths] == [403, 403, 403, 403, 200]
    assert [(await liaison.get(path)).status_code for path in paths] == [403] * 5
    foreign = await admin.client.post(f"{START}/instansi/simpan", data={"formulir": "x", "kode": "X", "nama": "X"})
    assert foreign.status_code == 403
    people, complaints = office.complaints.record, office.complaints
    [held] = [one for one in await people.people.grants("KEPRI") if one.actor.role is Role.ADMIN]
    eka = await people.people.by_login("Eka")
    assert eka is not None
    today = local_day(complaints.now())
    number = await people.deputies.name(held.id, held.actor, eka, today, today, "test", complaints.now())
    _, text = await people.staff_sessions.begin(eka.id, "passkey", role=f"d{number}")
    apip.cookies.set(NAME, text)
    page = await Browser(apip).open(f"{START}/instansi")
    who = {"nama": "Pemerintah Kota Batam", "kode": "BATAM", "jenis": "kota"}
    refused = await Browser(apip).send(form(page, f"{START}/instansi/simpan"), **who)
    assert refused.status == 409
    assert await complaints.directory.instansi("BATAM") is None


async def test_readers_are_told_something_for_a_time_once_it_was_looked_at(
    admin: Browser, office: Office, app: FastAPI
) -> None:
    now = office.complaints.now()
    path, local = "/kelola/pesan", f"{now + timedelta(hours=2):%Y}"
    page = await admin.open(path)
    assert (await admin.send(form(page, f"{path}/periksa"))).status == 409
    ends = (now + timedelta(hours=2)).astimezone(JAKARTA)
    typed = {"teks-id": "Pemeliharaan <b>malam</b> ini.", "sampai": f"{ends:%Y-%m-%d %H:%M}"}
    looked = await admin.send(form(page, f"{path}/periksa"), **typed)
    assert local in looked.text
    assert await office.complaints.record.announcements.of("KEPRI") is None
    await admin.send(form(looked, f"{path}/pasang"))
    async with secure_client_of(app) as reader:
        public = await reader.get("/bantuan")
        assert "Kepulauan Riau: Pemeliharaan &lt;b&gt;malam&lt;/b&gt; ini." in public.text
        assert "Pemeliharaan &lt;b&gt;" in (await admin.client.get("/kerja")).text
        office.complaints.now = lambda: now + timedelta(hours=3)
        assert "Pemeliharaan" not in (await reader.get("/bantuan")).text
        office.complaints.now = lambda: now
        await admin.send(form(await admin.open(path), f"{path}/hapus"))
        assert "Pemeliharaan" not in (await reader.get("/bantuan")).text
    assert (await administered(office))[-2:] == ["announcement_set", "announcement_ended"]


async def test_the_agencys_words_are_seen_in_a_whole_letter_before_letters_say_them(
    admin: Browser, office: Office
) -> None:
    path, texts = "/kelola/surat", office.complaints.record.letter_texts
    page = await admin.open(f"{path}?surat=held")
    wrong = await admin.send(form(page, f"{path}/periksa"), **{"teks-id": "Salam {nama}"})
    assert wrong.status == 409
    assert "{nomor}, {instansi}" in wrong.text
    assert form(wrong, f"{path}/periksa").fields["teks-id"].strip() == "Salam {nama}"
    looked = await admin.send(form(page, f"{path}/periksa"), **{"teks-id": "Salam dari {instansi} untuk {nomor}."})
    assert "Salam dari Pemerintah Provinsi Kepulauan Riau untuk 1234567." in looked.text
    assert await texts.of("KEPRI") == []
    await admin.send(form(looked, f"{path}/pakai"))
    [kept] = await texts.of("KEPRI")
    assert (kept.part, kept.lang) == ("held", "id")
    about = {"number": "7654321", "agency": "Kepri"}
    after = await texts.words("KEPRI", "held", "id", kept.since, **about)
    before = await texts.words("KEPRI", "held", "id", kept.since - timedelta(seconds=1), **about)
    assert (after.opening, before.opening) == ("Salam dari Kepri untuk 7654321.", "")
    assert (await texts.words("KEPRI", "asked", "id", kept.since, **about)).opening == ""


async def test_health_says_in_words_what_does_not_work_also_while_the_engine_is_away(
    admin: Browser, office: Office
) -> None:
    page = await admin.open(HEALTH)
    assert "Mesin (Temporal): baik" in page.text
    assert "Cadangan: perlu perhatian" in page.text
    note_backup(office.complaints.settings.home, office.complaints.now())
    await office.complaints.pool.execute(
        "insert into reconcile_finding (tracking_id, kind, facts) values ('1234567', 'dead_letter', '{}')"
    )
    await office.complaints.pool.execute("insert into reconcile_round (ended_at) values (now())")
    page = await admin.open(HEALTH)
    assert "Cadangan: baik" in page.text
    assert "1 temuan" in page.text


async def test_health_tells_of_each_mailbox_how_the_last_look_went_and_not_that_it_is_configured(
    admin: Browser, app: FastAPI, office: Office
) -> None:
    login = {"host": "imap.example.org", "user": "u", "password": "p", "since": date(2026, 1, 12)}
    app.state.mailboxes = [
        Mailbox.model_validate({"name": name, "address": f"{name}@example.org", "instansi": instansi, **login})
        for name, instansi in (("lapor", "KEPRI"), ("tetangga", "RIAU"))
    ]
    tries = office.complaints.record.last_tries
    assert "Surat masuk (kotak surat lapor): tidak diketahui" in (await admin.open(HEALTH)).text
    await tries.note(mailbox_try("lapor"), None)
    page = (await admin.open(HEALTH)).text
    assert "Surat masuk (kotak surat lapor): baik" in page
    assert "kotak surat tetangga" not in page
    for reason in ("LoginRefused", "ConnectionRefusedError"):
        await tries.note(mailbox_try("lapor"), reason)
    page = (await admin.open(HEALTH)).text
    assert "Surat masuk (kotak surat lapor): perlu perhatian" in page
    assert "gagal (ConnectionRefusedError), begitu pula setiap percobaan sejak" in page
    one = (await tries.all())[mailbox_try("lapor")]
    assert one.failing_since is not None
    assert one.reached_at is not None
    assert one.reached_at < one.failing_since < one.tried_at
    await office.complaints.pool.execute("update last_try set tried_at = now() - interval '11 minutes'")
    assert "Tidak dibuka lagi sejak" in (await admin.open(HEALTH)).text


async def test_without_a_mail_server_the_trial_says_how_one_is_set(admin: Browser) -> None:
    page = await admin.open(f"{START}/uji")
    assert "KAWAL_SMTP_HOST" in page.text
    assert not [one for one in page.forms if one.action.endswith("/surat")]
    assert isinstance(page.answer, httpx.Response)
