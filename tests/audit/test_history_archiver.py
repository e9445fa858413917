"""The archiver: each closed run's complete history is archived once, however it closed, and problems are reported."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from temporalio import workflow
from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError
from temporalio.exceptions import ApplicationError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

import activities.history_archive
import kawal.store.history_archive_due
from kawal.client.closed_runs import ClosedRun, ClosedRuns
from kawal.client.complaints import Complaints
from kawal.domain.findings import Finding
from kawal.domain.names import workflow_id
from kawal.store.history_archive import HistoryArchive
from kawal.store.history_archive_due import HistoryArchiveDue
from kawal.store.inbox import Inbox
from kawal.store.reconcile import Reconciliation
from tests.audit.history_archiving import archived, events_of, one_round
from tests.intake.test_reconciler import one_round as reconcile
from tests.store.lives import NOON, started
from tests.store.lives import report as stored_report
from tests.workflows.life import Case, Office, eventually
from worker import serve_installation
from workflows.rounds import ARCHIVE_HISTORIES


async def all_listed(complaints: Complaints, number: int) -> None:
    """Wait until the engine's list, which lags, shows that many closed runs."""

    async def listed() -> bool:
        query = "WorkflowType = 'Complaint' AND ExecutionStatus != 'Running'"
        return (await complaints.client.count_workflows(query)).count >= number

    await eventually(listed)


async def put_away(office: Office) -> Case:
    """Return a complaint that has ended at once."""
    case = await office.receive()
    await case.admin("archive", reason="Bukan laporan")
    await case.handle().result()
    return case


async def test_a_closed_run_is_archived_whole_once_and_encrypted(office: Office) -> None:
    case, open_one = await put_away(office), await office.receive()
    await all_listed(office.complaints, 1)
    first = await one_round(office.complaints)
    assert (first.found, first.archived, first.waiting) == (1, 1, 0)
    (run,) = await archived(office.complaints, case.tracking_id)
    described = await case.handle().describe()
    assert (run.run_id, run.close_status, run.events) == (described.run_id, "completed", described.history_length)
    assert (run.started_at, run.closed_at) == (described.start_time, described.close_time)
    assert [event["eventId"] for event in events_of(run)] == [str(n) for n in range(1, run.events + 1)]
    for word in (b"Siti Aminah", b"Pasar Bincen", b"Bukan laporan"):
        assert word not in (run.history or b"")
    again = await one_round(office.complaints)
    assert (again.found, again.archived) == (0, 0)
    assert await archived(office.complaints, open_one.tracking_id) == []


async def test_every_run_of_a_long_and_reopened_life_is_archived(office: Office) -> None:
    case = await office.receive(events_per_run=10)
    await case.close()
    await case.until(date(2022, 3, 1))
    await case.handle().result()
    await one_round(office.complaints)
    before = await archived(office.complaints, case.tracking_id)
    await case.reopen_at(date(2022, 3, 7))
    await case.follow_up(final=True)
    await case.reporter("accept")
    await case.until(date(2022, 5, 1))
    await case.handle().result()
    query = f"WorkflowId = '{workflow_id(case.tracking_id)}'"
    newest = (await case.handle().describe()).run_id

    async def newest_is_listed() -> bool:
        listed = [run async for run in office.complaints.client.list_workflows(query)]
        return any(run.run_id == newest and run.status is not WorkflowExecutionStatus.RUNNING for run in listed)

    await eventually(newest_is_listed)
    await one_round(office.complaints)
    runs = await archived(office.complaints, case.tracking_id)
    listed = {run.run_id async for run in office.complaints.client.list_workflows(query)}
    assert {run.run_id for run in runs} == listed
    assert {run.close_status for run in runs} == {"continued_as_new", "completed"}
    assert all(run in runs for run in before)
    assert len(runs) > len(before) > 1


@workflow.defn(name="Complaint")
class Failing:
    """A stand-in for a complaint whose workflow fails, which ours never does on purpose."""

    @workflow.run
    async def run(self) -> None:
        raise ApplicationError("broken")


async def test_a_run_is_archived_however_it_closed(office: Office, task_queue: str) -> None:
    complaints, client = office.complaints, office.complaints.client
    terminated, cancelled = await office.receive(), await office.receive()
    await terminated.handle().terminate("by hand")
    await cancelled.handle().cancel()
    with pytest.raises(WorkflowFailureError):
        await cancelled.handle().result()
    for number in ("7000001", "7000002"):
        async with complaints.pool.acquire() as conn:
            await complaints.system.keys.create(conn, workflow_id(number))
    await client.start_workflow("Complaint", id=workflow_id("7000001"), task_queue="nobody", execution_timeout=_SHORT)
    other = f"{task_queue}-failing"
    async with Worker(client, task_queue=other, workflows=[Failing], workflow_runner=UnsandboxedWorkflowRunner()):
        with pytest.raises(WorkflowFailureError):
            await client.execute_workflow("Complaint", id=workflow_id("7000002"), task_queue=other)
    await all_listed(complaints, 4)
    assert (await one_round(complaints)).archived == 4
    closings = {
        tracking_id: (await archived(complaints, tracking_id))[0].close_status
        for tracking_id in (terminated.tracking_id, cancelled.tracking_id, "7000001", "7000002")
    }
    assert list(closings.values()) == ["terminated", "canceled", "timed_out", "failed"]


_SHORT = timedelta(milliseconds=500)


async def nothing_listed(*_: object) -> tuple[list[ClosedRun], None]:
    """Return an engine's empty list, as if it lagged for ever."""
    return [], None


async def test_what_the_list_does_not_show_is_found_by_the_record(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activities.history_archive, "PARTS", 1)
    monkeypatch.setattr(ClosedRuns, "page", nothing_listed)
    ended = await put_away(office)
    long_one = await office.receive(events_per_run=10)
    await long_one.finish()
    so_far = await one_round(office.complaints)
    assert so_far.archived == so_far.found >= 2
    assert [run.close_status for run in await archived(office.complaints, ended.tracking_id)] == ["completed"]
    runs = await archived(office.complaints, long_one.tracking_id)
    assert {run.close_status for run in runs} == {"continued_as_new"}


async def test_a_later_round_lists_only_what_closed_lately_and_once_a_day_everything(office: Office) -> None:
    due = HistoryArchiveDue(office.complaints.pool)
    number, since = await due.begin()
    assert since is None
    await due.end(number, 0, 0)
    before = datetime.now(UTC)
    _, since = await due.begin()
    assert since is not None
    assert before - since < kawal.store.history_archive_due.OVERLAP + timedelta(minutes=5)
    await office.complaints.pool.execute("update history_archive_round set began_at = began_at - interval '25 hours'")
    assert (await due.begin())[1] is None


async def test_what_the_engine_has_deleted_is_noted_once_and_holds_up_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activities.history_archive, "PARTS", 1)
    complaints = office.complaints
    kept = await put_away(office)
    await all_listed(complaints, 1)
    # Recorded, but the engine no longer knows it.
    accepted = await Inbox(complaints.pool, complaints.system.keys).accept(stored_report(), "KEPRI", NOON)
    await complaints.ledger.record(started(accepted, stored_report()), [])
    due = HistoryArchiveDue(complaints.pool)
    await due.add([(workflow_id(kept.tracking_id), str(uuid.uuid4()), None)], timedelta(days=1))
    for _ in range(2):
        assert (await one_round(complaints)).waiting == 0
    assert {line.workflow_id for line in await due.lines(10)} == {accepted.workflow_id, workflow_id(kept.tracking_id)}
    assert await due.gone() == 2
    assert len(await archived(complaints, kept.tracking_id)) == 1


async def test_who_must_hear_of_it_is_warned_while_there_is_still_time(office: Office) -> None:
    complaints = office.complaints
    due = HistoryArchiveDue(complaints.pool)
    now = datetime.now(UTC)
    await due.add([("complaint-7000001", "r", now - timedelta(days=16))], timedelta(days=30))
    await due.add([("complaint-7000002", "r", now - timedelta(days=14))], timedelta(days=30))
    (line,) = await due.in_danger()
    assert (line.workflow_id, line.in_danger) == ("complaint-7000001", True)
    assert timedelta(days=13) < line.deadline - now < timedelta(days=15)


@pytest.mark.schedules
async def test_an_installation_archives_by_a_schedule(office: Office, task_queue: str) -> None:
    case = await put_away(office)
    await all_listed(office.complaints, 1)
    connected = office.complaints.system
    own_queue = connected.settings.model_copy(update={"task_queue": f"{task_queue}-own"})
    async with serve_installation(connected.but(settings=own_queue)):
        schedule = office.complaints.client.get_schedule_handle(ARCHIVE_HISTORIES.schedule)
        (interval,) = (await schedule.describe()).schedule.spec.intervals
        assert interval.every == timedelta(minutes=15)
        await schedule.trigger()

        async def is_archived() -> bool:
            return bool(await archived(office.complaints, case.tracking_id))

        await eventually(is_archived)


async def test_two_archivers_at_once_archive_each_run_once(office: Office) -> None:
    cases = [await put_away(office) for _ in range(4)]
    await all_listed(office.complaints, len(cases))
    rounds = await asyncio.gather(*(one_round(office.complaints) for _ in range(2)))
    assert sum(one.archived for one in rounds) == len(cases)
    assert (await HistoryArchive(office.complaints.pool).counts()).runs == len(cases)


async def test_the_reconciler_reports_what_is_in_danger_until_it_is_archived(office: Office) -> None:
    complaints = office.complaints
    case = await put_away(office)
    await all_listed(complaints, 1)
    described = await case.handle().describe()
    long_ago = datetime.now(UTC) - timedelta(days=20)
    await HistoryArchiveDue(complaints.pool).add(
        [(workflow_id(case.tracking_id), described.run_id, long_ago)], timedelta(days=30)
    )
    await reconcile(complaints)
    (line,) = await Reconciliation(complaints.pool).findings()
    assert (line.tracking_id, line.kind) == (case.tracking_id, Finding.UNARCHIVED)
    assert line.facts["why"] == "not_tried"
    await one_round(complaints)
    await reconcile(complaints)
    assert await Reconciliation(complaints.pool).findings() == []
