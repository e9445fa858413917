"""Access rights: RIGHTS for every act other than a complaint's commands, which have the rows of TRANSITIONS.

Kawal's own policy [P] where the sources say nothing. Sources for the rest: the roles of SP4N-LAPOR! (the auditor reads
all, the agency's admin may know an anonim reporter), and UU 27/2022 (personal data only for a stated purpose).
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from kawal.domain.access_kinds import AccessKind
from kawal.domain.messages import Actor, Behalf, Snapshot
from kawal.domain.names import CommandName, Role, Spokesman, Status
from kawal.domain.notes import HOLDS
from kawal.domain.process.commands import printable
from kawal.domain.process.state import INSPECTORATE_OWNER
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.refusals import Refusal

PURPOSE_LIMIT = 500
"""The maximum length of a stated purpose, in characters."""

_NO_LONGER = frozenset({"returned", "withdrawn"})
_SEKDA = 2


class Act(StrEnum):
    """The acts besides the commands of a complaint; a refusal is recorded under this name."""

    START = "start"
    SPEAK = "speak for the reporter"
    # On one complaint
    SEE_REPORT = "see a report"
    READ_EVENTS = "read events"
    READ_ADVICE = "read advice"
    READ_DRAWN = "read drawn"
    READ_UNVERIFIED = "read unverified"
    DECODE = "decode"
    READ_ATTACHMENTS = "read attachments"
    READ_LETTER = "read letter"
    READ_NOTICE = "read notice"
    READ_CHRONICLE = "read chronicle"
    TAKE_CASE_FILE = "take case file"
    TAKE_RECEIPT = "take receipt"
    ATTACH = "attach"
    CHANGE_CODE = "code change"
    RELEASE = "release to the public"
    REDACT = "redact for the public"
    ADD_NOTE = "note add"
    STRIKE_NOTE = "note strike"
    NOTE_READ = "replies read"
    READ_NOTES = "read notes"
    SEE_MENTION = "mention read"
    # On an agency's record
    SEARCH = "search"
    FIND = "find"
    SEE_LIKENESSES = "see likenesses"
    LIST_TRAY = "tray list"
    LIST_WAITING = "list what waits"
    SEE_WORKLIST = "inspectorate"
    SHOW_ITEM = "tray show"
    EXPORT_PERSON = "person_export"
    ERASE_PERSON = "person_erase"
    SEE_WORK = "see how OPDs work"
    ASK_WHAT_IF = "ask what if"
    QUALITY_DRAW = "quality draw"
    QUALITY_READ = "quality read"
    QUALITY_REVIEW = "quality review"
    QUALITY_AUDIT = "quality audit"
    # On an agency's configuration
    SET_OFFICE = "office set"
    REMOVE_OFFICE = "office remove"
    ADD_OPD = "opd add"
    RENAME_OPD = "opd rename"
    ACTIVATE_OPD = "opd activated"
    DEACTIVATE_OPD = "opd deactivated"
    IMPORT_OPDS = "opd import"
    SET_CATEGORY = "category set"
    UNSET_CATEGORY = "category unset"
    SET_UP = "agency set up"
    KEEP_ANNOUNCEMENT = "announcement"
    KEEP_LETTER_TEXTS = "letter texts"
    KEEP_REGISTERS = "register"
    KEEP_CANNED_TEXTS = "canned texts"
    KEEP_VIEWS = "saved views"
    SHARE_VIEW = "view share"
    GIVE_ITEM = "tray give"
    START_ITEM = "tray start"
    PASS_ITEM = "tray pass"  # noqa: S105 - a name
    DISMISS_ITEM = "tray dismiss"
    UNDO_DISMISSAL = "tray undo"
    RETRY_INBOX = "inbox retry"
    RESEND_NOTICE = "notices resend"
    READ_DEAD_LETTER = "inbox show"
    SET_REPORT_ASIDE = "inbox set-aside"
    SET_NOTICE_ASIDE = "notices set-aside"
    MEND = "mend"
    PRUNE_HISTORY_ARCHIVE = "history-archive --prune"
    ISSUE_PASS = "pass_issue"  # noqa: S105 - a name
    REVOKE_PASS = "pass_revoke"  # noqa: S105 - a name
    SEE_ACCESS = "see who has access"
    LIST_TOKENS = "token list"
    INVITE_PERSON = "account invite"
    GRANT_ROLE = "account grant"
    END_ROLE = "account end-role"
    ISSUE_LINK = "account link"
    NAME_DEPUTY = "deputy name"
    END_DEPUTY = "deputy end"
    CREATE_TOKEN = "token create"  # noqa: S105 - a name
    REVOKE_TOKEN = "token revoke"  # noqa: S105 - a name
    TEST_GATEWAY = "gateway test"
    IMPORT_CALENDAR = "calendar import"
    RECOMPUTE = "calendar recompute"
    IMPORT_POLICY = "policy import"
    # On the installation
    SEE_HEALTH = "see health"
    DECODE_SYSTEM = "decode system"
    VERIFY_RECORD = "audit verify"
    ROTATE_MASTER = "rotate_master"
    ROTATE_DATA = "rotate_data"
    ROTATE_SIGNING = "rotate_signing"


class Subject(StrEnum):
    """The subject of an act, which determines what of it must belong to the actor."""

    COMPLAINT = "complaint"
    """Of the actor's agency; for a liaison what its OPD was given, for the leadership what was escalated to it; for the
    desk, of words and files, what it registered."""
    AGENCY = "agency"
    """The actor's own; an actor of no agency may act in every agency."""
    OWN_AGENCY = "own agency"
    """The same, but an actor of no agency may act only for actors of none."""
    INSTALLATION = "installation"


class Purpose(StrEnum):
    """When a purpose must be stated."""

    NEVER = "never"
    SECRET = "of a rahasia report"  # noqa: S105 - a word
    ALWAYS = "always"


class Right(NamedTuple):
    """The rule for one act: who may do it, on what, whether a purpose is needed, and what is then recorded."""

    who: tuple[Role, ...]
    of: Subject
    record: AccessKind | None
    """The kind of the log's entry; None if the complaint itself records the act, or only counts are seen."""
    purpose: Purpose = Purpose.NEVER
    matter: str | None = None
    """For a reading: what is seen, as the log entry states it."""
    registered: tuple[Role, ...] = ()
    """Those of `who` who may only of what they registered themselves."""


OVERSEERS = (Role.ADMIN, Role.INSPECTORATE, Role.AUDITOR)
"""The roles that may see everything of their own agency's complaints; only they may see complete histories."""

_READERS = (*OVERSEERS, Role.LIAISON)
_SEERS = (*_READERS, Role.LEADERSHIP, Role.DESK)
_ADMIN = (Role.ADMIN,)
_KEEPERS = (Role.ADMIN, Role.INSPECTORATE)
_WHILE_HELD = frozenset({Act.ADD_NOTE, Act.STRIKE_NOTE})
"""What a liaison does only as long as the own OPD has the report."""
_ON_ITSELF = frozenset({Act.ATTACH, *_WHILE_HELD})  # not on a report that follows the own OPD's
_OPERATORS = (Role.ADMIN, Role.SYSTEM)
"""SYSTEM is whoever runs the installation, if no person is named."""

_GRANTERS = (*_KEEPERS, Role.SYSTEM)
"""Whoever enters people; which roles each grants is in domain.grants."""

SPEAKERS = {Spokesman.DESK: Role.DESK, Spokesman.TRAY: Role.ADMIN}
"""Who gives a reporter's command on the reporter's behalf, by the route on which it came."""

OFFICIALS = (Role.ADMIN, Role.LIAISON, Role.INSPECTORATE, Role.AUDITOR, Role.LEADERSHIP, Role.NATIONAL, Role.DESK)
"""The roles that may hold a pass. Reporters have their tracking secret, adapters their token."""

A, W, K, P = Act, Subject, AccessKind, Purpose
# fmt: off
RIGHTS: dict[Act, Right] = {
    A.START:            Right((Role.ADAPTER, Role.REPORTER, Role.DESK), W.INSTALLATION, None),
    A.SPEAK:            Right((Role.DESK,), W.AGENCY, None),
    A.SEE_REPORT:       Right(_SEERS, W.COMPLAINT, None),
    A.READ_EVENTS:      Right((*_READERS, Role.DESK), W.COMPLAINT, K.READ_HISTORY, P.SECRET, "words", (Role.DESK,)),
    A.READ_ADVICE:      Right(_READERS, W.COMPLAINT, K.READ_REPORT, P.SECRET, "advice"),
    A.READ_DRAWN:       Right(_READERS, W.COMPLAINT, K.READ_REPORT, P.SECRET, "words"),
    A.READ_UNVERIFIED:  Right(OVERSEERS, W.COMPLAINT, K.READ_REPORT, P.SECRET, "words"),
    A.DECODE:           Right(_READERS, W.COMPLAINT, K.DECODED, P.ALWAYS, "words"),
    A.READ_ATTACHMENTS: Right(_SEERS, W.COMPLAINT, K.READ_REPORT, P.SECRET, "attachments", (Role.DESK,)),
    A.READ_LETTER:      Right(_READERS, W.COMPLAINT, K.READ_REPORT, P.SECRET, "letter"),
    A.READ_NOTICE:      Right((Role.ADMIN, Role.AUDITOR), W.COMPLAINT, K.READ_REPORT, P.SECRET, "notice"),
    A.READ_CHRONICLE:        Right(OVERSEERS, W.COMPLAINT, K.READ_HISTORY, P.SECRET, "chronicle"),
    A.TAKE_CASE_FILE:   Right(OVERSEERS, W.COMPLAINT, K.EXPORTED, P.ALWAYS, "case_file"),
    A.TAKE_RECEIPT:     Right(OVERSEERS, W.COMPLAINT, K.EXPORTED, P.NEVER, "receipt"),
    A.ATTACH:           Right((*_KEEPERS, Role.LIAISON, Role.DESK), W.COMPLAINT, None, registered=(Role.DESK,)),
    A.CHANGE_CODE:      Right((Role.DESK,), W.AGENCY, K.ADMINISTERED),
    A.RELEASE:          Right(_KEEPERS, W.COMPLAINT, None),
    A.REDACT:           Right(_KEEPERS, W.COMPLAINT, None),
    A.ADD_NOTE:         Right((*_KEEPERS, Role.LIAISON, Role.LEADERSHIP), W.COMPLAINT, None),
    A.NOTE_READ:        Right(_ADMIN, W.COMPLAINT, None),
    A.STRIKE_NOTE:      Right((*_KEEPERS, Role.LIAISON, Role.LEADERSHIP), W.COMPLAINT, None),
    A.READ_NOTES:       Right((*_READERS, Role.LEADERSHIP), W.COMPLAINT, K.READ_REPORT, P.SECRET, "notes"),
    A.SEE_MENTION:      Right((*_READERS, Role.LEADERSHIP), W.COMPLAINT, K.READ_REPORT),
    A.SEARCH:           Right(OVERSEERS, W.AGENCY, K.READ_HISTORY, P.NEVER, "search"),
    A.FIND:             Right(OVERSEERS, W.AGENCY, K.READ_REPORT, P.ALWAYS, "find"),
    A.SEE_LIKENESSES:   Right(OVERSEERS, W.AGENCY, K.READ_REPORT, P.NEVER, "likeness"),
    A.SEE_WORK:         Right((*_KEEPERS, Role.LEADERSHIP), W.AGENCY, None),
    A.ASK_WHAT_IF:      Right((*_KEEPERS, Role.LEADERSHIP), W.AGENCY, None),
    A.LIST_TRAY:        Right((*OVERSEERS, Role.SYSTEM), W.AGENCY, K.READ_REPORT),
    A.LIST_WAITING:     Right((*OVERSEERS, Role.SYSTEM), W.AGENCY, None),
    A.SEE_WORKLIST:     Right((*OVERSEERS, Role.SYSTEM), W.AGENCY, None),
    A.SHOW_ITEM:        Right(OVERSEERS, W.AGENCY, K.READ_IDENTITY, P.ALWAYS),
    A.EXPORT_PERSON:    Right(_KEEPERS, W.AGENCY, K.EXPORTED, P.ALWAYS),
    A.ERASE_PERSON:     Right(_KEEPERS, W.AGENCY, K.READ_IDENTITY, P.ALWAYS),
    A.QUALITY_DRAW:     Right(_KEEPERS, W.AGENCY, K.REVIEWED),
    A.QUALITY_READ:     Right((*_KEEPERS, Role.AUDITOR), W.AGENCY, K.READ_REPORT),
    A.QUALITY_REVIEW:   Right(_KEEPERS, W.AGENCY, K.REVIEWED),
    A.QUALITY_AUDIT:    Right((Role.AUDITOR,), W.AGENCY, K.READ_REPORT),
    A.SET_OFFICE:       Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.REMOVE_OFFICE:    Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.ADD_OPD:          Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.RENAME_OPD:       Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.ACTIVATE_OPD:     Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.DEACTIVATE_OPD:   Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.IMPORT_OPDS:      Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.SET_CATEGORY:     Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.UNSET_CATEGORY:   Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.SET_UP:           Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.KEEP_ANNOUNCEMENT: Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.KEEP_LETTER_TEXTS: Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.KEEP_REGISTERS:   Right(_KEEPERS, W.AGENCY, K.ADMINISTERED),
    A.KEEP_CANNED_TEXTS: Right(_KEEPERS, W.AGENCY, K.ADMINISTERED),
    A.KEEP_VIEWS:       Right(OFFICIALS, W.INSTALLATION, None),
    A.SHARE_VIEW:       Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.GIVE_ITEM:        Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.START_ITEM:       Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.PASS_ITEM:        Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.DISMISS_ITEM:     Right(_ADMIN, W.AGENCY, K.ADMINISTERED, P.ALWAYS),
    A.UNDO_DISMISSAL:   Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.RETRY_INBOX:      Right(_KEEPERS, W.AGENCY, K.ADMINISTERED),
    A.RESEND_NOTICE:    Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.READ_DEAD_LETTER: Right(OVERSEERS, W.AGENCY, K.READ_REPORT, P.ALWAYS, "words"),
    A.SET_REPORT_ASIDE: Right(_KEEPERS, W.AGENCY, K.ADMINISTERED, P.ALWAYS),
    A.SET_NOTICE_ASIDE: Right(_ADMIN, W.AGENCY, K.ADMINISTERED, P.ALWAYS),
    A.MEND:             Right(_KEEPERS, W.AGENCY, K.ADMINISTERED),
    A.PRUNE_HISTORY_ARCHIVE:   Right(OVERSEERS, W.AGENCY, K.ADMINISTERED),
    A.ISSUE_PASS:       Right(_KEEPERS, W.OWN_AGENCY, K.ADMINISTERED),
    A.REVOKE_PASS:      Right(_KEEPERS, W.OWN_AGENCY, K.ADMINISTERED),
    A.SEE_ACCESS:       Right(_GRANTERS, W.AGENCY, None),
    A.LIST_TOKENS:      Right(_OPERATORS, W.AGENCY, None),
    A.INVITE_PERSON:    Right(_GRANTERS, W.AGENCY, K.ADMINISTERED),
    A.GRANT_ROLE:       Right(_GRANTERS, W.AGENCY, K.ADMINISTERED),
    A.END_ROLE:         Right(_GRANTERS, W.AGENCY, K.ADMINISTERED),
    A.ISSUE_LINK:       Right(_GRANTERS, W.AGENCY, K.ADMINISTERED),
    A.NAME_DEPUTY:      Right((*OFFICIALS, Role.SYSTEM), W.AGENCY, K.ADMINISTERED),
    A.END_DEPUTY:       Right((*OFFICIALS, Role.SYSTEM), W.AGENCY, K.ADMINISTERED),
    A.CREATE_TOKEN:     Right(_OPERATORS, W.AGENCY, K.ADMINISTERED),
    A.REVOKE_TOKEN:     Right(_OPERATORS, W.AGENCY, K.ADMINISTERED),
    A.TEST_GATEWAY:     Right(_ADMIN, W.AGENCY, K.ADMINISTERED),
    A.IMPORT_CALENDAR:  Right(_OPERATORS, W.AGENCY, K.ADMINISTERED),
    A.RECOMPUTE:        Right(_OPERATORS, W.AGENCY, K.ADMINISTERED),
    A.IMPORT_POLICY:    Right(_OPERATORS, W.AGENCY, K.ADMINISTERED),
    A.SEE_HEALTH:       Right((*_KEEPERS, Role.SYSTEM), W.INSTALLATION, None),
    A.DECODE_SYSTEM:    Right(OVERSEERS, W.INSTALLATION, K.DECODED, P.NEVER, "system"),
    A.VERIFY_RECORD:    Right(tuple(Role), W.INSTALLATION, K.VERIFIED),
    A.ROTATE_MASTER:    Right(_ADMIN, W.INSTALLATION, K.KEY_ROTATED),
    A.ROTATE_DATA:      Right(_ADMIN, W.INSTALLATION, K.KEY_ROTATED),
    A.ROTATE_SIGNING:   Right(_ADMIN, W.INSTALLATION, K.KEY_ROTATED),
}
# fmt: on


def may(
    actor: Actor,
    act: Act | CommandName,
    of: Snapshot | str | None = None,
    *,
    purpose: str | None = None,
    identity: bool = False,
    addressed: bool = False,
    main: Snapshot | None = None,
    registered: bool = False,
) -> Refusal | None:
    """Return why an actor may not do something; None if they may.

    `of` is what the act is about: a complaint's row, an agency's code, or None for the installation. A reading has a
    `purpose`; `identity` includes who the reporter is. For what was `addressed` to the reader (a notice, a reporter's
    receipt) only the agency's rule applies. `main` is the report that a merged one follows: its OPDs read the
    follower's words, by their own flags. The desk reads the words of what the actor `registered` alone, and adds files
    to that alone. For a command this checks what the table of transitions says (role, agency and status); its further
    conditions need the complaint's state (domain.process.decide).
    """
    if isinstance(act, CommandName):
        if not isinstance(of, Snapshot):
            raise TypeError("a command is about a complaint")
        return may_command(actor, act, of.instansi, of.status, taken_over=is_taken_over(of))
    right = RIGHTS[act]
    if right.of is Subject.COMPLAINT and isinstance(of, Snapshot):
        return _may_of_complaint(actor, act, of, _Ties(addressed, main, registered), purpose=purpose, identity=identity)
    if actor.role not in right.who:
        return _not_yours(actor, act)
    if isinstance(of, str) and right.of is Subject.AGENCY and actor.instansi not in (None, of):
        return Refusal("wrong_instansi", instansi=of, actor=actor.instansi)
    if right.of is Subject.OWN_AGENCY and actor.instansi != of:
        return Refusal("pass_elsewhere", instansi=of or "–", actor=actor.instansi)
    return Refusal("purpose_needed") if right.purpose is Purpose.ALWAYS and purpose is None else None


def may_command(
    actor: Actor,
    name: CommandName,
    instansi: str,
    status: Status,
    *,
    taken_over: bool,
    behalf: Behalf | None = None,
) -> Refusal | None:
    """Return why an actor may not give a command to a complaint in this state, by its row of TRANSITIONS; or None.

    A reporter's command may be given on the reporter's `behalf`: by the desk, and from the tray by the agency's admin.
    """
    row = TRANSITIONS[name]
    for_the_admin = row.taken_over and taken_over and actor.role is Role.INSPECTORATE
    speaks = behalf is not None and Role.REPORTER in row.who and actor.role is SPEAKERS[behalf.via]
    allowed = speaks if behalf is not None else actor.role in row.who or for_the_admin
    if not allowed:
        return Refusal("wrong_role", command=name, role=actor.role, allowed=", ".join(sorted(row.who)))
    if actor.instansi not in (None, instansi):
        return Refusal("wrong_instansi", instansi=instansi, actor=actor.instansi)
    if status not in row.statuses:
        return Refusal("wrong_status", command=name, status=status, allowed=", ".join(sorted(row.statuses)))
    return None


def may_know_reporter(role: Role, *, anonim: bool) -> bool:
    """Return whether a reader of a complaint may also know, for a purpose, who its reporter is."""
    return role in OVERSEERS or (role is Role.LIAISON and not anonim)


def stated(purpose: str | None) -> str | None:
    """Return a purpose in the form in which it is recorded, None for none. Refused if it is too long."""
    if purpose is not None and len(purpose) > PURPOSE_LIMIT:
        raise Refusal("purpose_too_long", most=PURPOSE_LIMIT)
    return printable(" ".join((purpose or "").split())) or None


class _Ties(NamedTuple):
    """What else ties an official to a complaint or what is read of it."""

    addressed: bool
    main: Snapshot | None
    registered: bool


def _may_of_complaint(
    actor: Actor, act: Act, complaint: Snapshot, tied: _Ties, *, purpose: str | None, identity: bool
) -> Refusal | None:
    right = RIGHTS[act]
    if actor.instansi not in (None, complaint.instansi):
        return Refusal("wrong_instansi", instansi=complaint.instansi, actor=actor.instansi)
    if tied.addressed:
        return None
    if actor.role not in right.who:
        return _not_yours(actor, act)
    if actor.role is Role.LIAISON and not _is_its(actor.opd, act, complaint, tied.main):
        return Refusal("words_not_of_opd", opd=actor.opd)
    if actor.role is Role.LEADERSHIP and complaint.ever_level < _SEKDA:
        return Refusal("words_not_come_up")
    if actor.role in right.registered and not tied.registered:
        return Refusal("words_not_registered")
    if identity and not may_know_reporter(actor.role, anonim=complaint.anonim):
        return Refusal("identity_not_yours", role=actor.role, allowed=", ".join(OVERSEERS))
    needed = right.purpose is Purpose.ALWAYS or (right.purpose is Purpose.SECRET and complaint.rahasia)
    return Refusal("purpose_needed") if purpose is None and (identity or needed) else None


def is_taken_over(complaint: Snapshot) -> bool:
    """Tell whether the Inspectorate has taken the complaint over."""
    return any(line.code == INSPECTORATE_OWNER and line.state in HOLDS for line in complaint.opds)


def _not_yours(actor: Actor, act: Act) -> Refusal:
    allowed = ", ".join(RIGHTS[act].who)
    if RIGHTS[act].matter is not None:
        return Refusal("words_not_yours", role=actor.role, allowed=allowed)
    return Refusal("wrong_role", command=act, role=actor.role, allowed=allowed)


def _is_its(opd: str | None, act: Act, complaint: Snapshot, main: Snapshot | None) -> bool:
    """Tell whether a complaint is an OPD's for an act: it has it, or for most acts was given it or its main report."""
    through = () if main is None or act in _ON_ITSELF else main.opds
    states = {line.state for line in (*complaint.opds, *through) if line.code == opd}
    if act in _WHILE_HELD:
        return bool(states & HOLDS)
    return bool(states - _NO_LONGER if complaint.rahasia else states)
