"""The reconciler: discrepancies of inbox, record and engine are repaired if that is safe, else reported."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus

from kawal.client.complaints import Complaints
from kawal.client.relay import Relay
from kawal.client.restart import Restarts
from kawal.client.workflow_start import carries
from kawal.crypto.master_keys import ensure_master_key
from kawal.domain.calendar import at_local
from kawal.domain.findings import Finding
from kawal.domain.names import Role, Status, workflow_id
from kawal.domain.process.projection import snapshot
from kawal.domain.reconciliation import RoundProgress, Stage, differences
from kawal.record import master_key_file
from kawal.store.inbox import Inbox
from kawal.store.kept_replies import KeptReplies
from kawal.store.reconcile import FindingLine, Reconciliation
from kawal.store.rules import Rulebook
from kawal.system import System, open_system
from tests.workflows.life import MONDAY, VERIFYING, eventually, reply, report
from worker import make_worker, serve_installation
from workflows.rounds import RECONCILE


@pytest.fixture
async def complaints(connected: System) -> AsyncIterator[Complaints]:
    async with make_worker(connected):
        yield Complaints(connected)


@asynccontextmanager
async def another_process(complaints: Complaints) -> AsyncIterator[System]:
    """Yield a connection to the same installation that caches keys of its own."""
    master = ensure_master_key(master_key_file(complaints.settings.home))
    async with open_system(complaints.settings, endpoints=complaints.system.endpoints, master=master) as connected:
        yield connected


async def received(complaints: Complaints, **fields: Any) -> str:
    adapter = await complaints.actor(Role.ADAPTER, "web")
    return (await complaints.start(report(**fields), adapter)).tracking_id


async def one_round(complaints: Complaints) -> RoundProgress:
    so_far: RoundProgress = await complaints.client.execute_workflow(
        "Reconcile",
        id=f"reconcile-{uuid.uuid4()}",
        task_queue=complaints.settings.task_queue,
        result_type=RoundProgress,
    )
    assert so_far.stage is Stage.DONE
    return so_far


async def found(complaints: Complaints, *, everything: bool = False) -> dict[tuple[str, Finding], FindingLine]:
    lines = await Reconciliation(complaints.pool).findings(everything=everything)
    return {(line.tracking_id, line.kind): line for line in lines}


async def terminate(complaints: Complaints, tracking_id: str) -> None:
    await complaints.client.get_workflow_handle(workflow_id(tracking_id)).terminate("by hand")


async def test_where_all_agree_nothing_is_found(complaints: Complaints) -> None:
    cases = [await received(complaints) for _ in range(3)]
    so_far = await one_round(complaints)
    assert (so_far.found, so_far.repaired) == (0, 0)
    assert so_far.looked_at >= len(cases)
    last = await Reconciliation(complaints.pool).last_round()
    assert last is not None
    assert (last.number, last.found) == (so_far.number, 0)


@pytest.mark.schedules
async def test_an_installation_makes_its_rounds_by_a_schedule(connected: System) -> None:
    async with serve_installation(connected):
        schedule = connected.client.get_schedule_handle(RECONCILE.schedule)
        (interval,) = (await schedule.describe()).schedule.spec.intervals
        assert interval.every == timedelta(minutes=15)
        await schedule.trigger()

        async def has_ended() -> bool:
            return await Reconciliation(connected.pool).last_round() is not None

        await eventually(has_ended)


async def test_a_terminated_workflow_of_an_open_complaint_is_started_again_from_its_record(
    complaints: Complaints,
) -> None:
    case = await received(complaints)
    admin = await complaints.actor(Role.ADMIN, "Dewi")
    verified = await complaints.send(case, "verify", admin, dict(VERIFYING), "kunci-1")
    before = await complaints.state(case)
    await terminate(complaints, case)
    so_far = await one_round(complaints)
    assert (so_far.found, so_far.repaired) == (1, 1)
    line = (await found(complaints))[case, Finding.NO_WORKFLOW]
    assert line.repaired_at is not None
    assert line.facts == {"engine": "terminated"}
    handle = complaints.client.get_workflow_handle(workflow_id(case))
    assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
    assert await handle.query("state") == before.model_dump(mode="json")
    assert await complaints.send(case, "verify", admin, dict(VERIFYING), "kunci-1") == verified
    answer = await complaints.send(case, "forward", admin, {"opds": ["DPUPR"]}, "kunci-2")
    assert (answer.status, answer.last_seq) == (Status.BELUM_DITINDAKLANJUTI, 3)
    assert (await one_round(complaints)).found == 0
    assert await found(complaints) == {}
    assert (await found(complaints, everything=True))[case, Finding.NO_WORKFLOW].gone_at is not None


async def test_a_complaint_that_gets_a_new_run_as_the_round_looks_at_it_is_no_finding(
    complaints: Complaints, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await received(complaints)
    await terminate(complaints, case)
    is_open = Reconciliation.is_open

    async def someone_is_faster(store: Reconciliation, tracking_id: str) -> bool:
        assert await Restarts(complaints.system).restart(tracking_id) is None
        return await is_open(store, tracking_id)

    monkeypatch.setattr(Reconciliation, "is_open", someone_is_faster)
    assert (await one_round(complaints)).found == 0
    assert await found(complaints, everything=True) == {}


async def test_every_run_of_a_complaint_carries_its_report_s_number(complaints: Complaints) -> None:
    adapter = await complaints.actor(Role.ADAPTER, "web")
    admin = await complaints.actor(Role.ADMIN, "Dewi")
    liaison = await complaints.actor(Role.LIAISON, "Budi", "DPUPR")
    case = (await complaints.start(report(), adapter, events_per_run=10)).tracking_id
    inbox_id = await complaints.pool.fetchval("select id from inbox where tracking_id = $1", case)
    handle = complaints.client.get_workflow_handle(workflow_id(case))
    first_run = (await handle.describe()).run_id
    await complaints.send(case, "verify", admin, dict(VERIFYING))
    await complaints.send(case, "forward", admin, {"opds": ["DPUPR"]})
    for number in range(4):
        await complaints.send(case, "follow_up", liaison, {"text": f"Langkah {number}", "final": number == 3})
    later = await handle.describe()
    assert later.run_id != first_run
    assert await carries(later, inbox_id)
    await terminate(complaints, case)
    await one_round(complaints)
    assert await carries(await handle.describe(), inbox_id)


async def test_ended_complaints_are_left_in_peace(complaints: Complaints) -> None:
    case = await received(complaints)
    admin = await complaints.actor(Role.ADMIN, "Dewi")
    await complaints.send(case, "archive", admin, {"reason": "Ganda"})
    await complaints.client.get_workflow_handle(workflow_id(case)).result()
    assert (await one_round(complaints)).found == 0


async def test_a_report_noted_as_started_that_never_was_goes_back_to_the_relay(complaints: Complaints) -> None:
    connected = complaints.system
    accepted = await Inbox(connected.pool, connected.keys).accept(report(), "KEPRI", datetime.now(UTC))
    await connected.pool.execute("update inbox set status = 'started', started_at = now() - interval '1 hour'")
    so_far = await one_round(complaints)
    assert (so_far.found, so_far.repaired) == (1, 1)
    assert (await found(complaints))[accepted.tracking_id, Finding.NOT_STARTED].facts == {"engine": "unknown"}
    await until_recorded(complaints, accepted.tracking_id)
    assert (await one_round(complaints)).found == 0


async def test_a_start_that_was_cut_off_before_its_first_event_is_made_again(connected: System) -> None:
    complaints = Complaints(connected)
    accepted = await Inbox(connected.pool, connected.keys).accept(report(), "KEPRI", datetime.now(UTC))
    assert (await Relay(connected, Rulebook(connected.pool)).start_waiting()).started == 1
    await terminate(complaints, accepted.tracking_id)
    await connected.pool.execute("update inbox set started_at = now() - interval '1 hour'")
    async with make_worker(connected):
        assert (await one_round(complaints)).repaired == 1
        await until_recorded(complaints, accepted.tracking_id)
        assert (await complaints.state(accepted.tracking_id)).last_seq == 1


async def until_recorded(complaints: Complaints, tracking_id: str) -> None:
    """Wait until the relay has started it and its first event is recorded."""
    assert (await Relay(complaints.system, complaints.rulebook).start_waiting()).started == 1

    async def on_record() -> bool:
        return await complaints.ledger.snapshot(tracking_id) is not None

    await eventually(on_record)


async def test_another_report_s_workflow_under_the_number_is_reported(complaints: Complaints) -> None:
    case = await received(complaints)
    connected = complaints.system
    accepted = await Inbox(connected.pool, connected.keys).accept(report(), "KEPRI", datetime.now(UTC))
    await connected.pool.execute(
        "update inbox set status = 'started', started_at = now() - interval '1 hour' where id = $1", accepted.inbox_id
    )
    await connected.client.start_workflow(
        "Complaint", id=accepted.workflow_id, task_queue="nobody", memo={"inbox": accepted.inbox_id + 5}
    )
    so_far = await one_round(complaints)
    assert (so_far.found, so_far.repaired) == (1, 0)
    assert list(await found(complaints)) == [(accepted.tracking_id, Finding.OTHER_REPORT)]
    assert case


async def test_an_erased_complaint_without_a_workflow_is_reported_with_the_reason(complaints: Complaints) -> None:
    case = await received(complaints)
    await terminate(complaints, case)
    async with complaints.pool.acquire() as conn:
        await complaints.system.keys.destroy(conn, workflow_id(case), "auditor", "permintaan pelapor")
    so_far = await one_round(complaints)
    assert (so_far.found, so_far.repaired) == (1, 0)
    assert (await found(complaints))[case, Finding.NO_WORKFLOW].facts["not_repaired"] == "erased"


async def test_what_was_due_and_did_not_happen_is_reported(complaints: Complaints) -> None:
    adapter = await complaints.actor(Role.ADAPTER, "web")
    answer = await complaints.start(report(), adapter, starts_at=at_local(MONDAY, 9))
    assert (await one_round(complaints)).found == 1
    assert (answer.tracking_id, Finding.TIMER_LATE) in await found(complaints)


async def test_a_read_model_that_says_something_else_than_the_events_is_reported_until_it_agrees(
    complaints: Complaints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.reconcile.PARTS", 1)
    case = await received(complaints)
    await complaints.pool.execute("update complaint set level = 2, ever_level = 3 where tracking_id = $1", case)
    await one_round(complaints)
    assert (await found(complaints))[case, Finding.READ_MODEL].facts["fields"] == ["ever_level", "level"]
    monkeypatch.setattr("activities.reconcile.PARTS", 96)
    await one_round(complaints)
    assert (case, Finding.READ_MODEL) in await found(complaints)  # checked again, whatever the sample
    await complaints.pool.execute("update complaint set level = 0, ever_level = 0 where tracking_id = $1", case)
    await one_round(complaints)
    assert await found(complaints) == {}


async def test_the_fold_of_every_life_so_far_equals_its_row(complaints: Complaints) -> None:
    case = await received(complaints, anonim=True)
    admin = await complaints.actor(Role.ADMIN, "Dewi")
    await complaints.send(case, "verify", admin, dict(VERIFYING))
    await complaints.send(case, "forward", admin, {"opds": ["DPUPR", "DISHUB"]})
    assert differences(await complaints.snapshot(case), snapshot(await complaints.state(case))) == []


async def test_dead_letters_and_long_waits_are_in_the_report(complaints: Complaints) -> None:
    connected = complaints.system
    inbox = Inbox(connected.pool, connected.keys)
    dead = await inbox.accept(report(), "KEPRI", datetime.now(UTC))
    await inbox.mark_failed(dead.inbox_id, "no_rules", None)
    waits = await inbox.accept(report(), "KEPRI", datetime.now(UTC), held=timedelta(days=1))
    await connected.pool.execute(
        "update inbox set accepted_at = now() - interval '2 hours' where id = $1", waits.inbox_id
    )
    assert (await one_round(complaints)).found == 2
    assert set(await found(complaints)) == {
        (dead.tracking_id, Finding.DEAD_LETTER),
        (waits.tracking_id, Finding.WAITS_LONG),
    }


async def test_a_complaint_whose_key_is_away_is_reported_and_stops_no_other(
    complaints: Complaints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.reconcile.PARTS", 1)
    locked, gone, good = [await received(complaints) for _ in range(3)]
    await terminate(complaints, gone)
    await terminate(complaints, good)
    async with another_process(complaints) as sender:
        await sender.keys.key_for(workflow_id(locked))  # it has the key; the worker loses it before anything is sent
        for case in (locked, gone):
            await complaints.pool.execute(
                "update data_key set wrapped_key = $2 where owner = $1", workflow_id(case), b"bukan kunci" * 6
            )
            complaints.system.keys.forget(workflow_id(case))
        await sender.client.get_workflow_handle(workflow_id(locked)).signal("nudge", {})

    async def stuck() -> bool:
        await one_round(complaints)
        return (locked, Finding.STUCK_TASK) in await found(complaints)

    await eventually(stuck, seconds=60)
    seen = await found(complaints)
    assert seen[gone, Finding.NO_WORKFLOW].facts["not_repaired"] == "key_unavailable"
    assert (locked, Finding.UNREADABLE) in seen
    assert (await complaints.client.get_workflow_handle(workflow_id(good)).describe()).status == (
        WorkflowExecutionStatus.RUNNING
    )


async def test_a_reply_that_does_not_arrive_is_in_the_report(complaints: Complaints) -> None:
    case = await received(complaints)
    kept = KeptReplies(complaints.pool, complaints.system.keys)
    await kept.keep(case, reply({"text": "Masih berlubang"}, "k-1"), "email", datetime.now(UTC))
    assert (await one_round(complaints)).found == 0
    await kept.keep(case, reply({"text": "Sampai hari ini"}, "k-2"), "email", datetime.now(UTC) - timedelta(hours=2))
    assert (await one_round(complaints)).found == 1
    assert list(await found(complaints)) == [(case, Finding.REPLY_STUCK)]


async def test_a_round_goes_page_by_page(complaints: Complaints, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activities.reconcile.PAGE", 3)
    monkeypatch.setattr("activities.reconcile.PARTS", 1)
    monkeypatch.setattr("activities.reconcile.STRETCH_SECONDS", 0.001)
    cases = await asyncio.gather(*(received(complaints) for _ in range(10)))
    for case in cases[:4]:
        await terminate(complaints, case)
    so_far = await one_round(complaints)
    assert (so_far.looked_at, so_far.found, so_far.repaired) == (20, 4, 4)
    assert (await one_round(complaints)).found == 0
