"""The fields of an act's form, made from the arguments' model of its command; the arguments, from what was typed."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from kawal.domain.labels import FACTS
from kawal.domain.msgids import Message, Sayable, msgid
from kawal.domain.names import CommandName, ReportClass
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.validation_messages import in_words
from kawal.wording.act_words import FIELDS

Typed = Mapping[str, Sequence[str]]
"""What was typed, by the names of the fields; a field may come several times."""

LONG = 200
"""A text that may be longer than so many characters gets several lines."""

_FILL_IN = msgid("Fill this in.")


class FieldKind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    LINE = "line"
    CLASS = "class"
    CATEGORY = "category"
    OPD = "opd"
    OPDS = "opds"
    ADDRESSEE = "addressee"
    """The agency's admin or an OPD."""
    REPORT = "report"
    """Another report's number."""
    TICK = "tick"
    NUMBER = "number"
    DAY = "day"
    FILES = "files"


class ActField(NamedTuple):
    """One field."""

    name: str
    """As it is sent."""
    kind: FieldKind
    label: Message
    required: bool
    most: int | None
    """The most characters; of a number its most."""


_BY_NAME = {
    "category": FieldKind.CATEGORY,
    "opd": FieldKind.OPD,
    "opds": FieldKind.OPDS,
    "belongs_to": FieldKind.OPD,
    "to": FieldKind.ADDRESSEE,
    "main": FieldKind.REPORT,
    "files": FieldKind.FILES,
}
_BY_TYPE: dict[Any, FieldKind] = {
    bool: FieldKind.TICK,
    int: FieldKind.NUMBER,
    date: FieldKind.DAY,
    ReportClass: FieldKind.CLASS,
}


@cache
def fields_of(command: CommandName) -> tuple[ActField, ...]:
    """Return the fields of a command's form, in the order of its model."""
    return tuple(_field(name, about) for name, about in TRANSITIONS[command].arguments.model_fields.items())


def arguments_of(command: CommandName, typed: Typed, files: Sequence[str] = ()) -> dict[str, Any]:
    """Return the arguments as a JSON object; what was left empty is left out, and nothing but the model's fields."""
    found: dict[str, Any] = {}
    for field in fields_of(command):
        value = _meant(field, typed.get(field.name, ()), files)
        if value not in (None, "", []):
            found[field.name] = value
    return found


def faults_of(command: CommandName, arguments: Mapping[str, Any]) -> dict[str, Sayable]:
    """Return what is wrong with arguments, by field; nothing if the model accepts them."""
    try:
        TRANSITIONS[command].arguments.model_validate(arguments)
    except ValidationError as error:
        faults: dict[str, Sayable] = {}
        for fault in error.errors(include_url=False, include_input=False):
            name = str(fault["loc"][0]) if fault["loc"] else ""
            faults.setdefault(name, _FILL_IN if fault["type"] == "missing" else in_words(fault))
        return faults
    return {}


def _meant(field: ActField, values: Sequence[str], files: Sequence[str]) -> Any:
    given = [one.strip() for one in values if one.strip()]
    match field.kind:
        case FieldKind.FILES:
            return list(files)
        case FieldKind.OPDS:
            return given
        case FieldKind.TICK:
            return bool(given)
        case _:
            return given[-1] if given else None


def _field(name: str, about: FieldInfo) -> ActField:
    sent = about.alias or name
    bare, most = _bare(about.annotation), _most(about)
    kind = _BY_NAME.get(name) or _BY_TYPE.get(bare)
    if kind is None:
        kind = FieldKind.LINE if name == "title" or (most or 0) <= LONG else FieldKind.TEXT
    return ActField(sent, kind, FIELDS.get(sent) or FACTS.get(sent) or Message(sent), about.is_required(), most)


def _most(about: FieldInfo) -> int | None:
    """Return the limit that the model sets, in characters or of a number."""
    marks = [*about.metadata, *_marks(about.annotation)]
    limits = [getattr(mark, name, None) for mark in marks for name in ("max_length", "le")]
    return next((limit for limit in limits if isinstance(limit, int)), None)


def _marks(annotation: Any) -> list[Any]:
    if get_origin(annotation) in (Union, types.UnionType):
        return [mark for one in get_args(annotation) for mark in _marks(one)]
    return list(get_args(annotation)[1:]) if get_origin(annotation) is Annotated else []


def _bare(annotation: Any) -> Any:
    """Return the type itself, without `| None` and constraints."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(one for one in get_args(annotation) if one is not type(None))
    return _bare(get_args(annotation)[0]) if get_origin(annotation) is Annotated else annotation


def has_files(command: CommandName) -> bool:
    """Tell whether a command's form may bring files."""
    return any(field.kind is FieldKind.FILES for field in fields_of(command))


def model_of(command: CommandName) -> type[BaseModel]:
    """Return the arguments' model of a command."""
    return TRANSITIONS[command].arguments
