"""`/kelola/mati`: what was given up is listed with its reason, opened for a purpose, tried again or set aside."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kawal.domain.access_kinds import AccessKind
from kawal.domain.names import Role
from tests.console.pages.browser import Browser, Form, Page
from tests.console.staff.conftest import SigningIn
from tests.console.staff.reports import TITLE, WORDS, received
from tests.workflows.life import Office, report

PATH = "/kelola/mati"


@pytest.fixture
async def dead(office: Office) -> str:
    """Return the number of a report that the relay has given up."""
    inbox = office.complaints.record.inbox
    words = report(title=TITLE, text=WORDS)
    accepted = await inbox.accept(words, "KEPRI", office.complaints.now(), held=timedelta(days=1))
    await inbox.mark_failed(accepted.inbox_id, "no_rules", None)
    return accepted.tracking_id


def sent_to(page: Page, action: str) -> Form:
    """Return the page's form that is sent there."""
    (found,) = [one for one in page.forms if one.action == action]
    return found


async def test_a_report_that_cannot_be_started_is_opened_for_a_purpose_set_aside_and_tried_again(
    office: Office, sign_in: SigningIn, dead: str
) -> None:
    admin, dead_letters = Browser(await sign_in(Role.ADMIN, "Ani Wijaya")), office.complaints.record.dead_letters
    page = await admin.open(PATH)
    assert "belum ada kebijakan" in page.text
    assert TITLE not in page.text
    opening, setting = sent_to(page, f"{PATH}/buka"), sent_to(page, f"{PATH}/kesampingkan")
    assert (await admin.send(opening, keperluan=" ")).status == 409
    shown = await admin.send(opening, keperluan="menghubungi pelapor")
    assert WORDS in shown.text
    assert "siti@example.org" in shown.text
    entries = [one async for one in office.complaints.access_log.entries(dead)]
    (reading,) = [one for one in entries if one.kind is AccessKind.READ_REPORT]
    assert (reading.words["purpose"], reading.facts["identity"]) == ("menghubungi pelapor", True)

    assert (await admin.send(setting, alasan="")).status == 409
    page = await admin.send(setting, alasan="Sudah dilaporkan ulang")
    assert [one.status for one in await dead_letters.of("KEPRI")] == ["set_aside"]
    assert dead not in [one.tracking_id for one in await office.complaints.record.inbox.lines()]
    assert (await admin.send(setting, alasan="Lagi")).status == 409
    entries = [one async for one in office.complaints.access_log.entries(dead)]
    aside = next(one for one in entries if one.kind is AccessKind.ADMINISTERED)
    assert (aside.facts["what"], aside.words["grounds"]) == ("inbox_set_aside", "Sudah dilaporkan ulang")
    await admin.send(sent_to(page, f"{PATH}/ulangi"))
    assert await dead_letters.of("KEPRI") == []
    assert (await admin.send(opening, keperluan="menghubungi pelapor")).status == 409


async def test_what_was_given_up_is_for_its_agency_alone(office: Office, sign_in: SigningIn, dead: str) -> None:
    apip = Browser(await sign_in(Role.INSPECTORATE, "Eka"))
    forms = [sent_to(await apip.open(PATH), f"{PATH}/{name}") for name in ("buka", "kesampingkan", "ulangi")]
    liaison = await sign_in(Role.LIAISON, "Budi", "DPUPR")
    assert (await liaison.get(PATH)).status_code == 403
    await office.complaints.pool.execute("insert into instansi (code, name) values ('BATAM', 'Kota Batam')")
    stranger = Browser(await sign_in(Role.ADMIN, "Joko", None, "BATAM"))
    page = await stranger.open(PATH)
    assert dead not in page.text
    token = next(one for one in page.forms if "formulir" in one.fields).fields["formulir"]
    for form in forms:
        refused = await stranger.send(form, formulir=token, keperluan="ingin tahu", alasan="ingin")
        assert (refused.status, WORDS in refused.text) == (409, False)
    assert [one.status for one in await office.complaints.record.dead_letters.of("KEPRI")] == ["dead"]


async def test_a_notice_that_cannot_be_delivered_is_sent_again_or_set_aside(office: Office, sign_in: SigningIn) -> None:
    admin, outbox = Browser(await sign_in(Role.ADMIN, "Ani Wijaya")), office.complaints.record.outbox
    case = await received(office)
    (line, *_) = await outbox.lines(tracking_id=case.tracking_id)
    await outbox.mark_failed(line.id, "550 no such mailbox")
    page = await admin.open(PATH)
    assert "550 no such mailbox" in page.text
    sending, setting = sent_to(page, f"{PATH}/kirim-ulang"), sent_to(page, f"{PATH}/kesampingkan-surat")
    await admin.send(sending)
    assert await outbox.undelivered("KEPRI") == []
    await outbox.mark_failed(line.id, "550 no such mailbox")
    await admin.send(setting, alasan="Alamatnya salah; sudah ditelepon")
    again = await outbox.line(line.id)
    assert again is not None
    assert (again.status, again.last_error) == ("not_sent", "set_aside")
    assert (await admin.send(setting, alasan="Lagi")).status == 409
