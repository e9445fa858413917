"""The verification queue without scripts: every act is a plain form, and what it held is what is done."""

from __future__ import annotations

import pytest

from kawal.domain.names import EventKind, Role, Status
from tests.console.pages.browser import Browser
from tests.console.staff.conftest import SigningIn
from tests.workflows.life import CATEGORY, Office

PATH = "/kerja/verifikasi"


@pytest.fixture
async def admin(sign_in: SigningIn) -> Browser:
    return Browser(await sign_in(Role.ADMIN, "Ani Wijaya"))


async def test_one_form_verifies_and_forwards_as_it_was_shown_and_opens_the_next(
    admin: Browser, office: Office
) -> None:
    first = await office.receive(hour=8, category=CATEGORY, title="JALAN  BERLUBANG DI BATAM RT 02")
    second = await office.receive(category=CATEGORY, title="Lubang di Jalan Merdeka dekat sekolah")
    shown = await admin.open(PATH)
    form = shown.form(f"{PATH}/{first.tracking_id}/putuskan")
    assert (form.fields["judul"], form.fields["kategori"], form.fields["opd"]) == (
        "Jalan berlubang di Batam RT 02",
        CATEGORY,
        "DPUPR",
    )
    answered = await admin.send(form)
    assert f"Laporan {first.tracking_id} telah diverifikasi" in answered.text
    row = await first.row()
    assert (row.status, [line.code for line in row.opds]) == (Status.BELUM_DITINDAKLANJUTI, ["DPUPR"])
    assert (await first.event(EventKind.VERIFIED)).words["title"] == "Jalan berlubang di Batam RT 02"
    answered.form(f"{PATH}/{second.tracking_id}/putuskan")
