"""Receipts have the link to the report's page; a changed code ends the old one; officials never read a code."""

from __future__ import annotations

import httpx
import pytest

from kawal.client.reporter_access import ReporterAccess
from kawal.domain.names import EventKind
from kawal.intake.service import IntakeService
from tests.intake.http.conftest import REPORT
from tests.intake.http.test_reports import accepted, problem, started
from tests.workflows.life import Office

URL = "https://lapor.example"


@pytest.fixture
def addressed(office: Office) -> Office:
    """Return the system, which knows the address by which the public reaches it."""
    office.complaints.settings = office.complaints.settings.model_copy(update={"public_url": URL})
    return office


async def test_a_receipt_has_no_link_where_the_public_address_is_not_known(client: httpx.AsyncClient) -> None:
    assert (await accepted(client))["link"] is None


async def test_a_receipt_has_the_link_and_the_same_one_when_the_report_is_sent_again(
    addressed: Office, client: httpx.AsyncClient
) -> None:
    assert addressed.complaints.settings.public_url == URL
    key = {"Idempotency-Key": "k-1"}
    first = (await client.post("/api/v1/reports", json=REPORT, headers=key)).json()
    assert first["link"] == f"{URL}/l/{first['tracking_id']}/{first['secret']}"
    assert (await client.post("/api/v1/reports", json=REPORT, headers=key)).json() == first


async def test_a_changed_code_ends_the_old_one_at_once(client: httpx.AsyncClient, office: Office) -> None:
    told = await accepted(client)
    where = told["location"]
    assert (await client.get(where, headers={"X-Tracking-Secret": told["secret"]})).status_code == 200
    fresh = await ReporterAccess(office.complaints).change_code(told["tracking_id"], office.complaints.now())
    problem(await client.get(where, headers={"X-Tracking-Secret": told["secret"]}), 404, "no_such_report")
    assert (await client.get(where, headers={"X-Tracking-Secret": fresh})).status_code == 200


async def test_what_a_reply_quotes_of_our_letters_opens_nothing_to_the_officials_who_read_it(
    addressed: Office, client: httpx.AsyncClient
) -> None:
    told = await accepted(client)
    await started(addressed, told["tracking_id"])
    quoted = f"Masih rusak.\n{told['link']}\nkode akses {told['secret']}."
    headers = {"X-Tracking-Secret": told["secret"], "Idempotency-Key": "r-1"}
    for _ in range(2):
        answer = await client.post(f"{told['location']}/replies", json={"text": quoted}, headers=headers)
        assert answer.status_code == 202
    intake = IntakeService(addressed.complaints)
    assert told["secret"] not in str(await intake.without_access(told["tracking_id"], {"why": quoted, "files": []}))
    history = await addressed.complaints.history(told["tracking_id"])
    (reply,) = [one for one in history if one.kind is EventKind.REPLIED]
    assert reply.words["text"].startswith("Masih rusak.")
    assert told["secret"] not in str(history)
