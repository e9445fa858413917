"""A report's own page: where it is, the one thing to do, what is hidden, who has read, and the proof."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from kawal.client.reporter_access import ReporterAccess
from kawal.console.pages.form_guard import TOKEN
from kawal.console.pages.public.photos import AT_ONCE
from kawal.domain.access_kinds import AccessKind
from kawal.domain.names import EventKind, Role
from kawal.store.sealing import Sealer
from tests.console.pages.browser import Browser, Page
from tests.console.pages.reporting import answer, own_page, told
from tests.intake.attachments.files import jpeg
from tests.intake.conftest import shared_office as office
from tests.intake.http.conftest import client_of
from tests.workflows.life import Case, Office, january

__all__ = ["office"]

TOOL = Path(__file__).parents[3] / "kawal" / "audit" / "proof" / "verify_receipt.py"


@pytest.fixture
async def case(office: Office) -> Case:
    """Return a report that was just received, on Monday 10 January 2022."""
    return await office.receive()


# --- What stands there ------------------------------------------------------------------------------------------------


async def test_the_first_sentence_says_where_it_is_by_when_and_what_then(
    browser: Browser, office: Office, case: Case
) -> None:
    page = await own_page(browser, office, case.tracking_id)
    assert "paling lambat Kamis, 13 Januari 2022. Bila terlewat, laporan naik ke Inspektorat." in page.text
    await case.forward()
    page = await browser.open(page.path)
    assert "Tindak lanjut pertama paling lambat Senin, 17 Januari 2022." in page.text
    assert "Sudah dua bulan jalan di depan Pasar Bincen" in page.text
    assert "Mengapa tanggal ini?" in page.text
    assert "akhir pekan" in page.text


async def test_a_report_that_was_checked_and_not_sent_on_yet_is_not_said_to_be_with_an_office(
    browser: Browser, office: Office, case: Case
) -> None:
    await case.verify()
    page = await own_page(browser, office, case.tracking_id)
    said = "Belum ditindaklanjuti. Laporan Anda sudah diperiksa. Belum ada OPD yang menjawab."
    assert said in page.text
    help_page = (await browser.open("/bantuan")).text
    assert all(part in help_page for part in said.split(". ", 1))


async def test_another_browser_another_reports_cookie_and_a_changed_code_open_nothing(
    browser: Browser, office: Office, case: Case, app: FastAPI
) -> None:
    page = await own_page(browser, office, case.tracking_id)
    other = await office.receive()
    cookie = await ReporterAccess(office.complaints).cookie_of(other.tracking_id)
    for cookies in ({}, {f"laporan-{case.tracking_id}": cookie}):
        async with client_of(app) as client:
            client.cookies.update(cookies)
            shown = Page(await client.get(page.path))
            assert "Pasar Bincen" not in shown.text
            assert shown.form("/l").fields["number"] == case.tracking_id
            sent = await client.post(f"{page.path}/terima", data=page.form(f"{page.path}/lupakan").fields)
            assert "Pasar Bincen" not in sent.text
    form = page.form(f"{page.path}/ganti-kode")
    async with client_of(app) as client:
        second = Browser(client)
        await own_page(second, office, case.tracking_id)
        changed = await browser.send(form)
        assert changed.path == f"{page.path}/kode"
        assert await ReporterAccess(office.complaints).secret_of(case.tracking_id) in changed.text
        assert (await browser.open(page.path)).form(f"{page.path}/ganti-kode")
        assert "Pasar Bincen" not in (await second.open(page.path)).text


async def test_a_new_code_that_is_asked_for_twice_or_whose_answer_was_lost_shuts_nobody_out(
    browser: Browser, office: Office, case: Case, app: FastAPI
) -> None:
    page = await own_page(browser, office, case.tracking_id)
    old, form = dict(browser.client.cookies), page.form(f"{page.path}/ganti-kode")
    access, name = ReporterAccess(office.complaints), f"laporan-{case.tracking_id}"
    async with client_of(app) as first, client_of(app) as second:
        for phone in (first, second):  # one phone: neither answer has come before the other tap is sent
            phone.cookies.update(old)
        answers = await asyncio.gather(*(phone.post(form.action, data=form.fields) for phone in (first, second)))
        new = await access.cookie_of(case.tracking_id)
        assert old[name] != new
        for answer_ in (*answers, await client_with(second, old).post(form.action, data=form.fields)):
            assert answer_.headers["location"] == f"{page.path}/kode"
            assert answer_.cookies[name] == new
        # The answer came, and then the second tap: with the new cookie.
        late = await client_with(second, {name: new}).post(form.action, data=form.fields)
        assert late.headers["location"] == f"{page.path}/kode"
        assert await office.complaints.record.access_codes.generation(case.tracking_id) == 1
        requests = "select count(*) from link_request where kind = 'changed' and tracking_id::text = $1"
        assert await office.complaints.pool.fetchval(requests, case.tracking_id) == 1
        # Whoever else had the old code has not this form; and a phone that has forgotten the report has no cookie.
        other = {**form.fields, "key": "another-page"}
        for cookies, fields in ((old, other), (old, {TOKEN: form.fields[TOKEN]}), ({}, form.fields)):
            refused = await client_with(second, cookies).post(form.action, data=fields)
            assert name not in refused.cookies
        assert await access.cookie_of(case.tracking_id) == new


def client_with(client: httpx.AsyncClient, cookies: dict[str, str]) -> httpx.AsyncClient:
    """Return the client with these cookies and no others."""
    client.cookies.clear()
    client.cookies.update(cookies)
    return client


async def test_deleting_from_the_phone_twice_is_told_as_done(browser: Browser, office: Office, case: Case) -> None:
    page = await own_page(browser, office, case.tracking_id)
    form = page.form(f"{page.path}/lupakan")
    for _ in range(2):
        assert (await browser.send(form)).path == "/l/terhapus"


async def test_deleting_from_the_phone_takes_the_cookie_and_nothing_of_other_reports(
    browser: Browser, office: Office, case: Case
) -> None:
    other = await office.receive()
    await own_page(browser, office, other.tracking_id)
    page = await own_page(browser, office, case.tracking_id)
    forgotten = await browser.send(page.form(f"{page.path}/lupakan"))
    assert forgotten.path == "/l/terhapus"
    assert forgotten.answer.history[0].headers["clear-site-data"] == '"cache"'
    assert "Pasar Bincen" not in (await browser.open(page.path)).text
    assert "Pasar Bincen" in (await browser.open(f"/l/{other.tracking_id}")).text


async def test_reading_the_page_changes_nothing(browser: Browser, office: Office, case: Case) -> None:
    page = await own_page(browser, office, case.tracking_id)
    for name in ("terima", "sanggah", "nilai", "sembunyikan", "jawab", "ganti-kode", "lupakan"):
        led = await browser.open(f"{page.path}/{name}?bahasa=id")
        assert (led.path, led.status) == (page.path, 200)
    assert await case.kinds() == [EventKind.STARTED]
    assert "Pasar Bincen" in (await browser.open(page.path)).text


# --- Question and answer ----------------------------------------------------------------------------------------------


async def test_a_question_is_answered_with_words_and_a_photo_once(browser: Browser, office: Office, case: Case) -> None:
    await case.forward()
    await case.liaison("DPUPR", "ask", question="Di sisi mana lubangnya?")
    page = await own_page(browser, office, case.tracking_id)
    assert "Di sisi mana lubangnya?" in page.text
    form = page.form(f"{page.path}/jawab")
    for _ in range(2):
        page = await answer(browser, form, "Di sisi kiri.", ("lubang.jpg", jpeg()))
        assert "Tulisan Anda sudah terkirim." in page.text
    assert await told(case, "replied", "text") == ["Di sisi kiri."]
    (files,) = await told(case, "replied", "files")
    assert len(files) == 1
    assert page.answer.text.count(f"/berkas/{files[0]}") >= 1
    sent = await browser.client.get(f"{page.path}/berkas/{files[0]}")
    assert (sent.status_code, sent.headers["content-type"]) == (200, "image/jpeg")
    assert "Di sisi kiri." in page.text


async def test_of_two_tabs_that_answer_one_is_taken_and_the_other_told_with_its_words_kept(
    browser: Browser, office: Office, case: Case
) -> None:
    await case.admin("hold", missing="Di mana?")
    page = await own_page(browser, office, case.tracking_id)
    form = page.form(f"{page.path}/jawab")
    said = ["Di pasar.", "Di terminal."]
    tabs = await asyncio.gather(*(answer(browser, form, words) for words in said))
    first, second = sorted(tabs, key=lambda tab: tab.status)
    assert (first.status, second.status) == (200, 409)
    assert "Ini sudah dijawab, mungkin di tab lain." in second.text
    kept = second.form(f"{page.path}/jawab")
    ((taken,), typed) = await told(case, "replied", "text"), kept.fields["words"].strip()
    assert {taken, typed} == set(said)
    await answer(browser, kept, kept.fields["words"])
    assert await told(case, "replied", "text") == [taken, typed]


async def test_an_answer_after_the_question_has_ended_is_not_passed_on_as_one(
    browser: Browser, office: Office, case: Case
) -> None:
    await case.forward()
    await case.liaison("DPUPR", "ask", question="Di sisi mana lubangnya?")
    page = await own_page(browser, office, case.tracking_id)
    await case.reporter("reply", text="Kiri, kata saya lewat telepon.")
    late = await answer(browser, page.form(f"{page.path}/jawab"), "Kiri.")
    assert (late.status, "Tidak ada lagi yang menunggu jawaban." in late.text) == (409, True)
    assert late.form(f"{page.path}/jawab").fields["words"].strip() == "Kiri."


async def test_a_form_with_too_many_files_comes_back_with_its_words(
    browser: Browser, office: Office, case: Case
) -> None:
    page = await own_page(browser, office, case.tracking_id)
    files = [(f"{number}.jpg", jpeg(number % 8 + 1)) for number in range(AT_ONCE + 1)]
    many = await answer(browser, page.form(f"{page.path}/jawab"), "Semua fotonya.", *files)
    assert (many.status, "BELUM TERKIRIM" in many.text) == (422, True)
    again = many.form(f"{page.path}/jawab")
    assert again.fields["words"].strip() == "Semua fotonya."
    sent = await answer(browser, again, again.fields["words"])
    assert "Tulisan Anda sudah terkirim." in sent.text


async def test_an_answer_without_words_and_one_with_a_refused_file_come_back_as_typed(
    browser: Browser, office: Office, case: Case
) -> None:
    await case.admin("hold", missing="Di mana?")
    page = await own_page(browser, office, case.tracking_id)
    form = page.form(f"{page.path}/jawab")
    empty = await answer(browser, form, "")
    assert (empty.status, "Tulis jawaban Anda." in empty.text) == (422, True)
    long = await answer(browser, form, "a" * 10_001)
    assert (long.status, "kelebihan" in long.text or "10000" in long.text or "10.000" in long.text) == (422, True)
    assert long.form(form.action).fields["words"].strip() == "a" * 10_001
    refused = await answer(browser, form, "Ini fotonya.", ("a.jpg", jpeg()), ("virus.exe", b"MZ\x00\x01" * 100))
    assert refused.status == 422
    assert "virus.exe" in refused.text
    again = refused.form(form.action)
    assert again.fields["words"].strip() == "Ini fotonya."
    await answer(browser, again, again.fields["words"])
    ((taken,),) = await told(case, "replied", "files")
    assert taken == again.fields["files"]


# --- The verdict ------------------------------------------------------------------------------------------------------


async def test_a_final_follow_up_is_disputed_with_a_reason_then_accepted_and_rated(
    browser: Browser, office: Office, case: Case
) -> None:
    await case.finish()
    page = await own_page(browser, office, case.tracking_id)
    assert "Lubang ditambal hari ini." in page.text
    dispute = page.form(f"{page.path}/sanggah")
    without = await browser.send(dispute, words="")
    assert (without.status, "Tulis mengapa Anda menyanggah" in without.text) == (422, True)
    disputed = await browser.send(without.form(dispute.action), words="Masih berlubang.")
    assert "Sanggahan Anda terkirim." in disputed.text
    assert await told(case, "disputed", "why") == ["Masih berlubang."]
    stale = await browser.send(page.form(f"{page.path}/terima"))
    assert (stale.status, "laporan sudah berjalan" in stale.text) == (409, True)

    await case.follow_up(final=True)
    page = await browser.open(page.path)
    accepted, twice = await asyncio.gather(*(browser.send(page.form(f"{page.path}/terima")) for _ in range(2)))
    assert twice.status == 200
    assert "Anda menerima tindak lanjutnya. Terima kasih." in accepted.text
    late = await browser.send(dispute, words="Terlambat saya tulis.")
    assert late.status == 409
    assert late.form(dispute.action).fields["words"].strip() == "Terlambat saya tulis."
    rate = accepted.form(f"{page.path}/nilai")
    unrated = await browser.send(rate, words="Baik.")
    assert unrated.status == 422
    assert unrated.answer.text.count('aria-describedby="rating-fault"') == 5
    assert unrated.form(rate.action).fields["words"].strip() == "Baik."
    none = await browser.send(rate, words="Bagus sekali")
    assert (none.status, none.form(rate.action).fields["words"].strip()) == (422, "Bagus sekali")
    rated = await browser.send(rate, rating="4", words="Bagus sekali")
    assert "Nilai Anda tersimpan." in rated.text
    assert (await case.row()).rating == 4


async def test_nothing_is_asked_for_that_the_rules_would_refuse(browser: Browser, office: Office, case: Case) -> None:
    await case.forward()
    page = await own_page(browser, office, case.tracking_id)
    actions = {form.action.rsplit("/", 1)[1] for form in page.forms}
    assert actions == {"jawab", "foto", "sembunyikan", "ganti-kode", "lupakan"}
    await case.admin("archive", reason="Ganda")
    page = await browser.open(page.path)
    assert "Ganda" in page.text
    assert "jawab" not in {form.action.rsplit("/", 1)[1] for form in page.forms}


async def test_words_to_an_archived_report_are_shown_back(browser: Browser, office: Office, case: Case) -> None:
    page = await own_page(browser, office, case.tracking_id)
    form = page.form(f"{page.path}/jawab")
    await case.admin("archive", reason="Ganda")
    sent = await answer(browser, form, "Tolong dibuka lagi.")
    assert sent.status == 409
    assert "Tulisan Anda yang belum terkirim" in sent.text
    assert "Tolong dibuka lagi." in sent.text
    hidden = await browser.send(sent.form(f"{page.path}/sembunyikan"), anonim="1")
    assert "Mulai sekarang disembunyikan." in hidden.text


async def test_a_merged_report_tells_where_the_main_one_stands(browser: Browser, office: Office, case: Case) -> None:
    await case.forward()
    follower = await office.receive()
    await follower.admin("merge", main=case.tracking_id)
    await case.follow_up()
    page = await own_page(browser, office, follower.tracking_id)
    assert case.tracking_id in page.text
    assert "Lubang ditambal hari ini." in page.text


# --- Hiding and who has read -----------------------------------------------------------------------------------------


async def test_hiding_says_what_cannot_be_called_back_and_who_knows_and_is_done_once(
    browser: Browser, office: Office, case: Case
) -> None:
    page = await own_page(browser, office, case.tracking_id)
    assert "belum ada petugas yang membukanya" in page.text
    log, number = office.complaints.access_log, case.tracking_id
    for kind, role, facts in (
        (AccessKind.READ_HISTORY, Role.LIAISON, {"matter": "words"}),
        (AccessKind.READ_HISTORY, Role.ADMIN, {"matter": "words", "identity": True}),
        (AccessKind.READ_REPORT, Role.AUDITOR, {"matter": "advice"}),
    ):
        at = datetime(2022, 1, 11, 20, tzinfo=UTC)
        actor = await case.person(role, "DPUPR" if role is Role.LIAISON else None)
        await log.append(kind, actor, at, tracking_id=number, facts=facts)
    page = await browser.open(page.path)
    assert "12 Januari 2022: admin pengaduan instansi" in page.text
    assert "auditor" not in page.text.split("yang sudah tahu sebagian isinya: ")[1].split(".")[0]
    assert "tidak dapat ditarik kembali" in page.text
    nothing = await browser.send(page.form(f"{page.path}/sembunyikan"))
    assert (nothing.status, "Centang apa yang harus disembunyikan." in nothing.text) == (422, True)
    assert nothing.answer.text.count('aria-describedby="conceal-fault"') == 2
    hidden = await browser.send(page.form(f"{page.path}/sembunyikan"), anonim="1", rahasia="1")
    assert "Mulai sekarang disembunyikan." in hidden.text
    assert "Yang membaca kata-kata Anda" in hidden.text
    assert f"{page.path}/sembunyikan" not in [form.action for form in hidden.forms]
    again = await browser.send(page.form(f"{page.path}/sembunyikan"), rahasia="1", key="another-key-of-mine")
    assert (again.status, "sudah disembunyikan" in again.text) == (409, True)


async def test_whoever_took_a_step_and_the_office_that_got_it_are_said_to_know(
    browser: Browser, office: Office, case: Case
) -> None:
    await case.forward()
    page = await own_page(browser, office, case.tracking_id)
    assert "yang sudah tahu sebagian isinya: admin pengaduan instansi, OPD yang menangani." in page.text


async def test_masked_words_and_what_the_public_reads_are_shown(browser: Browser, office: Office) -> None:
    case = await office.receive(text="Jalan rusak, hubungi 0812 3456 7890.")
    page = await own_page(browser, office, case.tracking_id)
    assert "Belum ada bagian laporan Anda yang terbuka" in page.text
    await case.forward()
    page = await browser.open(page.path)
    assert "ditutup bagi umum" in page.text
    assert "hubungi 0812 3456 7890" in page.text
    assert "[disembunyikan]" in page.text


# --- Proof ------------------------------------------------------------------------------------------------------------


async def test_a_proof_that_is_not_ready_is_told_of_on_a_page(browser: Browser, office: Office, case: Case) -> None:
    page = await own_page(browser, office, case.tracking_id)
    assert f'href="{page.path}/bukti">' in page.answer.text, "a link to download would keep the answer as a file"
    early = await browser.open(f"{page.path}/bukti")
    assert (early.status, "Bukti belum siap" in early.text) == (409, True)


async def test_the_proof_is_a_file_that_checks_without_us_and_goes_on_record(
    browser: Browser, office: Office, case: Case, tmp_path: Path
) -> None:
    page = await own_page(browser, office, case.tracking_id)
    early = await browser.open(f"{page.path}/bukti")
    assert (early.status, "disegel tiap 15 menit" in early.text) == (409, True)
    head = (await Sealer(office.complaints.pool, office.complaints.system.signing_keys).seal())[-1]
    sent = await browser.client.get(f"{page.path}/bukti")
    assert sent.status_code == 200
    (tmp_path / "bukti.json").write_bytes(sent.content)
    (tmp_path / "head.json").write_text(json.dumps(head.to_json()))
    tool = [sys.executable, str(TOOL), str(tmp_path / "bukti.json"), str(tmp_path / "head.json")]
    checked = await asyncio.to_thread(subprocess.run, tool, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    kinds = [entry.kind async for entry in office.complaints.access_log.entries(case.tracking_id)]
    assert AccessKind.EXPORTED in kinds


# --- Guards -----------------------------------------------------------------------------------------------------------


async def test_a_form_from_elsewhere_or_without_the_pages_token_is_refused(
    browser: Browser, office: Office, case: Case
) -> None:
    await case.finish()
    page = await own_page(browser, office, case.tracking_id)
    fields = page.form(f"{page.path}/terima").fields
    foreign = await browser.client.post(
        f"{page.path}/terima", data=fields, headers={"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    )
    without = await browser.client.post(f"{page.path}/terima", data=fields | {TOKEN: "x"}, headers={"origin": "null"})
    unsigned = await answer(browser, page.form(f"{page.path}/jawab"), "Halo", **{TOKEN: "x"})
    assert [foreign.status_code, without.status_code, unsigned.status] == [403, 403, 403]
    assert (await case.row()).status == "proses"


async def test_words_typed_on_a_page_that_no_longer_opens_anything_come_back(
    browser: Browser, office: Office, case: Case, app: FastAPI
) -> None:
    await case.finish()
    page, other = [await own_page(browser, office, case.tracking_id) for _ in range(2)]
    async with client_of(app) as phone:
        await own_page(Browser(phone), office, case.tracking_id)
        # In the same browser, in another tab: the page can be sent again as it is.
        await browser.send(other.form(f"{page.path}/ganti-kode"))
        stale = await answer(browser, page.form(f"{page.path}/jawab"), "Masih berlubang.")
        assert (stale.status, "BELUM TERKIRIM" in stale.text) == (403, True)
        again = stale.form(f"{page.path}/jawab")
        done = await answer(browser, again, again.fields["words"].strip())
        assert "Tulisan Anda sudah terkirim." in done.text
        assert await told(case, "replied", "text") == ["Masih berlubang."]
        # On a phone that does not open the report any more: they are shown, and nothing else is.
        shut_out = await Browser(phone).send(page.form(f"{page.path}/sanggah"), words="Lubangnya masih ada.")
        assert "Lubangnya masih ada." in shut_out.text
        assert "Pasar Bincen" not in shut_out.text
        assert shut_out.form("/l").fields["number"] == case.tracking_id
    assert (await case.row()).status == "proses"


async def test_time_past_a_deadline_is_told_with_the_rung_reached(browser: Browser, office: Office, case: Case) -> None:
    await case.forward()
    await case.until(january(18))
    page = await own_page(browser, office, case.tracking_id)
    assert (
        "terlambat. Bila tidak ada tindakan sampai Kamis, 20 Januari 2022, laporan naik ke Sekretaris Daerah."
        in page.text
    )
