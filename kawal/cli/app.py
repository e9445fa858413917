"""The command `kawal`: its commands by name, created when they are called, and the exit code of each.

For the exit codes see cli.terminal.faults.
"""

from __future__ import annotations

import inspect
import os
import select
import sys
from collections.abc import Iterable, Sequence
from typing import Any, TextIO, cast

import typer
from typer.main import get_command

from kawal.cli.catalogue import CLIENT, GROUPS, OPERATOR, Entry
from kawal.cli.terminal.faults import report
from kawal.cli.terminal.interrupts import INTERRUPTED
from kawal.cli.terminal.language import Lang, language
from kawal.cli.terminal.options import COMMON, SETTINGS, command_of, operator_of, parameters
from kawal.cli.terminal.release import release
from kawal.cli.terminal.typer_commands import Group, LazyCommand
from kawal.cli.wording.help_messages import APP, command_help, option_help, panel_title
from kawal.wording.catalogues import say


def build(lang: Lang, *, client_only: bool = False) -> Group:
    """Return the command line in a language, whole or with the client's commands alone."""
    app = typer.Typer(
        cls=Group,
        help=say(lang, APP),
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        context_settings=SETTINGS,
    )
    _add_callback(app, lang)
    root = cast("Group", get_command(app))
    _add(root, CLIENT if client_only else (*CLIENT, *OPERATOR), lang)
    if not client_only:
        for name, entries in GROUPS.items():
            root.add_command(_group(name, entries, lang))
    return root


def run(arguments: Sequence[str], *, client_only: bool = False, name: str = "kawal") -> int:
    """Run one command line and return its exit code; errors are reported on standard error."""
    lang = language()
    try:
        code = _ended(arguments, build(lang, client_only=client_only), name, lang)
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        return _left_alone()
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _ended(arguments: Sequence[str], root: Group, name: str, lang: Lang) -> int:
    """Return the exit code of a command; raises BrokenPipeError where nobody reads its output any more."""
    try:
        with root.make_context(name, list(arguments)) as context:
            outcome: Any = root.invoke(context)
    except typer.Exit as asked:
        return asked.exit_code
    except typer.Abort:
        return INTERRUPTED
    except Exception as error:  # every error has an exit code
        if _nobody_reads(error):
            raise BrokenPipeError from error
        return report(error, lang)
    return outcome if isinstance(outcome, int) else 0


def _nobody_reads(error: Exception) -> bool:
    """Tell whether the reader of the output has gone (`kawal list | head`); a connection to a server breaks alike."""
    return isinstance(error, BrokenPipeError) and any(map(_is_closed, (sys.stdout, sys.stderr)))


def _is_closed(stream: TextIO) -> bool:
    try:
        poll = select.poll()
        poll.register(stream.fileno(), select.POLLOUT)
    except (OSError, ValueError):  # in memory, or closed by ourselves
        return False
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def _left_alone() -> int:
    """Return 0 for output that nobody reads; what the interpreter still writes while it ends is discarded."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if _is_closed(stream):
            os.dup2(nowhere, stream.fileno())
    return 0


def _add(group: Group, entries: Iterable[Entry], lang: Lang) -> None:
    for entry in entries:
        panel = panel_title(entry.panel, lang) if entry.panel else None
        group.add_command(
            LazyCommand(entry.name, _maker(entry, lang), help_line=command_help(entry.key, lang), panel=panel)
        )


def _maker(entry: Entry, lang: Lang) -> Any:
    return lambda: command_of(entry.spec(), lang, entry.key)


def _group(name: str, entries: Iterable[Entry], lang: Lang) -> Group:
    made = Group(
        name=name,
        help=command_help(name, lang),
        short_help=command_help(name, lang),
        no_args_is_help=True,
        rich_help_panel=panel_title("system", lang),
        context_settings=dict(SETTINGS),
    )
    _add(made, entries, lang)
    return made


def _add_callback(app: typer.Typer, lang: Lang) -> None:
    """Add the options before a command's name."""

    def callback(context: typer.Context, **given: Any) -> None:
        context.obj = operator_of(context, lang, given["as_who"], given["agency"], given["as_json"])

    options = [_version_option(lang), *parameters(COMMON, lang)]
    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    callback.__signature__ = inspect.Signature([context, *options])  # type: ignore[attr-defined]
    callback.__annotations__ = {one.name: one.annotation for one in (context, *options)}
    app.callback()(callback)


def _version_option(lang: Lang) -> inspect.Parameter:
    def tell(asked: bool) -> None:
        if asked:
            sys.stdout.write(f"kawal {release()}\n")
            raise typer.Exit

    option = typer.Option(False, "--version", help=option_help("version_flag", lang), callback=tell, is_eager=True)
    return inspect.Parameter("version_flag", inspect.Parameter.KEYWORD_ONLY, default=option, annotation=bool)
