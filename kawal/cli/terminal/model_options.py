"""Makes options from an arguments' model, and the arguments from what was typed, for the tables of commands."""

from __future__ import annotations

import types
from collections.abc import Mapping, Set
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kawal.cli.terminal.dates import parse_day
from kawal.cli.terminal.options import REQUIRED, Field
from kawal.cli.terminal.text_arguments import read_text

CODES = frozenset({"opd", "opds", "code", "belongs_to"})
"""Codes are upper case however they were typed."""

WRITTEN = frozenset(
    {"title", "text", "missing", "reason", "agency", "note", "grounds", "question", "why", "words", "finding", "how"}
)
"""Texts that people write: also taken from a file or standard input (cli.terminal.text_arguments)."""


class OptionLayout(NamedTuple):
    """How the fields of a model are typed where that differs from `--` and the field's name."""

    flags: Mapping[str, str] = types.MappingProxyType({})
    places: Set[str] = frozenset()
    """Fields that are positional arguments, not options."""
    apart: Set[str] = frozenset()
    """Fields that are not typed: the command's description makes them from other options."""

    def option(self, name: str, about: FieldInfo) -> str:
        """Return how a field is typed."""
        if name in self.places:
            return parameter(name).upper()
        return self.flags.get(name, f"--{(about.alias or name).replace('_', '-')}")


def fields_of(model: type[BaseModel], typed: OptionLayout, help_prefix: str) -> list[Field]:
    """Return the options of a model's fields in their order; the key of each one's help is the prefix and its name."""
    return [
        _field(name, about, typed, help_prefix) for name, about in model.model_fields.items() if name not in typed.apart
    ]


def arguments_of(model: type[BaseModel], typed: OptionLayout, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON object of the arguments from options; what was not given is left out. Raises UsageError."""
    arguments: dict[str, Any] = {}
    for name, about in model.model_fields.items():
        if name in typed.apart:
            continue
        value = given[parameter(name)]
        if value is None or value is False or value == []:  # a 0 was given, and is for the rules to refuse
            continue
        arguments[about.alias or name] = _meant(name, about, typed, value)
    return arguments


def parameter(name: str) -> str:
    """Return the parameter of a field: `--agency` of pass-on is what people write, not the common `--instansi`."""
    return f"{name}_named" if name == "agency" else name


def _meant(name: str, about: FieldInfo, typed: OptionLayout, value: Any) -> Any:
    if name in WRITTEN:
        return read_text(value, typed.option(name, about))
    if _is_day(about.annotation):
        return parse_day(value, typed.option(name, about)).isoformat()
    if name in CODES:
        return [one.upper() for one in value] if isinstance(value, list) else value.upper()
    return str(value) if isinstance(value, (StrEnum, Path)) else value


def _field(name: str, about: FieldInfo, typed: OptionLayout, help_prefix: str) -> Field:
    kind = _kind(about.annotation)
    default: Any = REQUIRED if about.is_required() else None
    if kind is bool:
        default = False
    elif get_origin(kind) is list:
        default = []
    elif not about.is_required() and isinstance(about.default, (int, StrEnum)):
        default = about.default
    flag = None if name in typed.places else typed.option(name, about)
    return Field(parameter(name), flag, kind, default, help_key=f"{help_prefix} {parameter(name)}")


def _kind(annotation: Any) -> Any:
    """Return the type of an option for a field's: dates as text, to be parsed where the option's name is known."""
    annotation = _bare(annotation)
    if get_origin(annotation) is list:
        inner = _bare(get_args(annotation)[0])
        return list[inner] if isinstance(inner, type) and issubclass(inner, StrEnum) else list[str]  # type: ignore[valid-type]
    if isinstance(annotation, type) and issubclass(annotation, (StrEnum, bool, int, Path)):
        return annotation
    if annotation in (str, date):
        return str
    raise TypeError(f"no option for a field of type {annotation}")


def _is_day(annotation: Any) -> bool:
    return _bare(annotation) is date


def _bare(annotation: Any) -> Any:
    """Return the type itself, without `| None` and constraints."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(one for one in get_args(annotation) if one is not type(None))
    return _bare(get_args(annotation)[0]) if get_origin(annotation) is Annotated else annotation
