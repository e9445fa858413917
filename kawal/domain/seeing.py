"""Who may see what of a complaint beyond its process record: one policy for words, files and whole lives.

Policy of Kawal where the sources are silent. Sources for the rest: the roles of SP4N-LAPOR! (the auditor reads all, the
agency's admin may know an anonim reporter), and UU 27/2022 (personal data only for a stated purpose).
"""

from __future__ import annotations

from enum import StrEnum

from kawal.domain.messages import Actor, Snapshot
from kawal.domain.names import Role
from kawal.domain.process.commands import printable
from kawal.domain.refusals import Refusal

PURPOSE_LIMIT = 500
"""Characters of a stated purpose."""

OVERSEERS = (Role.ADMIN, Role.INSPECTORATE, Role.AUDITOR)
"""Who may see everything of their own agency's complaints, and alone may see whole lives."""

READERS = (*OVERSEERS, Role.LIAISON)
"""Who may read what people wrote; a liaison only of what its OPD was given."""

_NO_LONGER = frozenset({"returned", "withdrawn"})
_SEKDA = 2


class Matter(StrEnum):
    """What of a complaint is to be seen."""

    WORDS = "words"
    ATTACHMENTS = "attachments"
    LIFE = "life"
    """The whole record: refusals, readings and the engine's own history besides the events."""
    CASE_FILE = "case_file"
    """A whole life in a file that leaves the house."""
    NOTICE = "notice"
    """A notice's letter, which says what people wrote to each other."""
    RECEIPT = "receipt"
    """The rows as they were sealed, for a proof: nothing in it can be read."""


def check_reading(
    actor: Actor,
    complaint: Snapshot,
    matter: Matter,
    *,
    identity: bool,
    purpose: str | None,
    addressed: bool = False,
) -> None:
    """Refuse whoever may not see that of this complaint, or may only for a purpose and states none.

    The agency's admin, the Inspectorate and an auditor see all of their agency's complaints. A liaison sees words and
    attachments of what its OPD holds or held; of a rahasia report not once it returned the report or had it withdrawn.
    The leadership sees attachments of what came up to it. A rahasia report, and who the reporter is, are seen only for
    a stated purpose, and so is a case file taken out; who the reporter of an anonim report is not by a liaison. What is
    `addressed` to the reader (a notice, a reporter's receipt) is read without one.
    """
    if actor.instansi not in (None, complaint.instansi):
        raise Refusal("wrong_instansi", instansi=complaint.instansi, actor=actor.instansi)
    if addressed:
        return
    if actor.role not in _allowed(matter):
        raise Refusal("words_not_yours", role=actor.role, allowed=", ".join(_allowed(matter)))
    if actor.role is Role.LIAISON and not _given(actor.opd, complaint):
        raise Refusal("words_not_of_opd", opd=actor.opd)
    if actor.role is Role.LEADERSHIP and complaint.ever_level < _SEKDA:
        raise Refusal("words_not_come_up")
    if identity and not may_know_reporter(actor.role, complaint):
        raise Refusal("identity_not_yours", role=actor.role, allowed=", ".join(OVERSEERS))
    if purpose is None and (identity or matter is Matter.CASE_FILE or _is_secret(complaint, matter)):
        raise Refusal("purpose_needed")


def may_know_reporter(role: Role, complaint: Snapshot) -> bool:
    """Whether who may read a complaint may also know, for a purpose, who its reporter is."""
    return role in OVERSEERS or (role is Role.LIAISON and not complaint.anonim)


def stated(purpose: str | None) -> str | None:
    """A purpose as it may stand in the record; None for none. Refused if it is too long."""
    if purpose is not None and len(purpose) > PURPOSE_LIMIT:
        raise Refusal("purpose_too_long", most=PURPOSE_LIMIT)
    return printable(" ".join((purpose or "").split())) or None


def _allowed(matter: Matter) -> tuple[Role, ...]:
    match matter:
        case Matter.WORDS:
            return READERS
        case Matter.ATTACHMENTS:
            return (*READERS, Role.LEADERSHIP)
        case Matter.LIFE | Matter.CASE_FILE | Matter.RECEIPT:
            return OVERSEERS
        case Matter.NOTICE:
            return (Role.ADMIN, Role.AUDITOR)


def _is_secret(complaint: Snapshot, matter: Matter) -> bool:
    return complaint.rahasia and matter is not Matter.RECEIPT


def _given(opd: str | None, complaint: Snapshot) -> bool:
    states = {line.state for line in complaint.opds if line.code == opd}
    return bool(states - _NO_LONGER if complaint.rahasia else states)
