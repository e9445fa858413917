"""Messages of SMS and WhatsApp gateways: signed, each once, and all of a sender's story in one report."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.base.errors import SystemUnavailable
from kawal.domain.names import Channel, Status
from kawal.domain.process.commands import TEXT_LIMIT, TITLE_LIMIT
from kawal.intake.messages.content import parts, readable, title_of
from kawal.intake.messages.gateways import FILE, Gateway, Scheme, gateways_of
from tests.intake.messages.gateway_posts import GATEWAYS, NUMBER, say, signed
from tests.workflows.life import Case, Office, eventually


async def test_a_first_message_is_a_report_and_the_next_ones_of_the_story_belong_to_it(
    client: httpx.AsyncClient, office: Office
) -> None:
    first = (await say(client, "Jalan berlubang di depan pasar\nANONIM")).json()
    assert first["new"]
    assert len(first["secret"]) == 10
    second = (await say(client, "Lubangnya sudah dua bulan di situ.")).json()
    assert second == {"kind": "reply", "tracking_id": first["tracking_id"], "new": False}
    other = (await say(client, "Lampu jalan mati", number="0812-0000-0002")).json()
    assert other["new"]
    report = await eventually(lambda: office.complaints.ledger.snapshot(first["tracking_id"]))
    assert report.anonim
    assert report.status is Status.BELUM_DIVERIFIKASI


async def test_a_later_message_completes_a_held_report_and_what_comes_after_the_end_begins_another(
    client: httpx.AsyncClient, office: Office
) -> None:
    tracking_id = (await say(client, "Jalan berlubang")).json()["tracking_id"]
    await eventually(lambda: office.complaints.ledger.snapshot(tracking_id))
    case = Case(office, tracking_id)
    await case.admin("hold", missing="Nama jalannya?")
    # Long after the first message: it belongs to the report because the report awaits it.
    await office.complaints.pool.execute("update conversation set last_at = last_at - interval '5 days'")
    assert (await say(client, "Jalan Wiratno")).json()["tracking_id"] == tracking_id
    assert (await case.row()).status is Status.BELUM_DIVERIFIKASI
    await case.admin("archive", reason="bukan laporan")
    assert (await say(client, "Lampu jalan mati")).json()["new"]
    late = (await say(client, f"{tracking_id} masih berlubang")).json()
    assert (late["kind"], late["new"]) == ("aside", False)
    tray = office.complaints.system.tray
    (item,) = await tray.lines()
    assert (item.why, item.names, item.person) == ("report_over", [tracking_id], True)
    content = await tray.content(item.item)
    assert content is not None
    assert content.raw.decode() == f"{tracking_id} masih berlubang"


async def test_a_message_delivered_again_is_one_message(client: httpx.AsyncClient, office: Office) -> None:
    first = await say(client, "Jalan berlubang", message_id="same")
    again = await say(client, "Jalan berlubang", message_id="same")
    assert first.json() == again.json()
    added = [await say(client, "tambahan", message_id="more") for _ in range(2)]
    assert {one.json()["tracking_id"] for one in added} == {first.json()["tracking_id"]}
    assert await office.complaints.pool.fetchval("select count(*) from inbox") == 1


async def test_what_is_not_signed_now_by_the_gateway_is_refused(client: httpx.AsyncClient) -> None:
    body = json.dumps({"from": NUMBER, "body": "x", "id": "1"}).encode()
    wrong = {
        "secret": signed(body, secret="another-secret-0123456789"),
        "time": signed(body, at=time.time() - 301),
        "body": signed(body + b" "),
        "unsigned": {"Content-Type": "application/json"},
        "gateway": signed(body),
    }
    for what, headers in wrong.items():
        where = "/webhooks/lain" if what == "gateway" else "/webhooks/wa"
        answer = await client.post(where, content=body, headers=headers)
        assert answer.status_code == 401, what
        assert answer.headers["content-type"].startswith("application/problem+json")


NO_MESSAGES = (
    b"[1]",
    b"{",
    b'{"from": "1", "body": "x"}',
    b'{"from": "1", "from": "2", "body": "x", "id": "2"}',
    b"\xff\xfe",
    b"",
)


async def test_a_signed_body_that_is_no_message_is_a_clear_problem(client: httpx.AsyncClient) -> None:
    for body in NO_MESSAGES:
        answer = await client.post("/webhooks/wa", content=body, headers=signed(body))
        assert answer.status_code == 422, body


def test_the_signature_that_twilio_publishes_as_an_example_is_accepted() -> None:
    """The address, fields and signature in the tests of Twilio's own client library (twilio-python, MIT)."""
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    # Its example's token is shorter than Kawal accepts from a file.
    gateway = Gateway.model_construct(
        name="contoh", secret="12345", channel=Channel.SMS, scheme=Scheme.TWILIO, public_url=url
    )
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
        "Caller": "+14158675309",
    }
    now = datetime.now(UTC)
    assert gateway.accepts({"x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}, b"", form, now)
    assert not gateway.accepts({"x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}, b"", form | {"To": "+1"}, now)


async def test_no_number_stands_in_the_clear(client: httpx.AsyncClient, office: Office) -> None:
    await say(client, "Jalan berlubang", number="081299988877")
    pool: asyncpg.Pool = office.complaints.pool
    for table in ("inbox", "conversation", "message_seen"):
        rows = await pool.fetch(f"select {table}::text as shown from {table}")  # noqa: S608 - our own names
        for row in rows:
            assert "99988877" not in row["shown"]


def test_a_gateway_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(GATEWAYS)
    (tmp_path / FILE).chmod(0o644)
    with pytest.raises(SystemUnavailable, match="chmod 600"):
        gateways_of(tmp_path)


@given(st.text(min_size=1))
def test_any_text_gives_a_title_and_a_text_within_their_limits(text: str) -> None:
    cleaned = readable(text)
    if cleaned:
        assert 0 < len(title_of(cleaned)) <= TITLE_LIMIT


@given(st.text(alphabet="ab \n", min_size=1, max_size=4 * TEXT_LIMIT))
def test_a_text_in_parts_is_the_whole_text(text: str) -> None:
    cut = list(parts(readable(text)))
    assert all(0 < len(part) <= TEXT_LIMIT for part in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())
