"""How a failed command ends: one sentence on standard error, and the exit code.

0 done, 1 refused by the rules, 2 wrong usage, 3 the system is unavailable.
"""

from __future__ import annotations

import re
import sys
from typing import Any

import typer

from kawal.cli.terminal.language import Lang
from kawal.cli.terminal.layout import fitted
from kawal.cli.wording.messages import say
from kawal.wording import catalogues

REFUSED = 1
WRONG_USAGE = 2
UNAVAILABLE = 3

SOMETHING_MISSING = frozenset({"person_unnamed"})
"""Refusals that no single option is responsible for: at the command line they count as wrong usage."""


class UsageError(Exception):  # says what is wrong with a command line
    """The command line is invalid; `key` names the sentence in cli.wording.messages."""

    def __init__(self, key: str, **details: object) -> None:
        """Keep the sentence's key and the values of its places."""
        super().__init__(key)
        self.key = key
        self.details = details


class CommandRefusal(Exception):  # noqa: N818  # an ordinary answer
    """A refusal by the command line itself; `key` names the sentence in cli.wording.messages."""

    def __init__(self, key: str, **details: object) -> None:
        """Keep the sentence's key and the values of its places."""
        super().__init__(key)
        self.key = key
        self.details = details


def report(error: Exception, lang: Lang) -> int:
    """Write to standard error what went wrong and what to do; return the exit code."""
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stdout.write(f"{getattr(error, 'message', '')}\n")  # the help that it stands for
        return WRONG_USAGE
    if isinstance(error, typer.TyperException):
        return _tell(_usage_text(error, lang), WRONG_USAGE)
    if isinstance(error, UsageError):
        return _tell(say(lang, error.key, **error.details), WRONG_USAGE)
    if isinstance(error, CommandRefusal):
        return _tell(say(lang, error.key, **error.details), REFUSED)
    return _report_of_parts(error, lang)


def _report_of_parts(error: Exception, lang: Lang) -> int:
    """Report errors of the other packages, which are imported only now that there is one."""
    from kawal.base.error_redaction import traceback_of
    from kawal.base.unavailable import as_unavailable
    from kawal.crypto.master_keys import KeyUnavailable
    from kawal.domain.refusals import Refusal

    if isinstance(error, Refusal):
        return _tell(catalogues.say(lang, error.sentence), WRONG_USAGE if error.code in SOMETHING_MISSING else REFUSED)
    if isinstance(error, KeyUnavailable):
        return _tell(say(lang, "key_unavailable", detail=error.why), UNAVAILABLE)
    if isinstance(error, OSError) and error.filename is not None:
        where = error.filename2 or error.filename
        return _tell(say(lang, "no_place", path=where, detail=error.strerror or _one_line(error)), UNAVAILABLE)
    away = as_unavailable(error)
    if away is not None:
        return _tell(catalogues.say(lang, away.sentence), UNAVAILABLE)
    sys.stderr.write(f"{traceback_of(error)}\n")
    return _tell(say(lang, "unexpected", detail=_one_line(error)), UNAVAILABLE)


def _one_line(error: Exception) -> str:
    from kawal.base.error_redaction import words_of

    return " ".join(words_of(error).split())[:300]


def _usage_text(error: Exception, lang: Lang) -> str:
    """Return typer's complaint in the reader's language, similar names, and where to look further."""
    context: Any = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "kawal"
    near = getattr(error, "near", None) or getattr(error, "possibilities", None)
    lines = [
        _in_words(error, lang),
        say(lang, "did_you_mean", near=", ".join(near)) if near else "",
        say(lang, "see_help", command=path),
    ]
    return "\n".join(filter(None, lines))


def _in_words(error: Exception, lang: Lang) -> str:
    said = str(getattr(error, "message", error)).replace("Value error, ", "")
    parameter = getattr(error, "param", None)
    name = "" if parameter is None else _name_of(parameter)
    match type(error).__name__:
        case "MissingOptions":
            return say(lang, "missing_parameters", names=", ".join(getattr(error, "names", ())))
        case "NoSuchCommand":
            return say(lang, "wrong_usage", detail=say(lang, "no_such_command", what=error))
        case "NoSuchOption":
            return say(lang, "no_such_option", name=getattr(error, "option_name", ""))
        case "BadParameter":
            return say(lang, "bad_parameter", name=name, detail=_translated(said, lang))
        case _:
            return say(lang, "wrong_usage", detail=_translated(said, lang))


def _name_of(parameter: Any) -> str:
    options = getattr(parameter, "opts", None) or [parameter.name]
    if str(options[0]).startswith("-"):
        return str(options[0])
    return str(getattr(parameter, "metavar", None) or str(parameter.name).upper())


_TYPER_SAYS = (
    (re.compile(r"is not one of (.+?)\.?$"), "not_a_choice"),
    (re.compile(r"a valid (integer)"), "not_whole"),
    (re.compile(r"a valid (number)"), "not_a_number"),
    (re.compile(r"unexpected extra arguments?(?:\(s\))? \((.*)\)"), "too_much"),
    (re.compile(r"Option '(.*?)' requires an argument"), "option_without_value"),
)
"""Typer's English messages, and the sentences that replace them in the reader's language."""


def _translated(text: str, lang: Lang) -> str:
    for pattern, key in _TYPER_SAYS:
        found = pattern.search(text)
        if found is not None:
            return say(lang, key, what=found[1].replace("'", ""))
    return text


def _tell(text: str, code: int) -> int:
    sys.stderr.write(f"{fitted(text, sys.stderr)}\n")
    return code
