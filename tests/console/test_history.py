"""The record by HTTP: chronicles, searches and case files, with an official's pass and recorded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from kawal.api import create_app
from kawal.console.app import routers
from kawal.console.history import EntriesOut, EventsOut
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.store.passes import Passes
from tests.audit.test_case_file import recomputed
from tests.console.test_officials import in_a_week, issued
from tests.intake.http.conftest import client_of
from tests.intake.http.fuzzing import answers_to_anything
from tests.intake.http.test_guarding import bearer
from tests.intake.http.test_reports import problem
from tests.workflows.life import Case, Office

PURPOSE = {"X-Purpose": "Sidang%20%C3%A9"}
EXAMPLES = 20
"""For each operation."""


@pytest.fixture
async def app(office: Office) -> FastAPI:
    settings = office.complaints.settings.model_copy(
        update={"http_public_rate": "10000/minute", "http_token_rate": "10000/minute"}
    )
    return create_app(office.complaints, settings, routers())


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as opened:
        yield opened


@pytest.fixture
async def auditor(office: Office) -> dict[str, str]:
    _, text = await issued(office, Role.AUDITOR)
    return bearer(text)


async def last_facts(case: Case) -> dict[str, Any]:
    return [entry async for entry in case.office.complaints.access_log.entries()][-1].facts


async def test_a_chronicle_is_read_by_an_overseers_pass_and_goes_on_record(
    office: Office, client: httpx.AsyncClient, auditor: dict[str, str]
) -> None:
    case = await office.receive(rahasia=True)
    await case.forward()
    where = f"/api/v1/complaints/{case.tracking_id}/history"
    problem(await client.get(where), 401, "pass")
    problem(await client.get(where, headers=auditor), 409, "purpose_needed")
    _, liaison = await issued(office, Role.LIAISON, "DPUPR")
    problem(await client.get(where, headers=bearer(liaison) | PURPOSE), 403, "words_not_yours")
    long = auditor | {"X-Purpose": "x" * 501}
    problem(await client.get(where, headers=long), 409, "purpose_too_long")
    answer = await client.get(where, headers=auditor | PURPOSE | {"Accept-Language": "en"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    chronicle = answer.json()
    assert [event["kind"] for event in chronicle["events"]] == ["started", "verified", "forwarded"]
    assert all(event["brought_about_by"] and event["words"] is None for event in chronicle["events"])
    assert "source: [S]" in chronicle["events"][0]["deadlines"][0]["said"]
    assert chronicle["refused"][0]["facts"]["code"] == "purpose_needed"
    assert (await last_facts(case)) == {"via": "http", "matter": "chronicle"}
    shown = await client.get(where, headers=auditor | PURPOSE, params={"identity": "true"})
    assert "siti@example.org" in shown.text
    assert (await last_facts(case))["identity"] is True


async def test_a_case_file_is_taken_out_as_json_and_pdf(
    office: Office, client: httpx.AsyncClient, auditor: dict[str, str]
) -> None:
    case = await office.receive()
    await case.verify()
    where = f"/api/v1/complaints/{case.tracking_id}/case-file"
    problem(await client.get(f"{where}.json", headers=auditor), 409, "purpose_needed")
    data = await client.get(f"{where}.json", headers=auditor | PURPOSE)
    assert data.json()["purpose"] == "Sidang é"
    assert recomputed(data.json()) == [row["hash"] for row in data.json()["rows"]]
    assert "Siti" not in data.text
    paper = await client.get(f"{where}.pdf", headers=auditor | PURPOSE, params={"identity": "true"})
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.headers["content-disposition"] == f'attachment; filename="kawal-{case.tracking_id}.pdf"'
    assert paper.content.startswith(b"%PDF-")
    assert (await last_facts(case))["form"] == "pdf"


async def test_events_are_searched_page_by_page(
    office: Office, client: httpx.AsyncClient, auditor: dict[str, str]
) -> None:
    cases = [await office.receive() for _ in range(3)]
    for case in cases:
        await case.forward()

    async def asked(**params: Any) -> EventsOut:
        answer = await client.get("/api/v1/events", headers=auditor, params=params)
        assert answer.status_code == 200, answer.text
        return EventsOut.model_validate_json(answer.text)

    found, before = [], None
    while True:
        page = await asked(actor="dewi", limit=4, **({} if before is None else {"before": before}))
        found += page.events
        before = page.next
        if before is None:
            break
    assert [one.kind for one in found] == ["forwarded", "verified"] * 3
    assert [one.tracking_id for one in found[::2]] == [case.tracking_id for case in reversed(cases)]
    assert {one.kind for one in (await asked(kind=["verified", "started"])).events} == {"verified", "started"}
    assert len((await asked(opd="dpupr")).events) == 3
    assert len((await asked(**{"from": "2022-01-10", "to": "2022-01-10"})).events) == 9
    assert (await asked(to="2022-01-09")).events == (await asked(actor="Nobody")).events == []
    assert (await asked(**{"from": "9999-12-31", "to": "0001-01-01"})).events == []


async def test_the_access_log_is_searched_and_only_of_the_callers_agency(
    office: Office, client: httpx.AsyncClient, auditor: dict[str, str]
) -> None:
    case = await office.receive()
    case_file = f"/api/v1/complaints/{case.tracking_id}/case-file.pdf"
    problem(await client.get(case_file, headers=auditor), 409, "purpose_needed")
    _, liaison = await issued(office, Role.LIAISON, "DPUPR")
    for path in ("events", "access-log"):
        problem(await client.get(f"/api/v1/{path}", headers=bearer(liaison)), 403, "words_not_yours")
    answer = await client.get("/api/v1/access-log", headers=auditor, params={"kind": "refused"})
    found = EntriesOut.model_validate_json(answer.text).entries
    assert [(one.facts["matter"], one.facts["code"]) for one in found] == [
        ("search", "words_not_yours"),
        ("search", "words_not_yours"),
        ("case_file", "purpose_needed"),
    ]
    await office.complaints.pool.execute("insert into instansi (code, name) values ('BATAM', 'Batam')")
    stranger = await office.complaints.actor(Role.AUDITOR, "Tamu", instansi="BATAM")
    text = await _pass_for(office, stranger)
    for path in ("events", "access-log"):
        answer = await client.get(f"/api/v1/{path}", headers=bearer(text))
        assert not {case.tracking_id} & {one["tracking_id"] for one in next(iter(answer.json().values()))}
    problem(
        await client.get(f"/api/v1/complaints/{case.tracking_id}/history", headers=bearer(text)), 409, "wrong_instansi"
    )


async def _pass_for(office: Office, actor: Actor) -> str:
    complaints = office.complaints
    _, text = await Passes(complaints.pool, complaints.system.keys).issue(actor, in_a_week())
    return text


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")  # schemathesis's own
async def test_nothing_that_schemathesis_sends_with_a_valid_pass_breaks_the_server(
    app: FastAPI, client: httpx.AsyncClient, office: Office, auditor: dict[str, str]
) -> None:
    case = await office.receive()
    document = (await client.get("/api/v1/openapi.json")).json()
    paths = {
        path: methods
        for path, methods in document["paths"].items()
        if _is_of_the_record(path) and set(methods) == {"get"}
    }
    assert len(paths) == 9
    for methods in paths.values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"]
            assert {"401", "403", "422", "429", "503"} <= set(operation["responses"])
            for parameter in operation["parameters"]:
                if parameter["name"] == "tracking_id":
                    parameter["schema"]["enum"] = [case.tracking_id, "7654321"]
    answers = await answers_to_anything(app, document | {"paths": paths}, EXAMPLES, auditor)
    assert {200, 409} <= set(answers)


def _is_of_the_record(path: str) -> bool:
    return path.startswith("/api/v1/complaints/") or path in ("/api/v1/events", "/api/v1/access-log")
