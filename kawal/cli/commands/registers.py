"""`kawal register`: the agency's decrees (SK) and action plans (rencana aksi)."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kawal.cli.terminal.answers import refuse_in_words
from kawal.cli.terminal.dates import WIB, parse_day, show_day
from kawal.cli.terminal.faults import Usage
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.cli.wording.labels import label
from kawal.cli.wording.quality_words import ITEM_STATES
from kawal.domain.registers import ItemState

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints
    from kawal.desks.registers import RegisterDesk
    from kawal.domain.messages import Actor
    from kawal.store.registers import Decree, Plan


def decree(
    operator: Operator,
    *,
    decree_number: str | None,
    decided_on: str | None,
    valid_until: str | None,
    register_opd: str | None,
    document: str | None,
    document_file: str | None,
    correct_entry: int | None,
    withdrawn: bool,
) -> None:
    """Enter a decree, or correct one."""
    given = _common(register_opd, document, document_file, withdrawn=withdrawn) | {
        "number": decree_number,
        "decided_on": _day(decided_on, "--date"),
        "valid_until": _day(valid_until, "--valid-until"),
    }

    async def work(complaints: Complaints) -> Decree:
        desk, instansi, actor = await _desk(operator, complaints)
        return await desk.decree(instansi, given, actor, correct_entry)

    with refuse_in_words(operator):
        added = operator.with_system(work)
    if operator.json:
        operator.write_json(added.model_dump(mode="json"))
    else:
        operator.write(operator.say("decree_entered", number=added.entry, revision=added.revision, decree=added.number))


def plan(
    operator: Operator,
    *,
    plan_year: int | None,
    submitted_on: str | None,
    plan_items: list[str],
    register_opd: str | None,
    document: str | None,
    document_file: str | None,
    correct_entry: int | None,
    withdrawn: bool,
) -> None:
    """Enter an action plan with its items, or correct one."""
    given = _common(register_opd, document, document_file, withdrawn=withdrawn) | {
        "year": plan_year,
        "submitted_on": _day(submitted_on, "--submitted"),
    }

    async def work(complaints: Complaints) -> Plan:
        desk, instansi, actor = await _desk(operator, complaints)
        return await desk.plan(instansi, given, plan_items, actor, correct_entry)

    _tell_plan(operator, operator.with_system(work))


def progress(
    operator: Operator,
    *,
    plan_number: int,
    item_place: int,
    item_state: ItemState,
    on_day: str | None,
    item: str | None,
) -> None:
    """Say how an item of a plan stands."""
    day = _day(on_day, "--on") or datetime.now(WIB).date().isoformat()
    given = {"state": str(item_state), "on_day": day} | ({} if item is None else {"title": item})

    async def work(complaints: Complaints) -> Plan:
        desk, instansi, actor = await _desk(operator, complaints)
        return await desk.progress(instansi, plan_number, item_place, given, actor)

    _tell_plan(operator, operator.with_system(work))


def list_registers(operator: Operator) -> None:
    """List what the registers hold, withdrawn entries too."""

    async def work(complaints: Complaints) -> tuple[list[Decree], list[Plan]]:

        await operator.check_named(complaints)
        registers = complaints.system.registers
        return await registers.decrees(operator.instansi()), await registers.plans(operator.instansi())

    decrees, plans = operator.with_system(work)
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


_ENTRY = (
    Field("register_opd", "--opd"),
    Field("document", "--document"),
    Field("document_file", "--file"),
    Field("correct_entry", "--correct", int),
    Field("withdrawn", "--withdrawn", bool, default=False),
)

SPECS = (
    Spec(
        "decree",
        decree,
        [
            Field("decree_number", "--number"),
            Field("decided_on", "--date"),
            Field("valid_until", "--valid-until"),
            *_ENTRY,
        ],
    ),
    Spec(
        "plan",
        plan,
        [
            Field("plan_year", "--year", int),
            Field("submitted_on", "--submitted"),
            Field("plan_items", "--item", list[str], default=[]),
            *_ENTRY,
        ],
    ),
    Spec(
        "progress",
        progress,
        [
            Field("plan_number", kind=int, default=REQUIRED),
            Field("item_place", kind=int, default=REQUIRED),
            Field("item_state", "--state", ItemState, default=REQUIRED),
            Field("on_day", "--on"),
            Field("item", "--item", help_key="item_title"),
        ],
    ),
    Spec("list", list_registers),
)


async def _desk(operator: Operator, complaints: Complaints) -> tuple[RegisterDesk, str, Actor]:
    from kawal.desks.registers import RegisterDesk

    actor = await operator.actor(complaints)
    return RegisterDesk(complaints), await operator.agency_of(complaints, actor), actor


def _common(opd: str | None, document: str | None, file: str | None, *, withdrawn: bool) -> dict[str, Any]:
    return {
        "opd": opd and opd.upper(),
        "document": document,
        "document_hash": None if file is None else _digest(file),
        "withdrawn": withdrawn or None,
    }


def _digest(file: str) -> str:
    path = Path(file).expanduser()
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise Usage("no_such_file", option="--file", path=path, detail=error.strerror) from None


def _day(text: str | None, option: str) -> str | None:
    return None if text is None else parse_day(text, option).isoformat()


def _tell_plan(operator: Operator, added: Plan) -> None:
    if operator.json:
        operator.write_json(added.model_dump(mode="json"))
    else:
        done = sum(item.state is ItemState.DONE for item in added.items)
        operator.write(
            operator.say("plan_entered", number=added.entry, year=added.year, items=len(added.items), done=done)
        )


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
