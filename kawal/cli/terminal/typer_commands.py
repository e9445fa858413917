"""Commands and groups of commands for typer: what help shows of them, and commands that are created when called.

Help is plain text in the reader's language: it waits for nothing, and a pipe gets the same as a screen.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from kawal.cli.terminal.language import language
from kawal.cli.wording.messages import say

ACTING = "KAWAL_AS"


class MissingOptions(typer.TyperException):
    """All that a command line lacks; `names` are options as they are typed and arguments as help shows them."""

    def __init__(self, names: Sequence[str], context: Any) -> None:
        """Keep what is missing and where."""
        super().__init__(", ".join(names))
        self.names = names
        self.ctx = context


class NoSuchCommand(typer.TyperException):
    """There is no command of that name; `near` are similar ones, as they are typed."""

    def __init__(self, name: str, near: Sequence[str], context: Any) -> None:
        """Keep the name, similar ones and where."""
        super().__init__(name)
        self.near = near
        self.ctx = context


class Command(TyperCommand):
    """A command; everything it lacks is reported at once."""

    acting = False
    """Whether an actor must be named (--as)."""
    lifted_by: str | None = None
    """The option with which no other one is required."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the command's arguments; raises MissingOptions naming all that are missing."""
        typed = list(args)
        if self.lifted_by is not None and any(one.partition("=")[0] == self.lifted_by for one in typed):
            for option in self.params:
                option.required = option.required and isinstance(option, TyperArgument)
        try:
            return super().parse_args(ctx, args)
        except typer.TyperException as error:
            if type(error).__name__ != "MissingParameter":
                raise
            raise MissingOptions(self._missing(ctx, typed), ctx) from error

    def _missing(self, ctx: Any, args: list[str]) -> list[str]:
        given, _, _ = self.make_parser(ctx).parse_args(args=args)
        names = [name_of(one) for one in self.params if one.required and given.get(one.name) in (None, ())]
        outer = getattr(ctx.obj, "as_who", None)
        if self.acting and not (given.get("as_who") or outer or os.environ.get(ACTING)):
            names.append("--as")
        return names

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write usage, what the command does, and its options by heading."""
        _write_page(self, ctx, formatter)

    def get_help_option(self, ctx: Any) -> TyperOption | None:
        """Return `--help`, described in the reader's language."""
        return _described(super().get_help_option(ctx))


class Group(TyperGroup):
    """Commands under one name."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write usage, what the group is for, its options and its commands by heading."""
        _write_page(self, ctx, formatter)
        by_panel: dict[str, list[tuple[str, str]]] = {}
        for name, one in self.commands.items():
            panel = getattr(one, "rich_help_panel", None) or _say("help_commands")
            by_panel.setdefault(panel, []).append((name, one.help or ""))
        _write_sections(by_panel, formatter)

    def get_help_option(self, ctx: Any) -> TyperOption | None:
        """Return `--help`, described in the reader's language."""
        return _described(super().get_help_option(ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is called; raises NoSuchCommand with similar ones."""
        name = args[0]
        if name in self.commands or ctx.resilient_parsing or name.startswith("-"):
            return super().resolve_command(ctx, args)
        raise NoSuchCommand(name, self._near(name), ctx)

    def _near(self, name: str) -> list[str]:
        """Return similar names, and the commands of that name in groups."""
        from difflib import get_close_matches

        inner = [
            f"{group} {name}"
            for group, one in self.commands.items()
            if isinstance(one, TyperGroup) and name in one.commands
        ]
        return [*inner, *get_close_matches(name, self.commands)]


class LazyCommand(Command):
    """A command that help and completion know by its name; the command itself is created when it is called."""

    def __init__(self, name: str, make: Callable[[], Command], *, help_line: str, panel: str | None) -> None:
        """Keep the function that creates it."""
        super().__init__(name, help=help_line, short_help=help_line, rich_help_panel=panel)
        self._make = make

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Create the command and return its own context: from here on the command itself answers."""
        return self._make().make_context(info_name, args, parent=parent, **extra)


def name_of(parameter: Any) -> str:
    """Return how an option or argument is typed."""
    if isinstance(parameter, TyperArgument):
        return parameter.metavar or parameter.name.upper()
    return str(next((one for one in parameter.opts if one.startswith("--")), parameter.opts[0]))


def _say(key: str, **details: object) -> str:
    return say(language(), key, **details)


def _described(option: TyperOption | None) -> TyperOption | None:
    if option is not None:
        option.help = _say("help_help")
    return option


def _write_page(command: TyperCommand | TyperGroup, ctx: Any, formatter: Any) -> None:
    arguments = [one for one in command.params if isinstance(one, TyperArgument)]
    words = [_say("help_options_word"), *map(_placed, arguments)]
    if isinstance(command, TyperGroup):
        words.append(_say("help_command_word"))
    formatter.write_usage(ctx.command_path, " ".join(words), prefix=_say("help_usage"))
    if command.help:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(command.help)
    by_panel: dict[str, list[tuple[str, str]]] = {}
    for one in command.get_params(ctx):
        if isinstance(one, TyperArgument):
            by_panel.setdefault(_say("help_arguments"), []).append((name_of(one), _told(one)))
        elif isinstance(one, TyperOption):
            panel = one.rich_help_panel or _say("help_options")
            by_panel.setdefault(panel, []).append((_written(one), _told(one)))
    _write_sections(by_panel, formatter)


def _write_sections(by_panel: dict[str, list[tuple[str, str]]], formatter: Any) -> None:
    for panel, rows in by_panel.items():
        with formatter.section(panel):
            formatter.write_dl(rows)


def _placed(argument: TyperArgument) -> str:
    name = name_of(argument) + ("..." if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _written(option: TyperOption) -> str:
    names = "/".join([", ".join(sorted(option.opts, key=len)), *option.secondary_opts])
    return names if option.is_flag else f"{names} {name_of(option).lstrip('-').upper().replace('-', '_')}"


def _told(parameter: Any) -> str:
    """Return its description, the choices, the default, and whether it must be given."""
    told = [parameter.help or ""]
    choices = parameter.type_descriptor.choices
    if choices:
        told.append(f"({', '.join(str(getattr(one, 'value', one)) for one in choices)})")
    if parameter.required:
        told.append(_say("help_required"))
    elif parameter.show_default and parameter.default not in (None, [], False):
        told.append(_say("help_default", value=getattr(parameter.default, "value", parameter.default)))
    return " ".join(told)
