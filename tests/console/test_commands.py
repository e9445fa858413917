"""Officials give every command, and do every act of the desks, by JSON; nobody as somebody else."""

from __future__ import annotations

import asyncio
import runpy
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import httpx
import pytest
from fastapi import FastAPI

from kawal.api import create_app, serve_api
from kawal.console import commands, desk_acts
from kawal.console.app import routers
from kawal.console.complaint import ComplaintOut
from kawal.desks.table import DESK
from kawal.domain.messages import Answer
from kawal.domain.names import CommandName, EventKind, Role
from kawal.domain.process.transitions import TRANSITIONS
from kawal.web.server import listen_as_set
from tests.intake.http.conftest import client_of
from tests.intake.http.fuzzing import answers_to_anything
from tests.intake.http.test_guarding import bearer
from tests.intake.http.test_reports import problem
from tests.people import pass_of, person_with
from tests.workflows.life import VERIFYING, Case, Office
from tests.workflows.test_changed_meanwhile import PROGRESS, sent

FUZZED = ("/verify", "/forward", "/instruct", "/office/set", "/quality/draw")
"""Some of each kind of field; all sixty operations would take half a minute."""


class Calling(NamedTuple):
    """A client, and the headers of each official who calls."""

    office: Office
    http: httpx.AsyncClient
    passes: dict[str, dict[str, str]]

    async def post(self, who: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        shown = self.passes[who] | {"Accept-Language": "id"} | headers
        return await self.http.post(f"/api/v1/{path}", json=body or {}, headers=shown)

    async def command(self, who: str, case: Case, name: str, body: Any = None, **headers: str) -> httpx.Response:
        return await self.post(who, f"complaints/{case.tracking_id}/{name}", body, **headers)


@pytest.fixture
async def app(office: Office) -> FastAPI:
    settings = office.complaints.settings.model_copy(update={"http_token_rate": "10000/minute"})
    return create_app(office.complaints, settings, routers())


async def issued_to(office: Office, name: str, role: Role, opd: str | None) -> str:
    return await pass_of(office.complaints, await office.complaints.actor(role, name, opd))


@pytest.fixture
async def calling(office: Office, app: FastAPI) -> AsyncIterator[Calling]:
    held: dict[str, tuple[Role, str | None]] = {
        "Ani": (Role.ADMIN, None),
        "Budi": (Role.LIAISON, "DPUPR"),
        "Lia": (Role.DESK, None),
        "Rani": (Role.AUDITOR, None),
        "Nina": (Role.NATIONAL, None),
    }
    passes = {name: bearer(await issued_to(office, name, role, opd)) for name, (role, opd) in held.items()}
    async with client_of(app) as http:
        yield Calling(office, http, passes)


async def test_a_life_by_json_from_verifying_to_the_acceptance_that_the_desk_passes_on(calling: Calling) -> None:
    case = await calling.office.receive()
    told = await calling.command("Ani", case, "verify", VERIFYING | {"if_seq": 1})
    assert told.status_code == 200, told.text
    verified = Answer.model_validate(told.json())
    assert set(told.json()) == set(Answer.model_fields)
    assert (verified.status, verified.last_seq) == ("belum_ditindaklanjuti", 2)
    forwarded = await calling.command("Ani", case, "forward", {"opds": ["DPUPR"], "if_seq": verified.last_seq})
    assert forwarded.status_code == 200, forwarded.text
    assert (await calling.command("Budi", case, "receive")).status_code == 200
    final = await calling.command("Budi", case, "follow-up", PROGRESS | {"final": True})
    assert final.status_code == 200, final.text
    accepting = {"rating": 5, "recognition": {"contact": "siti@example.org"}, "if_seq": final.json()["last_seq"]}
    problem(await calling.command("Lia", case, "accept", accepting | {"recognition": None}), 409, "code_or_contact")
    accepted = await calling.command("Lia", case, "accept", accepting)
    assert accepted.json()["status"] == "selesai", accepted.text
    given = await case.event(EventKind.ACCEPTED)
    assert (given.actor.role, given.facts["via"], given.facts["rating"]) == (Role.DESK, "desk", 5)
    assert given.actor.name == "Lia"


async def test_the_own_queues_by_json_are_paged_filtered_and_counted_and_say_what_may_be_done(calling: Calling) -> None:
    cases = [await calling.office.receive(title=f"Lampu padam {nth}") for nth in range(3)]
    await cases[0].forward()

    async def listed(who: str, query: str = "") -> Any:
        return (await calling.http.get(f"/api/v1/complaints{query}", headers=calling.passes[who])).json()

    first = await listed("Ani", "?limit=1")
    assert (first["queue"], first["counts"]["verification"], first["counts"]["open"]) == ("verification", 2, 3)
    second = await listed("Ani", f"?limit=1&after={first['next']}")
    assert second["next"] is None
    numbers = [page["complaints"][0]["number"] for page in (first, second)]
    assert numbers == sorted(case.tracking_id for case in cases[1:])
    found = await listed("Ani", "?queue=open&words=bincen&status=belum_ditindaklanjuti&opd=dpupr")
    assert [one["number"] for one in found["complaints"]] == [cases[0].tracking_id]
    owed = (await listed("Budi"))["complaints"]
    assert [(one["number"], one["why"], one["title"]) for one in owed] == [
        (cases[0].tracking_id, ["respond"], "Jalan berlubang")
    ]
    for who, query, status, code in (
        *(("Nina", "", 403, "wrong_role"), ("Budi", "?queue=open", 403, "wrong_role")),
        *(("Ani", "?after=gajah", 422, "after"), ("Ani", "?limit=0", 422, "invalid")),
    ):
        shown = calling.passes[who]
        problem(await calling.http.get(f"/api/v1/complaints{query}", headers=shown), status, code)
    may = await calling.http.get(f"/api/v1/complaints/{cases[0].tracking_id}/commands", headers=calling.passes["Budi"])
    told = {one["command"]: one for one in may.json()}
    assert (told["follow_up"]["allowed"], told["verify"]["code"]) == (True, "wrong_role")


async def test_mentions_and_saved_views_by_json_are_the_callers_own(calling: Calling) -> None:
    case = await calling.office.receive()
    await case.forward("DPUPR")
    await person_with(calling.office.complaints, Role.LIAISON, "Budi", "DPUPR")

    async def own(who: str, what: str) -> Any:
        return (await calling.http.get(f"/api/v1/{what}", headers=calling.passes[who])).json()

    note = {"tracking_id": case.tracking_id, "text": "@Budi mohon dicek", "audience": "opds"}
    assert (await calling.post("Ani", "desk/note/add", note)).status_code == 200
    (named,) = await own("Budi", "mentions")
    assert (named["tracking_id"], named["name"]) == (case.tracking_id, "Ani")
    read = {"tracking_id": case.tracking_id, "note": named["note"]}
    problem(await calling.post("Rani", "desk/mention/read", read), 409, "no_mention")
    assert (await calling.post("Budi", "desk/mention/read", read)).status_code == 200
    saved = await calling.post("Budi", "desk/view/save", {"name": "Terlambat", "address": "/kerja?terlambat=1"})
    assert saved.status_code == 200
    assert await own("Budi", "views") == [
        {"number": 1, "name": "Terlambat", "address": "/kerja?terlambat=1", "shared": False, "own": True}
    ]
    assert [await own(who, what) for who in ("Lia", "Nina") for what in ("mentions", "views")] == [[]] * 4


async def test_who_missed_a_colleagues_act_gets_409_with_who_did_what_and_when(calling: Calling) -> None:
    case = await calling.office.receive()
    await case.forward()
    seen = (await case.row()).last_seq
    await sent(case, "follow_up", "Citra", seen, "DPUPR", **PROGRESS)
    told = problem(
        await calling.command("Budi", case, "follow-up", PROGRESS | {"if_seq": seen}), 409, "changed_meanwhile"
    )
    last = await case.event(EventKind.FOLLOWED_UP)
    assert told["details"] == {
        "event": "followed_up",
        "name": "Citra",
        "role": "liaison",
        "opd": "DPUPR",
        "account": last.actor.account,
        "at": last.at.isoformat(),
        "seq": str(last.seq),
    }
    assert "Citra (DPUPR) menindaklanjuti laporan ini" in told["detail"]
    english = await calling.command("Budi", case, "follow-up", PROGRESS | {"if_seq": seen}, **{"Accept-Language": "en"})
    assert "Citra (DPUPR) followed this report up" in english.json()["detail"]


async def test_a_command_sent_again_under_its_key_has_one_effect_and_no_colleague_can_take_the_key(
    calling: Calling,
) -> None:
    case = await calling.office.receive()
    key = {"Idempotency-Key": "lembar-17"}
    first = await calling.command("Ani", case, "hold", {"missing": "Nama jalan"}, **key)
    again = await calling.command("Ani", case, "hold", {"missing": "Nama jalan"}, **key)
    assert first.json() == again.json()
    other = await calling.command("Ani", case, "archive", {"reason": "Ganda"}, **key)
    problem(other, 409, "key_reused")
    assert await case.event(EventKind.HELD)
    problem(await calling.command("Budi", case, "receive", **key), 409, "wrong_status")
    problem(await calling.command("Ani", case, "archive", {"reason": "x"}, **{"Idempotency-Key": "\t"}), 422, "invalid")


FOREIGN: list[dict[str, Any]] = [
    {"actor": {"role": "inspectorate", "account": "x"}},
    {"idempotency_key": "x"},
    {"received_at": "2022-01-01T00:00:00Z"},
    {"behalf": {"via": "desk"}},
    {"name": "close"},
    {"recognition": {"code": "x"}},
    {"if_seq": 0},
    {"if_seq": "1 or 1"},
]


async def test_a_body_names_nobody_and_nothing_but_its_arguments_and_no_other_sites_form_is_one(
    calling: Calling,
) -> None:
    case = await calling.office.receive()
    for foreign in FOREIGN:
        told = problem(await calling.command("Ani", case, "archive", {"reason": "Ganda"} | foreign), 422, "invalid")
        assert next(iter(foreign)) in told["errors"][0]["pointer"]
    where = f"/api/v1/complaints/{case.tracking_id}/archive"
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        headers = calling.passes["Ani"] | {"Content-Type": kind}
        problem(await calling.http.post(where, content=b'{"reason": "x"}', headers=headers), 415, "media_type")
    problem(await calling.http.post(where, json={"reason": "x"}), 401, "pass")
    assert await case.kinds() == [EventKind.STARTED]


async def test_what_the_rules_refuse_is_told_and_on_record(calling: Calling) -> None:
    case = await calling.office.receive()
    told = problem(await calling.command("Rani", case, "archive", {"reason": "x"}), 403, "wrong_role")
    assert told["details"] == {"command": "archive", "role": "auditor", "allowed": "agency_admin"}
    told = problem(await calling.command("Budi", case, "receive"), 409, "wrong_status")
    assert told["details"]["status"] == "belum_diverifikasi"
    problem(await calling.post("Ani", "complaints/7654321/archive", {"reason": "x"}), 404, "unknown_complaint")
    problem(await calling.command("Ani", case, "forward", {"opds": ["TIDAK-ADA"]}), 422, "unknown_opd")
    problem(await calling.command("Ani", case, "accept", {"rating": 5}), 403, "wrong_role")
    assert {"wrong_role", "wrong_status", "unknown_opd"} <= set(await case.refusals_on_record())


async def test_a_complaint_is_seen_as_it_stands_and_its_words_once_their_reading_is_on_record(
    calling: Calling,
) -> None:
    secret = await calling.office.receive(rahasia=True)
    where = f"/api/v1/complaints/{secret.tracking_id}"
    seen = await calling.http.get(where, headers=calling.passes["Ani"])
    assert seen.status_code == 200, seen.text
    told = ComplaintOut.model_validate(seen.json())
    assert (told.status, told.last_seq, told.words, told.rahasia) == ("belum_diverifikasi", 1, {}, True)
    assert told.model_dump(mode="json", exclude_unset=True) == seen.json()
    read = {"words": "true"}
    problem(await calling.http.get(where, params=read, headers=calling.passes["Ani"]), 409, "purpose_needed")
    problem(await calling.http.get(where, params=read, headers=calling.passes["Lia"]), 403, "words_not_registered")
    for_a_purpose = calling.passes["Ani"] | {"X-Purpose": "Verifikasi%20pagi"}
    words = (await calling.http.get(where, params=read, headers=for_a_purpose)).json()["words"]
    assert words["title"] == "Jalan berlubang di depan pasar"
    log = calling.office.complaints.access_log
    entries = [entry async for entry in log.entries(secret.tracking_id)]
    assert [entry.kind for entry in entries] == ["refused", "refused", "read_history"]
    assert entries[-1].words["purpose"] == "Verifikasi pagi"
    stranger = await issued_to(calling.office, "Umar", Role.NATIONAL, None)
    problem(await calling.http.get(where, headers=bearer(stranger)), 403, "wrong_role")
    problem(await calling.http.get("/api/v1/complaints/7654321", headers=bearer(stranger)), 404, "unknown_complaint")


async def test_the_example_for_integrators_posts_a_final_follow_up(
    office: Office, calling: Calling, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = await office.receive()
    await case.forward()
    bound = listen_as_set(office.complaints.settings.model_copy(update={"http_port": 0}))
    async with serve_api(office.complaints, bound) as url:
        monkeypatch.setenv("KAWAL_URL", url)
        monkeypatch.setenv("KAWAL_PASS", calling.passes["Budi"]["Authorization"].removeprefix("Bearer "))
        example = runpy.run_path("docs/examples/official_client.py")
        await asyncio.to_thread(example["main"], case.tracking_id, "Lubang ditambal.")
        assert f"{case.tracking_id}: proses" in capsys.readouterr().out
        with pytest.raises(SystemExit, match="urn:kawal:problem:words_not_of_opd"):
            await asyncio.to_thread(example["main"], (await office.receive()).tracking_id, "Lubang ditambal.")
    assert (await case.event(EventKind.FOLLOWED_UP)).facts["final"] is True


async def test_an_act_of_the_desks_is_done_as_at_the_command_line(calling: Calling) -> None:
    added = await calling.post("Ani", "desk/opd/add", {"code": "UPTD-SAMSAT", "name": "UPTD Samsat"})
    assert added.status_code == 200, added.text
    assert (added.json()["code"], added.json()["name"]) == ("UPTD-SAMSAT", "UPTD Samsat")
    told = problem(await calling.post("Rani", "desk/opd/add", {"code": "X", "name": "X"}), 403, "wrong_role")
    assert told["details"]["allowed"] == "agency_admin"
    problem(await calling.post("Ani", "desk/opd/add", {"code": "Y", "name": "Y", "actor": "x"}), 422, "invalid")
    problem(
        await calling.post("Ani", "desk/opd/add?instansi=LAIN", {"code": "Y", "name": "Y"}), 409, "unknown_instansi"
    )
    log = calling.office.complaints.access_log
    entries = [entry async for entry in log.entries() if entry.facts.get("what") == "opd_added"]
    assert [(entry.actor.name, entry.actor.role) for entry in entries] == [("Ani", Role.ADMIN)]


async def test_an_act_sent_again_under_its_idempotency_key_is_answered_that_it_is_done(calling: Calling) -> None:
    key, opd = {"Idempotency-Key": "opd-17"}, {"code": "UPTD-LAB", "name": "UPTD Laboratorium"}
    first = await calling.post("Ani", "desk/opd/add", opd, **key)
    assert first.status_code == 200, first.text
    problem(await calling.post("Ani", "desk/opd/add", opd, **key), 409, "already_done")
    problem(await calling.post("Ani", "desk/opd/add", opd | {"code": "X"}, **key), 409, "key_reused")


async def test_what_was_given_up_is_tried_again_and_set_aside_by_json(calling: Calling) -> None:
    case, outbox = await calling.office.receive(), calling.office.complaints.record.outbox
    (line, *_) = await outbox.lines(tracking_id=case.tracking_id)
    await outbox.mark_failed(line.id, "550 no such mailbox")
    key, notice = {"Idempotency-Key": "kirim-17"}, {"number": line.id}
    problem(await calling.post("Budi", "desk/notices/resend", notice), 403, "wrong_role")
    assert (await calling.post("Ani", "desk/notices/resend", notice, **key)).json() == {"notice": line.id}
    problem(await calling.post("Ani", "desk/notices/resend", notice, **key), 409, "already_done")
    problem(await calling.post("Ani", "desk/notices/set-aside", notice), 409, "purpose_needed")
    given_up = {"tracking_id": case.tracking_id, "grounds": "Sudah dilaporkan ulang"}
    problem(await calling.post("Ani", "desk/inbox/set-aside", given_up), 409, "not_given_up")
    assert (await calling.post("Ani", "desk/inbox/retry", {})).json() == {"retried": []}


async def test_an_agencys_admin_changes_the_rules_of_the_own_agency_alone(calling: Calling) -> None:
    complaints = calling.office.complaints
    await complaints.pool.execute("insert into instansi (code, name, kind) values ('LAIN', 'Lain', 'kota')")
    (shipped, *_) = await complaints.rulebook.policies()
    own = shipped.model_copy(update={"version": "kepri-1", "verify": 2}).model_dump(mode="json")
    added = await calling.post("Ani", "desk/policy/import", {"policies": [own]})
    assert added.json() == ["kepri-1"], added.text
    held = await complaints.pool.fetch("select instansi::text from policy_version where version = 'kepri-1'")
    assert [row["instansi"] for row in held] == ["KEPRI"]
    national = {
        "version": "nasional-uji",
        "holidays": [{"day": "2026-01-01", "name": "Tahun Baru", "kind": "libur_nasional"}],
    }
    problem(await calling.post("Ani", "desk/calendar/import", national), 409, "holds_for_all")


def test_every_command_of_people_and_every_act_has_its_route_which_the_document_describes() -> None:
    app = FastAPI()
    for router in (commands.router, desk_acts.router):
        app.include_router(router)
    document = app.openapi()
    people = {name for name, row in TRANSITIONS.items() if row.who[0] is not Role.SYSTEM}
    assert people == set(CommandName) - {CommandName.RECOMPUTE, CommandName.ATTACH}
    assert set(document["paths"]) == {f"/complaints/{{tracking_id}}/{commands.path_of(name)}" for name in people} | {
        f"/desk/{desk_acts.path_of(name)}" for name in set(DESK) - desk_acts.ON_THE_MACHINE
    }
    for path, methods in document["paths"].items():
        operation = methods["post"]
        assert operation["summary"], path
        assert operation["description"], path
        assert {"200", "401", "403", "409", "415", "422", "429", "503"} <= set(operation["responses"]), path
    named = document["components"]["schemas"]
    assert [name for name in named if "__" in name or name.endswith(("-Input", "-Output"))] == []


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")  # schemathesis's own
async def test_nothing_that_schemathesis_sends_breaks_a_command_or_an_act(app: FastAPI, calling: Calling) -> None:
    document = app.openapi()
    document["paths"] = {
        path: methods
        for path, methods in document["paths"].items()
        if path.endswith(FUZZED) and "/reports/" not in path
    }
    assert len(document["paths"]) == len(FUZZED)
    answers = await answers_to_anything(app, document, 3, calling.passes["Ani"])
    assert len(answers) > len(FUZZED)
