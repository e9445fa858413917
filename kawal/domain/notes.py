"""Notes that officials leave each other on a report: who may read one, by whom it was written and for whom.

A note is beside the process: it changes no state and no clock, is never edited, and nothing of it is ever public or on
the reporter's page. One that was struck keeps its words for auditors alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from kawal.domain.messages import Actor, Snapshot
from kawal.domain.msgids import Message, msgid_in
from kawal.domain.names import Role
from kawal.domain.opd_lines import holds
from kawal.domain.persons import same_person
from kawal.domain.refusals import Refusal


class Audience(StrEnum):
    """For whom a note is; whoever wrote it reads it too, and auditors read all."""

    OWN = "own"
    """The own side: of a liaison the own OPD, otherwise the own role."""
    OPDS = "opds"
    """The own side, the OPDs that have the report, and the agency's admin, who forwards it."""
    INSPECTORATE = "inspectorate"
    """The Inspectorate alone."""


AUDIENCES: dict[str, Message] = {
    "own": msgid_in("a note is for", "our own side"),
    "opds": msgid_in("a note is for", "the OPDs that have the report"),
    "inspectorate": msgid_in("a note is for", "the Inspectorate alone"),
}
"""What each audience is called."""


class Authorship(NamedTuple):
    """Whose a note is: role, OPD of a liaison, and account."""

    role: Role
    opd: str | None
    account: str


class Colleague(NamedTuple):
    """Somebody who holds roles in an agency today, as a deputy too."""

    person: str
    name: str
    login: str
    roles: Sequence[Actor]


def check_audience(actor: Actor, audience: Audience) -> None:
    """Raise Refusal where a role may write only to others: the leadership writes to the Inspectorate."""
    if actor.role is Role.LEADERSHIP and audience is not Audience.INSPECTORATE:
        raise Refusal("note_to_inspectorate")


def may_read_note(reader: Actor, author: Authorship, audience: Audience, complaint: Snapshot) -> bool:
    """Tell whether an official of the complaint's agency may read a note on it that was not struck."""
    if reader.role is Role.AUDITOR or same_person(reader.account, author.account):
        return True
    if audience is Audience.INSPECTORATE:
        return reader.role is Role.INSPECTORATE
    if reader.role is author.role and reader.opd == author.opd:
        return True
    return audience is Audience.OPDS and (reader.role is Role.ADMIN or _has_it(reader, complaint))


def check_strike(actor: Actor, author: Authorship, *, struck: bool) -> None:
    """Raise Refusal unless an actor may strike a note: who wrote it, once."""
    if not same_person(actor.account, author.account):
        raise Refusal("note_of_another")
    if struck:
        raise Refusal("note_struck_already")


def _has_it(reader: Actor, complaint: Snapshot) -> bool:
    return reader.role is Role.LIAISON and holds(reader.opd, complaint.opds)
