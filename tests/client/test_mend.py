"""A complaint whose workflow's task fails repeatedly is detected, given a new run, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus

from kawal.base.errors import SystemUnavailable
from kawal.client.complaints import Complaints
from kawal.client.failing_runs import described, failing
from kawal.client.mend import Mender, MendOutcome, MendResult
from kawal.client.relay import Relay
from kawal.client.restart import Restarts
from kawal.client.watcher import Watcher
from kawal.domain.access_kinds import AccessKind
from kawal.domain.calendar import at_local, end_of
from kawal.domain.messages import Actor, Batch, Command
from kawal.domain.names import EventKind, Role, Status, workflow_id
from kawal.domain.process.decide import decide
from kawal.domain.process.projection import snapshot
from kawal.domain.process.state import State
from kawal.domain.refusals import Refusal
from kawal.store.rules import Rulebook
from kawal.store.wedged_complaints import WedgedComplaints
from kawal.system import System
from kawal.wording.catalogues import say
from tests.database_owner import as_owner
from tests.workflows.life import MONDAY, VERIFYING, eventually, january, report
from worker import make_worker


@pytest.fixture
async def complaints(connected: System) -> AsyncIterator[Complaints]:
    async with make_worker(connected):
        yield Complaints(connected)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the complaints for which the rules have a bug."""
    at: set[str] = set()

    def buggy(state: State, *arguments: Any) -> Any:
        if state.tracking_id in at:
            raise RuntimeError("a bug in the rules")
        return decide(state, *arguments)

    monkeypatch.setattr("workflows.complaint.decide", buggy)
    return at


async def received(complaints: Complaints, **options: Any) -> str:
    adapter = await complaints.actor(Role.ADAPTER, "web")
    return (await complaints.start(report(), adapter, **options)).tracking_id


async def admin(complaints: Complaints) -> Actor:
    return await complaints.actor(Role.ADMIN, "Dewi")


async def wedge(complaints: Complaints, broken: set[str], *cases: str) -> None:
    """Send each a command that the rules fail on, and wait until the engine reports it."""
    broken.update(cases)
    for case in cases:
        command = Command(
            name="verify", actor=await admin(complaints), arguments=dict(VERIFYING), idempotency_key="sinyal-1"
        )
        await complaints.client.get_workflow_handle(workflow_id(case)).signal("verify", command)
    await asyncio.gather(*(until_failing(complaints, case) for case in cases))


async def until_failing(complaints: Complaints, case: str) -> dict[str, Any]:
    async def fails() -> Any:
        run = await described(complaints.client, case)
        return run and await failing(complaints.client, run)

    found: dict[str, Any] = await eventually(fails, seconds=60)
    return found


async def mend(complaints: Complaints, case: str) -> MendResult:
    return await Mender(complaints).mend(case, await admin(complaints))


async def refused(complaints: Complaints, case: str, who: Actor | None = None) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await Mender(complaints).mend(case, who or await admin(complaints))
    assert all(say(lang, caught.value.sentence) for lang in ("id", "en"))
    return caught.value


async def runs(complaints: Complaints, case: str) -> list[WorkflowExecutionStatus | None]:
    """Return the status of each run of a complaint, the newest first."""
    query = f"WorkflowId = '{workflow_id(case)}'"
    return [run.status async for run in complaints.client.list_workflows(query)]


async def status(complaints: Complaints, case: str) -> WorkflowExecutionStatus | None:
    run = await described(complaints.client, case)
    return None if run is None else run.status


async def wedged(complaints: Complaints) -> dict[str, str]:
    return {one.tracking_id: one.cause for one in await WedgedComplaints(complaints.pool).lines()}


async def on_record(complaints: Complaints, case: str, kind: AccessKind) -> list[dict[str, Any]]:
    return [entry.facts async for entry in complaints.access_log.entries(case) if entry.kind is kind]


async def test_a_report_that_never_came_on_record_is_started_anew_from_the_inbox(
    complaints: Complaints, monkeypatch: pytest.MonkeyPatch
) -> None:
    def buggy(*_: object, **__: object) -> None:
        raise RuntimeError("a bug before the first event is written")

    monkeypatch.setattr("kawal.client.report_start.RECORDED_WITHIN", 0.1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workflows.complaint.batch_of", buggy)
        case = await received(complaints)
        trouble = await until_failing(complaints, case)
        (told,) = await Watcher(complaints.system).look()
        assert (told.tracking_id, told.run_id, told.instansi) == (case, trouble["run"], "KEPRI")
        with pytest.raises(SystemUnavailable, match=f"kawal mend {case}"):
            await complaints.snapshot(case)
        assert (await mend(complaints, case)).way is MendOutcome.SENT_BACK
    await Relay(complaints.system, Rulebook(complaints.pool)).start_waiting()

    async def is_recorded() -> bool:
        return await complaints.ledger.last_seq(case) == 1

    await eventually(is_recorded)
    assert await wedged(complaints) == {}


async def test_killed_between_the_end_of_the_old_run_and_the_new_one_it_stays_told_and_is_finished_by_a_repetition(
    complaints: Complaints, broken: set[str]
) -> None:
    case = await received(complaints)
    late = await received(complaints, starts_at=at_local(MONDAY, 9))
    await wedge(complaints, broken, case, late)
    watch = Watcher(complaints.system)
    await watch.look()
    with pytest.MonkeyPatch.context() as patch:

        async def killed(*_: object) -> None:
            raise asyncio.CancelledError

        patch.setattr(Restarts, "restart", killed)
        with pytest.raises(asyncio.CancelledError):
            await mend(complaints, case)
    broken.discard(case)
    assert await status(complaints, case) is WorkflowExecutionStatus.TERMINATED
    await watch.look()
    assert (await wedged(complaints))[case] == "no_run"
    actor = await admin(complaints)
    with pytest.raises(SystemUnavailable, match=f"kawal mend {case}"):
        await complaints.send(case, "verify", actor, dict(VERIFYING), "kunci-1")
    assert await mend(complaints, case) == MendResult(tracking_id=case, way=MendOutcome.RESTARTED, given_up=None)
    await complaints.send(case, "verify", actor, dict(VERIFYING), "kunci-1")
    # What fell due while it was wedged happens, each at its own time.
    await mend(complaints, late)

    async def escalated() -> bool:
        return [event.kind for event in await complaints.history(late)].count(EventKind.RUNG_REACHED) > 1

    await eventually(escalated)
    breached = next(event for event in await complaints.history(late) if event.kind is EventKind.BREACHED)
    assert breached.at == end_of(january(13)) < breached.recorded_at
    assert await watch.look() == []
    assert await runs(complaints, case) == [WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.TERMINATED]
    assert (await refused(complaints, case)).code == "not_wedged"
    assert [facts.get("cause") for facts in await on_record(complaints, case, AccessKind.ADMINISTERED)] == [
        "workflow_worker_unhandled_failure",
        "no_run",
    ]


async def test_a_run_is_given_up_only_where_the_record_can_be_carried_on_and_by_those_who_may(
    complaints: Complaints, broken: set[str]
) -> None:
    locked, ahead, spoilt, over, recovered = [await received(complaints) for _ in range(5)]
    await wedge(complaints, broken, locked, ahead, spoilt, over, recovered)
    pool, keys = complaints.pool, complaints.system.keys
    await pool.execute("update data_key set wrapped_key = $2 where owner = $1", workflow_id(locked), b"bukan kunci" * 6)
    keys.forget(workflow_id(locked))
    await record(complaints, ahead, datetime.now(UTC) + timedelta(days=1))
    await record(complaints, over, datetime.now(UTC), "archive", {"reason": "Ganda"})
    async with as_owner(pool) as owner:
        await owner.execute("alter table event disable trigger user")
        changed = "update event set ciphertext = $2 where workflow_id = $1"
        await owner.execute(changed, workflow_id(spoilt), b"rusak" * 20)
    for case, why in ((locked, "key_unavailable"), (ahead, "own_time"), (spoilt, "unreadable")):
        refusal = await refused(complaints, case)
        assert (refusal.code, refusal.details["why"]) == ("mend_unsafe", why)
        assert await status(complaints, case) is WorkflowExecutionStatus.RUNNING
        assert [facts["code"] for facts in await on_record(complaints, case, AccessKind.REFUSED)] == ["mend_unsafe"]
    for role, opd in ((Role.LIAISON, "DPUPR"), (Role.AUDITOR, None)):
        official = await complaints.actor(role, "Budi", opd)
        assert (await refused(complaints, over, official)).code == "wrong_role"
    assert (await refused(complaints, "9999999")).code == "unknown_complaint"
    assert (await mend(complaints, over)).way is MendOutcome.ENDED
    assert await status(complaints, over) is WorkflowExecutionStatus.TERMINATED
    assert (await refused(complaints, over)).code == "not_wedged"
    broken.clear()

    async def is_well() -> bool:
        run = await described(complaints.client, recovered)
        is_verified = (await complaints.snapshot(recovered)).status is Status.BELUM_DITINDAKLANJUTI
        return run is not None and is_verified and await failing(complaints.client, run) is None

    await eventually(is_well, seconds=60)
    assert (await refused(complaints, recovered)).code == "not_wedged"


async def test_what_the_old_run_still_writes_and_two_who_mend_at_once_make_no_second_truth(
    complaints: Complaints, broken: set[str]
) -> None:
    case = await received(complaints)
    await wedge(complaints, broken, case)
    actor = await admin(complaints)
    waiting = asyncio.create_task(complaints.send(case, "forward", actor, {"opds": ["DPUPR"]}, "kunci-2"))
    mended = await asyncio.gather(*(mend(complaints, case) for _ in range(3)), return_exceptions=True)
    broken.clear()
    assert {one.way if isinstance(one, MendResult) else getattr(one, "code", one) for one in mended} <= {
        MendOutcome.RESTARTED,
        "not_wedged",
    }
    assert await runs(complaints, case) == [WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.TERMINATED]
    # An activity of the ended run records its event only now.
    await record(complaints, case, datetime.now(UTC))
    (outcome,) = await asyncio.gather(waiting, return_exceptions=True)
    assert isinstance(outcome, SystemUnavailable) or getattr(outcome, "code", None) == "not_verified", outcome
    answers = [
        await complaints.send(case, "forward", actor, {"opds": ["DPUPR"]}, "kunci-2"),
        await complaints.send(case, "forward", actor, {"opds": ["DPUPR"]}, "kunci-2"),
    ]
    assert answers[0] == answers[1]
    assert [event.kind for event in await complaints.history(case)] == [
        EventKind.STARTED,
        EventKind.VERIFIED,
        EventKind.FORWARDED,
    ]


async def record(
    complaints: Complaints, case: str, at: datetime, name: str = "verify", arguments: dict[str, Any] | None = None
) -> None:
    """Record a command's event as a run's activity does, without the run's knowledge."""
    given = dict(VERIFYING) if arguments is None else arguments
    command = Command(name=name, actor=await admin(complaints), arguments=given, idempotency_key=f"langsung-{name}")
    decision = decide(await complaints.state(case), command, at)
    await complaints.ledger.record(
        Batch(workflow_id=workflow_id(case), events=decision.events, after=snapshot(decision.state), followers=[])
    )
