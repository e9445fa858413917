"""The files on a report's own page: whose they are, and of each whether the public can see it, and why not."""

from __future__ import annotations

import pytest

from kawal.client.reporter_access import ReporterAccess
from kawal.domain.calendar import local_day
from kawal.domain.names import EventKind, Role
from kawal.intake.attachments.official_access import OfficialAttachments
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.service import AttachmentRef
from kawal.wording.dates import show_long_day
from tests.console.pages.browser import Browser, Page
from tests.console.pages.reporting import own_page
from tests.desks.test_publicity import act, attachments_of, black_out, photo, release, verified
from tests.intake.attachments.files import jpeg, pieces
from tests.intake.conftest import shared_office as office
from tests.intake.open311.test_photos import photo as photo_of
from tests.workflows.life import Case, Office

__all__ = ["office"]

OWN, OF_OFFICES = "Berkas pada laporan Anda", "Foto dan berkas dari kantor"
ONLY = "Hanya Anda dan petugas yang dapat melihatnya:"


async def of_official(case: Case, content: bytes, name: str = "sesudah.txt") -> AttachmentRef:
    """Add a file as DPUPR's official does."""
    files = OfficialAttachments(case.office.complaints, attachments_of(case.office), "cli")
    return await files.add(case.tracking_id, await case.person(Role.LIAISON, "DPUPR"), name, pieces(content))


async def open_public(case: Case, file: str) -> bool:
    """Tell whether the public may open the file, as its own pages do."""
    try:
        await attachments_of(case.office).open_public(case.tracking_id, file)
    except AttachmentRefused:
        return False
    return True


async def said(browser: Browser, case: Case, sentence: str, *, public: bool = False, files: int = 1) -> None:
    """Check what the page says of each file, and that the public's pages do the same."""
    page = await own_page(browser, case.office, case.tracking_id)
    assert page.text.count(sentence) == files, page.text
    assert page.text.count("dapat melihatnya") == files
    for ref in await attachments_of(case.office).list(case.tracking_id):
        assert await open_public(case, ref.id) is public


async def test_a_file_is_for_reporter_and_officials_until_the_report_is_checked_and_the_file_released(
    browser: Browser, office: Office
) -> None:
    case = await office.receive()
    file = await photo(case)
    await said(browser, case, f"{ONLY} laporan belum diperiksa.")
    await case.verify()
    await said(browser, case, f"{ONLY} petugas belum membukanya untuk umum.")
    await release(case, Role.ADMIN, file=file)
    await said(browser, case, "Umum dapat melihatnya.", public=True)
    await black_out(case, file, "0,0,16,16")
    await said(browser, case, "Umum dapat melihatnya, dengan sebagian gambar dihitamkan: Wajah", public=True)
    await case.reporter("conceal", anonim=False, rahasia=True)
    await said(browser, case, f"{ONLY} seluruh laporan disembunyikan, sesuai permintaan Anda.")


async def test_of_each_file_alone_it_is_said(browser: Browser, office: Office) -> None:
    case = await verified(office)
    await release(case, Role.ADMIN, file=await photo(case, jpeg(1), "satu.jpg"))
    await photo(case, jpeg(2), "dua.jpg")
    page = await own_page(browser, office, case.tracking_id)
    assert page.text.count("Umum dapat melihatnya.") == 1
    assert page.text.count(f"{ONLY} petugas belum membukanya untuk umum.") == 1


async def test_a_released_file_of_a_report_whose_words_are_withheld_is_said_to_be_hidden(
    browser: Browser, office: Office
) -> None:
    case = await verified(office, pengawasan=True)
    await release(case, Role.ADMIN, file=await photo(case))
    await said(browser, case, f"{ONLY} Inspektorat belum membuka isi laporan untuk umum.")
    await release(case)
    await said(browser, case, "Umum dapat melihatnya.", public=True)


async def test_a_report_that_ended_unchecked_and_a_kind_that_is_never_public_have_their_reasons(
    browser: Browser, office: Office
) -> None:
    case = await office.receive()
    await photo(case)
    await case.admin("archive", reason="Bukan laporan")
    await said(browser, case, f"{ONLY} laporan berakhir sebelum diperiksa.")
    other = await verified(office)
    await photo(other, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n", "surat.pdf")
    await said(browser, other, f"{ONLY} berkas jenis ini tidak pernah dibuka untuk umum.")


# --- Whose they are ---------------------------------------------------------------------------------------------------


async def refused(browser: Browser, case: Case, file: str) -> bool:
    """Tell whether page and interface both refuse the file to its reporter."""
    code = await ReporterAccess(case.office.complaints).secret_of(case.tracking_id)
    where = f"/api/v1/reports/{case.tracking_id}/attachments"
    listed = (await browser.client.get(where, headers={"X-Tracking-Secret": code})).json()["attachments"]
    answers = [
        (await browser.client.get(f"/l/{case.tracking_id}/berkas/{file}")).status_code,
        (await browser.client.get(f"/l/{case.tracking_id}/berkas/{file.upper()}")).status_code,
        (await browser.client.get(f"{where}/{file}", headers={"X-Tracking-Secret": code})).status_code,
    ]
    assert set(answers) in ({404}, {200}), answers
    assert (file in [one["id"] for one in listed]) is (answers[0] == 200)
    return answers[0] == 404


def under(page: Page, heading: str, file: str) -> bool:
    """Tell whether the file stands under that heading."""
    own, _, of_offices = page.answer.text.partition(OF_OFFICES)
    return f"berkas/{file}" in (own.partition(OWN)[2] if heading == OWN else of_offices)


async def test_an_officials_file_is_shown_once_a_step_names_it_and_never_as_the_reporters(
    browser: Browser, office: Office
) -> None:
    case = await verified(office)
    own = await photo(case)
    await case.admin("forward", opds=["DPUPR"])
    draft = await of_official(case, b"Konsep tanggapan.\n")
    page = await own_page(browser, office, case.tracking_id)
    assert under(page, OWN, own)
    assert draft.id not in page.answer.text
    assert await refused(browser, case, draft.id)
    await case.liaison("DPUPR", "follow_up", text="Sudah ditutup.", files=[draft.id])
    page = await browser.open(page.path)
    assert under(page, OF_OFFICES, draft.id)
    assert not under(page, OWN, draft.id)
    assert not await refused(browser, case, draft.id)


async def test_of_an_offices_photos_it_is_said_which_show_the_work_before_and_which_after(
    browser: Browser, office: Office
) -> None:
    case = await verified(office)
    await case.admin("forward", opds=["DPUPR"])
    for color, final in (("red", False), ("green", True)):
        file = await of_official(case, photo_of(color), f"{color}.jpg")
        await case.liaison("DPUPR", "follow_up", text="Sudah dilihat.", final=final, files=[file.id])
    text = (await own_page(browser, office, case.tracking_id)).text
    days = [show_long_day(local_day(event.at), "id") for event in await case.events(EventKind.FOLLOWED_UP)]
    stages = [f"Sebelum atau selama dikerjakan, {days[0]}", f"Sesudah dikerjakan, {days[1]}"]
    assert sorted(stages, key=text.index) == stages
    assert [text.count(stage.partition(",")[0]) for stage in stages] == [1, 1]


async def test_an_officials_file_that_the_public_sees_stands_under_those_of_the_office(
    browser: Browser, office: Office
) -> None:
    case = await verified(office)
    await case.admin("forward", opds=["DPUPR"])
    file = await of_official(case, b"Pengumuman.\n", "pengumuman.txt")
    await act(case, Role.ADMIN, "public release", file=file.id)
    page = await own_page(browser, office, case.tracking_id)
    assert under(page, OF_OFFICES, file.id)
    assert "Umum dapat melihatnya." in page.text


@pytest.mark.parametrize("official_first", [True, False])
async def test_what_the_reporter_sent_is_the_reporters_whoever_added_the_same(
    browser: Browser, office: Office, official_first: bool
) -> None:
    case = await verified(office)
    await case.admin("forward", opds=["DPUPR"])
    content = b"Catatan yang sama.\n"
    if official_first:
        await of_official(case, content)
    file = await photo(case, content, "catatan.txt")
    if not official_first:
        await of_official(case, content)
    assert under(await own_page(browser, office, case.tracking_id), OWN, file)
