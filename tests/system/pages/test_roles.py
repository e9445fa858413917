"""Each role in a real browser, from the sign-in page to what then stands on record: by every way of working there is.

On a phone and a desktop, with JavaScript and without; liaison and front desk by the keyboard alone, too.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest
from openpyxl import load_workbook
from playwright.async_api import Browser, FilePayload, Locator, expect

from kawal.console.auth.password_check import PasswordCheck
from kawal.domain.access_kinds import AccessKind
from kawal.domain.calendar import local_day
from kawal.domain.names import Channel, EventKind, Role
from kawal.domain.notes import Audience
from kawal.store.tray import MESSAGE, TrayEntry, TrayReason
from tests.console.staff.signing import PASSWORD, code_of
from tests.console.staff.test_work import forwarded
from tests.intake.attachments.files import jpeg
from tests.people import person_with
from tests.system.pages.hands import ByKeys, ByPointer, Hands
from tests.system.pages.served import Site
from tests.system.pages.test_verifying import unlike_others, waiting
from tests.system.pages.visits import DESKTOP, DEVICES, visiting
from tests.workflows.life import Case, january

OPD, RIGHT_OPD = "DISPORA", "DISBUD"
"""Whose reports these are, and to whom some of them belong; tests beside this one have others."""

PHOTO = FilePayload(name="sesudah.jpg", mimeType="image/jpeg", buffer=jpeg())

WAYS = [(device, script) for device in DEVICES for script in (True, False)]


@pytest.fixture(params=WAYS, ids=lambda way: f"{way[0]}, {'script' if way[1] else 'no script'}")
async def hands(browser: Browser, site: Site, request: pytest.FixtureRequest) -> AsyncIterator[Hands]:
    """Yield the hands of somebody with a browser of their own, on the device and in the way of the case."""
    device, script = request.param
    async with visiting(browser, by_name(site), device, script=script) as visit:
        yield ByPointer(visit)


@pytest.fixture
async def keys(browser: Browser, site: Site) -> AsyncIterator[Hands]:
    """Yield the hands of somebody at a desktop who uses no pointer."""
    async with visiting(browser, by_name(site), DESKTOP) as visit:
        yield ByKeys(visit)


@pytest.fixture(scope="session")
async def came_up(site: Site) -> Case:
    """Return a report that nobody acted on until it came up to the head of the region."""
    case = await site.office.receive()
    await case.forward(OPD)
    await case.until(january(31))
    return case


def by_name(site: Site) -> str:
    """Return the site's address under this machine's name, by which one can sign in without TLS."""
    return site.url.replace("127.0.0.1", "localhost")


async def sign_in(hands: Hands, site: Site, role: Role, opd: str | None = None) -> None:
    """Sign in as somebody new who holds a role, on the sign-in page with password and code."""
    record, name = site.office.complaints.record, f"{role}-{uuid.uuid4().hex[:8]}"
    person, _ = await person_with(site.office.complaints, role, name, opd)
    secret = pyotp.random_base32()
    await record.passwords.set(person.id, await PasswordCheck().hash_of(PASSWORD), secret, -1)
    page = hands.visit.page
    await hands.visit.open("/masuk")
    await hands.write(page.locator("#nama"), name)
    await hands.write(page.locator("#sandi"), PASSWORD)
    await hands.write(page.locator("#kode"), code_of(secret))
    await hands.press(page.locator("form:has(#nama) button"))
    await expect(page).to_have_url(f"{hands.visit.url}/kerja")
    await expect(page.locator(".me")).to_contain_text(name)


async def go(hands: Hands, path: str) -> None:
    """Follow the link to a page, at the top of every page or on this one."""
    page = hands.visit.page
    await hands.press(page.locator(f"header nav a[href='{path}'], main a[href='{path}']").first)
    await expect(page).to_have_url(re.compile(re.escape(hands.visit.url + path)))


def form(hands: Hands, action: str) -> Locator:
    """Return the form that is sent to an address."""
    return hands.visit.page.locator(f"form[action='{action}'], form[action^='{action}?']")


async def unfold(hands: Hands, inner: Locator) -> None:
    """Open what a form is folded into."""
    await hands.press(hands.visit.page.locator("details").filter(has=inner).locator("> summary"))


# --- Liaison ---------------------------------------------------------------------------------------------------------


async def test_a_liaison_receives_follows_up_with_a_photo_and_returns_what_belongs_elsewhere(
    hands: Hands, site: Site
) -> None:
    await works_for_the_opd(hands, site)


async def test_a_liaison_does_the_same_by_keyboard_alone(keys: Hands, site: Site) -> None:
    await works_for_the_opd(keys, site)


async def works_for_the_opd(hands: Hands, site: Site) -> None:
    done, misdirected = [await forwarded(site.office, OPD) for _ in range(2)]
    await sign_in(hands, site, Role.LIAISON, OPD)
    await go(hands, "/kerja/opd")

    receive = form(hands, f"/laporan/{done.tracking_id}/receive")
    await hands.press(receive.locator("button"))
    await expect(receive).to_have_count(0)
    assert (await done.event(EventKind.RECEIVED)).actor.opd == OPD

    follow_up = form(hands, f"/laporan/{done.tracking_id}/follow_up")
    await unfold(hands, follow_up)
    await hands.write(follow_up.locator("[name=text]"), "Lapangan sudah diratakan.")
    await hands.tick(follow_up.locator("[name=final]"))
    await hands.attach(follow_up.locator("[name=foto]"), PHOTO)
    await hands.press(follow_up.locator("button.main"))
    await expect(follow_up).to_have_count(0)
    told = await done.event(EventKind.FOLLOWED_UP)
    assert (told.words["text"], told.facts["final"], len(told.words["files"])) == ("Lapangan sudah diratakan.", True, 1)
    assert await site.attachments_of(done.tracking_id) == ["image/jpeg"]

    giving_back = form(hands, f"/laporan/{misdirected.tracking_id}/return")
    await unfold(hands, giving_back)
    await hands.write(giving_back.locator("[name=reason]"), "Ini gedung cagar budaya.")
    await hands.choose(giving_back.locator("[name=belongs_to]"), RIGHT_OPD)
    await hands.press(giving_back.locator("button.main"))
    await expect(giving_back).to_have_count(0)
    returned = await misdirected.event(EventKind.RETURNED)
    assert (returned.words["reason"], returned.facts["belongs_to"]) == ("Ini gedung cagar budaya.", RIGHT_OPD)


# --- Front desk ------------------------------------------------------------------------------------------------------


async def test_the_front_desk_registers_a_report_sees_its_slip_and_speaks_for_the_reporter(
    hands: Hands, site: Site
) -> None:
    await works_at_the_counter(hands, site)


async def test_the_front_desk_does_the_same_by_keyboard_alone(keys: Hands, site: Site) -> None:
    await works_at_the_counter(keys, site)


async def works_at_the_counter(hands: Hands, site: Site) -> None:
    page = hands.visit.page
    await sign_in(hands, site, Role.DESK)
    await go(hands, "/kerja/loket")
    await hands.write(page.locator("#text"), "Atap gelanggang olahraga bocor sejak kemarin.")
    await hands.press(form(hands, "/kerja/loket/catat").locator("button.main"))
    await expect(page.locator(".qr")).to_be_visible()
    number, code = await page.locator("dd.number").all_inner_texts()

    await go(hands, "/kerja/loket")
    await hands.write(page.locator("#s-number"), number)
    await hands.write(page.locator("#s-code"), code)
    await hands.choose(page.locator("#s-command"), "reply")
    await hands.write(page.locator("#s-words"), "Sekarang lantainya licin.")
    await hands.press(page.locator("button.main[form=speak]"))
    await expect(page.locator(".good")).to_contain_text(number)
    case = Case(site.office, number)
    started, replied = await case.event(EventKind.STARTED), await case.event(EventKind.REPLIED)
    assert (started.actor.role, started.facts["channel"]) == (Role.DESK, "walk_in")
    assert (replied.facts["via"], replied.words["text"]) == ("desk", "Sekarang lantainya licin.")


# --- Agency admin ----------------------------------------------------------------------------------------------------


async def test_an_admin_verifies_and_forwards_grants_more_days_and_gives_a_letter_to_its_report(
    hands: Hands, site: Site
) -> None:
    n = uuid.uuid4().int
    fresh = await waiting(site, "PERHUBUNGAN / TRANSPORTASI LAUT", n)
    asked = await forwarded(site.office, OPD)
    await asked.liaison(OPD, "extend", days=3, grounds="Menunggu suku cadang")
    words = f"Laporan {asked.tracking_id} masih berlubang."
    letter = await letter_about(site, asked, words)
    await sign_in(hands, site, Role.ADMIN)
    await verifies(hands, fresh, unlike_others(n, 3))
    assert (await fresh.event(EventKind.FORWARDED)).facts["opds"] == ["DISHUB"]

    await go(hands, "/kerja/keputusan")
    grant = form(hands, f"/laporan/{asked.tracking_id}/grant")
    await hands.press(grant.locator("button.main"))
    await expect(grant).to_have_count(0)
    assert (await asked.event(EventKind.EXTENSION_GRANTED)).actor.role is Role.ADMIN

    await go(hands, "/kerja/surat")
    await hands.press(form(hands, f"/kerja/surat/{letter}").locator("button"))
    giving = form(hands, f"/kerja/surat/{letter}/berikan")
    await expect(giving.locator("#tracking_id")).to_have_value(asked.tracking_id)
    await hands.choose(giving.locator("#command"), "reply")
    await hands.press(giving.locator("button.main"))
    await expect(hands.visit.page.locator(".good")).to_have_text("Surat telah diberikan ke laporan.")
    replied = await asked.event(EventKind.REPLIED)
    assert (replied.facts["via"], replied.words["text"]) == ("tray", words)


async def verifies(hands: Hands, case: Case, title: str) -> None:
    """Find a report in the queue, look at what the page wants looked at, and send the decision that is filled in."""
    page = hands.visit.page
    await go(hands, "/kerja/verifikasi")
    await hands.write(page.locator("#cari"), title)
    await page.keyboard.press("Enter")
    await hands.press(page.locator(f"#queue a[href='/kerja/verifikasi/{case.tracking_id}']"))
    decision = form(hands, f"/kerja/verifikasi/{case.tracking_id}/putuskan")
    await expect(decision.locator("[name=opd]:checked")).to_have_value("DISHUB")
    for stop in await decision.locator("[name=diperiksa]").all():
        await hands.tick(stop)
    await hands.press(decision.locator("button.main"))
    await expect(page.locator("#status")).to_have_text(f"Laporan {case.tracking_id} telah diverifikasi dan diteruskan.")


async def letter_about(site: Site, case: Case, words: str) -> int:
    """Let a message that names a report lie in the tray, and return its number there."""
    complaints = site.office.complaints
    item = await complaints.record.tray.put(
        TrayEntry(
            words.encode(),
            "KEPRI",
            Channel.SMS,
            TrayReason.NAMES_REPORT,
            complaints.now(),
            person=True,
            sender="+628123456789",
            names=[case.tracking_id],
            media_type=MESSAGE,
        )
    )
    assert item is not None
    return item


async def test_an_admin_invites_a_person_who_then_has_a_role_and_a_link(hands: Hands, site: Site) -> None:
    page, login = hands.visit.page, f"wati-{uuid.uuid4().hex[:8]}@kepri.go.id"
    await sign_in(hands, site, Role.ADMIN)
    await go(hands, "/kelola")
    await go(hands, "/kelola/akun")
    await hands.write(page.locator("#nama"), "Wati Lestari")
    await hands.write(page.locator("#masuk"), login)
    await hands.choose(page.locator("#peran-baru"), "liaison")
    await hands.choose(page.locator("#opd-baru"), OPD)
    await hands.press(form(hands, "/kelola/akun/undang").locator("button"))
    await expect(page.locator("#tautan")).to_have_value(re.compile("/masuk/tautan/"))
    people = site.office.complaints.record.people
    invited = await people.by_login(login)
    assert invited is not None
    (held,) = await people.roles_of(invited.id, local_day(site.office.complaints.now()))
    assert (held.actor.role, held.actor.opd) == (Role.LIAISON, OPD)


# --- Those who oversee -----------------------------------------------------------------------------------------------


async def test_the_inspectorate_instructs_by_a_day_and_records_a_finding(hands: Hands, site: Site) -> None:
    ordered, settled = [await forwarded(site.office, OPD) for _ in range(2)]
    for case in (ordered, settled):
        await case.admin("escalate", why="Warga sekolah terancam")
    calendar = await site.office.complaints.rulebook.calendar_for("KEPRI")
    day = str(calendar.add(local_day(site.office.complaints.now()), 2))
    page = hands.visit.page
    await sign_in(hands, site, Role.INSPECTORATE)
    await go(hands, "/inspektorat")
    filters = form(hands, "/inspektorat")
    await unfold(hands, filters)
    await hands.choose(filters.locator("#opd"), OPD)
    await hands.press(filters.locator("button"))

    instruct = form(hands, f"/laporan/{ordered.tracking_id}/instruct")
    await unfold(hands, instruct)
    await hands.choose(instruct.locator("[name=to]"), OPD)
    await hands.write(instruct.locator("[name=text]"), "Pagari dahulu.")
    await hands.write(instruct.locator("[name=by]"), day)
    await hands.press(instruct.locator("button.main"))
    await expect(page.locator(".good")).to_contain_text(ordered.tracking_id)
    instructed = await ordered.event(EventKind.INSTRUCTED)
    assert (instructed.facts["to"], instructed.facts["by"]) == (OPD, day)

    finding = form(hands, f"/laporan/{settled.tracking_id}/resolve")
    await unfold(hands, finding)
    await hands.write(finding.locator("[name=finding]"), "Sudah dipagari.")
    await hands.press(finding.locator("button.main"))
    await expect(page.locator(".good")).to_contain_text(settled.tracking_id)
    assert (await settled.event(EventKind.RESOLVED)).words["finding"] == "Sudah dipagari."


async def test_the_leadership_leaves_the_inspectorate_a_note_and_takes_the_figures_along(
    hands: Hands, site: Site, came_up: Case, tmp_path: Path
) -> None:
    page, words = hands.visit.page, f"Saya minta ini selesai pekan ini ({uuid.uuid4().hex[:6]})."
    await sign_in(hands, site, Role.LEADERSHIP)
    await go(hands, "/pimpinan")
    note = form(hands, f"/laporan/{came_up.tracking_id}/catatan")
    await unfold(hands, note)
    await hands.write(note.locator("textarea"), words)
    await hands.press(note.locator("button"))
    await expect(page.locator("#catatan")).to_be_visible()
    *_, left = await site.office.complaints.record.notes.of(came_up.tracking_id)
    assert (left.text, left.role, left.audience) == (words, Role.LEADERSHIP, Audience.INSPECTORATE)

    await go(hands, "/pimpinan")
    async with page.expect_download() as taken:
        await hands.press(page.locator("a[href^='/pimpinan.xlsx']"))
    await (await taken.value).save_as(tmp_path / "angka.xlsx")
    assert [sheet.max_row > 3 for sheet in load_workbook(tmp_path / "angka.xlsx")] == [True, True, True, True]


async def test_an_auditor_searches_the_record_and_reads_a_life_for_a_purpose_on_record(
    hands: Hands, site: Site
) -> None:
    case = await forwarded(site.office, OPD)
    page, purpose = hands.visit.page, "LHP 12/2026"
    await sign_in(hands, site, Role.AUDITOR)
    await go(hands, "/auditor")
    await go(hands, "/auditor/peristiwa")
    await hands.write(page.locator("#dari"), str(local_day(site.office.complaints.now())))
    await hands.choose(page.locator("#jenis"), "forwarded")
    await hands.press(page.locator("main form button.main"))
    await go(hands, f"/auditor/laporan/{case.tracking_id}")
    opening = form(hands, f"/auditor/laporan/{case.tracking_id}/buka")
    await unfold(hands, opening)
    await hands.write(opening.locator("#tujuan"), purpose)
    await hands.press(opening.locator("button"))
    await expect(page.locator("#langkah-1 blockquote").first).to_be_visible()
    log = site.office.complaints.access_log
    read = [entry async for entry in log.entries(case.tracking_id) if entry.kind is AccessKind.READ_HISTORY]
    assert (read[-1].actor.role, read[-1].words["purpose"]) == (Role.AUDITOR, purpose)
