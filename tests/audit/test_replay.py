"""Replaying: today's code gives the same commands again; if a history cannot be replayed, the reason is given."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from temporalio import workflow
from temporalio.worker import UnsandboxedWorkflowRunner

from kawal.audit.history_archive.replay import HistoryReplay, ReplayResult, Verdict
from kawal.domain.messages import Actor
from kawal.domain.names import Role, workflow_id
from kawal.store.history_archive import ClosedHistory, HistoryArchive
from kawal.store.history_archive_retention import HistoryArchiveRetention
from tests.audit.history_archiving import archived, one_round
from tests.audit.test_history_archiver import all_listed, put_away
from tests.database_owner import owner_does
from tests.workflows.data_keys import key_away
from tests.workflows.life import Case, Office, length_at_rest
from workflows.registry import RUNNER, WORKFLOWS


@pytest.fixture
def replaying(office: Office) -> HistoryReplay:
    return HistoryReplay(office.complaints.system, WORKFLOWS, RUNNER)


async def all_of(stream: AsyncIterator[ReplayResult]) -> list[ReplayResult]:
    return [one async for one in stream]


async def archived_one(office: Office) -> Case:
    """Return a complaint that has ended at once and is archived."""
    case = await put_away(office)
    await all_listed(office.complaints, 1)
    await one_round(office.complaints)
    return case


async def test_a_life_replays_from_the_archive_and_from_the_engine(office: Office, replaying: HistoryReplay) -> None:
    case = await office.receive(events_per_run=10)
    await case.forward()
    await length_at_rest(case.handle())
    from_engine = await all_of(replaying.complaint(case.tracking_id))
    assert {(one.verdict, one.source) for one in from_engine} == {(Verdict.REPLAYED, "engine")}
    await all_listed(office.complaints, len(from_engine) - 1)
    await one_round(office.complaints)
    both = await all_of(replaying.complaint(case.tracking_id))
    assert {one.verdict for one in both} == {Verdict.REPLAYED}
    assert [one.source for one in both].count("engine") == 1
    assert {one.run_id for one in both} == {one.run_id for one in from_engine}
    # Several are archived at once, so the numbers do not follow the order in which the runs began.
    assert sorted(one.n for one in both if one.n is not None) == list(range(1, len(both)))


async def test_a_year_s_complaints_replay_one_bad_history_among_them_stopping_no_other(
    office: Office, replaying: HistoryReplay
) -> None:
    cases = [await put_away(office) for _ in range(4)]
    await all_listed(office.complaints, len(cases))
    await one_round(office.complaints)
    damaged, erased, fine, locked = cases
    pool = office.complaints.pool
    await owner_does(pool, "alter table history_archive disable trigger guard")
    await pool.execute(
        "update history_archive set body = body || 'x' where workflow_id = $1", workflow_id(damaged.tracking_id)
    )
    async with office.complaints.pool.acquire() as conn:
        await office.complaints.system.keys.destroy(conn, workflow_id(erased.tracking_id), "auditor", "permintaan")
    async with key_away(locked):
        found = {one.tracking_id: one for one in await all_of(replaying.year(2022))}
    assert await replaying.count(2022) == len(found) == len(cases)
    assert await replaying.count(2021) == 0
    assert await all_of(replaying.year(2021)) == []
    assert {case.tracking_id: found[case.tracking_id].verdict for case in cases} == {
        damaged.tracking_id: Verdict.DAMAGED,
        erased.tracking_id: Verdict.ERASED,
        fine.tracking_id: Verdict.REPLAYED,
        locked.tracking_id: Verdict.KEY_AWAY,
    }
    told = found[erased.tracking_id]
    assert (told.by, told.ground, told.at is not None) == ("auditor", "permintaan", True)


@workflow.defn(name="Complaint")
class Changed:
    """A complaint's workflow after a change that no stored history allows."""

    @workflow.run
    async def run(self, life: dict[str, object]) -> None:
        await workflow.sleep(timedelta(days=life.get("days", 1)))  # type: ignore[arg-type]


async def test_code_that_gives_other_commands_is_found_with_where(office: Office) -> None:
    case = await archived_one(office)
    changed = HistoryReplay(office.complaints.system, [Changed], UnsandboxedWorkflowRunner())
    (told,) = await all_of(changed.complaint(case.tracking_id))
    assert told.verdict is Verdict.DIFFERS
    assert "TMPRL1100" in (told.detail or "")


async def test_a_pruned_history_and_one_that_nobody_has_are_told_as_such(
    office: Office, replaying: HistoryReplay, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await archived_one(office)
    monkeypatch.setattr("kawal.store.history_archive_retention._PRUNE", _PRUNE_ALL)
    complaints, auditor = office.complaints, Actor(role=Role.AUDITOR, account="auditor00")
    retention = HistoryArchiveRetention(complaints.pool)
    assert (await retention.prune(auditor, "KEPRI", complaints.access_log, complaints.now())).runs == 1
    (told,) = await all_of(replaying.complaint(case.tracking_id))
    assert (told.verdict, told.at is not None) == (Verdict.PRUNED, True)
    (nothing,) = await all_of(replaying.complaint("7654321"))
    assert nothing.verdict is Verdict.GONE


_PRUNE_ALL = (
    "with gone as (update history_archive set body = null, pruned_at = now(), pruned_by = $4"
    " where body is not null and $1::text[] is not null and $2::integer[] is not null and $3 > 0 and $5 = 'KEPRI'"
    " returning n) select coalesce(array_agg(n), '{}') as numbers, 0 as bytes from gone"
)


async def test_what_has_no_task_done_has_nothing_to_replay(office: Office, replaying: HistoryReplay) -> None:
    case = await archived_one(office)
    (run,) = await archived(office.complaints, case.tracking_id)
    events = json.loads(run.history or b"")["events"]
    await HistoryArchive(office.complaints.pool).add(
        ClosedHistory(
            workflow_id=run.workflow_id,
            run_id="terminated-at-once",
            close_status="terminated",
            started_at=run.started_at,
            closed_at=run.closed_at,
            events=1,
            history=json.dumps({"events": events[:1]}).encode(),
        )
    )
    verdicts = {one.run_id: one.verdict for one in await all_of(replaying.complaint(case.tracking_id))}
    assert verdicts == {run.run_id: Verdict.REPLAYED, "terminated-at-once": Verdict.EMPTY}
