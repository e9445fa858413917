"""Colleagues named in a note: `@` and a name or log-in name, found again among those who hold a role in the agency.

Whom a note names finds it among their work, as long as they may read it (our own policy [P]). A name of nobody, of
several, or of somebody who may not read the note is refused before anything is written.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from kawal.domain.access import Act, may
from kawal.domain.messages import Actor, Snapshot
from kawal.domain.names import Role
from kawal.domain.notes import Audience, Authorship, Colleague, may_read_note
from kawal.domain.opd_lines import holds
from kawal.domain.persons import person_of
from kawal.domain.refusals import Refusal

_SIGN = re.compile(r"(?<![^\s(])@(?=\w)")
"""At the beginning of a word: an e-mail address names nobody."""

_SHOWN = 40
"""How many characters of a name that nobody has a refusal repeats."""


class NoteReach(NamedTuple):
    """A note as far as who reads it depends on it."""

    author: Authorship
    audience: Audience
    complaint: Snapshot
    main: Snapshot | None
    """The report that a merged one follows."""


def reads(reader: Actor, note: NoteReach) -> bool:
    """Tell whether an official may read a note now, given a purpose where the report needs one."""
    refusal = may(reader, Act.READ_NOTES, note.complaint, purpose="-", main=note.main)
    return (
        refusal is None and _has_it(reader, note) and may_read_note(reader, note.author, note.audience, note.complaint)
    )


def named_in(text: str, colleagues: Iterable[Colleague]) -> list[Colleague]:
    """Return whom a text names, each once, in its order; raises Refusal for a name of nobody, or of several."""
    called: dict[str, list[Colleague]] = defaultdict(list)
    for one in colleagues:
        for name in {_folded(one.name), _folded(one.login)}:
            called[name].append(one)
    found = [_named(text[sign.end() :], called) for sign in _SIGN.finditer(text)]
    return list({one.person: one for one in found}.values())


def check_named(writer: Actor, named: Iterable[Colleague], note: NoteReach) -> list[Colleague]:
    """Return those of the named whom a note reaches: not its writer. Raises Refusal where one may not read it."""
    others = [one for one in named if one.person != person_of(writer.account)]
    for one in others:
        if not any(reads(role, note) for role in one.roles):
            raise Refusal("mention_not_read", name=one.name)
    return others


def _named(rest: str, called: dict[str, list[Colleague]]) -> Colleague:
    """Return whose name a text begins with: the longest of them."""
    words = _folded(rest)
    fitting = [name for name in called if words.startswith(name) and not words[len(name) : len(name) + 1].isalnum()]
    if not fitting:
        raise Refusal("mention_unknown", name=rest.split("\n", 1)[0][:_SHOWN].strip())
    meant = called[max(fitting, key=len)]
    if len(meant) > 1:
        raise Refusal("mention_of_several", name=meant[0].name, logins=", ".join(sorted(one.login for one in meant)))
    return meant[0]


def _has_it(reader: Actor, note: NoteReach) -> bool:
    """Tell whether a liaison's OPD has the report, or the one that it follows; others need not have it."""
    lines = [*note.complaint.opds, *(note.main.opds if note.main is not None else ())]
    return reader.role is not Role.LIAISON or holds(reader.opd, lines)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
