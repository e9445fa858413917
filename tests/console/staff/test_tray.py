"""The tray's pages: a letter is opened for a purpose, on record, and then decided about by forms alone."""

from __future__ import annotations

from kawal.domain.access_kinds import AccessKind
from kawal.domain.names import EventKind, Role
from tests.console.pages.browser import Browser
from tests.console.staff.conftest import SigningIn
from tests.desks.test_tray import entries, letter, put, state_of
from tests.workflows.life import Office, january


async def test_a_letter_is_opened_for_a_purpose_and_given_to_its_report(sign_in: SigningIn, office: Office) -> None:
    case = await office.receive()
    await case.admin("hold", missing="Di mana tepatnya?")
    await case.until(january(21), 9)
    item = await put(office, letter(), case.tracking_id)
    admin = Browser(await sign_in(Role.ADMIN, "Ani Wijaya"))

    tray = await admin.open("/kerja/surat")
    assert f"Surat {item}" in tray.text
    assert case.tracking_id in tray.text
    assert "Di depan kios 12." not in tray.text
    assert await entries(office, AccessKind.READ_IDENTITY) == []
    listings = await entries(office, AccessKind.READ_REPORT, what="tray")
    again = await admin.open("/kerja/surat?bagian=daftar")
    assert (f"Surat {item}" in again.text, "Keluar" in again.text) == (True, False)
    assert len(listings) == 1
    assert await entries(office, AccessKind.READ_REPORT, what="tray") == listings, "an open page looks by itself"

    opened = await admin.send(tray.form(f"/kerja/surat/{item}"))
    assert "Di depan kios 12." in opened.text
    (reading,) = await entries(office, AccessKind.READ_IDENTITY)
    assert (reading["report"], reading["via"]) == (case.tracking_id, "page")

    refused = await admin.send(opened.form(f"/kerja/surat/{item}/berikan"), command="dispute", words="Lubang di kios.")
    assert refused.status == 409
    giving = refused.form(f"/kerja/surat/{item}/berikan")
    assert (giving.fields["command"], giving.fields["words"]) == ("dispute", "Lubang di kios.")

    done = await admin.send(giving, command="reply", words="")
    assert "Surat telah diberikan ke laporan." in done.text
    assert (await case.event(EventKind.REPLIED)).words["text"] == "Di depan kios 12."


async def test_a_letter_is_dismissed_with_grounds_and_the_dismissal_undone(sign_in: SigningIn, office: Office) -> None:
    case = await office.receive()
    item = await put(office, letter(), case.tracking_id)
    admin = Browser(await sign_in(Role.ADMIN, "Ani Wijaya"))
    inspectorate = await sign_in(Role.INSPECTORATE, "Rudi Hartono")
    liaison = await sign_in(Role.LIAISON, "Budi Santoso", "DISHUB")

    assert (await liaison.get("/kerja/surat")).status_code == 403
    overseer = Browser(inspectorate)
    seen = await overseer.send((await overseer.open("/kerja/surat")).form(f"/kerja/surat/{item}"))
    assert [form.action for form in seen.forms if "/surat/" in form.action] == []

    opening = (await admin.open("/kerja/surat")).form(f"/kerja/surat/{item}")
    without = await admin.send(opening, keperluan="")
    assert (without.status, "Sebutkan keperluannya" in without.text) == (409, True)
    opened = await admin.send(opening)
    dismissing = opened.form(f"/kerja/surat/{item}/kesampingkan")
    assert (await admin.send(dismissing, grounds="")).status == 409
    await admin.send(dismissing, grounds="Salinan surat kami sendiri")
    assert await state_of(office, item) == "dismissed"

    decided = await admin.open("/kerja/surat?semua=1")
    await admin.send(decided.form(f"/kerja/surat/{item}/kembalikan"))
    assert await state_of(office, item) == "waiting"
