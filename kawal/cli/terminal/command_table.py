"""One command for each row of the rules' table: its options are the fields of its arguments' model."""

from __future__ import annotations

import types
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from kawal.cli.terminal.answers import refuse_in_words, tell_answer
from kawal.cli.terminal.dates import parse_day
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, TRACKING_ID, Field, Spec
from kawal.cli.terminal.texts import read_text
from kawal.domain.names import CommandName, Role
from kawal.domain.process.transitions import TRANSITIONS

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints
    from kawal.domain.messages import Answer

KEY = Field("key", "--key")

FLAGS = {"opds": "--opd", "files": "--file"}
"""Lists are given by repeating an option in the singular."""

CODES = frozenset({"opd", "opds"})
"""Codes are upper case however they were typed."""

DAYS = frozenset({"by"})
"""Local days: one that is malformed is wrong usage, one that is out of reach the rules refuse."""

WRITTEN = frozenset(
    {"title", "text", "missing", "reason", "agency", "note", "grounds", "question", "why", "words", "finding", "how"}
)
"""What people write: also taken from a file or standard input (cli.terminal.texts)."""

PANELS = {
    Role.ADMIN: "admin",
    Role.LIAISON: "liaison",
    Role.REPORTER: "reporter",
    Role.INSPECTORATE: "inspectorate",
}
"""Under which heading help lists a command: whose it first is."""


def specs() -> list[Spec]:
    """Return the commands that people give, in the order of PANELS and then of the table."""
    return [
        _spec(name, panel) for role, panel in PANELS.items() for name, row in TRANSITIONS.items() if row.who[0] is role
    ]


def _spec(name: CommandName, panel: str) -> Spec:
    fields = [_field(name, field, about) for field, about in TRANSITIONS[name].arguments.model_fields.items()]

    def run(operator: Operator, tracking_id: str, key: str | None, **given: Any) -> None:
        send(operator, name, tracking_id, arguments_of(name, given), key)

    return Spec(name.replace("_", "-"), run, [TRACKING_ID, *fields, KEY], panel)


def _field(command: CommandName, name: str, about: FieldInfo) -> Field:
    flag = FLAGS.get(name, f"--{(about.alias or name).replace('_', '-')}")
    kind = _kind(about.annotation)
    default: Any = REQUIRED if about.is_required() else None
    if kind is bool:
        default = False
    elif default is None and get_origin(kind) is list:
        default = []
    return Field(_parameter(name), flag, kind, default, help_key=f"{command} {_parameter(name)}")


def _parameter(name: str) -> str:
    """The parameter for a field: `--agency` of pass-on is what people write, not the common `--instansi`."""
    return f"{name}_named" if name == "agency" else name


def _kind(annotation: Any) -> Any:
    """Return the type of an option for a field's: optional ones without their None, dates as text for the rules."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(one for one in get_args(annotation) if one is not type(None))
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is list:
        return list[str]
    if isinstance(annotation, type) and issubclass(annotation, (StrEnum, bool, int)):
        return annotation
    if annotation in (str, date):
        return str
    raise TypeError(f"no option for a field of type {annotation}")


def arguments_of(name: CommandName, given: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON object of a command from its options; what was not given is left out."""
    arguments: dict[str, Any] = {}
    for field, about in TRANSITIONS[name].arguments.model_fields.items():
        value = given[_parameter(field)]
        if value is None or value is False or value == []:  # a 0 was given, and is for the rules to refuse
            continue
        if field in WRITTEN:
            value = read_text(value, f"--{(about.alias or field).replace('_', '-')}")
        elif field in DAYS:
            value = parse_day(value, f"--{field}").isoformat()
        elif field in CODES:
            value = [one.upper() for one in value] if isinstance(value, list) else value.upper()
        arguments[about.alias or field] = str(value) if isinstance(value, StrEnum) else value
    return arguments


def send(operator: Operator, name: CommandName, tracking_id: str, arguments: dict[str, Any], key: str | None) -> None:
    """Give the command to the running system and tell the answer; raises Refusal."""

    async def work(complaints: Complaints) -> Answer:
        actor = await operator.actor_on(complaints, tracking_id)
        return await complaints.send(tracking_id, name, actor, arguments, key)

    with refuse_in_words(operator):
        answer = operator.with_system(work)
    tell_answer(operator, answer)
