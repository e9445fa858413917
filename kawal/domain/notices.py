"""Who is notified of what: a table from the kind of an event to its recipients.

Two rules of privacy are enforced here and not left to the wording. What people wrote in a report that is rahasia is
sent to its reporter only: an official reads it in Kawal, where the reading is recorded. A notice never contains the
reporter's name or contact, and what an anonim reporter wrote is sent to no OPD by notice, since words can reveal their
writer. The wording is in `kawal.wording.letters`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import BaseModel, Field

from kawal.domain.messages import Event, Snapshot
from kawal.domain.names import FINAL, REPORTERS_SAY, ClockKind, EventKind, Role, Status
from kawal.domain.notice_facts import Case, open_deadline, process_facts, question_ended
from kawal.domain.process.state import INSPECTORATE_OWNER


class Recipient(StrEnum):
    """The possible recipients of a notice: the reporter, the agency's offices, and liaisons, each with an OPD."""

    REPORTER = "reporter"
    LIAISON = "liaison"
    ADMIN = "agency_admin"
    INSPECTORATE = "inspectorate"
    SEKDA = "sekda"
    GUBERNUR = "gubernur"


class NoticeDraft(BaseModel):
    """A notice that has not been stored yet: recipient, kind, and what the wording needs (`kawal.wording.letters`).

    `body` contains dates as ISO days of Asia/Jakarta, codes, numbers and at most one text that a person wrote (`text`);
    it is stored as ciphertext. `tracking_id` is the recipient's own report: in a follower's notice the body's `main`
    names the report that it follows.
    """

    tracking_id: str
    seq: int
    n: int
    """Numbers the notices of one event from 0, in the table's order: (report, event, n) is unique."""
    at: datetime
    kind: str
    to: Recipient
    opd: str | None = None
    body: dict[str, Any] = Field(default_factory=dict)


class Follower(BaseModel):
    """A report merged into this one, with what is needed to notify its reporter."""

    tracking_id: str
    rahasia: bool


class Target(StrEnum):
    """A recipient as the table names it; the event determines the OPD or office."""

    REPORTER = "the reporter (and those whose reports follow this one)"
    ITS_REPORTER = "the reporter of this very report"
    ADMIN = "the agency admin"
    INSPECTORATE = "the Inspectorate"
    SEKDA = "the Sekretaris Daerah"
    GUBERNUR = "the Gubernur"
    NAMED = "the OPDs that the event names"
    OWING = "every OPD that owes after the event"
    INVOLVED = "every OPD that has the report, whether or not it still owes"
    OWER = "whoever owes the step of the clock"
    ADDRESSEE = "to whom the instruction goes"


def _opened(case: Case) -> bool:
    return bool(case.fact("item_opened"))


def _final(case: Case) -> bool:
    """Return whether the ten days have begun: a final follow-up stands and nobody owes any more."""
    return bool(case.fact("final")) and open_deadline(case, ClockKind.AUTO_CLOSE) is not None


def _going_on(case: Case) -> bool:
    return not _final(case)


def _second(case: Case) -> bool:
    return int(case.fact("count") or 0) >= 2 or _opened(case)


def _missed(case: Case) -> bool:
    return case.fact("met") is False


def _rung(number: int) -> Callable[[Case], bool]:
    return lambda case: case.fact("rung") == number


def _why(reason: str) -> Callable[[Case], bool]:
    return lambda case: case.fact("why") == reason


def _which(which: str) -> Callable[[Case], bool]:
    return lambda case: case.fact("which") == which


def _spoken(case: Case) -> bool:
    """Return whether somebody gave the command for the reporter, who is then told of it."""
    return case.fact("via") is not None


def _said_by_reporter(case: Case) -> bool:
    """Return whether a refused command was a reporter's, or passed on by the desk: the reporter learns why."""
    return case.event.actor.role in (Role.REPORTER, Role.DESK) and case.fact("command") in REPORTERS_SAY


def _merged_already(case: Case) -> bool:
    return case.after.main_report is not None


def _after_the_end(case: Case) -> bool:
    """Return whether a reply comes after the final follow-up or after the end: nobody owes an answer to it."""
    return case.after.status is Status.SELESAI or open_deadline(case, ClockKind.AUTO_CLOSE) is not None


def _admin_owes(case: Case) -> bool:
    """Return whether the next step is the admin's: nobody else owes one, and no final follow-up stands."""
    owed = any(line.state == "owes" for line in case.after.opds)
    return _still_open(case) and not owed and not _after_the_end(case)


def _still_open(case: Case) -> bool:
    return case.after.status not in FINAL


class Rule(NamedTuple):
    """A line of the table: recipient, kind of notice, condition (default: always), and the text that is quoted."""

    whom: Target
    kind: str
    when: Callable[[Case], bool] = lambda _case: True
    quote: str | None = None
    """The key in the event's words whose text the notice contains, where privacy allows."""


RECEIPT = "received"
"""The notice that acknowledges a report; not sent to anybody who asked for no automatic answers (RFC 3834)."""

PASSED_ON = "passed_on"
"""The notice that a report was passed on: it names the number under which it goes on here, if it does."""

E, W = EventKind, Target

TABLE: dict[EventKind, tuple[Rule, ...]] = {
    E.STARTED: (Rule(W.REPORTER, RECEIPT), Rule(W.ADMIN, "new_report")),
    # The importer sends one notice for a whole file; below, nobody is notified of imported events.
    E.IMPORTED: (Rule(W.INSPECTORATE, "import_digest", _opened),),
    E.VERIFIED: (Rule(W.REPORTER, "verified"), Rule(W.INSPECTORATE, "supervised", _opened)),
    E.HELD: (Rule(W.REPORTER, "held", quote="missing"),),
    E.HOLD_EXPIRED: (Rule(W.REPORTER, "hold_expired"),),
    E.REPLIED: (
        Rule(W.ADMIN, "follower_replied", _merged_already, "text"),
        Rule(W.ADMIN, "replied_after_final", _after_the_end, "text"),
        Rule(W.INVOLVED, "replied_after_final", _after_the_end, "text"),
        Rule(W.ADMIN, "replied", _admin_owes, "text"),
        Rule(W.OWING, "replied", _still_open, "text"),
        Rule(W.ITS_REPORTER, "spoken_reply", _spoken, "text"),
    ),
    E.FORWARDED: (Rule(W.REPORTER, "forwarded"), Rule(W.NAMED, "to_handle", quote="note")),
    E.HANDLED: (Rule(W.REPORTER, "handled"), Rule(W.INSPECTORATE, "supervised", _opened)),
    E.RETURNED: (Rule(W.ADMIN, "returned", quote="reason"), Rule(W.REPORTER, "question_over", question_ended)),
    E.WITHDRAWN: (Rule(W.NAMED, "withdrawn", quote="grounds"), Rule(W.REPORTER, "question_over", question_ended)),
    E.ASKED: (Rule(W.REPORTER, "asked", quote="question"),),
    E.QUESTION_LAPSED: (Rule(W.OWING, "question_lapsed"), Rule(W.REPORTER, "question_over", question_ended)),
    E.FOLLOWED_UP: (
        Rule(W.REPORTER, "followed_up", _going_on, "text"),
        Rule(W.REPORTER, "followed_up_final", _final, "text"),
    ),
    E.EXTENSION_ASKED: (Rule(W.ADMIN, "extension_asked", quote="grounds"),),
    E.EXTENSION_GRANTED: (Rule(W.OWING, "extension_granted"), Rule(W.REPORTER, "extended")),
    E.EXTENSION_REFUSED: (Rule(W.OWING, "extension_refused", quote="grounds"),),
    E.EXTENSION_LAPSED: (Rule(W.OWING, "extension_lapsed"),),
    E.DISPUTED: (
        Rule(W.OWING, "disputed", quote="why"),
        Rule(W.INSPECTORATE, "second_dispute", _second, "why"),
        Rule(W.ITS_REPORTER, "spoken_dispute", _spoken, "why"),
    ),
    E.ARCHIVED: (Rule(W.REPORTER, "archived", quote="reason"), Rule(W.INVOLVED, "ended")),
    E.PASSED_ON: (Rule(W.REPORTER, PASSED_ON, quote="agency"), Rule(W.INVOLVED, "ended")),
    E.MERGED: (Rule(W.REPORTER, "merged"), Rule(W.INVOLVED, "ended")),
    E.ACCEPTED: (Rule(W.ITS_REPORTER, "spoken_accept", _spoken), Rule(W.REPORTER, "accepted")),
    E.RATED: (Rule(W.ITS_REPORTER, "spoken_rating", _spoken),),
    E.CONCEALED: (
        Rule(W.ITS_REPORTER, "concealed"),
        Rule(W.ADMIN, "concealed_to_offices"),
        Rule(W.INVOLVED, "concealed_to_offices"),
    ),
    E.CLOSED: (Rule(W.REPORTER, "closed", quote="grounds"), Rule(W.INVOLVED, "ended")),
    E.AUTO_CLOSED: (
        Rule(W.REPORTER, "closed_no_reply", _why("no_reply")),
        Rule(W.REPORTER, "closed_not_disputed", _why("not_disputed")),
        Rule(W.REPORTER, "closed_unanswered", _why("unanswered")),
    ),
    E.REFUSED: (Rule(W.ITS_REPORTER, "say_refused", _said_by_reporter),),
    E.REOPENED: (Rule(W.REPORTER, "reopened", quote="grounds"), Rule(W.OWING, "to_handle_again", quote="grounds")),
    E.RECLASSIFIED: (Rule(W.INSPECTORATE, "supervised", _opened),),
    E.ESCALATED: (Rule(W.INSPECTORATE, "escalated", quote="why"),),
    E.INSTRUCTED: (Rule(W.ADDRESSEE, "instructed", quote="text"),),
    E.INSTRUCTION_ENDED: (Rule(W.INSPECTORATE, "instruction_missed", _missed),),
    E.TAKEN_OVER: (Rule(W.REPORTER, "taken_over"), Rule(W.ADMIN, "taken_over"), Rule(W.INVOLVED, "taken_over")),
    E.NUDGED: (Rule(W.NAMED, "nudged", quote="how"),),
    E.REMINDED: (Rule(W.OWER, "reminder", _which("half")), Rule(W.OWER, "reminder_last", _which("last"))),
    E.BREACHED: (Rule(W.OWER, "breached"), Rule(W.ADMIN, "breached"), Rule(W.INSPECTORATE, "item_breached")),
    E.RUNG_REACHED: (
        Rule(W.SEKDA, "rung_two", _rung(2)),
        Rule(W.GUBERNUR, "rung_three", _rung(3)),
        Rule(W.REPORTER, "ombudsman", _rung(3)),
    ),
}  # fmt: skip
"""Nobody is notified of events whose kind is not listed here."""

WRITTEN_BY_REPORTER = frozenset({EventKind.REPLIED, EventKind.DISPUTED})
"""Events whose words are the reporter's."""

WORDS_OF_REPORTERS = frozenset(
    tell.kind for kind in WRITTEN_BY_REPORTER for tell in TABLE[kind] if tell.quote is not None
)
"""Kinds of notice that quote them."""

OFFICES = {
    Role.ADMIN.value: Recipient.ADMIN,
    Role.INSPECTORATE.value: Recipient.INSPECTORATE,
    Role.REPORTER.value: Recipient.REPORTER,
    INSPECTORATE_OWNER: Recipient.INSPECTORATE,
    "admin": Recipient.ADMIN,
}
"""Recipients other than OPDs that can appear in place of an OPD's code or a liaison's role."""


def notices_for(event: Event, after: Snapshot, followers: Sequence[Follower] = ()) -> list[NoticeDraft]:
    """Return the notices that an event causes, in the table's order; the same event always causes the same ones.

    An event whose facts say `imported` is history, of which nobody is notified. The reporter of each follower gets the
    same notices as this report's reporter, with texts only if neither report is rahasia.
    """
    if event.facts.get("imported"):
        return []
    case = Case(event, after)
    drafts: list[NoticeDraft] = []
    told: set[tuple[Recipient, str | None]] = set()
    for tell in TABLE.get(event.kind, ()):
        if not tell.when(case):
            continue
        for to, opd in _recipients(tell.whom, case):
            if (to, opd) not in told:
                told.add((to, opd))
                drafts.append(_draft(case, tell, to, opd, len(drafts)))
            if tell.whom is Target.REPORTER:
                drafts.extend([_to_follower(case, tell, one, len(drafts) + i) for i, one in enumerate(followers)])
    return drafts


def _draft(case: Case, tell: Rule, to: Recipient, opd: str | None, n: int) -> NoticeDraft:
    body = process_facts(case, opd) | ({"opd": opd} if opd else {})
    text = case.event.words.get(tell.quote) if tell.quote else None
    if isinstance(text, str) and text.strip():
        body.update({"text": text} if _may_be_told(case, to) else {"withheld": True})
    return NoticeDraft(
        tracking_id=case.after.tracking_id,
        seq=case.event.seq,
        n=n,
        at=case.event.at,
        kind=tell.kind,
        to=to,
        opd=opd,
        body=body,
    )


def _to_follower(case: Case, tell: Rule, follower: Follower, n: int) -> NoticeDraft:
    draft = _draft(case, tell, Recipient.REPORTER, None, n)
    if case.after.rahasia or follower.rahasia:
        draft.body.pop("text", None)
    draft.body["follows"] = case.after.tracking_id
    return draft.model_copy(update={"tracking_id": follower.tracking_id})


def _may_be_told(case: Case, to: Recipient) -> bool:
    if to is Recipient.REPORTER:
        return True
    if case.after.rahasia:
        return False
    return not (to is Recipient.LIAISON and case.after.anonim and case.event.kind in WRITTEN_BY_REPORTER)


def _recipients(whom: Target, case: Case) -> list[tuple[Recipient, str | None]]:
    match whom:
        case Target.NAMED:
            return _offices(case.fact("opds") or [case.fact("opd")], case)
        case Target.OWING:
            return _offices([line.code for line in case.after.opds if line.state == "owes"], case)
        case Target.INVOLVED:
            gone = {"returned", "withdrawn", "handed_on"}
            return _offices([line.code for line in case.after.opds if line.state not in gone], case)
        case Target.OWER:
            return _owers(case)
        case Target.ITS_REPORTER:
            return [(Recipient.REPORTER, None)]
        case Target.ADDRESSEE:
            return _offices([case.fact("to")], case)
        case _:
            return [(Recipient[whom.name], None)]


def _owers(case: Case) -> list[tuple[Recipient, str | None]]:
    """Return who owes a clock's step: its OPD; for completion every OPD that still owes; otherwise an office."""
    role = case.fact("owed_by")
    if role != Role.LIAISON:
        return _offices([role], case)
    if case.fact("opd"):
        return _offices([case.fact("opd")], case)
    return _recipients(Target.OWING, case)


def _offices(codes: Sequence[Any], case: Case) -> list[tuple[Recipient, str | None]]:
    """Return where notices for these codes go: to the admin for the agency's own code, otherwise to an OPD."""
    found: list[tuple[Recipient, str | None]] = []
    for code in codes:
        if not code:
            continue
        if code == case.after.instansi:
            found.append((Recipient.ADMIN, None))
        elif str(code) in OFFICES:
            found.append((OFFICES[str(code)], None))
        else:
            found.append((Recipient.LIAISON, str(code)))
    return found


class DeliveryResult(BaseModel):
    """The result of one round of delivery, in numbers of notices."""

    sent: int = 0
    not_sent: int = 0
    """Could not be addressed: no mail server, no address, erased."""
    failed: int = 0
    """Refused permanently, or tried often enough."""
    postponed: int = 0
    """To be tried again."""
    underway: int = 0
    """Given to a gateway, or to the messages that leave by one: nobody knows yet that they arrived."""
    unreadable: int = 0
    """Could not be decrypted with their report's key: an operator has to investigate."""
