"""How bash and zsh ask what TAB offers, and how they are answered.

Typer finds what is completed (its own `ShellComplete`) and the offers; the scripts and the form of an answer are ours:
typer's lose colons, quotation marks and names with spaces in them, and zsh's evaluates what it is given, which here
comes from the database.

The first line of an answer says how it is to be taken: `words`, `open` (a word that goes on: no space after it) or
`files` (the shell completes names of files). Then comes a word a line, as the shell takes it.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from typer.completion import shell_completion  # type: ignore[attr-defined]  # typer's copy of click has no public name

from kawal.cli.terminal.completion import FILES


class Shell(StrEnum):
    """A shell whose TAB is answered."""

    BASH = "bash"
    ZSH = "zsh"


_BASH = r"""
_kawal_completion() {
    local -a answer
    mapfile -t answer < <(
        _KAWAL_COMPLETE=bash _KAWAL_LINE="${COMP_LINE:0:COMP_POINT}" _KAWAL_WORD="$2" \
            "${1/#\~/$HOME}" 2>/dev/null </dev/null
    )
    COMPREPLY=("${answer[@]:1}")
    case "${answer[0]-}" in
        open) compopt -o nospace ;;
        files) compopt -o default ;;
    esac
}
complete -o nosort -F _kawal_completion kawal
""".strip()

_ZSH = r"""
_kawal_completion() {
    local -a answer offered
    answer=("${(@f)$(
        _KAWAL_COMPLETE=zsh _KAWAL_LINE="${(j: :)words[1,CURRENT-1]} " _KAWAL_WORD="${(Q)PREFIX}" \
            ${(Q)~words[1]} 2>/dev/null </dev/null
    )}")
    offered=("${(@)answer[2,-1]}")
    [[ $PREFIX == --*=* ]] && compset -P '*='
    case $answer[1] in
        words) _describe -V kawal offered ;;
        open) _describe -V kawal offered -S '' ;;
        files) _files ;;
    esac
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
compdef _kawal_completion kawal
""".strip()

SCRIPTS: Mapping[Shell, str] = {Shell.BASH: _BASH, Shell.ZSH: _ZSH}
"""What a shell reads once, so that TAB asks."""


class Line(NamedTuple):
    """A line up to the cursor, as its shell reads it."""

    words: list[str]
    """Those that are whole."""
    begun: str
    """The word at the cursor; empty where none is begun."""
    quote: str
    """The quotation mark that the word at the cursor is within; empty without one."""


def complete(shell: str) -> int:
    """Answer a shell; where nothing can be offered, for whatever reason, it is told nothing."""
    from kawal.cli.app import build
    from kawal.cli.terminal.language import language

    with contextlib.suppress(Exception):  # whoever types would read it in the middle of a line
        sys.stdout.write(_ANSWERS[Shell(shell)](build(language()), {}, "kawal", "").complete())
        sys.stdout.flush()
    return 0


def read_line(text: str) -> Line:
    """Read a line up to the cursor; a quotation that is not closed is the word at the cursor."""
    reading = shlex.shlex(text + _CURSOR, posix=True)
    reading.whitespace_split, reading.commenters = True, ""
    words, quote = [], ""
    try:
        for word in reading:
            words.append(word)  # noqa: PERF402  # what was read before an open quotation counts
    except ValueError:
        words.append(reading.token)
        quote = str(reading.state)  # type: ignore[attr-defined]  # not described for mypy: the open quotation mark
    return Line(words[:-1], words[-1].removesuffix(_CURSOR), quote)


_CURSOR = "\x1f"
"""Appended to a line while it is read: the word that contains it is the one at the cursor."""


class _Answer(shell_completion.ShellComplete):
    """What typer offers for a line, in the form of an answer."""

    line: Line
    replaced: str
    """What the shell replaces: the word at the cursor, or as much of it as the shell takes for a word."""

    def source_vars(self) -> dict[str, Any]:
        return {}

    def get_completion_args(self) -> tuple[list[str], str]:
        self.line, self.replaced = read_line(os.environ["_KAWAL_LINE"]), os.environ["_KAWAL_WORD"]
        return self.line.words[1:], self.line.begun

    def complete(self) -> str:
        offers: Sequence[Any] = self.get_completions(*self.get_completion_args())
        if any(offer.help == FILES for offer in offers):
            return "files"
        going_on = offers and all(offer.value.endswith((":", "/")) for offer in offers)
        return "\n".join(["open" if going_on else "words", *map(self.format_completion, offers)])


class _Bash(_Answer):
    name, source_template = Shell.BASH, _BASH

    def format_completion(self, item: Any) -> str:
        """Return the word in place of what is replaced, quoted as required by what precedes it."""
        begun, quote = self.line.begun, self.line.quote
        option, equals, _ = begun.partition("=")
        whole = f"{option}={item.value}" if equals and option.startswith("-") else item.value
        replaced = self.replaced if quote else read_line(self.replaced).begun
        return _quoted(whole[len(begun) - len(replaced) :], quote)


class _Zsh(_Answer):
    name, source_template = Shell.ZSH, _ZSH

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the cursor, and the one at it as zsh sees it."""
        words, _ = super().get_completion_args()
        return words, self.replaced

    def format_completion(self, item: Any) -> str:
        """Return the word and its meaning for `_describe`."""
        value = re.sub(r"([\\:])", r"\\\1", item.value)
        meaning = " ".join((item.help or "").split())
        return f"{value}:{meaning}" if meaning else value


_ANSWERS: Mapping[Shell, type[_Answer]] = {Shell.BASH: _Bash, Shell.ZSH: _Zsh}


def _quoted(text: str, quote: str) -> str:
    if quote == "'":
        return text.replace("'", "'\\''")
    if quote == '"':
        return re.sub(r'([$`"\\])', r"\\\1", text)
    return re.sub(r"([^\w@%+=:,./-])", r"\\\1", text)
