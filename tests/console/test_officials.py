"""Officials are admitted with their pass, and nobody else where officials are meant."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from kawal.api import create_app
from kawal.console.app import routers
from kawal.desks.passes import PassOffice
from kawal.domain.access_kinds import AccessKind
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.refusals import Refusal
from tests.intake.http.conftest import client_of
from tests.intake.http.test_guarding import bearer
from tests.intake.http.test_reports import problem
from tests.people import pass_of
from tests.workflows.life import Office

ME = "/api/v1/me"


@pytest.fixture
async def app(office: Office) -> FastAPI:
    return create_app(office.complaints, office.complaints.settings, routers())


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as opened:
        yield opened


def in_a_week() -> datetime:
    return datetime.now(UTC) + timedelta(days=7)


async def issued(office: Office, role: Role, opd: str | None = None) -> tuple[Actor, str]:
    """Return an official and the text of a pass of theirs."""
    holder = await office.complaints.actor(role, "Rani", opd)
    return holder, await pass_of(office.complaints, holder)


async def test_a_pass_makes_the_caller_who_its_holder_is(office: Office, client: httpx.AsyncClient) -> None:
    holder, text = await issued(office, Role.LIAISON, "DPUPR")
    answer = await client.get(ME, headers=bearer(text))
    assert answer.status_code == 200
    assert Actor.model_validate(answer.json()) == holder


async def test_without_a_valid_pass_nobody_is_let_in(client: httpx.AsyncClient) -> None:
    for headers in ({}, bearer("kawalpas_x"), bearer("a" * 5000)):
        answer = await client.get(ME, headers=headers)
        problem(answer, 401, "pass")
        assert "bearer" in answer.headers["www-authenticate"].lower()


async def test_an_adapters_token_is_no_pass_and_a_pass_no_token(
    office: Office, app: FastAPI, client: httpx.AsyncClient
) -> None:
    _, token = await app.state.tokens.create("gerbang", "sms")
    problem(await client.get(ME, headers=bearer(token)), 401, "pass")
    _, text = await issued(office, Role.AUDITOR)
    problem(await client.get("/api/v1/reports/1234567", headers=bearer(text)), 401, "token")


async def test_a_role_that_a_route_is_not_for_is_told_so(office: Office, client: httpx.AsyncClient) -> None:
    _, text = await issued(office, Role.AUDITOR)
    assert (await client.get("/api/v1/events", headers=bearer(text))).status_code == 200
    _, other = await issued(office, Role.LEADERSHIP)
    problem(await client.get("/api/v1/events", headers=bearer(other)), 403, "words_not_yours")


async def test_guessed_passes_count_against_their_address(office: Office) -> None:
    settings = office.complaints.settings.model_copy(update={"http_public_rate": "2/hour"})
    async with client_of(create_app(office.complaints, settings, routers()), "203.0.113.9") as client:
        codes = [(await client.get(ME, headers=bearer(f"kawalpas_{n}"))).status_code for n in range(3)]
    assert codes == [401, 401, 429]


async def test_issuing_and_revoking_go_on_record_without_the_text(office: Office, client: httpx.AsyncClient) -> None:
    _, text = await issued(office, Role.AUDITOR)
    inspectorate = await office.complaints.actor(Role.INSPECTORATE, "Eka")
    await PassOffice(office.complaints).revoke(inspectorate, 1)
    problem(await client.get(ME, headers=bearer(text)), 401, "pass")
    entries = [entry async for entry in office.complaints.access_log.entries()]
    assert [(entry.kind, entry.facts["act"], entry.actor.name) for entry in entries] == [
        (AccessKind.ADMINISTERED, "pass_issued", "Ani"),
        (AccessKind.ADMINISTERED, "pass_revoked", "Eka"),
    ]
    assert text not in str(entries)


REFUSED_TO = (
    (Role.AUDITOR, "KEPRI", Role.AUDITOR, "wrong_role"),
    (Role.LIAISON, "KEPRI", Role.LIAISON, "wrong_role"),
    (Role.INSPECTORATE, "LAIN", Role.AUDITOR, "pass_elsewhere"),
    (Role.ADMIN, "KEPRI", Role.AUDITOR, "not_yours_to_grant"),
    (Role.ADMIN, "KEPRI", Role.INSPECTORATE, "not_yours_to_grant"),
)
"""Who issues, in which agency, a pass to whom, and the refusal."""


async def test_who_may_not_issue_one_is_refused_on_record(office: Office) -> None:
    complaints = office.complaints
    await complaints.pool.execute("insert into instansi (code, name, kind) values ('LAIN', 'Lain', 'kota')")
    for by, instansi, holder, code in REFUSED_TO:
        issuer = await complaints.actor(by, "Ani", "DPUPR" if by is Role.LIAISON else None, "KEPRI")
        issuer = issuer.model_copy(update={"instansi": instansi})
        official = await complaints.actor(holder, "Rani", "DPUPR" if holder is Role.LIAISON else None, "KEPRI")
        with pytest.raises(Refusal) as refused:
            await PassOffice(complaints).issue(issuer, official, in_a_week())
        assert refused.value.code == code
    recorded = [entry.facts["code"] async for entry in complaints.access_log.entries()]
    assert recorded == [code for *_, code in REFUSED_TO]
    assert await complaints.pool.fetchval("select count(*) from official_pass") == 0


async def test_a_role_that_acts_otherwise_has_no_pass(office: Office) -> None:
    admin = await office.complaints.actor(Role.ADMIN, "Ani")
    adapter = await office.complaints.actor(Role.ADAPTER, "gerbang")
    with pytest.raises(Refusal, match="There are no passes for the role"):
        await PassOffice(office.complaints).issue(admin, adapter, in_a_week())


async def test_a_pass_that_does_not_hold_cannot_be_revoked(office: Office) -> None:
    inspectorate = await office.complaints.actor(Role.INSPECTORATE, "Eka")
    with pytest.raises(Refusal, match="There is no valid pass 77"):
        await PassOffice(office.complaints).revoke(inspectorate, 77)
