"""`/kerja/cari`: a number leads straight to the report, words and places find those of one's own scope."""

from __future__ import annotations

from kawal.domain.messages import Place
from kawal.domain.names import Role
from tests.console.staff.conftest import SigningIn
from tests.console.staff.reports import browser_of, received
from tests.console.staff.test_work import forwarded, numbers_on
from tests.workflows.life import Office


async def test_a_number_leads_to_the_report_and_words_and_places_find_what_is_of_ones_own_scope(
    sign_in: SigningIn, office: Office
) -> None:
    own = await forwarded(office, "DISHUB", title="Halte roboh", text="Atap halte roboh ditiup angin.")
    other = await forwarded(office, "DPUPR", title="Halte bocor", text="Atap halte bocor.")
    placed = await received(office, title="Rambu hilang", text="Rambu hilang.", place=Place(text="Dompak"))
    secret = await received(office, title="Halte rahasia", text="Atap halte rahasia.", rahasia=True)
    admin = await browser_of(sign_in, Role.ADMIN)
    liaison = await browser_of(sign_in, Role.LIAISON, "Budi Santoso", "DISHUB")

    page = await admin.open("/kerja")
    found = await admin.send(page.form("/kerja/cari"), q="halte")
    assert set(numbers_on(found)) == {own.tracking_id, other.tracking_id}
    assert numbers_on(await admin.open("/kerja/cari?q=dompak")) == [placed.tracking_id]
    assert (await admin.open(f"/kerja/cari?q=%23{secret.tracking_id}")).path == f"/laporan/{secret.tracking_id}"
    assert numbers_on(await liaison.open("/kerja/cari?q=halte")) == [own.tracking_id]
    hidden = await liaison.open(f"/kerja/cari?q={other.tracking_id}")
    assert (hidden.path, numbers_on(hidden)) == ("/kerja/cari", [])
    assert "Tidak ada yang ditemukan dalam lingkup Anda." in hidden.text
