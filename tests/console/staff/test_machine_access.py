"""`/kelola/teks`, `/kelola/akses-mesin` and `/kelola/gerbang`: kept texts, secrets shown once, test messages."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from kawal.domain.access_kinds import AccessKind
from kawal.domain.names import Channel, Role, Status
from kawal.gateways.outgoing import FILE, OutgoingGateway
from tests.console.pages.browser import Browser, Form, Page
from tests.console.staff.conftest import SigningIn
from tests.workflows.life import Office

TEXTS, ACCESS, GATEWAYS = "/kelola/teks", "/kelola/akses-mesin", "/kelola/gerbang"


@pytest.fixture
async def admin(sign_in: SigningIn) -> Browser:
    return Browser(await sign_in(Role.ADMIN, "Ani Wijaya"))


async def administered(office: Office) -> list[dict[str, Any]]:
    """Return what of administration is on record, oldest first."""
    log = office.complaints.access_log
    return [one.facts async for one in log.entries() if one.kind is AccessKind.ADMINISTERED]


def sent_to(page: Page, action: str, **fields: str) -> Form:
    """Return the page's form that is sent there and holds these values."""
    (found,) = [one for one in page.forms if one.action == action and fields.items() <= one.fields.items()]
    return found


def secret_on(page: Page) -> str:
    """Return what the page shows once."""
    return page.answer.text.partition('id="rahasia" value="')[2].partition('"')[0]


async def test_a_text_is_kept_changed_and_removed(admin: Browser, office: Office) -> None:
    texts = office.complaints.record.canned_texts
    adding = sent_to(await admin.open(TEXTS), f"{TEXTS}/tambah")
    typed = {"formulir-untuk": "hold", "judul": "Lokasi", "teks": "Mohon lokasi {nomer}."}
    wrong = await admin.send(adding, **typed)
    assert (wrong.status, sent_to(wrong, f"{TEXTS}/tambah").fields["judul"]) == (409, "Lokasi")
    page = await admin.send(adding, **typed | {"teks": "Mohon lokasi {nomor}.", "kategori": "PERHUBUNGAN"})
    (link,) = [one for one in page.links if one.startswith("?ubah=")]
    changing = sent_to(await admin.open(f"{TEXTS}{link}"), f"{TEXTS}/ubah")
    assert (changing.fields["kategori"], changing.fields["formulir-untuk"]) == ("PERHUBUNGAN", "hold")
    await admin.send(changing, judul="Titik <b>lokasi", kategori="", status="belum_diverifikasi")
    (kept,) = await texts.all("KEPRI")
    assert (kept.title, kept.category, kept.status) == ("Titik <b>lokasi", None, Status.BELUM_DIVERIFIKASI)
    page = await admin.open(f"{TEXTS}{link}")
    assert "<b>lokasi" not in page.answer.text
    removing = sent_to(page, f"{TEXTS}/ubah")
    removing.action = f"{TEXTS}/hapus"
    await admin.send(removing)
    assert await texts.all("KEPRI") == []
    gone = await admin.send(changing)
    assert gone.status == 409
    whats = [one["what"] for one in await administered(office)]
    assert whats == ["canned_text_added", "canned_text_changed", "canned_text_removed"]


async def test_a_token_and_a_pass_are_shown_once_and_work_until_they_are_revoked(
    admin: Browser, office: Office, sign_in: SigningIn
) -> None:
    record = office.complaints.record
    page = await admin.open(ACCESS)
    making = sent_to(page, f"{ACCESS}/token")
    none = {"boleh-submit": None, "boleh-reply": None, "boleh-read": None}
    assert (await admin.send(making, nama="Gerbang", saluran="system", hari="90", **none)).status == 409
    made = await admin.send(making, nama="Gerbang SMS", saluran="sms", hari="90", **none | {"boleh-submit": "1"})
    token = secret_on(made)
    assert token.startswith("kawal_")
    found = await record.tokens.find(token)
    assert found is not None
    assert (found.instansi, found.channel, found.scopes) == ("KEPRI", "sms", ["submit"])
    assert found.expires_at is not None
    assert (found.expires_at - office.complaints.now()).days in (89, 90)

    issuing = sent_to(page, f"{ACCESS}/kartu")
    assert (await admin.send(issuing, nama="Eka", peran="inspectorate", hari="90")).status == 409
    made = await admin.send(issuing, nama="Program DISHUB", peran="liaison", opd="DISHUB", hari="30")
    holder = await record.passes.who(secret_on(made))
    assert holder is not None
    assert (holder.role, holder.opd, holder.instansi) == (Role.LIAISON, "DISHUB", "KEPRI")
    page = await admin.open(ACCESS)
    assert token not in page.answer.text
    await office.complaints.pool.execute("update staff_session set began_at = began_at - interval '16 minutes'")
    assert "15 menit" in (await admin.send(making, nama="Lagi", saluran="sms", hari="90")).text
    assert (await admin.send(sent_to(page, f"{ACCESS}/cabut-token"))).status == 200
    await admin.send(sent_to(page, f"{ACCESS}/cabut-kartu"))
    assert await record.tokens.find(token) is None
    assert await record.passes.who(secret_on(made)) is None

    auditors = Browser(await sign_in(Role.INSPECTORATE, "Eka"))
    page = await auditors.open(ACCESS)
    assert not [one for one in page.forms if one.action == f"{ACCESS}/token"]
    made = await auditors.send(sent_to(page, f"{ACCESS}/kartu"), nama="BPK", peran="auditor", hari="30")
    holder = await record.passes.who(secret_on(made))
    assert holder is not None
    assert holder.role is Role.AUDITOR
    lasting, text = await record.tokens.create("Lama", "sms", "KEPRI")
    await office.complaints.pool.execute("insert into instansi (code, name) values ('BATAM', 'Kota Batam')")
    stranger = Browser(await sign_in(Role.ADMIN, "Joko", None, "BATAM"))
    forged = sent_to(await stranger.open(ACCESS), f"{ACCESS}/token")
    forged.action = f"{ACCESS}/cabut-token"
    assert (await stranger.send(forged, nomor=str(lasting.id))).status == 409
    kept = await record.tokens.get(lasting.id)
    assert kept is not None
    assert kept.revoked_at is None
    await office.complaints.pool.execute(
        "update api_token set created_at = created_at - interval '2 days', expires_at = created_at - interval '1 day'"
    )
    assert await record.tokens.find(text) is None


async def test_a_test_message_goes_by_the_chosen_gateway_and_no_secret_is_shown(
    admin: Browser, office: Office, app: FastAPI
) -> None:
    complaints, secret = office.complaints, "rahasia-yang-panjang"
    unset = await admin.open(GATEWAYS)
    assert "outgoing-gateways.toml" in unset.text
    gateway = OutgoingGateway(name="uji", channel=Channel.SMS, url="https://gerbang.example/pesan", secret=secret)
    app.state.outgoing_gateways = {gateway.name: gateway}
    file = complaints.settings.home / FILE
    file.write_text(
        f'[[gateway]]\nname = "uji"\nchannel = "sms"\nurl = "https://gerbang.example/pesan"\nsecret = "{secret}"\n'
    )
    file.chmod(0o600)
    page = await admin.open(GATEWAYS)
    assert ("gerbang.example" in page.text, secret in page.answer.text) == (True, False)
    trying = sent_to(page, f"{GATEWAYS}/uji")
    assert (await admin.send(trying, telepon="bukan nomor")).status == 409
    await admin.send(trying, telepon="+62 812 0000 0001")
    (line,) = await complaints.record.outgoing_messages.lines()
    assert (line.kind, line.status) == ("gateway_test", "pending")
    await complaints.record.outgoing_messages.mark_failed(line.id, "refused 21211", "uji")
    assert "refused 21211" in (await admin.open(GATEWAYS)).text
    told = (await administered(office))[-1]
    assert (told["what"], told["gateway"], "812" in str(told)) == ("gateway_tested", "uji", False)
    assert (await admin.send(trying, gerbang="lain", telepon="+6281200000001")).status == 409
    file.unlink()
