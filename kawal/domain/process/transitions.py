"""The transitions on one screen: state x command x role.

A row says who may do what in which status, with which arguments and further conditions, and what is recorded by which
step; the resulting change is in `evolve`. The table in docs/process.md and its diagram are generated from here (`python
-m docs.generate`), and a test compares them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from kawal.domain.names import FINAL, CommandName, EventKind, Role, Status
from kawal.domain.process import commands as c
from kawal.domain.process import event_content as w
from kawal.domain.process import four_eyes as e
from kawal.domain.process import guards as g

_OPEN = frozenset(Status) - FINAL
_ALL = frozenset(Status)
_UNVERIFIED = frozenset({Status.BELUM_DIVERIFIKASI, Status.DITUNDA})
_BEFORE_FOLLOW_UP = _UNVERIFIED | {Status.BELUM_DITINDAKLANJUTI}
_FORWARDED = frozenset({Status.BELUM_DITINDAKLANJUTI, Status.PROSES})
_SELESAI = frozenset({Status.SELESAI})
_PROSES = frozenset({Status.PROSES})
_DIGABUNG = frozenset({Status.DIGABUNG})

_ADMIN = (Role.ADMIN,)
_LIAISON = (Role.LIAISON,)
_REPORTER = (Role.REPORTER,)
_INSPECTORATE = (Role.INSPECTORATE,)
_SYSTEM = (Role.SYSTEM,)


class Step(StrEnum):
    """The activity of the process that writes an event."""

    VERIFY = "verify"
    FORWARD = "forward"
    FOLLOW_UP = "follow_up"
    CLOSE = "close"
    ARCHIVE = "archive"
    ESCALATE = "escalate"


class Row(NamedTuple):
    """The rule for one command."""

    who: tuple[Role, ...]
    """The main role comes first."""
    statuses: frozenset[Status]
    arguments: type[c.Arguments]
    guards: tuple[g.Guard, ...]
    """Further conditions, in the order in which they are checked."""
    written: w.Writing
    event: EventKind
    step: Step
    becomes: str
    """The status afterwards, in words; "–" if it does not change."""
    taken_over: bool = False
    """Whether the Inspectorate may do it too after take_over."""


C, E, S = CommandName, EventKind, Step
# fmt: off
TRANSITIONS: dict[CommandName, Row] = {
    C.VERIFY:           Row(_ADMIN, _UNVERIFIED, c.Verify, (g.pengawasan_fits_class,), w.decided_class, E.VERIFIED, S.VERIFY, "belum_ditindaklanjuti", taken_over=True),
    C.HOLD:             Row(_ADMIN, _BEFORE_FOLLOW_UP - {Status.DITUNDA}, c.Hold, (g.before_first_forward,), w.plain, E.HELD, S.VERIFY, "ditunda"),
    C.REPLY:            Row(_REPORTER, _OPEN | _SELESAI | _DIGABUNG, c.Reply, (), w.plain, E.REPLIED, S.VERIFY, "ditunda: back to where it was; else –"),
    C.ARCHIVE:          Row(_ADMIN, _BEFORE_FOLLOW_UP, c.Archive, (g.before_first_follow_up,), w.plain, E.ARCHIVED, S.ARCHIVE, "diarsipkan", taken_over=True),
    C.PASS_ON:          Row(_ADMIN, _BEFORE_FOLLOW_UP, c.PassOn, (g.before_first_follow_up,), w.plain, E.PASSED_ON, S.ARCHIVE, "bukan_wewenang", taken_over=True),
    C.MERGE:            Row(_ADMIN, _OPEN, c.Merge, (g.main_is_another,), w.merge, E.MERGED, S.ARCHIVE, "digabung"),
    C.FORWARD:          Row(_ADMIN, _OPEN, c.Forward, (g.verified, g.opds_do_not_owe), w.forward, E.FORWARDED, S.FORWARD, "belum_ditindaklanjuti (proses stays)", taken_over=True),
    C.HANDLE:           Row(_ADMIN, _BEFORE_FOLLOW_UP - {Status.DITUNDA}, c.Handle, (g.verified_or_verifying, g.agency_does_not_owe), w.handle, E.HANDLED, S.FORWARD, "belum_ditindaklanjuti"),
    C.RECEIVE:          Row(_LIAISON, _FORWARDED, c.NoArguments, (g.own_opd_owes,), w.own_opd, E.RECEIVED, S.FORWARD, "–"),
    C.RETURN:           Row(_LIAISON, _FORWARDED, c.Return, (g.own_opd_owes, g.own_opd_not_followed_up, g.belongs_to_another), w.returned, E.RETURNED, S.FORWARD, "– or belum_ditindaklanjuti"),
    C.WITHDRAW:         Row(_ADMIN, _FORWARDED, c.Withdraw, (g.named_opd_owes,), w.named_opd, E.WITHDRAWN, S.FORWARD, "– or belum_ditindaklanjuti"),
    C.ASK:              Row(_LIAISON + _ADMIN, _FORWARDED, c.Ask, (g.forwarded, g.asker_holds, g.no_question_open), w.ask, E.ASKED, S.FOLLOW_UP, "–"),
    C.FOLLOW_UP:        Row(_LIAISON + _ADMIN, _FORWARDED, c.FollowUp, (g.verified, g.forwarded, g.actor_holds), w.follow_up, E.FOLLOWED_UP, S.FOLLOW_UP, "proses", taken_over=True),
    C.EXTEND:           Row(_LIAISON, _FORWARDED, c.Extend, (g.own_opd_owes, g.completion_not_breached, g.extension_free), w.extend, E.EXTENSION_ASKED, S.FOLLOW_UP, "–"),
    C.GRANT:            Row(_ADMIN, _FORWARDED, c.NoArguments, (g.extension_pending, g.completion_not_breached, e.extension_of_another), w.grant, E.EXTENSION_GRANTED, S.FOLLOW_UP, "–"),
    C.REFUSE_EXTENSION: Row(_ADMIN, _FORWARDED, c.Grounds, (g.extension_pending, e.extension_of_another), w.plain, E.EXTENSION_REFUSED, S.FOLLOW_UP, "–"),
    C.ACCEPT:           Row(_REPORTER, _PROSES, c.Accept, (g.nobody_owes_and_final_stands, e.spoken_by_another), w.rating, E.ACCEPTED, S.CLOSE, "selesai"),
    C.DISPUTE:          Row(_REPORTER, _PROSES | _SELESAI, c.Reason, (g.final_stands_or_accept_was_spoken, e.spoken_by_another), w.dispute, E.DISPUTED, S.CLOSE, "proses"),
    C.CLOSE:            Row(_ADMIN, _PROSES, c.Grounds, (), w.plain, E.CLOSED, S.CLOSE, "selesai"),
    C.RATE:             Row(_REPORTER, _SELESAI, c.Rate, (g.within_aftercare, e.spoken_by_another), w.rating, E.RATED, S.CLOSE, "–"),
    C.CONCEAL:          Row(_REPORTER, _ALL, c.Conceal, (g.conceals_something,), w.conceal, E.CONCEALED, S.VERIFY, "–"),
    C.REOPEN:           Row(_ADMIN + _INSPECTORATE, _SELESAI, c.Grounds, (), w.plain, E.REOPENED, S.CLOSE, "proses"),
    C.RECLASSIFY:       Row(_ADMIN, _OPEN, c.Reclassify, (g.pengawasan_fits_class,), w.decided_class, E.RECLASSIFIED, S.VERIFY, "–"),
    C.ESCALATE:         Row(_ADMIN + _LIAISON, _OPEN, c.Reason, (), w.escalate, E.ESCALATED, S.ESCALATE, "–"),
    C.INSTRUCT:         Row(_INSPECTORATE, _OPEN, c.Instruct, (g.item_open, g.instructed_holds, g.date_within_reach), w.instruct, E.INSTRUCTED, S.ESCALATE, "–"),
    C.TAKE_OVER:        Row(_INSPECTORATE, _OPEN, c.NoArguments, (g.item_open, g.not_taken_over), w.plain, E.TAKEN_OVER, S.ESCALATE, "ditunda: back to where it was; else –"),
    C.RESOLVE:          Row(_INSPECTORATE, _ALL, c.Resolve, (g.item_open, g.no_late_step_owed, e.handled_by_others), w.plain, E.RESOLVED, S.ESCALATE, "–"),
    C.NUDGE:            Row(_ADMIN, _FORWARDED, c.Nudge, (g.forwarded, g.named_opd_was_sent_it), w.named_opd, E.NUDGED, S.FORWARD, "–"),
    C.RECOMPUTE:        Row(_SYSTEM, _OPEN, c.Recompute, (g.rules_are_of_receipt,), w.recompute, E.RECOMPUTED, S.ESCALATE, "–"),
    C.ATTACH:           Row(_SYSTEM, _OPEN, c.Attach, (g.follower_fits,), w.attach, E.FOLLOWER_ATTACHED, S.ARCHIVE, "–"),
}
# fmt: on

GUARDS: dict[str, g.Guard] = {guard.__name__: guard for row in TRANSITIONS.values() for guard in row.guards}
"""Every further condition by its name, in the order of the table."""
