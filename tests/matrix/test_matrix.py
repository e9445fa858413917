"""The matrix: role, act, state, OPD and agency. Page, JSON and the database agree in every cell with the field's rules.

The page is `/laporan/NUMBER`: what it shows, and for which commands it has a form. JSON is the report, its words,
files, letters and chronicle, and what may be done; and of the refused commands a share is really sent. The database is
asked as the role of the official's scope, without any condition.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

import httpx
import pytest
from fastapi import FastAPI

from kawal.api import create_app
from kawal.console.app import routers
from kawal.console.auth.session_cookie import NAME
from kawal.console.auth.signed_in import HEADER
from kawal.console.pages.form_guard import TOKEN
from kawal.domain.messages import Actor
from kawal.domain.names import REPORTERS_COMMANDS, CommandName, Role
from kawal.store.scoped import scoped
from tests.console.staff.conftest import secure_client_of
from tests.intake.conftest import office
from tests.matrix import expected
from tests.matrix.expected import COMMANDS, Facts, Person
from tests.matrix.reports import REGISTRAR, REPORTS
from tests.people import session_of
from tests.workflows.conftest import open_office
from tests.workflows.life import VERIFYING, Office

__all__ = ["office", "open_office"]

PEOPLE = (
    Person("agency_admin"),
    Person("agency_admin", "RIAU"),
    Person("liaison", opd="DISHUB"),
    Person("liaison", opd="DPUPR"),
    Person("inspectorate"),
    Person("auditor"),
    Person("auditor", None),
    Person("leadership"),
    Person("national", None),
    Person("desk", name=REGISTRAR),
    Person("desk", name="Loket lain"),
)

READINGS = (
    ("json: see", "complaints/{number}", expected.sees_process),
    ("json: letters", "complaints/{number}/letters", expected.reads_letters),
    ("json: files", "officials/reports/{number}/attachments", expected.reads_files),
    ("json: chronicle", "complaints/{number}/history", expected.reads_chronicle),
    ("json: add a file", "officials/reports/{number}/attachments?name=kosong.txt", expected.adds_files),
)
"""By JSON, besides words and what may be done: what is read or added, where, and whose it is; one in each cell."""

WORDS = re.compile('padam sejak seminggu|jalan di depan Pasar Bincen|/buka"')
"""Words of the reports, or the form by which those of a rahasia one are opened for a purpose."""

_GROUNDS, _TEXT = {"grounds": "Sudah diperiksa"}, {"text": "Sudah diperbaiki."}
BODIES: dict[str, dict[str, Any]] = {
    "verify": VERIFYING,
    "hold": {"missing": "Di mana?"},
    "archive": {"reason": "Sudah dijawab"},
    "pass_on": {"agency": "Kota Batam"},
    "forward": {"opds": ["DISHUB"]},
    "return": {"reason": "Bukan jalan provinsi"},
    "withdraw": {"opd": "DISHUB", **_GROUNDS},
    "ask": {"question": "Tiang mana?"},
    "follow_up": _TEXT,
    "extend": {"days": 1, **_GROUNDS},
    "refuse_extension": _GROUNDS,
    "close": _GROUNDS,
    "reopen": _GROUNDS,
    "reclassify": {"class": "aspirasi"},
    "escalate": {"why": "Warga terancam"},
    "instruct": {"to": "admin", **_TEXT, "by": "2026-12-01"},
    "resolve": {"finding": "Beres"},
    "nudge": {"opd": "DISHUB", "how": "telepon"},
}
"""What a command says that is really sent; those that are not here need to say nothing."""


class Official(NamedTuple):
    """Somebody signed in."""

    person: Person
    actor: Actor
    http: httpx.AsyncClient
    token: str
    """Of the session's forms."""


@pytest.fixture
async def app(office: Office) -> FastAPI:
    rates = dict.fromkeys(("http_public_rate", "http_token_rate", "http_pages_rate"), "100000/minute")
    return create_app(office.complaints, office.complaints.settings.model_copy(update=rates), routers())


@pytest.fixture
async def officials(app: FastAPI, office: Office) -> AsyncIterator[list[Official]]:
    await office.complaints.pool.execute("insert into instansi (code, name) values ('RIAU', 'Riau')")
    async with AsyncExitStack() as clients:
        found = []
        for number, person in enumerate(PEOPLE):
            client = await clients.enter_async_context(secure_client_of(app))
            name = person.name if person.role == "desk" else f"Orang {number}"
            client.cookies.set(
                NAME, await session_of(office.complaints, Role(person.role), name, person.opd, person.agency)
            )
            actor = Actor.model_validate((await client.get("/api/v1/me")).json())
            token = re.search(rf'name="{TOKEN}" value="([^"]+)"', (await client.get("/akun")).text)
            assert token is not None
            found.append(Official(person, actor, client, token[1]))
        yield found


@pytest.mark.timeout(900)  # two thousand cells: on a busy machine they take their time
async def test_page_json_and_database_agree_with_the_rules_in_every_cell(
    office: Office, officials: list[Official]
) -> None:
    differing, made = [], dict[str, Facts]()
    for nth, (name, (make, facts)) in enumerate(REPORTS.items()):
        number = (await make(office)).tracking_id
        made[number] = facts
        found = await asyncio.gather(*(_told(who, number, nth) for who in officials))
        before = (await office.complaints.snapshot(number)).last_seq
        for who, told in zip(officials, found, strict=True):
            due = _due(who.person, facts)
            differing += [(name, who.person, cell, told[cell], due[cell]) for cell in told if told[cell] != due[cell]]
        await asyncio.gather(*(_refused(who, number, facts, nth, next(iter(made))) for who in officials[nth % 2 :: 2]))
        assert (await office.complaints.snapshot(number)).last_seq == before, name
    for who in officials:
        for table, rule in (("complaint", expected.sees), ("event", expected.reads_words)):
            due_there = {number for number, facts in made.items() if rule(who.person, facts)}
            if (there := (await _in_the_database(office, who, table)) & set(made)) != due_there:
                differing.append((table, who.person, "database", there, due_there))
    of_nobody_here = {*REPORTERS_COMMANDS, CommandName.RECOMPUTE, CommandName.ATTACH}
    assert set(COMMANDS) == {*CommandName} - of_nobody_here
    assert differing == [], "\n".join(map(str, differing))


async def _refused(who: Official, number: str, facts: Facts, nth: int, main: str) -> None:
    """Really send a command that the rules refuse, another one for each official and report."""
    refused = sorted(name for name, rule in COMMANDS.items() if not rule(who.person, facts))
    command = refused[(PEOPLE.index(who.person) * len(REPORTS) + nth) % len(refused)]
    body = {"main": main} if command == "merge" else BODIES.get(command, {})
    path = f"/api/v1/complaints/{number}/{command.replace('_', '-')}"
    answer = await who.http.post(path, json=body, headers={HEADER: who.token})
    assert answer.status_code in (403, 404, 409), (who.person, command, answer.text)


async def _told(who: Official, number: str, nth: int) -> dict[str, Any]:
    return await _on_the_page(who, number) | await _by_json(who, number, READINGS[nth % len(READINGS)])


def _due(who: Person, report: Facts) -> dict[str, Any]:
    commands = {command for command, rule in COMMANDS.items() if rule(who, report)}
    sees, words = expected.sees(who, report), expected.reads_words(who, report)
    left = expected.has_left(who, report)
    return {
        "page: seen": sees,
        "page: words": words and not left,
        "page: commands": set() if left else commands,
        "json: commands": commands if expected.sees_process(who, report) else None,
        "json: words": words,
        **{act: rule(who, report) for act, _, rule in READINGS},
    }


async def _on_the_page(who: Official, number: str) -> dict[str, Any]:
    page = await who.http.get(f"/laporan/{number}")
    assert page.status_code in (200, 403, 404), page.text
    forms = re.findall(rf'action="/laporan/{number}/(\w+)"', page.text)
    return {
        "page: seen": page.status_code == 200,
        "page: words": page.status_code == 200 and WORDS.search(page.text) is not None,
        "page: commands": set(forms) & set(COMMANDS),
    }


async def _by_json(who: Official, number: str, reading: tuple[str, str, expected.Rule]) -> dict[str, Any]:
    act, path, _ = reading
    told = {
        "json: words": await _reads(who, f"complaints/{number}?words=true"),
        act: await (_adds if act == "json: add a file" else _reads)(who, path.format(number=number)),
    }
    may = await who.http.get(f"/api/v1/complaints/{number}/commands")
    return told | {
        "json: commands": {one["command"] for one in may.json() if one["allowed"]} if _allowed(may) else None
    }


async def _reads(who: Official, path: str) -> bool:
    return _allowed(await who.http.get(f"/api/v1/{path}", headers={"X-Purpose": "pemeriksaan"}))


async def _adds(who: Official, path: str) -> bool:
    """Send a file without content: whoever may add one is told that it is empty."""
    answer = await who.http.post(f"/api/v1/{path}", headers={HEADER: who.token})
    assert answer.status_code in (403, 404, 409, 422), answer.text
    return answer.status_code == 422


def _allowed(answer: httpx.Response) -> bool:
    assert answer.status_code in (200, 403, 404, 409), answer.text
    return answer.status_code == 200


async def _in_the_database(office: Office, who: Official, table: str) -> set[str]:
    """Return which reports of a table the official's scope shows, without any condition."""
    async with scoped(office.complaints.pool, who.actor) as conn:
        if not await conn.fetchval("select has_any_column_privilege($1, 'select')", table):
            return set()
        return {row[0] for row in await conn.fetch(f"select distinct tracking_id::text from {table}")}  # noqa: S608
