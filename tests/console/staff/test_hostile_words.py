"""What others write is words on every page of the officials, in every file that they save, and in no header."""

from __future__ import annotations

from kawal.domain.names import Role
from tests.console.pages.browser import Browser
from tests.console.staff.conftest import SigningIn
from tests.console.staff.hostile_words import Elements, openings, plant, words
from tests.workflows.life import Office


async def test_markup_in_what_others_bring_is_shown_as_it_was_written_and_is_no_element_of_any_page(
    sign_in: SigningIn, office: Office
) -> None:
    planted = await plant(office)
    for opening in openings(planted):
        browser = Browser(await sign_in(opening.role, f"Orang {opening.role}", opening.opd))
        page = await browser.open(opening.path)
        if opening.press is not None:
            page = await browser.send(page.form(opening.press), **opening.typed)
        elements = Elements(page)
        assert elements.foreign == [], opening
        assert [name for name in opening.shows if words(name) not in elements.shown] == [], (opening, elements.shown)

    admin = await sign_in(Role.ADMIN, "Ani")
    saved = await admin.get(f"/laporan/{planted.waiting}/berkas/{planted.file}")
    assert "x-kena" not in saved.headers
    disposition = saved.headers["content-disposition"]
    assert (disposition.count('"'), "\\" in disposition, "%0A" in disposition) == (2, False, False)
    auditor = Browser(await sign_in(Role.AUDITOR, "Rani"))
    life = await auditor.open(f"/auditor/laporan/{planted.worked_on}")
    form = life.form(f"{life.path}/berkas-kasus")
    for shape in ("json", "pdf"):
        given = {**form.fields, "tujuan": words("tujuan"), "identitas": "ya", "bentuk": shape}
        file = await auditor.client.post(form.action, data=given)
        assert (file.status_code, "attachment" in file.headers["content-disposition"]) == (200, True), shape
