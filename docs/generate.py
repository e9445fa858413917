"""Makes docs/process.md and docs/images/process.svg from the tables in the code: `python -m docs.generate`.

A test compares the committed files with what this makes, so that neither the tables nor the documentation can drift.
"""

from __future__ import annotations

from pathlib import Path

from docs.process_picture import process_svg
from kawal.domain.access import RIGHTS
from kawal.domain.names import EventKind, Role, Status
from kawal.domain.policy import RULES
from kawal.domain.process.transitions import GUARDS, TRANSITIONS, Row
from workflows.search_attributes import ALL
from workflows.steps import CHECK_REPORT, JOIN_MAIN, STEP_OF, STEPS, Step

FOLDER = Path(__file__).parent
INTRODUCTION = """\
# The process

Made from the tables in the code (`transitions.py` and `guards.py` in `kawal/domain/process/`, `kawal/domain/access.py`,
`kawal/domain/policy.py`, `workflows/steps.py`) by `python -m docs.generate`; a test compares. What each word means
stands in the [glossary](glossary.md).

![The process of a complaint](images/process.svg)
"""
WHO_OWES = """\
## Who owes

An OPD owes from its forward until it returns the report, posts its final follow-up, has it withdrawn, or the
Inspectorate takes over. After every event:

- **someone owes**: auto-close is off and completion runs, with what was left (at least three working days)
  if it had stopped;
- **no step is owed and a final follow-up stands**: completion stops, auto-close starts;
- **nobody owes and none stands**: the agency admin owes a forward again.

A dispute or a reopening voids every final follow-up: those OPDs owe again. A forward by the Inspectorate after it took
over hands the report on, so that it owes no more.
"""


def process_page() -> str:
    """Return the whole page."""
    parts = [INTRODUCTION, commands(), conditions(), rights(), WHO_OWES, clocks(), writing(), visibility()]
    return "\n".join(parts)


def commands() -> str:
    """Return the table of commands: who, where, under which conditions, and what the status becomes."""
    lines = [
        "## Commands\n",
        "| Command | Who | In status | Further conditions | Status afterwards | Event |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{name}` | {_who(row)} | {_statuses(row)} | {_guards(row)} | {row.becomes} | {row.event} |"
        for name, row in TRANSITIONS.items()
    ]
    return "\n".join(lines) + "\n"


def _who(row: Row) -> str:
    roles = ", ".join(sorted(row.who))
    return f"{roles}; inspectorate after take_over" if row.taken_over else roles


def _guards(row: Row) -> str:
    return ", ".join(guard.__name__ for guard in row.guards) or "–"


def _statuses(row: Row) -> str:
    if row.statuses == frozenset(Status):
        return "any"
    return ", ".join(status for status in Status if status in row.statuses)


def conditions() -> str:
    """Return the further conditions, in the order of the code."""
    lines = ["## Further conditions\n", "| Condition | Meaning |", "|---|---|"]
    lines += [f"| `{name}` | {(guard.__doc__ or '').strip()} |" for name, guard in GUARDS.items()]
    return "\n".join(lines) + "\n"


def rights() -> str:
    """Return every act besides the commands: who, of what, when for a purpose, and what goes on record."""
    lines = [
        "## Rights\n",
        "What else can be asked for (`kawal/domain/access.py`). A refusal of any of it goes on record as well.\n",
        "| Act | Who | Of | For a stated purpose | On record as |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{act}` | {_all_or(right.who)} | {right.of} | {right.purpose} | {right.record or '–'} |"
        for act, right in RIGHTS.items()
    ]
    return "\n".join(lines) + "\n"


def _all_or(roles: tuple[Role, ...]) -> str:
    return "anyone" if set(roles) == set(Role) else ", ".join(roles)


def clocks() -> str:
    """Return the table of limits; their sources stand in docs/policy.md."""
    lines = [
        "## Clocks\n",
        "The national rule set; [calendar](calendar.md): how a deadline follows; [policy](policy.md): the sources.\n",
        "| Limit | Clock | Days | Unit | Starts | Stops |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{row.limit}` | {row.clock or '–'} | {row.national} | {row.unit} | {row.starts} | {row.stops} |"
        for row in RULES
    ]
    return "\n".join(lines) + "\n"


def writing() -> str:
    """Return which activity writes which event, with its limit and its retries."""
    lines = [
        "## Activities\n",
        "| Activity | One attempt | Retries | Writes |",
        "|---|---|---|---|",
    ]
    lines += [
        f"{_step(step)} {', '.join(kind for kind in EventKind if STEP_OF[kind] is step)} |" for step in STEPS.values()
    ]
    lines.append(f"{_step(JOIN_MAIN)} – (asks the main report's workflow) |")
    lines.append(f"{_step(CHECK_REPORT)} – (advice to the admin) |")
    return "\n".join(lines) + "\n"


def _step(step: Step) -> str:
    unlimited = "for ever"
    if step.schedule_to_close is not None:
        unlimited = f"for {step.schedule_to_close.total_seconds():g} s, then refused"
    tries = f"{step.retry.maximum_attempts} attempts" if step.retry.maximum_attempts else unlimited
    first = step.retry.initial_interval.total_seconds()
    most = f", at most {step.retry.maximum_interval.total_seconds():g} s apart" if step.retry.maximum_interval else ""
    return (
        f"| `{step.activity}` | {step.start_to_close.total_seconds():g} s | {tries}, from {first:g} s doubling{most} |"
    )


def visibility() -> str:
    """Return the search attributes of the engine's lists."""
    lines = [
        "## Search attributes\n",
        "Not encrypted: codes, dates and numbers only. Which complaints are stuck: `KawalOverdue = true`.\n",
        "| Name | Type |",
        "|---|---|",
    ]
    lines += [f"| `{key.name}` | {key.indexed_value_type.name.title().replace('_', '')} |" for key in ALL]
    return "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    """Return each generated file with its content."""
    return {FOLDER / "process.md": process_page(), FOLDER / "images" / "process.svg": process_svg()}


def main() -> None:
    """Write the files."""
    for path, content in pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
