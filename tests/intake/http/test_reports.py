"""Reports by HTTP: accepted once, followed only by their reporters, added to through any channel."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from kawal.domain.names import Channel, Role
from kawal.domain.refusals import Refusal
from kawal.intake.http.schemas import ReportIn
from kawal.intake.service import IntakeService
from kawal.store.tokens import Tokens
from tests.intake.http.conftest import REPORT, client_of
from tests.workflows.life import CATEGORY, VERIFYING, Office, eventually, report

FULL: dict[str, Any] = {
    **REPORT,
    "class": "pengaduan",
    "category": CATEGORY,
    "opd": "DPUPR",
    "anonim": True,
    "rahasia": True,
    "place": {"text": "Jl. Gatot Subroto", "latitude": 0.9186, "longitude": 104.4665},
    "occurred_on": "2022-01-03",
    "reporter": {"name": "Siti", "email": "siti@example.org", "phone": "+62 812 0000 0000", "origin": "Bintan"},
    "external_id": "w-1",
}


async def accepted(client: httpx.AsyncClient, **fields: Any) -> dict[str, str]:
    answer = await client.post("/api/v1/reports", json={**REPORT, **fields})
    assert answer.status_code == 201, answer.text
    told: dict[str, str] = answer.json()
    return told


async def number_of_reports(office: Office) -> int:
    return int(await office.complaints.pool.fetchval("select count(*) from inbox"))


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["type"] == f"urn:kawal:problem:{code}"
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told


async def started(office: Office, tracking_id: str) -> None:
    async def on_record() -> bool:
        return await office.complaints.ledger.snapshot(tracking_id) is not None

    await eventually(on_record)


async def test_a_submitted_report_becomes_a_complaint_with_all_its_fields(
    client: httpx.AsyncClient, office: Office
) -> None:
    _, token = await Tokens(office.complaints.pool).create("gerbang", "app")
    bearer = {"Authorization": f"Bearer {token}"}
    answer = await client.post("/api/v1/reports", json=FULL, headers=bearer)
    assert answer.status_code == 201
    assert (await client.post("/api/v1/reports", json=FULL, headers=bearer)).json() == answer.json()
    problem(await client.post("/api/v1/reports", json=FULL), 422, "external_id")
    told = answer.json()
    assert answer.headers["location"] == told["location"] == f"/api/v1/reports/{told['tracking_id']}"
    await started(office, told["tracking_id"])
    state = await office.complaints.state(told["tracking_id"])
    assert (state.channel, state.anonim, state.rahasia) == (Channel.APP, True, True)
    first = (await office.complaints.history(told["tracking_id"]))[0]
    assert first.words["place"] == FULL["place"]
    assert first.words["reporter"] == FULL["reporter"] | {"phone": "+6281200000000"}
    assert first.facts["chosen_opd"] == "DPUPR"
    assert first.facts["occurred_on"] == "2022-01-03"
    assert first.actor.role is Role.ADAPTER


async def test_two_systems_of_one_channel_count_from_one_each_and_a_renewed_token_goes_on(
    client: httpx.AsyncClient, office: Office
) -> None:
    tokens = Tokens(office.complaints.pool)
    found = []
    for name in ("gerbang", "kios", "gerbang"):
        _, token = await tokens.create(name, "app")
        bearer = {"Authorization": f"Bearer {token}"}
        answer = await client.post("/api/v1/reports", json={**REPORT, "external_id": "1"}, headers=bearer)
        found.append((answer.json()["tracking_id"], answer.status_code))
    assert found[0] == (found[2][0], 201)
    assert found[2][1] == 200
    assert found[1][0] != found[0][0]
    assert await number_of_reports(office) == 2


async def test_what_was_accepted_before_ids_were_each_systems_own_is_found_again_if_it_is_the_same(
    client: httpx.AsyncClient, office: Office
) -> None:
    _, token = await Tokens(office.complaints.pool).create("gerbang", "app")
    bearer = {"Authorization": f"Bearer {token}"}
    sent = ReportIn.model_validate({**REPORT, "external_id": "1"})
    before = await IntakeService(office.complaints).submit(sent.to_report(Channel.APP))
    again = await client.post("/api/v1/reports", json={**REPORT, "external_id": "1"}, headers=bearer)
    assert (again.status_code, again.json()["tracking_id"]) == (200, before.tracking_id)
    other = {**REPORT, "text": "Lampu jalan padam sejak Senin.", "external_id": "1"}
    answer = await client.post("/api/v1/reports", json=other, headers=bearer)
    assert answer.status_code == 201, "by another system, as far as one can tell"
    assert answer.json()["tracking_id"] != before.tracking_id


async def test_the_same_key_gets_the_same_answer_and_another_body_under_it_is_refused(
    client: httpx.AsyncClient, office: Office
) -> None:
    first = await client.post("/api/v1/reports", json=REPORT, headers={"Idempotency-Key": "k-1"})
    again = await client.post("/api/v1/reports", json=REPORT, headers={"Idempotency-Key": "k-1"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = await client.post("/api/v1/reports", json={**REPORT, "title": "Lain"}, headers={"Idempotency-Key": "k-1"})
    detail = problem(other, 409, "key_reused")["detail"]
    assert "k-1" in detail
    assert "public" not in detail
    assert await number_of_reports(office) == 1
    await started(office, first.json()["tracking_id"])
    (begun, *_) = await office.complaints.history(first.json()["tracking_id"])
    assert begun.idempotency_key == "http:public:k-1"


async def test_a_key_of_a_message_about_a_report_may_be_that_of_the_report(
    client: httpx.AsyncClient, office: Office
) -> None:
    answer = await client.post("/api/v1/reports", json=REPORT, headers={"Idempotency-Key": "kasus-9"})
    told = answer.json()
    await started(office, told["tracking_id"])
    headers = {"X-Tracking-Secret": told["secret"], "Idempotency-Key": "kasus-9"}
    added = await client.post(f"{told['location']}/replies", json={"text": "Dekat kios 12."}, headers=headers)
    assert added.status_code == 202, added.text


async def test_a_key_that_could_not_stand_in_the_record_is_refused_by_every_adapter(office: Office) -> None:
    service = IntakeService(office.complaints)
    for key in ("x" * 200, "a\u0000b"):
        with pytest.raises(Refusal) as refused:
            await service.submit(report(), instansi="KEPRI", idempotency_key=key, sender="uji:")
        assert refused.value.code == "malformed"
    assert await number_of_reports(office) == 0


async def test_fifty_clients_with_one_key_make_one_complaint(app: FastAPI, office: Office) -> None:
    async with client_of(app) as client:
        answers = await asyncio.gather(
            *(client.post("/api/v1/reports", json=REPORT, headers={"Idempotency-Key": "one"}) for _ in range(50))
        )
    assert {answer.status_code for answer in answers} == {200, 201}
    assert [answer.status_code for answer in answers].count(201) == 1
    assert len({answer.text for answer in answers}) == 1
    assert await number_of_reports(office) == 1


async def test_a_reporter_follows_the_report_and_nobody_else_does(client: httpx.AsyncClient, office: Office) -> None:
    told = await accepted(client)
    where, secret = told["location"], {"X-Tracking-Secret": told["secret"]}
    early = await client.get(where, headers=secret)
    assert early.status_code == 200, early.text
    assert early.json()["status"] == "belum_diverifikasi"
    await started(office, told["tracking_id"])
    await office.complaints.send(
        told["tracking_id"], "verify", await office.complaints.actor(Role.ADMIN, "Dewi"), dict(VERIFYING)
    )
    await office.complaints.send(
        told["tracking_id"], "forward", await office.complaints.actor(Role.ADMIN, "Dewi"), {"opds": ["DPUPR"]}
    )
    liaison = await office.complaints.actor(Role.LIAISON, "Rudi", "DPUPR")
    await office.complaints.send(told["tracking_id"], "follow_up", liaison, {"text": "Ditambal besok pagi."})
    seen = (await client.get(where, headers=secret)).json()
    assert seen["status"] == "proses"
    assert seen["opds"][0]["code"] == "DPUPR"
    assert any("Ditambal besok pagi." in one["text"] for one in seen["messages"])
    assert any("24.00 WIB" in one["words"] for one in seen["deadlines"])
    english = (await client.get(where, headers={**secret, "Accept-Language": "en"})).json()
    assert english["status_words"] == "Being followed up"

    wrong = await client.get(where, headers={"X-Tracking-Secret": "0000000000"})
    unknown = await client.get("/api/v1/reports/9999999", headers=secret)
    assert wrong.json() == unknown.json() == problem(wrong, 404, "no_such_report")
    problem(await client.get(where), 422, "invalid")


async def test_a_secret_read_aloud_is_understood(client: httpx.AsyncClient) -> None:
    told = await accepted(client)
    spoken = told["secret"].lower().replace("0", "o").replace("1", "l")
    spelled = f"{spoken[:5]}-{spoken[5:]}"
    assert (await client.get(told["location"], headers={"X-Tracking-Secret": spelled})).status_code == 200


async def test_a_reply_reaches_the_complaint_once(client: httpx.AsyncClient, office: Office) -> None:
    told = await accepted(client)
    headers = {"X-Tracking-Secret": told["secret"], "Idempotency-Key": "r-1"}
    await started(office, told["tracking_id"])
    for _ in range(2):
        answer = await client.post(f"{told['location']}/replies", json={"text": "Dekat kios 12."}, headers=headers)
        assert answer.status_code == 202, answer.text
    replies = [e for e in await office.complaints.history(told["tracking_id"]) if e.kind == "replied"]
    assert [event.words["text"] for event in replies] == ["Dekat kios 12."]
    other = await client.post(f"{told['location']}/replies", json={"text": "Lain."}, headers=headers)
    assert "Kunci r-1 " in problem(other, 409, "key_reused")["detail"]
    stranger = {"X-Tracking-Secret": "0000000000"}
    problem(
        await client.post(f"{told['location']}/replies", json={"text": "x"}, headers=stranger), 404, "no_such_report"
    )


async def test_a_reply_to_an_archived_report_is_refused_with_the_reason(
    client: httpx.AsyncClient, office: Office
) -> None:
    told = await accepted(client)
    await started(office, told["tracking_id"])
    admin = await office.complaints.actor(Role.ADMIN, "Dewi")
    await office.complaints.send(told["tracking_id"], "archive", admin, {"reason": "Bukan laporan."})
    headers = {"X-Tracking-Secret": told["secret"]}
    answer = await client.post(f"{told['location']}/replies", json={"text": "Tolong."}, headers=headers)
    assert answer.status_code == 409
    assert answer.json()["type"] in ("urn:kawal:problem:wrong_status", "urn:kawal:problem:ended")
