"""`kawal register`: the agency's decrees (SK) and action plans (rencana aksi)."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kawal.cli.terminal.dates import show_day
from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.faults import UsageError
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.cli.wording.labels import label
from kawal.domain.registers import PlanItemState
from kawal.wording.quality_words import ITEM_STATES

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.store.registers import Decree, Plan


def list_registers(operator: Operator) -> None:
    """List the contents of the registers, including withdrawn entries."""

    async def work(complaints: Readings) -> tuple[list[Decree], list[Plan]]:

        await operator.check_named(complaints)
        registers = complaints.record.registers
        return await registers.decrees(operator.instansi()), await registers.plans(operator.instansi())

    decrees, plans = operator.with_record(work)
    if operator.json:
        operator.write_json(
            {
                "decrees": [one.model_dump(mode="json") for one in decrees],
                "plans": [one.model_dump(mode="json") for one in plans],
            }
        )
        return
    if not decrees and not plans:
        operator.write(operator.say("nothing_found"))
    if decrees:
        columns = ("entry", "instansi", "opd", "decree_number", "decided_on", "valid_until", "document", "state")
        write_table(columns, (_decree_row(operator, one) for one in decrees), operator.lang)
    if plans:
        columns = ("entry", "instansi", "opd", "plan_year", "submitted_on", "draw_place", "item_title", "state")
        write_table(columns, (row for one in plans for row in _plan_rows(operator, one)), operator.lang)


def _hash(_: Operator, given: dict[str, Any]) -> dict[str, Any]:
    file = given["document_file"]
    return {} if file is None else {"document_hash": _digest(file)}


def _digest(file: str) -> str:
    path = Path(file).expanduser()
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise UsageError("no_such_file", option="--file", path=path, detail=error.strerror) from None


def _tell_decree(operator: Operator, added: Decree) -> None:
    operator.write(operator.say("decree_entered", number=added.entry, revision=added.revision, decree=added.number))


def _tell_plan(operator: Operator, added: Plan) -> None:
    done = sum(item.state is PlanItemState.DONE for item in added.items)
    said = operator.say("plan_entered", number=added.entry, year=added.year, items=len(added.items), done=done)
    operator.write(said)


def _decree_row(operator: Operator, one: Decree) -> list[str]:
    return [
        str(one.entry),
        one.instansi,
        one.opd or "–",
        one.number,
        show_day(one.decided_on, operator.lang),
        "–" if one.valid_until is None else show_day(one.valid_until, operator.lang),
        one.document,
        operator.say("entry_withdrawn") if one.withdrawn else "",
    ]


def _plan_rows(operator: Operator, one: Plan) -> list[list[str]]:
    first = [
        str(one.entry),
        one.instansi,
        one.opd or "–",
        str(one.year),
        show_day(one.submitted_on, operator.lang),
    ]
    state = operator.say("entry_withdrawn") if one.withdrawn else ""
    items = (
        [*first, str(item.place), item.title, label(ITEM_STATES, str(item.state), operator.lang)] for item in one.items
    )
    return [[*first, "", one.document, state], *items]


_FILE = (Field("document_file", "--file"),)
_HASHED = frozenset({"document_hash"})

SPECS = (
    *desk_specs(
        "register",
        {
            "decree": Form(
                _tell_decree, typed=OptionLayout({"decided_on": "--date"}, apart=_HASHED), instead=_FILE, read=_hash
            ),
            "plan": Form(
                _tell_plan,
                typed=OptionLayout({"submitted_on": "--submitted", "items": "--item"}, apart=_HASHED),
                instead=_FILE,
                read=_hash,
            ),
            "progress": Form(
                _tell_plan, typed=OptionLayout({"on_day": "--on", "title": "--item"}, places={"plan", "place"})
            ),
        },
    ),
    Spec("list", list_registers),
)
