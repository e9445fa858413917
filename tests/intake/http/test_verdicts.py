"""What a reporter says of a report by HTTP: accept, dispute, rate and conceal, each once and never lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from kawal.api import create_app
from kawal.client.complaints import Complaints
from kawal.crypto.master_keys import load_master_key
from kawal.domain.names import EventKind, Status
from kawal.record import master_key_file
from kawal.system import open_system
from tests.chaos.system import System, running
from tests.intake.http.conftest import REPORT, client_of
from tests.intake.http.test_outages import count, free_port, system
from tests.intake.http.test_reports import accepted, problem, started
from tests.workflows.life import Case, Office, eventually
from worker import serve_installation

__all__ = ["running", "system"]

PUBLIC = "select count(*) from public_report where tracking_id = $1"


async def submitted(client: httpx.AsyncClient, office: Office, **fields: Any) -> tuple[Case, dict[str, str]]:
    told = await accepted(client, **fields)
    await started(office, told["tracking_id"])
    return Case(office, told["tracking_id"]), told


async def say(
    client: httpx.AsyncClient, told: dict[str, str], what: str, key: str | None = None, **given: Any
) -> httpx.Response:
    headers = {"X-Tracking-Secret": told["secret"]} | ({"Idempotency-Key": key} if key else {})
    return await client.post(f"{told['location']}/{what}", json=given, headers=headers)


async def test_a_reporter_accepts_and_rates_and_each_counts_once(client: httpx.AsyncClient, office: Office) -> None:
    case, told = await submitted(client, office)
    await case.finish()
    first = await say(client, told, "accept", "a-1", rating=4)
    assert first.status_code == 202, first.text
    assert (await say(client, told, "accept", "a-1", rating=4)).json() == first.json()
    assert (await case.row()).status is Status.SELESAI
    for _ in range(2):
        assert (await say(client, told, "rate", "r-1", rating=5, words="Rapi")).status_code == 202
    assert (await case.row()).rating == 5
    assert (await case.event(EventKind.RATED)).words["words"] == "Rapi"
    problem(await say(client, told, "accept", "a-1", rating=1), 409, "key_reused")


async def test_a_reporter_disputes_and_the_opd_owes_again(client: httpx.AsyncClient, office: Office) -> None:
    case, told = await submitted(client, office)
    await case.finish()
    assert (await say(client, told, "dispute", why="Masih berlubang")).status_code == 202
    assert (await case.row()).status is Status.PROSES
    assert await case.told("disputed") == ["liaison/DPUPR"]
    problem(await say(client, told, "dispute", why="Sekali lagi"), 409, "no_final_stands")


async def test_what_is_refused_or_malformed_says_so(client: httpx.AsyncClient, office: Office) -> None:
    case, told = await submitted(client, office)
    problem(await say(client, told, "accept"), 409, "wrong_status")
    problem(await say(client, told, "rate", rating=6), 422, "invalid")
    problem(await say(client, told, "dispute"), 422, "invalid")
    problem(await say(client, told, "conceal"), 409, "not_told_what")
    problem(await say(client, told, "conceal", anonim=True, public=False), 422, "invalid")
    stranger = told | {"secret": "0000000000"}
    for what, given in (
        ("accept", {}),
        ("dispute", {"why": "w"}),
        ("rate", {"rating": 1}),
        ("conceal", {"anonim": True}),
    ):
        problem(await say(client, stranger, what, **given), 404, "no_such_report")
    assert [event.kind for event in await case.events()] == [EventKind.STARTED]


@pytest.mark.parametrize("ended", [False, True])
async def test_a_report_is_concealed_while_it_runs_and_after_its_end(
    client: httpx.AsyncClient, office: Office, ended: bool
) -> None:
    case, told = await submitted(client, office)
    pool = office.complaints.pool
    await case.close()
    assert await pool.fetchval(PUBLIC, case.tracking_id) == 1
    if ended:
        await case.later(timedelta(days=40))
    assert (await say(client, told, "conceal", "c-1", rahasia=True)).status_code == 202
    assert (await say(client, told, "conceal", "c-1", rahasia=True)).status_code == 202
    problem(await say(client, told, "conceal", "c-2", rahasia=True), 409, "concealed_already")
    assert await pool.fetchval(PUBLIC, case.tracking_id) == 0
    row = await case.row()
    assert (row.rahasia, row.anonim, row.status) == (True, False, Status.SELESAI)
    assert await pool.fetchval("select title from complaint where tracking_id = $1", case.tracking_id) is None
    assert (await case.event(EventKind.CONCEALED)).facts == {"anonim": False, "rahasia": True}
    assert await pool.fetchval("select count(*) from inbox_reply where status <> 'sent'") == 0


async def test_a_merged_report_takes_replies_long_after_its_run_has_ended(
    client: httpx.AsyncClient, office: Office
) -> None:
    main, _ = await submitted(client, office)
    case, told = await submitted(client, office, title="Jalan yang sama")
    await main.verify()
    await case.admin("merge", main=main.tracking_id)
    headers = {"X-Tracking-Secret": told["secret"]}
    for text in ("Masih berlubang.", "Sampai hari ini."):
        answer = await client.post(f"{told['location']}/replies", json={"text": text}, headers=headers)
        assert answer.status_code == 202, answer.text
    assert [event.words["text"] for event in await case.events(EventKind.REPLIED)] == [
        "Masih berlubang.",
        "Sampai hari ini.",
    ]
    assert (await case.row()).status is Status.DIGABUNG
    assert await case.told("follower_replied") == ["agency_admin"] * 2
    assert await main.events(EventKind.REPLIED) == []


@pytest.mark.parametrize("concealed", ["main", "follower"])
async def test_a_follower_reads_no_text_of_the_main_report_once_either_is_hidden(
    client: httpx.AsyncClient, office: Office, concealed: str
) -> None:
    main, main_told = await submitted(client, office)
    follower, told = await submitted(client, office, title="Jalan yang sama")
    await main.forward("DPUPR")
    await follower.admin("merge", main=main.tracking_id)
    await main.follow_up()

    async def page() -> tuple[list[str], str]:
        seen = await client.get(told["location"], headers={"X-Tracking-Secret": told["secret"]})
        messages = seen.json()["messages"]
        return [one["kind"] for one in messages], " ".join(one["text"] for one in messages)

    text = (await main.event(EventKind.FOLLOWED_UP)).words["text"]
    kinds, words = await page()
    assert text in words
    answer = await say(client, main_told if concealed == "main" else told, "conceal", rahasia=True)
    assert answer.status_code == 202, answer.text
    assert set(kinds) <= set((await page())[0])
    assert text not in (await page())[1]


async def test_before_the_workflow_begins_and_with_the_engine_away_a_report_is_concealed_at_once(
    system: System,
) -> None:
    nowhere = system.endpoints.model_copy(update={"temporal_address": f"127.0.0.1:{free_port()}"})
    master = load_master_key(master_key_file(system.settings.home))
    async with (
        open_system(system.settings, endpoints=nowhere, master=master, engine_later=True) as connected,
        client_of(create_app(Complaints(connected), system.settings)) as client,
    ):
        told = (await client.post("/api/v1/reports", json=REPORT)).json()
        answer = await say(client, told, "conceal", "c-1", anonim=True, rahasia=True)
        assert answer.status_code == 202, answer.text
        assert (await say(client, told, "conceal", "c-1", anonim=True, rahasia=True)).status_code == 202
        problem(await say(client, told, "conceal", "c-2", anonim=True), 409, "concealed_already")
        problem(await say(client, told, "accept"), 409, "wrong_status")
        seen = await client.get(told["location"], headers={"X-Tracking-Secret": told["secret"]})
        assert (seen.json()["anonim"], seen.json()["rahasia"]) == (True, True)
    assert await count(system, "inbox_reply where status = 'waiting'") == 1
    assert await count(system, "concealment where anonim and rahasia") == 1
    async with serve_installation(system.complaints.system):

        async def heard() -> bool:
            return await count(system, "inbox_reply where status = 'sent'") == 1

        await eventually(heard)
    assert await count(system, "complaint where anonim and rahasia and title is null") == 1
    assert await system.events("concealed") == 1


async def test_said_again_with_the_engine_away_it_has_the_answer_that_is_on_record(
    client: httpx.AsyncClient, office: Office
) -> None:
    case, told = await submitted(client, office)
    await case.finish()
    first = await say(client, told, "accept", "a-1", rating=4)
    connected = office.complaints.system
    nowhere = connected.endpoints.model_copy(update={"temporal_address": f"127.0.0.1:{free_port()}"})
    master = load_master_key(master_key_file(connected.settings.home))
    async with (
        open_system(connected.settings, endpoints=nowhere, master=master, engine_later=True) as cut_off,
        client_of(create_app(Complaints(cut_off), connected.settings)) as lonely,
    ):
        assert (await say(lonely, told, "accept", "a-1", rating=4)).json() == first.json()
        problem(await say(lonely, told, "accept", "a-1", rating=1), 409, "key_reused")
        problem(await say(lonely, told, "accept", "a-2", rating=4), 409, "wrong_status")


async def test_what_was_said_while_the_engine_was_away_counts_from_then(
    client: httpx.AsyncClient, office: Office
) -> None:
    case, _ = await submitted(client, office)
    await case.finish()
    row = await case.row()
    closing = next(line.deadline for line in row.clocks if line.kind == "auto_close")
    assert closing is not None
    reporter = await office.complaints.reporter(case.tracking_id)
    command = (await case.command("dispute")).model_copy(
        update={"actor": reporter, "arguments": {"why": "Masih rusak"}}
    )
    kept = office.complaints.system.kept_replies
    await kept.keep(case.tracking_id, command, "web", closing - timedelta(hours=3))
    await case.until(date.fromordinal(closing.date().toordinal() + 3))
    assert (await case.row()).status is Status.PROSES
    assert (await case.event(EventKind.DISPUTED)).at == closing - timedelta(hours=3)
