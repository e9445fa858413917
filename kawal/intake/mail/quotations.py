"""A reply's own words: the text without what it quotes of ours.

Decided by form, since the process that reads letters knows no letter of ours; in doubt more is kept. What is left out:

- lines marked with `>` behind an introduction ("On … wrote:", a header block), and those with which a reply begins;
- what follows an introduction to the end, where nothing in it is marked: so do Outlook, Yahoo and BlackBerry quote;
- the introduction itself, and the signature of a person (`-- `) or program at the end of what they wrote.

A letter of somebody else that is quoted or forwarded stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kawal.intake.mail.reply_marks import Introduction, Source, introduction, is_program, names_us

LONGEST = 100_000
"""The most characters that are searched; what a person adds to a report stands before that."""

_QUOTED = re.compile(r"[ \t]*>(?!From )")
_MARKS = re.compile(r"^[ \t]*(?:>[ \t]?)+")
_INVISIBLE = re.compile("[\ufeff\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LONGEST_SIGNATURE = 8
_FIRST = 5
"""The first marked lines, in which the introduction of all may stand."""


class OwnWords(NamedTuple):
    """What a reply says beyond what it quotes."""

    words: str
    """The whole text where nothing would be left: who writes among quoted words may have changed them."""
    only_quotes: bool
    """Whether all of it is marked as quoted, behind an introduction."""
    quotes_ours: bool
    """Whether it quotes a letter that surely was ours."""


def read_reply(text: str, ours: Source = Source()) -> OwnWords:  # noqa: B008 - immutable
    """Return a reply's own words; the whole text where nothing would be left."""
    return _Reader(text[:LONGEST], ours).read()


class _Reader:
    def __init__(self, text: str, ours: Source) -> None:
        self._text = text.strip("\n")
        self._ours = ours
        self._lines = _INVISIBLE.sub("", self._text).replace("\xa0", " ").split("\n")
        self._bare = [_MARKS.sub("", line, count=1) for line in self._lines]
        self._marked = [_QUOTED.match(line) is not None for line in self._lines]
        self._last_marked = max((at for at, marked in enumerate(self._marked) if marked), default=-1)
        self._own: list[list[str]] = [[]]
        self._left: list[str] = []
        self._names_ours = False
        self._introduced = False
        self._quotes = False
        """Whether marked lines are quotations of ours, from here on."""
        self._begun = False
        """Whether something of one's own was said."""

    def read(self) -> OwnWords:
        at = 0
        while at < len(self._lines):
            at = self._marked_lines(at) if self._marked[at] else self._line(at)
        own = "\n".join(_without_signature(lines) for lines in self._own)
        words = re.sub(r"\n\s*\n+", "\n\n", own).strip()
        return OwnWords(
            words or self._text.strip(),
            only_quotes=not words and self._introduced and self._last_marked >= 0,
            quotes_ours=self._names_ours or names_us("\n".join(self._left)),
        )

    def _line(self, at: int) -> int:
        found = introduction(self._bare, at, self._ours)
        if found is None or not self._introduces(found, at):
            self._keep(at, at + 1)
            return at + 1
        end = at + found.lines
        if found.strange:
            return self._keep_strange(at, end)
        self._leave(at, end)
        self._names_ours |= found.ours
        self._introduced = True
        if self._last_marked >= end:
            return end
        self._leave(end, len(self._lines))
        return len(self._lines)

    def _introduces(self, found: Introduction, at: int) -> bool:
        """Tell whether an introduction introduces something: only one with an address does so without marks."""
        end = at + found.lines
        if any(self._marked[at:end]):
            return False
        following = next((one for one in range(end, min(end + 4, len(self._lines))) if self._lines[one].strip()), None)
        return found.addressed or (following is not None and self._marked[following])

    def _keep_strange(self, at: int, end: int) -> int:
        """Keep an introduction of somebody else's letter, and the marked lines right behind it."""
        while end < len(self._lines) and (self._marked[end] or not self._lines[end].strip()):
            end += 1
        self._keep(at, end)
        return end

    def _marked_lines(self, at: int) -> int:
        end = at
        while end < len(self._lines) and self._marked[end]:
            end += 1
        inside = self._introduced_within(at, end)
        if inside is not None and not inside.strange:
            self._introduced = True
            self._names_ours |= inside.ours
        # A reply that begins with marked lines quotes with them, if nothing says otherwise.
        self._quotes = self._quotes or self._introduced or (not self._begun and inside is None)
        if self._quotes:
            self._leave(at, end)
        else:
            self._keep(at, end)
        return end

    def _introduced_within(self, at: int, end: int) -> Introduction | None:
        """Return the introduction that stands in marked lines themselves."""
        bare = self._bare[at:end]
        for number in range(min(len(bare), _FIRST)):
            found = introduction(bare, number, self._ours)
            if found is not None:
                return found
        return None

    def _keep(self, at: int, end: int) -> None:
        self._own[-1] += self._lines[at:end]
        self._begun = self._begun or any(line.strip() for line in self._lines[at:end])

    def _leave(self, at: int, end: int) -> None:
        self._left += self._lines[at:end]
        if self._own[-1]:
            self._own.append([])


def _without_signature(lines: Sequence[str]) -> str:
    kept = list(lines)
    marks = [at for at, line in enumerate(kept) if line == "-- "]
    if marks and len([line for line in kept[marks[-1] + 1 :] if line.strip()]) <= _LONGEST_SIGNATURE:
        del kept[marks[-1] :]
    spaced = bool(kept) and not kept[-1].strip()
    while kept and (not kept[-1].strip() or is_program(kept[-1])):
        kept.pop()
    return "\n".join([*kept, ""] if spaced else kept)
