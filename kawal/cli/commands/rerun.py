"""`kawal rerun FILE`: a recorded year through the real engine in virtual time."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kawal.cli.terminal import interrupts
from kawal.cli.terminal.dates import parse_day
from kawal.cli.terminal.faults import REFUSED, CommandRefusal, UsageError
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.scenario_file import content_of, rows_of
from kawal.wording.dates import show_number

if TYPE_CHECKING:
    from kawal.domain.scenario import ScenarioRow
    from kawal.rerun.run import Rerun


def rerun(
    operator: Operator,
    *,
    rerun_file: str,
    until: str | None,
    strict: bool,
    policy_file: str | None,
    rerun_home: str | None,
) -> int:
    """Run the file and print the recap; exit code 1 with `strict` if a command was refused, else 0.

    A malformed row or policy stops everything before anything starts.
    """
    rows = rows_of(rerun_file)
    policies = None if policy_file is None else _policies(policy_file, rows[0].at)
    home = None if rerun_home is None else _fresh_folder(rerun_home)
    done = interrupts.run(
        _played(operator, rows, policies, home, None if until is None else parse_day(until, "--until"))
    )
    _tell_refused(operator, done)
    if operator.json:
        operator.write_json(_as_json(done))
    else:
        _write_tables(operator, done)
    return REFUSED if strict and done.refused else 0


SPECS = (
    Spec(
        "rerun",
        rerun,
        [
            Field("rerun_file", default=REQUIRED),
            Field("until", "--until"),
            Field("strict", "--strict", bool, default=False),
            Field("policy_file", "--policy"),
            Field("rerun_home", "--home"),
        ],
    ),
)


def _policies(file: str, first: datetime) -> str:
    """Return the rule sets' text; raises UsageError if it is none, or if none of them rules the first row's day."""
    from kawal.domain.calendar import local_day
    from kawal.domain.policy import load_policy, policy_on

    text = content_of(file).decode("utf-8", errors="replace")
    try:
        policy_on(load_policy(text), local_day(first))
    except ValueError as error:
        raise UsageError("bad_file", path=file, detail=error) from error
    return text


def _fresh_folder(folder: str) -> Path:
    """Return a folder that holds no complaints, neither a running installation's nor an earlier run's.

    Raises UsageError.
    """
    path = Path(folder).expanduser().absolute()
    if path.exists() and any(path.iterdir()):
        raise UsageError("folder_not_empty", path=path)
    return path


async def _played(
    operator: Operator, rows: list[ScenarioRow], policies: str | None, home: Path | None, until: date | None
) -> Rerun:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from kawal.base.logging import configure_logging
    from kawal.rerun.run import NothingToRun, rerun

    configure_logging(level=30)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=operator.json) as bar:
        task = bar.add_task(operator.say("rerun_progress"), total=len(rows))
        try:
            return await rerun(
                rows, operator.settings(), home=home, policies=policies, until=until, tick=lambda: bar.advance(task)
            )
        except NothingToRun:
            raise CommandRefusal("nothing_to_run", until=until) from None


def _tell_refused(operator: Operator, done: Rerun) -> None:
    if not done.refused:
        return
    operator.note(operator.say("rerun_refused", count=len(done.refused)))
    for one in done.refused:
        operator.note(f"  {one.row.row}: {one.row.complaint} {one.row.command}: {one.refusal.sentence}")


def _as_json(done: Rerun) -> dict[str, Any]:
    from kawal.reports.render import figures_of

    return {
        **figures_of(done.total),
        "as_of": done.as_of.isoformat(),
        "years": {str(table.year): figures_of(table.total) for table in done.recaps},
        "run": {
            "seconds": round(done.seconds, 2),
            "setup_seconds": round(done.setup_seconds, 2),
            "complaints": done.complaints,
            "rows": done.rows,
            "events": done.events,
            "escalations": done.escalations,
            "late": done.late,
            "refused": [
                {
                    "row": one.row.row,
                    "complaint": one.row.complaint,
                    "command": one.row.command,
                    "code": one.refusal.code,
                }
                for one in done.refused
            ],
        },
    }


def _write_tables(operator: Operator, done: Rerun) -> None:
    from kawal.reports import render

    for table in done.recaps:
        operator.write(render.as_text(table, operator.lang).rstrip("\n"))
    operator.write(
        operator.say(
            "rerun_done",
            complaints=done.complaints,
            rows=done.rows,
            events=done.events,
            escalations=done.escalations,
            late=done.late,
            seconds=show_number(round(done.seconds, 1), operator.lang),
        )
    )
