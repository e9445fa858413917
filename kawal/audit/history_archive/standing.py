"""A report on the history archive: which closed runs are archived, which are not, and how much time is left."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel

from kawal.client.closed_runs import ClosedRuns
from kawal.store.history_archive import HistoryArchiveCounts
from kawal.store.history_archive_due import DueRun, HistoryArchiveDue, HistoryArchiveRound
from kawal.store.history_archive_retention import PruneResult
from kawal.system import System


class HistoryArchiveReport(BaseModel):
    """The state of the history archive."""

    archived: HistoryArchiveCounts
    over: PruneResult
    """What may be destroyed now because its retention period is over."""
    due: list[DueRun]
    """Closed runs that are not archived, the least time left first; `gone_at` where the engine has already deleted
    them.
    """
    in_danger: int
    """How many of them have used up at least half of the time they have."""
    first_deadline: datetime | None
    """When the engine deletes the first of those."""
    gone: int
    last_round: HistoryArchiveRound | None


async def history_archive_report(connected: System, limit: int) -> HistoryArchiveReport:
    """Compare all runs that the engine lists as closed with the history archive; list at most `limit` of those due.

    Runs found to be missing are noted for the archiver's next round. Raises temporalio's RPCError and asyncpg's errors.
    """
    due = connected.history_archive_due
    await _note_listed(ClosedRuns(connected.client), due)
    in_danger, first_deadline = await due.danger()
    return HistoryArchiveReport(
        archived=await connected.history_archive.counts(),
        over=await connected.history_archive_retention.over(),
        due=await due.lines(limit),
        in_danger=in_danger,
        first_deadline=first_deadline,
        gone=await due.gone(),
        last_round=await due.last_round(),
    )


async def _note_listed(engine: ClosedRuns, due: HistoryArchiveDue) -> None:
    retention: timedelta = await engine.retention()
    token: bytes | None = None
    while True:
        runs, token = await engine.page(None, token)
        await due.add(runs, retention)
        if not token:
            return
