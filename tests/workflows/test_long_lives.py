"""Lives that continue as new, tasks that are all replayed, histories that give the same commands again."""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import date
from typing import Any

import pytest

from kawal.base.errors import SystemUnavailable
from kawal.client import relay
from kawal.domain.names import ClockKind, EventKind, Status
from kawal.domain.process.run_input import RunInput
from tests.histories.lives import lives_long
from tests.workflows.conftest import Opening
from tests.workflows.life import Case, Office, eventually, january, refusal
from workflows import complaint


async def runs(case: Case) -> int:
    """Return how many runs this complaint's workflow has had."""
    client = case.office.complaints.client
    return len([run async for run in client.list_workflows(f"WorkflowId = 'complaint-{case.tracking_id}'")])


async def test_a_life_that_continues_as_new_is_the_same_life(office: Office) -> None:
    short, long = await lives_long(office, events_per_run=30), await lives_long(office, events_per_run=None)
    assert await runs(short) > 3
    assert await runs(long) == 1
    assert await short.kinds() == await long.kinds()
    assert [event.facts.get("deadlines") for event in await short.events()] == [
        event.facts.get("deadlines") for event in await long.events()
    ]
    timeline = await short.handle().query("timeline")
    assert [entry["seq"] for entry in timeline] == list(range(1, len(await short.events()) + 1))


async def test_a_run_of_old_that_is_under_way_goes_over_to_commands_done_in_turn(
    open_office: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        # As in the previous release: runs that do not execute commands in turn, and never will.
        before.setattr(relay, "RunInput", _of_old)
        before.setattr(complaint, "may_go_over_to_turns", lambda _life, _seq: False)
        async with open_office() as office:
            case = await office.receive()
            await case.verify()
            assert not await begun_in_turn(case)
    async with open_office() as office:
        case = Case(office, case.tracking_id)
        await case.admin("forward", opds=["DPUPR"])
        await eventually(lambda: begun_in_turn(case))
        await case.follow_up(final=True)
        assert await runs(case) == 2
        assert [event.seq for event in await case.events()] == [1, 2, 3, 4]


def _of_old(**fields: Any) -> RunInput:
    return RunInput(**fields | {"in_turn": False})


async def begun_in_turn(case: Case) -> bool:
    """Return whether the current run began with commands executed in turn."""
    history = await case.handle().fetch_history()
    (given,) = history.events[0].workflow_execution_started_event_attributes.input.payloads
    codec = case.office.complaints.client.data_converter.payload_codec
    assert codec is not None
    return bool(json.loads((await codec.decode([given]))[0].data)["in_turn"])


async def test_deadlines_keys_and_refusals_are_carried_into_the_next_run(office: Office) -> None:
    case = await office.receive(events_per_run=10)
    await case.forward()
    for number in range(6):
        await case.admin("nudge", f"telepon-{number}", opd="DPUPR", how="Ditelepon")
    assert await runs(case) > 1
    assert await case.deadline(ClockKind.RESPOND, "DPUPR") == january(17)
    assert (await refusal(case.admin("forward", opds=["DPUPR"]))).code == "opd_already_owes"
    await case.until(january(18))
    assert (await case.event(EventKind.BREACHED)).facts["day"] == "2022-01-17"
    assert len(await case.events(EventKind.NUDGED)) == 6


async def test_commands_that_come_while_a_run_ends_are_done_once(office: Office) -> None:
    case = await office.receive(events_per_run=10)
    await case.forward()

    async def sent(number: int) -> None:
        # The engine accepts ten at once; a client that waits longer than the SDK does asks again, with the same key.
        with contextlib.suppress(SystemUnavailable):
            await case.admin("nudge", f"telepon:{number}", opd="DPUPR", how=f"telepon {number}")
            return
        await sent(number)

    await asyncio.gather(*(sent(number) for number in range(30)))
    told = [event.words["how"] for event in await case.events(EventKind.NUDGED)]
    assert sorted(told) == sorted(f"telepon {number}" for number in range(30))


async def test_a_worker_that_keeps_nothing_in_memory_replays_every_task(open_office: Opening) -> None:
    async with open_office(max_cached_workflows=0) as office:
        case = await lives_long(office, events_per_run=60)
        assert (await case.row()).status is Status.SELESAI
        assert (await case.handle().result())["last_seq"] == len(await case.events())


async def test_a_complaint_reopened_in_short_runs_goes_on(office: Office) -> None:
    case = await lives_long(office, events_per_run=40)
    await case.handle().result()  # until then the command would reach the last run, at that run's own time
    await case.reopen_at(date(2022, 5, 17))
    await case.follow_up(final=True)
    await case.until(date(2022, 6, 4))
    assert (await case.row()).closed_by == "auto_close"
    assert (await case.row()).status is Status.SELESAI
