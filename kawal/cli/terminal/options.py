"""Turns a plain description of a command into a typer command, its help taken from cli.wording.help_messages.

Every command takes `--as`, `--instansi` and `--json` after its name as well as before it, since that is where people
type them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, cast

import typer
from typer.main import get_command

from kawal.cli.terminal.completion import COMPLETERS
from kawal.cli.terminal.language import Lang
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.typer_commands import Command
from kawal.cli.wording.help_messages import command_help, option_help, panel_title

REQUIRED: Any = ...


class Field(NamedTuple):
    """One argument or option: `name` is the Python parameter and the key of its help."""

    name: str
    flag: str | None = None
    """None: positional."""
    kind: Any = str
    default: Any = None
    """REQUIRED, or what holds when it is not given."""
    help_key: str | None = None
    """The key of its help, if it is not `name`."""


TRACKING_ID = Field("tracking_id", default=REQUIRED)
COMMON = (
    Field("as_who", "--as"),
    Field("agency", "--instansi"),
    Field("as_json", "--json", bool, default=False),
)


SETTINGS = {"help_option_names": ["-h", "--help"]}
"""Typer's settings for every command."""


class Spec(NamedTuple):
    """One command: its name, and what runs it (the operator first, then the fields by name).

    What `run` returns is the exit code; None is 0.
    """

    name: str
    run: Callable[..., int | None]
    fields: Sequence[Field] = ()
    common: tuple[Field, ...] = COMMON
    acting: bool = False
    """Whether an actor must be named (--as)."""
    lifted_by: str | None = None
    """The option with which no other one is required."""


def command_of(spec: Spec, lang: Lang, key: str) -> Command:
    """Make the command from its description; its help has the given key."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command(spec.name, cls=Command, help=command_help(key, lang), context_settings=SETTINGS)(_callback(spec, lang))
    made = cast("Command", get_command(app))
    made.acting, made.lifted_by = spec.acting, spec.lifted_by
    return made


def operator_of(context: typer.Context, lang: Lang, as_who: str | None, agency: str | None, as_json: bool) -> Operator:
    """Merge a command's own common options over those given before its name."""
    outer = context.obj if isinstance(context.obj, Operator) else Operator(lang=lang)
    return replace(
        outer,
        lang=lang,
        as_who=as_who if as_who is not None else outer.as_who,
        agency=agency if agency is not None else outer.agency,
        json=as_json or outer.json,
    )


def parameters(fields: Sequence[Field], lang: Lang) -> list[inspect.Parameter]:
    """Return the fields as parameters that typer understands."""
    return [_parameter(field, lang) for field in fields]


def _callback(spec: Spec, lang: Lang) -> Callable[..., int | None]:
    def callback(context: typer.Context, **given: Any) -> int | None:
        as_who, agency = given.pop("as_who", None), given.pop("agency", None)
        return spec.run(operator_of(context, lang, as_who, agency, given.pop("as_json", False)), **given)

    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    shown = [context, *parameters([*spec.fields, *spec.common], lang)]
    # Typer reads a function's signature; this one is made from the fields.
    callback.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]
    callback.__annotations__ = {parameter.name: parameter.annotation for parameter in shown}
    return callback


def _parameter(field: Field, lang: Lang) -> inspect.Parameter:
    described = option_help(field.help_key or field.name, lang)
    completer = COMPLETERS.get(field.name)
    if field.flag is None:
        made = typer.Argument(
            field.default,
            help=described,
            metavar=field.name.upper(),
            show_default=False,
            autocompletion=completer,
        )
    else:
        shared = field in COMMON
        made = typer.Option(
            field.default,
            field.flag,
            help=described,
            show_default=field.default not in (None, REQUIRED, [], False),
            rich_help_panel=panel_title("common", lang) if shared else None,
            autocompletion=completer,
        )
    optional = field.default is None
    annotation = field.kind | None if optional else field.kind
    return inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY, default=made, annotation=annotation)
