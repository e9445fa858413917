"""`kawal import FILE --map MAP.toml`: checks or imports the reports of a CSV or XLSX file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kawal.cli.terminal.faults import UsageError
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.domain.labels import STATUSES
from kawal.domain.record_labels import COMMANDS
from kawal.wording.catalogues import say
from kawal.wording.labels import label

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints
    from kawal.intake.files.import_run import Outcome, Summary
    from kawal.intake.files.mapping import Mapping

STATE = "imports"
"""Folder of the installation's home in which interrupted imports are noted."""
VERDICTS = {"new": "import_new", "known": "import_known", "refused": "import_refused"}


def run(
    operator: Operator, *, import_file: str, import_map: str, dry_run: bool, resume: bool, errors: str | None
) -> int | None:
    """Import the file; exit code 1 where a row was refused. Bad rows never stop the good ones."""
    from kawal.intake.files.faults import FileFault

    path = Path(import_file).expanduser()
    mapping = _mapping(import_map)
    errors = errors or (None if dry_run else f"{path}.galat.csv")
    try:
        with path.open("rb"):
            pass
        summary = operator.with_system(
            lambda complaints: _imported(operator, complaints, path, mapping, dry_run, resume, errors)
        )
    except FileFault as fault:
        raise UsageError("bad_file", path=import_file, detail=fault.reason) from None
    except FileNotFoundError as error:
        raise UsageError("no_such_file", option="FILE", path=import_file, detail=error.strerror) from None
    _tell(operator, summary, dry_run=dry_run, errors=errors)
    return 1 if summary.refused else None


def _mapping(name: str) -> Mapping:
    from kawal.intake.files.faults import FileFault
    from kawal.intake.files.mapping import read_mapping

    try:
        return read_mapping(name)
    except FileFault as fault:
        raise UsageError("bad_file", path=name, detail=fault.reason) from None
    except OSError as error:
        raise UsageError("no_such_file", option="--map", path=name, detail=error.strerror) from None


async def _imported(
    operator: Operator,
    complaints: Complaints,
    path: Path,
    mapping: Mapping,
    dry_run: bool,
    resume: bool,
    errors: str | None,
) -> Summary:
    from kawal.intake.files.faults import FaultFile
    from kawal.intake.files.import_run import Import, Progress
    from kawal.intake.service import IntakeService

    job = Import(IntakeService(complaints), path, mapping, instansi=operator.instansi())
    progress = Progress(complaints.settings.home / STATE, job.source, mapping)
    after = progress.row() if resume else 0
    with _bar(operator, dry_run) as advance, _faults(errors, FaultFile, append=after > 0) as note:
        show = _shown(operator) if dry_run else None

        def tell(outcome: Outcome) -> None:
            advance(outcome.done)
            for fault in outcome.faults:
                note(fault)
            if show is not None:
                show(outcome)

        return await job.run(tell, dry_run=dry_run, progress=progress, after=after)


@contextmanager
def _faults(path: str | None, kind: Any, *, append: bool) -> Iterator[Callable[[Any], None]]:
    if path is None:
        yield lambda _fault: None
        return
    try:
        with kind(path, append=append) as file:
            yield file.write
    except PermissionError as error:
        raise UsageError("cannot_write", path=path, detail=error.strerror) from None


@contextmanager
def _bar(operator: Operator, dry_run: bool) -> Iterator[Callable[[float], None]]:
    """Yield a progress bar on a terminal's standard error; none for a dry run with its rows on the same terminal."""
    if not sys.stderr.isatty() or (dry_run and sys.stdout.isatty()):
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=operator.json) as bar:
        task = bar.add_task(operator.say("import_progress"), total=1.0)
        yield lambda done: bar.update(task, completed=done) if done else None


def _shown(operator: Operator) -> Callable[[Outcome], None]:
    """Return the function that writes a dry run's rows as they come: lines of tab-separated cells, or of JSON."""
    if operator.json:
        return lambda outcome: operator.write(json.dumps(_as_json(outcome), ensure_ascii=False, default=str))
    operator.write(operator.say("import_heading"))
    return lambda outcome: operator.write(_line(operator, outcome))


def _as_json(outcome: Outcome) -> dict[str, Any]:
    planned = outcome.planned
    return {
        "row": outcome.row,
        "verdict": str(outcome.verdict),
        "tracking_id": outcome.tracking_id,
        "external_id": planned and planned.report.external_id,
        "channel": planned and str(planned.report.channel),
        "status": planned and str(planned.status),
        "received_at": planned and planned.received_at.isoformat(),
        "steps": [_step(step) for step in planned.report.past.steps] if planned and planned.report.past else [],
        "faults": [
            {"column": fault.column, "reason": say("id", fault.reason), "reason_en": say("en", fault.reason)}
            for fault in outcome.faults
        ],
    }


def _step(step: Any) -> dict[str, Any]:
    return {"name": step.name, "at": step.at and step.at.isoformat(), "opd": step.opd}


def _line(operator: Operator, outcome: Outcome) -> str:
    planned = outcome.planned
    told = "; ".join(f"{fault.column}: {say(operator.lang, fault.reason)}" for fault in outcome.faults)
    if planned is not None:
        past = planned.report.past
        steps = ", ".join(label(COMMANDS, step.name, operator.lang) for step in past.steps) if past else ""
        told = f"{planned.report.external_id} {label(STATUSES, planned.status, operator.lang)}"
        told += f" ({steps})" if steps else ""
    cells = (str(outcome.row), operator.say(VERDICTS[outcome.verdict]), outcome.tracking_id or "", told)
    return "\t".join(" ".join(cell.split()) for cell in cells)


def _tell(operator: Operator, summary: Summary, *, dry_run: bool, errors: str | None) -> None:
    if operator.json:
        line = {"summary": summary.model_dump()}
        operator.write(json.dumps(line, ensure_ascii=False))
        return
    if summary.encoding == "windows-1252":
        operator.note(operator.say("import_windows_1252"))
    operator.write(
        operator.say(
            "import_would" if dry_run else "import_done",
            rows=summary.rows,
            new=summary.new,
            known=summary.known,
            refused=summary.refused,
        )
    )
    if summary.statuses:
        statuses = sorted(summary.statuses.items())
        operator.write("  " + ", ".join(f"{label(STATUSES, one, operator.lang)}: {number}" for one, number in statuses))
    for key, number in (
        ("import_skipped", summary.skipped),
        ("import_waiting", summary.waiting),
        ("import_late", summary.late),
    ):
        if number:
            operator.write(operator.say(key, count=number))
    if summary.refused and errors is not None:
        operator.note(operator.say("import_errors", path=errors))


SPECS = (
    Spec(
        "import",
        run,
        (
            Field("import_file", default=REQUIRED),
            Field("import_map", "--map", default=REQUIRED),
            Field("dry_run", "--dry-run", bool, default=False),
            Field("resume", "--resume", bool, default=False),
            Field("errors", "--errors"),
        ),
    ),
)
