"""The command `kawal`: every command in one list, and how each ends (exit codes: cli.terminal.faults)."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Sequence
from typing import Any

import typer

from kawal.cli.commands import (
    administration,
    api,
    archives,
    attachments,
    audit,
    backup,
    calendar,
    case_file,
    events,
    find,
    history,
    imports,
    inbox,
    indicators,
    inspectorate,
    keys,
    listing,
    notices,
    passes,
    person,
    policy,
    quality,
    recap,
    registers,
    rerun,
    show,
    start,
    tokens,
    up,
    wedged,
)
from kawal.cli.terminal import command_table
from kawal.cli.terminal.faults import report
from kawal.cli.terminal.lang import Lang, language
from kawal.cli.terminal.options import COMMON, Spec, add_command, operator_of, parameters
from kawal.cli.terminal.release import release
from kawal.cli.wording.help_words import APP, command_help, option_help, panel_title
from kawal.wording.catalogues import say

CLIENT = (start.SPEC, *command_table.specs(), show.SPEC, listing.SPEC, history.SPEC)
"""What the client's side does: `python starter.py` has these alone."""

OPERATOR = (
    attachments.SPEC,
    events.SPEC,
    case_file.SPEC,
    find.SPEC,
    inspectorate.SPEC,
    notices.SPEC,
    recap.SPEC,
    indicators.SPEC,
    rerun.SPEC,
    up.UP,
    up.WORKER,
    api.SPEC,
    imports.SPEC,
    inbox.INBOX,
    inbox.RECONCILE,
    wedged.SPEC,
    backup.BACKUP,
    backup.RESTORE,
)

GROUPS = {
    "calendar": calendar.SPECS,
    "policy": policy.SPECS,
    "token": tokens.SPECS,
    "pass": passes.SPECS,
    "keys": keys.SPECS,
    "quality": quality.SPECS,
    "audit": (*audit.SPECS, *archives.SPECS),
    "register": registers.SPECS,
    "office": administration.OFFICE,
    "opd": administration.OPD,
    "person": person.SPECS,
}


def build(lang: Lang, *, client_only: bool = False) -> typer.Typer:
    """Return the command line in a language, whole or with the client's commands alone."""
    app = _typer(say(lang, APP))
    _add_callback(app, lang)
    for spec in CLIENT if client_only else (*CLIENT, *OPERATOR):
        add_command(app, spec, lang)
    if not client_only:
        for name, specs in GROUPS.items():
            _add_group(app, name, specs, lang)
    return app


def run(arguments: Sequence[str], *, client_only: bool = False, name: str = "kawal") -> int:
    """Run one command line and return its exit code; what went wrong is told on standard error."""
    lang = language()
    try:
        outcome: Any = build(lang, client_only=client_only)(args=list(arguments), prog_name=name, standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has gone (`kawal list | head`): nothing is wrong, and nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except typer.Abort:
        return 130
    except Exception as error:  # every way to end has its exit code
        return report(error, lang)
    return outcome if isinstance(outcome, int) else 0


def main() -> int:
    """Run `kawal` with the process's own arguments."""
    return run(sys.argv[1:])


def _typer(text: str) -> typer.Typer:
    return typer.Typer(
        help=text,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def _add_group(app: typer.Typer, name: str, specs: Sequence[Spec], lang: Lang) -> None:
    group = _typer(command_help(name, lang))
    for spec in specs:
        add_command(group, spec, lang, group=name)
    app.add_typer(group, name=name, rich_help_panel=panel_title("system", lang))


def _add_callback(app: typer.Typer, lang: Lang) -> None:
    """The options before a command's name."""

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
