"""`/auditor`: the record read by page: lives, searches, seals, proofs; each reading on record before it is shown."""

from __future__ import annotations

import json
import socket
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from kawal.api import create_app
from kawal.client.complaints import Complaints
from kawal.console.auth.session_cookie import NAME
from kawal.console.pages.staff.auditor import life, record_search
from kawal.console.pages.staff.auditor.background_verification import VerificationJob
from kawal.crypto.master_keys import load_master_key
from kawal.domain.access_kinds import AccessKind
from kawal.domain.calendar import local_day
from kawal.domain.names import Role
from kawal.record import master_key_file
from kawal.store.sealing import Sealer
from kawal.system import open_system
from tests.console.pages.browser import Browser, Page
from tests.console.staff.conftest import SigningIn, secure_client_of
from tests.console.staff.reports import WORDS, browser_of
from tests.console.staff.test_work import forwarded
from tests.database_owner import owner_does
from tests.people import session_of
from tests.workflows.life import Office, eventually

PATH = "/auditor"


async def auditor_of(sign_in: SigningIn) -> Browser:
    return await browser_of(sign_in, Role.AUDITOR, "Rani Lestari")


async def sealed(office: Office) -> None:
    """Seal what is new."""
    complaints = office.complaints
    await Sealer(complaints.pool, complaints.record.signing_keys).seal()


async def readings(office: Office, number: str | None, kind: AccessKind) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the facts and words of what is on record, oldest first."""
    log = office.complaints.access_log
    return [(one.facts, one.words) async for one in log.entries(number) if one.kind is kind]


async def taken(browser: Browser, page: Page, name: str, **fields: str) -> httpx.Response:
    """Send a form of a life's page whose answer is a file."""
    form = page.form(f"{page.path}/{name}")
    return await browser.client.post(form.action, data={**form.fields, **fields})


async def test_a_life_shows_each_step_with_the_engines_events_behind_it_and_words_for_a_purpose_on_record(
    sign_in: SigningIn, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await forwarded(office, "DISHUB")
    number, auditor = case.tracking_id, await auditor_of(sign_in)
    address = f"{PATH}/laporan/{number}"

    page = await auditor.open(PATH)
    wrong = await auditor.send(page.form(f"{PATH}/laporan"), nomor="12")
    assert "7 sampai 9 angka" in wrong.text
    page = await auditor.send(wrong.form(f"{PATH}/laporan"), nomor=f" {number}")
    assert (page.path, WORDS in page.text) == (address, False)
    for step in ("1. laporan masuk", "2. diverifikasi", "3. diteruskan"):
        assert step in page.text
    assert page.text.count("peristiwa Temporal di baliknya") == 3
    assert "dari Temporal, yang masih menyimpan riwayatnya" in page.text
    run = await auditor.open(next(one for one in page.links if one.startswith(f"{address}/jalan/1?dari=")))
    assert "workflow_execution_update_accepted" in run.text
    assert (await auditor.open(f"{address}/jalan/2")).status == 404

    nothing = await auditor.send(page.form(f"{address}/buka"), tujuan="  ")
    assert (nothing.status, "Sebutkan keperluannya" in nothing.text) == (409, True)
    opened = await auditor.send(page.form(f"{address}/buka"), tujuan="LHP 12/2026")
    assert WORDS in opened.text
    assert (await readings(office, number, AccessKind.READ_HISTORY))[-1] == (
        {"via": "page", "matter": "chronicle"},
        {"purpose": "LHP 12/2026"},
    )
    closed = await auditor.send(opened.form(f"{address}/tutup"))
    assert WORDS not in closed.text

    monkeypatch.setattr(life, "STEPS", 2)
    first = await auditor.open(address)
    second = await auditor.open(f"{address}?dari=3")
    assert ("3. diteruskan" in first.text, "3. diteruskan" in second.text) == (False, True)

    for other in (
        Browser(await sign_in(Role.LIAISON, "Budi", "DISHUB")),
        Browser(await sign_in(Role.LEADERSHIP, "Gun")),
    ):
        assert [(await other.open(one)).status for one in (PATH, address, f"{PATH}/segel")] == [403] * 3
    await office.complaints.pool.execute("insert into instansi (code, name) values ('BATAM', 'Kota Batam')")
    stranger = Browser(await sign_in(Role.AUDITOR, "Joko", None, "BATAM"))
    assert (await stranger.open(address)).status == 404


async def test_a_rahasia_life_needs_a_purpose_and_proof_and_case_file_are_taken_on_record(
    sign_in: SigningIn, office: Office
) -> None:
    case = await forwarded(office, "DISHUB", rahasia=True)
    number, auditor = case.tracking_id, await auditor_of(sign_in)
    address = f"{PATH}/laporan/{number}"

    page = await auditor.open(address)
    assert ("laporan masuk" in page.text, await readings(office, number, AccessKind.READ_HISTORY)) == (False, [])
    refused = Page(await taken(auditor, page, "bukti"))
    assert "belum disegel" in refused.text
    await sealed(office)
    proof = await taken(auditor, page, "bukti")
    assert len(proof.json()["rows"]) == 3
    assert f'filename="bukti-{number}.json"' in proof.headers["content-disposition"]

    checking = (await auditor.open(f"{PATH}/bukti")).form(f"{PATH}/bukti")
    checked = await auditor.send(checking, text=proof.text)
    assert f"laporan {number}" in checked.text
    forged = await auditor.send(checking, text=proof.text.replace("DISHUB", "DPUPR"))
    assert forged.status == 422
    foreign = await auditor.client.post(f"{PATH}/bukti", data={"formulir": "x", "text": proof.text})
    assert foreign.status_code == 403

    case_file = await taken(auditor, page, "berkas-kasus", tujuan="Ombudsman 0123/2026", bentuk="json")
    assert (case_file.json()["purpose"], "Siti" in case_file.text) == ("Ombudsman 0123/2026", False)
    paper = await taken(auditor, page, "berkas-kasus", tujuan="Ombudsman 0123/2026", identitas="ya")
    assert paper.content.startswith(b"%PDF-")
    exported = await readings(office, number, AccessKind.EXPORTED)
    assert [(facts.get("what"), facts.get("form"), facts.get("identity")) for facts, _ in exported] == [
        ("receipt", None, None),
        ("receipt", None, None),
        (None, "json", None),
        (None, "pdf", True),
    ]
    assert exported[-1][1] == {"purpose": "Ombudsman 0123/2026"}


async def test_with_the_engine_away_a_life_shows_the_record_and_says_so(office: Office) -> None:
    case = await forwarded(office, "DISHUB")
    system = office.complaints.system
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = system.endpoints.model_copy(update={"temporal_address": f"127.0.0.1:{free.getsockname()[1]}"})
    master = load_master_key(master_key_file(system.settings.home))
    async with open_system(system.settings, endpoints=nowhere, master=master, engine_later=True) as alone:
        app = create_app(Complaints(alone), system.settings, [])
        async with secure_client_of(app) as client:
            client.cookies.set(NAME, await session_of(office.complaints, Role.AUDITOR, "Rani"))
            auditor, address = Browser(client), f"{PATH}/laporan/{case.tracking_id}"
            page = await auditor.open(address)
            assert "Temporal tidak menjawab saat ini" in page.text
            assert "3. diteruskan" in page.text
            form = page.form(f"{address}/berkas-kasus")
            typed = await auditor.send(form, tujuan="Ombudsman", bentuk="json")
            assert typed.status == 409
            assert typed.form(f"{address}/berkas-kasus").fields["tujuan"] == "Ombudsman"


async def test_events_and_access_log_are_searched_by_who_what_and_when_page_by_page_and_on_record(
    sign_in: SigningIn, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [await forwarded(office, opd) for opd in ("DISHUB", "DPUPR", "DISHUB")]
    monkeypatch.setattr(record_search, "LINES", 2)
    auditor = await auditor_of(sign_in)

    async def numbers(page: Page) -> list[str]:
        return [one.removeprefix(f"{PATH}/laporan/") for one in page.links if one.startswith(f"{PATH}/laporan/")]

    page = await auditor.open(f"{PATH}/peristiwa")
    assert (await numbers(page), await readings(office, None, AccessKind.READ_HISTORY)) == ([], [])
    form = page.form(f"{PATH}/peristiwa")
    page = await auditor.send(form, jenis="forwarded")
    newest_first = [case.tracking_id for case in reversed(cases)]
    older = await auditor.open(next(one for one in page.links if "sebelum=" in one))
    assert [*await numbers(page), *await numbers(older)] == newest_first
    facts, _ = (await readings(office, None, AccessKind.READ_HISTORY))[0]
    assert facts["search"] == {"kinds": ["forwarded"]}
    by_opd = await auditor.send(form, jenis="forwarded", opd="dpupr")
    assert await numbers(by_opd) == [cases[1].tracking_id]
    tomorrow = local_day(office.complaints.now()) + timedelta(days=1)
    assert "Tidak ada yang ditemukan" in (await auditor.send(form, dari=str(tomorrow))).text
    assert (await auditor.send(form, dari="besok")).status == 409
    unknown = await auditor.send(form, siapa="Tidak Ada")
    assert "tidak ada pejabat" in unknown.text.lower() or unknown.status == 409

    await auditor.open(f"{PATH}/laporan/{cases[0].tracking_id}")
    log = (await auditor.open(f"{PATH}/log-akses")).form(f"{PATH}/log-akses")
    read = await auditor.send(log, siapa="Rani Lestari", jenis="read_history")
    assert (await numbers(read))[:1] == [cases[0].tracking_id]
    assert read.text.count("Rani") == 1, "but for the reader's own name at the top nobody's is shown"


async def test_seals_are_listed_newest_first_and_taken_as_the_published_file(
    sign_in: SigningIn, office: Office
) -> None:
    auditor = await auditor_of(sign_in)
    assert "Belum ada yang disegel" in (await auditor.open(f"{PATH}/segel")).text
    await forwarded(office, "DISHUB")
    await sealed(office)
    await forwarded(office, "DISHUB")
    await sealed(office)
    heads = await office.complaints.record.log.heads()
    page = await auditor.open(f"{PATH}/segel")
    assert [page.text.index(one.root.hex()) for one in heads] == sorted(
        (page.text.index(one.root.hex()) for one in heads), reverse=True
    )
    assert heads[-1].root.hex() not in (await auditor.open(f"{PATH}/segel?sebelum={heads[-1].size}")).text
    file = await auditor.client.get(f"{PATH}/segel.jsonl")
    assert [json.loads(line) for line in file.text.splitlines()] == [one.to_json() for one in heads]


async def ended(app: FastAPI) -> VerificationJob:
    """Wait for the end of the verification under way."""

    async def has_ended() -> VerificationJob | None:
        job = app.state.verifications.newest
        return job if job is not None and job.ended_at is not None else None

    found: VerificationJob = await eventually(has_ended)
    return found


async def test_a_verification_runs_apart_one_at_a_time_and_its_result_is_told_in_words_and_on_record(
    sign_in: SigningIn, office: Office, app: FastAPI
) -> None:
    case, other = await forwarded(office, "DISHUB"), await forwarded(office, "DISHUB")
    await sealed(office)
    kept = [one.to_json() for one in await office.complaints.record.log.heads()]
    auditor, address = await auditor_of(sign_in), f"{PATH}/pemeriksaan"
    start = (await auditor.open(address)).form(f"{address}/mulai")
    assert (await auditor.open(f"{address}.json")).status == 404
    both = await auditor.send(start, nomor=case.tracking_id, sejak="2026-01-01")
    assert (both.status, both.form(start.action).fields["nomor"]) == (409, case.tracking_id)

    running = await auditor.send(start, mesin="ya")
    assert f"{address}/hentikan" in [form.action for form in running.forms]
    assert 'http-equiv="refresh"' in running.answer.text
    second = await auditor.send(start)
    assert (second.status, "sedang berjalan" in second.text) == (409, True)
    await ended(app)
    page = await auditor.open(address)
    for said in ("Semua cocok.", "2 laporan", "Cocok dengan riwayat Temporal"):
        assert said in page.text
    assert 'http-equiv="refresh"' not in page.answer.text
    [entry] = [one async for one in office.complaints.access_log.entries() if one.kind is AccessKind.VERIFIED]
    assert (entry.actor.role, entry.facts["found"], "operator" in entry.facts) == (Role.AUDITOR, 0, False)

    await owner_does(
        office.complaints.pool,
        "alter table event disable trigger all",
        f"update event set at = at - interval '1 hour' where tracking_id = '{other.tracking_id}' and seq = 2",  # noqa: S608
        "alter table event enable trigger all",
    )
    forged = json.dumps(kept[0] | {"signature": "00" * 64})
    for heads in ("bukan segel", forged):
        sent = {"segel": ("heads.jsonl", heads.encode())}
        await auditor.client.post(start.action, data=start.fields, files=sent)
        await ended(app)
        told = (await auditor.open(address)).text
        assert ("Berkas segel tidak dapat digunakan" in told) == (heads != forged)
    page = await auditor.open(address)
    assert "Catatan ini TIDAK utuh" in page.text
    for where in (f"complaint-{other.tracking_id} 2", f"head {kept[0]['size']}"):
        assert where in page.text
    told_json = (await auditor.client.get(f"{address}.json")).json()
    assert f"complaint-{other.tracking_id} 2" in [one["where"] for one in told_json["findings"]]
    assert "temuan" in (await auditor.open(PATH)).text

    await auditor.send(start)
    stopped = await auditor.send((await auditor.open(address)).form(f"{address}/hentikan"))
    assert "dihentikan" in stopped.text
    assert len([one async for one in office.complaints.access_log.entries() if one.kind is AccessKind.VERIFIED]) == 2
