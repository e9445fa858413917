"""Retention: bodies are destroyed when their years are over, rows never, and nothing that is open or recent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from kawal.domain.access_kinds import AccessKind
from kawal.domain.messages import Actor, Batch
from kawal.domain.names import EventKind, Role, Status
from kawal.domain.policy import Policy
from kawal.store.access_log import AccessLog
from kawal.store.data_keys import DataKeyStore
from kawal.store.history_archive import ClosedHistory, HistoryArchive
from kawal.store.history_archive_retention import HistoryArchiveRetention
from kawal.store.inbox import AcceptedReport, Inbox
from kawal.store.ledger import Ledger
from kawal.store.rules import Rulebook
from tests.store.lives import NOON, report, started, step

AUDITOR = Actor(role=Role.AUDITOR, account="abcdefgh")
THREE = Policy(version="koreksi", effective_from=date(2019, 1, 1), history_archive_years=3)


@pytest.fixture
def log(pool: asyncpg.Pool, keys: DataKeyStore) -> AccessLog:
    return AccessLog(pool, keys)


@pytest.fixture
async def accepted(inbox: Inbox) -> AcceptedReport:
    return await inbox.accept(report(), "KEPRI", NOON)


def put_away(before: Batch, at: datetime) -> Batch:
    ended = step(
        before, EventKind.ARCHIVED, Status.DIARSIPKAN, after={"clocks": [], "next_deadline": None}, event={"at": at}
    )
    ended.events[0].recorded_at = at
    return ended


async def archived(pool: asyncpg.Pool, accepted: AcceptedReport, at: datetime) -> HistoryArchive:
    history_archive = HistoryArchive(pool)
    await history_archive.add(
        ClosedHistory(
            workflow_id=accepted.workflow_id,
            run_id="run-1",
            close_status="completed",
            started_at=NOON,
            closed_at=at,
            events=3,
            history=b"{}",
        )
    )
    return history_archive


async def test_a_body_goes_when_its_years_are_over_and_its_row_stays(
    pool: asyncpg.Pool, ledger: Ledger, accepted: AcceptedReport, log: AccessLog
) -> None:
    first = started(accepted, report())
    await ledger.record(first, [])
    await ledger.record(put_away(first, NOON + timedelta(days=1)), [])
    history_archive = await archived(pool, accepted, NOON + timedelta(days=1))
    retention = HistoryArchiveRetention(pool)
    assert (await retention.over()).runs == 0  # ten years are not over
    await Rulebook(pool).import_policies([THREE])
    assert (await retention.over()).runs == 1
    assert (await retention.prune(AUDITOR, "LAIN", log, NOON)).runs == 0
    done = await retention.prune(AUDITOR, "KEPRI", log, NOON)
    assert (done.runs, done.bytes > 0) == (1, True)
    assert (await retention.prune(AUDITOR, "KEPRI", log, NOON)).runs == 0
    assert [(entry.kind, entry.actor.account, entry.facts) async for entry in log.entries()] == [
        (AccessKind.ADMINISTERED, "abcdefgh", {"what": "history_archive_pruned", "instansi": "KEPRI", "numbers": [1]})
    ]
    (run,) = await history_archive.runs(accepted.workflow_id)
    assert (run.history, run.n) == (None, 1)
    assert await pool.fetchval("select pruned_by from history_archive") == "auditor:abcdefgh"


@pytest.mark.parametrize("why", ["open", "ended lately", "closed lately", "of an unknown rule set"])
async def test_nothing_goes_before_its_time(
    pool: asyncpg.Pool, ledger: Ledger, accepted: AcceptedReport, log: AccessLog, why: str
) -> None:
    await Rulebook(pool).import_policies([THREE])
    first = started(accepted, report())
    await ledger.record(first, [])
    lately = datetime.now(UTC) - timedelta(days=1000)
    if why != "open":
        await ledger.record(put_away(first, lately if why == "ended lately" else NOON + timedelta(days=1)), [])
    if why == "of an unknown rule set":
        await pool.execute("update complaint set policy_version = 'andai'")
    await archived(pool, accepted, lately if why == "closed lately" else NOON + timedelta(days=1))
    assert (await HistoryArchiveRetention(pool).prune(AUDITOR, "KEPRI", log, NOON)).runs == 0
