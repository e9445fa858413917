"""The chronicle of a complaint: who, when, which deadline and why, refusals, readings, and the engine's events."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest

from kawal.audit.history.chronicle import Chronicle, ChronicleEvent, Chronicles, WorkflowEvent
from kawal.client.closed_runs import ClosedRuns
from kawal.domain.access import Act
from kawal.domain.calendar import at_local
from kawal.domain.messages import Past, PastStep
from kawal.domain.names import EventKind, Role, workflow_id
from kawal.domain.refusals import Refusal
from kawal.intake.service import IntakeService
from tests.audit.history_archiving import archived, one_round
from tests.database_owner import as_owner
from tests.workflows.life import CATEGORY, Case, Office, eventually, january, report


async def chronicle(case: Case, **more: Any) -> Chronicle:
    return await Chronicles(case.office.complaints, case.office.complaints).of(await case.row(), **more)


def behind(document: Chronicle, kind: EventKind) -> list[WorkflowEvent]:
    """Return the workflow events behind the first event of that kind, in order."""
    event = next(one for one in document.events if one.kind is kind)
    return [workflow_event(document, one.run_id, one.event_id) for one in event.brought_about_by]


def workflow_event(document: Chronicle, run_id: str, event_id: int) -> WorkflowEvent:
    run = next(one for one in document.runs if one.run_id == run_id)
    return next(one for one in run.events if one.event_id == event_id)


def types(events: list[WorkflowEvent]) -> list[str]:
    return [event.type for event in events]


async def ended(case: Case) -> None:
    """Close the complaint and end its aftercare, so that the workflow has ended."""
    await case.close()
    await case.until(date(2022, 3, 10))
    await case.handle().result()


async def forgotten(case: Case) -> None:
    """Delete the server's own histories of this complaint."""
    client = case.office.virtual.client
    runs = [run async for run in client.list_workflows(f"WorkflowId = '{workflow_id(case.tracking_id)}'")]
    for run in runs:
        await client.workflow_service.delete_workflow_execution(
            DeleteWorkflowExecutionRequest(
                namespace=client.namespace,
                workflow_execution=WorkflowExecution(workflow_id=run.id, run_id=run.run_id),
            )
        )

    async def gone() -> bool:
        histories = [await ClosedRuns(client).events(run.id, run.run_id) for run in runs]
        return histories == [None] * len(runs) and await ClosedRuns(client).of(workflow_id(case.tracking_id)) is None

    await eventually(gone)


async def test_every_event_has_the_workflow_events_that_brought_it_about(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    await case.signal("nonsense")
    await eventually(lambda: case.events(EventKind.REFUSED))
    await case.until(january(18))
    document = await chronicle(case)
    assert all(event.brought_about_by for event in document.events)
    assert types(behind(document, EventKind.STARTED))[:2] == [
        "workflow_execution_started",
        "activity_task_scheduled",
    ]
    assert types(behind(document, EventKind.VERIFIED)) == [
        "workflow_execution_update_accepted",
        "activity_task_scheduled",
        "activity_task_completed",
        "upsert_workflow_search_attributes",
        "workflow_execution_update_completed",
    ]
    assert [one.said for one in behind(document, EventKind.FORWARDED)][:2] == [
        "perintah “forward” diterima",
        "aktivitas “forward” diminta",
    ]
    assert types(behind(document, EventKind.REFUSED))[0] == "workflow_execution_signaled"
    assert types(behind(document, EventKind.BREACHED))[:2] == ["timer_fired", "activity_task_scheduled"]


async def test_a_reopened_complaints_chronicle_has_all_its_runs_and_ties_every_event_to_its_own(office: Office) -> None:
    case = await office.receive()
    await ended(case)
    await case.reopen_at(date(2022, 3, 14))
    await case.until(date(2022, 3, 16))
    document = await chronicle(case, lang="en")
    assert [run.closing for run in document.runs] == ["completed", None]
    reopened = next(one for one in document.events if one.kind is EventKind.REOPENED)
    for event in document.events:
        run = document.runs[event.seq >= reopened.seq]
        assert {one.run_id for one in event.brought_about_by} == {run.run_id}, event
    assert reopened.said == "reopened"
    assert types(behind(document, EventKind.REOPENED))[0] == "workflow_execution_update_accepted"


async def test_what_was_imported_is_tied_to_the_start_that_brought_it_and_keeps_its_own_dates(office: Office) -> None:
    decided = {"title": "Jalan", "class": "pengaduan", "category": CATEGORY, "pengawasan": False}
    steps = [
        PastStep(name="verify", at=at_local(january(11), 9), arguments=decided),
        PastStep(name="forward", at=at_local(january(12), 9), arguments={"opds": ["DPUPR"]}),
    ]
    told = report(external_id="5100001", past=Past(source="berkas", steps=steps))
    received = at_local(january(10), 9)
    receipt = await IntakeService(office.complaints).submit(told, instansi="KEPRI", received_at=received)
    case = Case(office, receipt.tracking_id)
    await office.complaints.starting.start_waiting()
    await eventually(lambda: office.complaints.ledger.snapshot(case.tracking_id))
    document = await chronicle(case)
    assert {EventKind.VERIFIED, EventKind.FORWARDED, EventKind.IMPORTED} <= {one.kind for one in document.events}
    assert all(event.brought_about_by for event in document.events)
    verified = next(one for one in document.events if one.kind is EventKind.VERIFIED)
    assert (verified.at, verified.facts["imported"]) == (at_local(january(11), 9), True)
    assert verified.recorded_at > verified.at
    assert types(behind(document, EventKind.VERIFIED))[0] == "workflow_execution_started"


async def test_a_deadline_is_told_with_its_rule_its_source_and_what_it_was_before(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    await case.liaison("DPUPR", "extend", days=3, grounds="Hujan")
    await case.admin("grant")
    document = await chronicle(case, lang="en")
    (granted,) = next(one for one in document.events if one.kind is EventKind.EXTENSION_GRANTED).deadlines
    assert (granted.clock, granted.before, granted.now) == ("complete", "2022-01-28", "2022-02-03")
    assert granted.why is not None
    assert granted.why.rule.limit == 14
    assert granted.why.rule.source in granted.said
    assert "(previously 28 Jan 2022 24:00 WIB)" in granted.said
    assert any(day.why == "weekend" for day in granted.why.excluded)


async def test_a_chronicle_tells_what_was_refused_and_who_read_it(office: Office) -> None:
    case = await office.receive()
    with pytest.raises(Refusal):
        await case.admin("close", grounds="x")
    await office.complaints.authority.reading(
        await case.person(Role.AUDITOR), Act.READ_CHRONICLE, case.tracking_id, via="cli", purpose="Sidang"
    )
    document = await chronicle(case, words=True)
    (refused,), (reading,) = document.refused, document.readings
    assert (refused.by.role, refused.facts["command"], refused.facts["code"]) == (Role.ADMIN, "close", "wrong_status")
    assert (reading.by.role, reading.kind, reading.words) == (Role.AUDITOR, "read_history", {"purpose": "Sidang"})
    assert (await chronicle(case)).readings[0].words is None


async def test_words_names_and_the_reporter_are_shown_only_as_far_as_asked_for(office: Office) -> None:
    case = await office.receive(rahasia=True)
    await case.verify()
    await case.reporter("reply", text="Masih berlubang")
    bare, worded, whole = (
        await chronicle(case),
        await chronicle(case, words=True),
        await chronicle(case, words=True, identity=True),
    )
    for secret in ("Siti", "Dewi", "Pasar Bincen", "Masih berlubang", "Jalan berlubang"):
        assert secret not in bare.model_dump_json()
    assert "Siti" not in worded.model_dump_json()
    for shown in ("Dewi", "Pasar Bincen", "Masih berlubang"):
        assert shown in worded.model_dump_json()
    assert "siti@example.org" in whole.model_dump_json()


async def test_a_chronicle_is_the_same_before_and_after_the_server_has_deleted_its_history(office: Office) -> None:
    case = await office.receive(events_per_run=30)
    await ended(case)
    from_the_engine = await chronicle(case, words=True)
    assert len(from_the_engine.runs) > 1
    await eventually(lambda: _all_archived(case, len(from_the_engine.runs)))
    assert await chronicle(case, words=True) == from_the_engine
    await forgotten(case)
    after = await chronicle(case, words=True)
    assert after == from_the_engine
    assert all(event.brought_about_by for event in after.events)
    assert [run.closing for run in after.runs][-1] == "completed"
    await _history_archive_loses(case, after.runs[0].run_id)
    without = await chronicle(case, words=True)
    assert [run.history for run in without.runs] == ["lost", *["whole"] * (len(after.runs) - 1)]
    assert not without.events[0].brought_about_by
    assert without.events[-1] == after.events[-1]


async def _all_archived(case: Case, runs: int) -> bool:
    await one_round(case.office.complaints)
    return len(await archived(case.office.complaints, case.tracking_id)) == runs


async def _history_archive_loses(case: Case, run_id: str) -> None:
    """Delete an archived row, as the database's owner could; only the verification detects a missing row."""
    async with as_owner(case.office.complaints.pool) as conn, conn.transaction():
        await conn.execute("alter table history_archive disable trigger no_change")
        await conn.execute("delete from history_archive where run_id = $1", run_id)
        await conn.execute("alter table history_archive enable always trigger no_change")


async def test_an_erased_complaint_gives_its_process_record_and_says_who_erased_it_and_why(office: Office) -> None:
    case = await office.receive()
    await ended(case)
    pool, keys = office.complaints.pool, office.complaints.system.keys
    before = await chronicle(case, words=True)
    async with pool.acquire() as conn, conn.transaction():
        await keys.destroy(conn, workflow_id(case.tracking_id), "someone", "request")
    document = await chronicle(case, words=True, identity=True)
    assert document.erased is not None
    assert (document.erased.by, document.erased.ground) == ("someone", "request")
    assert document.erased.at <= datetime.now(UTC)
    assert [_record(one) for one in document.events] == [_record(one) for one in before.events]
    assert all(event.words == {} for event in document.events)
    assert "Siti" not in document.model_dump_json()


def _record(event: ChronicleEvent) -> ChronicleEvent:
    """Return the event without what people wrote; in virtual time only the run's input shows what is behind it."""
    return event.model_copy(
        update={"words": None, "brought_about_by": [], "by": event.by.model_copy(update={"name": None})}
    )
