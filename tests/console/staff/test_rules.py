"""`/kelola/kalender` and `/kelola/kebijakan`: what would move is shown first, and only what was shown is done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kawal.domain.access_kinds import AccessKind
from kawal.domain.calendar import local_day
from kawal.domain.names import ClockKind, EventKind, Role
from tests.console.pages.browser import Browser, Form, Page
from tests.console.staff.conftest import SigningIn
from tests.console.staff.reports import received
from tests.workflows.life import Office

CALENDAR, POLICY = "/kelola/kalender", "/kelola/kebijakan"
DECREE = "SKB 3 Menteri 9/2026"


@pytest.fixture
async def admin(sign_in: SigningIn) -> Browser:
    return Browser(await sign_in(Role.ADMIN, "Ani Wijaya"))


async def administered(office: Office) -> list[dict[str, Any]]:
    """Return what of administration is on record, oldest first."""
    log = office.complaints.access_log
    return [one.facts async for one in log.entries() if one.kind is AccessKind.ADMINISTERED]


def sent_to(page: Page, action: str) -> Form:
    """Return the page's form that is sent there."""
    (found,) = [one for one in page.forms if one.action == action]
    return found


async def test_a_day_off_moves_the_deadlines_that_were_shown_and_is_taken_back(admin: Browser, office: Office) -> None:
    complaints, case = office.complaints, await received(office)
    before = await case.deadline(ClockKind.VERIFY)
    assert before is not None
    calendar = await complaints.rulebook.calendar_for("KEPRI")
    adding = sent_to(await admin.open(CALENDAR), f"{CALENDAR}/tambah")
    typed = {"tanggal": before.isoformat(), "nama": "Cuti <b>Bersama</b>", "jenis": "cuti_bersama"}
    unsourced = await admin.send(adding, **typed)
    assert (unsourced.status, sent_to(unsourced, f"{CALENDAR}/tambah").fields["tanggal"]) == (409, before.isoformat())

    shown = await admin.send(adding, **typed, sumber=DECREE)
    after = calendar.add(before, 1)
    assert f"1 tenggat terbuka berpindah (1 laporan): {(after - before).days} hari lebih lambat" in shown.text
    assert f"/laporan/{case.tracking_id}" in shown.links
    assert "<b>Bersama" not in shown.answer.text
    assert await complaints.rulebook.calendar_for("KEPRI") == calendar  # nothing yet

    late = await admin.send(adding, **typed, sumber="Yang lebih lambat")
    done = await admin.send(sent_to(shown, f"{CALENDAR}/berlakukan"))
    assert "Kalender itu berlaku" in done.text
    assert f"{DECREE} · Ani Wijaya" in done.text
    assert await case.deadline(ClockKind.VERIFY) == after
    (moved,) = await case.events(EventKind.RECOMPUTED)
    assert DECREE in moved.words["why"]
    overtaken = await admin.send(sent_to(late, f"{CALENDAR}/berlakukan"))
    assert (overtaken.status, "Orang lain sudah mengubah kalender" in overtaken.text) == (409, True)

    choosing = await admin.open(f"{CALENDAR}?tahun={before.year}&hari={before}")
    removal = await admin.send(sent_to(choosing, f"{CALENDAR}/hapus"), sumber=DECREE)
    assert "lebih awal" in removal.text
    await admin.send(sent_to(removal, f"{CALENDAR}/berlakukan"))
    assert await case.deadline(ClockKind.VERIFY) == before
    whats = [one["what"] for one in await administered(office)]
    assert whats == ["calendar_imported", "recomputed"] * 2


async def test_a_pasted_year_has_to_be_whole_and_an_agencys_own_day_may_be_its_last(
    admin: Browser, office: Office
) -> None:
    rulebook = office.complaints.rulebook
    pasting = sent_to(await admin.open(CALENDAR), f"{CALENDAR}/berkas")
    partly = "tanggal,jenis,nama\n2031-01-01,libur_nasional,Tahun Baru Masehi\n"
    refused = await admin.send(pasting, daftar=partly, sumber=DECREE, lingkup="nasional")
    assert (refused.status, "2031" in refused.text) == (409, True)
    wrong = await admin.send(pasting, daftar="hari\n1", sumber=DECREE, lingkup="nasional")
    assert "baris 1" in wrong.text
    assert sent_to(wrong, f"{CALENDAR}/berkas").fields["daftar"].split() == ["hari", "1"]

    saved_by_excel = b"tanggal;jenis;nama\r\n1/1/2031;libur_nasional;Tahun Baru Masehi\r\n"
    uploaded = await admin.send_file(pasting, saved_by_excel, sumber=DECREE, lingkup="nasional")
    assert (uploaded.status, "2031" in uploaded.text) == (409, True)
    assert "1/1/2031" in sent_to(uploaded, f"{CALENDAR}/berkas").fields["daftar"]
    own_days = b"tanggal;jenis;nama\r\n24/9/2031;libur_daerah;Hari Jadi\r\n"
    seen = await admin.send_file(pasting, own_days, sumber="Pergub 2", lingkup="sendiri")
    assert sent_to(seen, f"{CALENDAR}/berlakukan").fields["daftar"].split()[1] == "2031-09-24,libur_daerah,Hari"

    day = date(local_day(office.complaints.now()).year, 9, 24)
    adding = sent_to(await admin.open(CALENDAR), f"{CALENDAR}/tambah")
    own = {"tanggal": str(day), "nama": "Hari Jadi", "jenis": "libur_daerah", "sumber": "Pergub 3"}
    await admin.send(sent_to(await admin.send(adding, **own), f"{CALENDAR}/berlakukan"))
    assert day in await rulebook.holiday_names((await rulebook.calendar_for("KEPRI")).version)
    choosing = await admin.open(f"{CALENDAR}?hari={day}")
    removal = await admin.send(sent_to(choosing, f"{CALENDAR}/hapus"), sumber="Pergub 4")
    await admin.send(sent_to(removal, f"{CALENDAR}/berlakukan"))
    assert day not in await rulebook.holiday_names((await rulebook.calendar_for("KEPRI")).version)


async def test_a_corrected_limit_moves_open_deadlines_and_a_new_one_waits_for_its_first_day(
    admin: Browser, office: Office
) -> None:
    complaints, case = office.complaints, await received(office)
    before = await case.deadline(ClockKind.VERIFY)
    assert before is not None
    after = (await complaints.rulebook.calendar_for("KEPRI")).add(before, 2)
    form = sent_to(await admin.open(POLICY), f"{POLICY}/periksa")
    assert (form.fields["verify"], form.fields["berlaku"]) == ("3", "baru")
    same = await admin.send(form, versi="Sama saja")
    today = local_day(complaints.now())
    early = await admin.send(form, versi="SK 1", verify="5", sejak=str(today))
    none = await admin.send(form, versi="SK 1", verify="0")
    assert [one.status for one in (same, early, none)] == [409, 409, 409]
    assert sent_to(none, f"{POLICY}/periksa").fields["verify"] == "0"

    later = await admin.send(form, versi="SK 2", verify="4", sejak=str(today + timedelta(days=30)))
    assert "Tidak ada tenggat terbuka yang berpindah" in later.text
    shown = await admin.send(form, versi="SK 1", verify="5", berlaku="koreksi")
    assert "1 tenggat terbuka berpindah" in shown.text
    assert "3 → 5 hari kerja" in shown.text
    assert await case.deadline(ClockKind.VERIFY) == before
    stale = sent_to(shown, f"{POLICY}/berlakukan")
    done = await admin.send(stale)
    assert "SK 1" in done.text
    assert await case.deadline(ClockKind.VERIFY) == after
    again = await admin.send(stale)
    assert (again.status, "Orang lain sudah mengubah batas waktu" in again.text) == (409, True)
    waits = await admin.send(sent_to(later, f"{POLICY}/berlakukan"))
    assert waits.status == 409  # the figures on that page were those before the correction
    form = sent_to(await admin.open(POLICY), f"{POLICY}/periksa")
    later = await admin.send(form, versi="SK 2", verify="4", sejak=str(today + timedelta(days=30)))
    assert "SK 2" in (await admin.send(sent_to(later, f"{POLICY}/berlakukan"))).text
    assert (await complaints.rulebook.rules_for("KEPRI", today)).policy.verify == 5
    assert (await complaints.rulebook.rules_for("KEPRI", today + timedelta(days=30))).policy.verify == 4


async def test_what_holds_for_every_agency_is_not_one_agencys_to_change(admin: Browser, office: Office) -> None:
    complaints = office.complaints
    adding = sent_to(await admin.open(CALENDAR), f"{CALENDAR}/tambah")
    correcting = sent_to(await admin.open(POLICY), f"{POLICY}/periksa")
    await complaints.pool.execute("insert into instansi (code, name) values ('BATAM', 'Kota Batam')")
    day = str(local_day(complaints.now()) + timedelta(days=200))
    typed = {"tanggal": day, "nama": "Cuti", "jenis": "cuti_bersama", "sumber": DECREE}
    assert (await admin.send(adding, **typed)).status == 409
    assert (await admin.send(correcting, versi="SK 1", verify="5", berlaku="koreksi")).status == 409
    shown = await admin.send(correcting, versi="SK 1", verify="5")
    await admin.send(sent_to(shown, f"{POLICY}/berlakukan"))
    tomorrow = local_day(complaints.now()) + timedelta(days=1)
    assert (await complaints.rulebook.rules_for("KEPRI", tomorrow)).policy.verify == 5
    assert (await complaints.rulebook.rules_for("BATAM", tomorrow)).policy.verify == 3
