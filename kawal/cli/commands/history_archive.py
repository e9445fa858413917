"""`kawal audit history-archive` and `kawal audit replay`: the history archive, and whether today's code
replays what is in it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.faults import REFUSED, UNAVAILABLE, UsageError
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Field, Spec
from kawal.cli.terminal.tables import write_table

if TYPE_CHECKING:
    from kawal.audit.history_archive.replay import HistoryReplay, ReplayResult
    from kawal.audit.history_archive.standing import HistoryArchiveReport
    from kawal.client.complaints import Complaints
    from kawal.client.reading import Readings
    from kawal.store.history_archive_due import DueRun
    from kawal.store.history_archive_retention import PruneResult

MEGABYTE = 1_000_000
YEARS = range(2000, 2101)
ROUND_MINUTES = 60
"""How long `--now` waits for its round."""


def history_archive(operator: Operator, *, round_now: bool, prune_history_archive: bool, due_limit: int) -> int:
    """Show the history archive's state, or prune it; return 1 while a closed run is in danger of not being archived."""
    if prune_history_archive:
        return _prune(operator)

    async def work(complaints: Complaints) -> HistoryArchiveReport:
        from kawal.audit.history_archive.standing import history_archive_report

        if round_now:
            from kawal.client.rounds import make_round

            await make_round(complaints, "ArchiveHistories", "archive", timedelta(minutes=ROUND_MINUTES))
        return await history_archive_report(complaints.system, max(due_limit, 0))

    report = operator.with_system(work)
    if operator.json:
        operator.write_json(report.model_dump(mode="json"))
    else:
        _show(operator, report)
    return REFUSED if report.in_danger else 0


def _show(operator: Operator, report: HistoryArchiveReport) -> None:
    counts = report.archived
    operator.write(operator.say("history_archive_is", runs=counts.runs, size=_size(counts.bytes), pruned=counts.pruned))
    last = report.last_round
    if last is None:
        operator.write(operator.say("history_archive_no_round"))
    else:
        at = show_instant(last.ended_at, operator.lang)
        operator.write(operator.say("history_archive_last_round", at=at, archived=last.archived, waiting=last.waiting))
    if report.over.runs:
        operator.write(operator.say("history_archive_over", runs=report.over.runs))
    if report.due:
        columns = ("tracking_id", "run", "closed", "kept_until", "tries", "why_not", "state")
        write_table(columns, (_row(operator, run) for run in report.due), operator.lang)
    else:
        operator.write(operator.say("history_archive_whole"))
    if report.gone:
        operator.note(operator.say("history_archive_gone", count=report.gone))
    if report.in_danger:
        at = show_instant(report.first_deadline, operator.lang)
        operator.note(operator.say("history_archive_danger", count=report.in_danger, at=at))


def _row(operator: Operator, run: DueRun) -> list[str]:
    state = "due_gone" if run.gone_at else "due_in_danger" if run.in_danger else "due_waiting"
    return [
        run.workflow_id.removeprefix("complaint-"),
        run.run_id,
        show_instant(run.closed_at, operator.lang),
        "–" if run.gone_at else show_instant(run.deadline, operator.lang),
        str(run.attempts),
        run.last_error or "–",
        operator.say(state),
    ]


def _prune(operator: Operator) -> int:
    async def work(complaints: Readings) -> PruneResult:
        from kawal.desks.history_archive_pruning import prune_history_archive

        actor = await operator.actor(complaints)
        return await prune_history_archive(complaints, await operator.agency_of(complaints, actor), actor)

    done = operator.with_record(work)
    if operator.json:
        operator.write_json(done.model_dump(mode="json"))
    else:
        operator.write(operator.say("history_archive_pruned", runs=done.runs, size=_size(done.bytes)))
    return 0


def _size(count: int) -> str:
    return f"{count / MEGABYTE:.1f}"


# --- Replaying --------------------------------------------------------------------------------------------------------


def replay(operator: Operator, *, replayed_report: str | None, replay_year: int | None) -> int:
    """Replay one complaint's histories, or a year's; report what cannot be replayed.

    Return 1 where one differs, fails or was changed, or a complaint has none; else 3 where a key is unavailable; else
    0.
    """
    if (replayed_report is None) == (replay_year is None):
        raise UsageError("replay_form")
    if replay_year is not None and replay_year not in YEARS:
        raise UsageError("replay_year_form", year=replay_year)

    async def work(complaints: Complaints) -> list[ReplayResult]:
        from kawal.audit.history_archive.replay import HistoryReplay
        from workflows.registry import RUNNER, WORKFLOWS

        replaying = HistoryReplay(complaints.system, WORKFLOWS, RUNNER)
        if replayed_report is not None:
            await complaints.snapshot(replayed_report)  # refuses an unknown number
            return [one async for one in replaying.complaint(replayed_report)]
        return await _year(operator, replaying, replay_year or 0)

    found = operator.with_system(work)
    _tell(operator, found, one_complaint=replayed_report is not None)
    return _exit_code(found, one_complaint=replayed_report is not None)


async def _year(operator: Operator, replaying: HistoryReplay, year: int) -> list[ReplayResult]:
    from kawal.base.progress import Progress

    total = await replaying.count(year)
    progress = Progress(operator.say("replay_progress"))
    found: list[ReplayResult] = []
    complaints: set[str] = set()
    async for one in replaying.year(year):
        found.append(one)
        complaints.add(one.tracking_id)
        said = operator.say("replay_count", runs=len(found), checked=len(complaints), complaints=total)
        progress.show(said)
    progress.done(operator.say("replay_count", runs=len(found), checked=len(complaints), complaints=total))
    return found


def _tell(operator: Operator, found: list[ReplayResult], *, one_complaint: bool) -> None:
    alike = [one for one in found if one.verdict == "replayed"]
    others = [one for one in found if one.verdict != "replayed"]
    events = sum(one.events for one in alike)
    if operator.json:
        counts = dict(sorted(Counter(str(one.verdict) for one in found).items()))
        lines = found if one_complaint else others
        runs = [one.model_dump(mode="json") for one in lines]
        operator.write_json({"verdicts": counts, "events": events, "runs": runs})
        return
    operator.write(operator.say("replay_done", runs=len(alike), events=events))
    for one in others:
        operator.write(_line(operator, one))


SAID = {
    "erased": "replay_erased",
    "pruned": "replay_pruned",
    "empty": "replay_empty",
    "gone": "replay_gone",
    "key_away": "replay_key_away",
    "differs": "replay_differs",
    "failed": "replay_failed",
    "damaged": "replay_damaged",
}
"""The sentence for each verdict but the good one."""


def _line(operator: Operator, one: ReplayResult) -> str:
    details: dict[str, Any] = {
        "tracking": one.tracking_id,
        "run": one.run_id,
        "n": one.n,
        "detail": one.detail,
        "at": show_instant(one.at, operator.lang),
        "by": one.by,
        "ground": one.ground,
    }
    return operator.say(SAID[str(one.verdict)], **details)


def _exit_code(found: list[ReplayResult], *, one_complaint: bool) -> int:
    from kawal.audit.history_archive.replay import BAD, Verdict

    verdicts = {one.verdict for one in found}
    if verdicts & BAD or (one_complaint and Verdict.GONE in verdicts):
        return REFUSED
    return UNAVAILABLE if Verdict.KEY_AWAY in verdicts else 0


SPECS = (
    Spec(
        "history-archive",
        history_archive,
        [
            Field("round_now", "--now", bool, default=False, help_key="history_archive_now"),
            Field("prune_history_archive", "--prune", bool, default=False),
            Field("due_limit", "--limit", int, default=100),
        ],
    ),
    Spec(
        "replay",
        replay,
        [Field("replayed_report"), Field("replay_year", "--year", int)],
    ),
)
