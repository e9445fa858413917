"""The transitions on one screen: state x command x role.

TRANSITIONS says who may do what where, and with which further condition; what then changes is domain.process.evolve. The table
in docs/process.md and its diagram are made from here (`python -m docs.generate`), and a test compares them.
"""

from __future__ import annotations

from typing import NamedTuple

from kawal.domain.names import FINAL, CommandName, EventKind, Role, Status

_OPEN = frozenset(Status) - FINAL
_ALL = frozenset(Status)
_UNVERIFIED = frozenset({Status.BELUM_DIVERIFIKASI, Status.DITUNDA})
_BEFORE_FOLLOW_UP = _UNVERIFIED | {Status.BELUM_DITINDAKLANJUTI}
_FORWARDED = frozenset({Status.BELUM_DITINDAKLANJUTI, Status.PROSES})
_SELESAI = frozenset({Status.SELESAI})
_PROSES = frozenset({Status.PROSES})

_ADMIN = frozenset({Role.ADMIN})
_LIAISON = frozenset({Role.LIAISON})
_REPORTER = frozenset({Role.REPORTER})
_INSPECTORATE = frozenset({Role.INSPECTORATE})
_SYSTEM = frozenset({Role.SYSTEM})


class Row(NamedTuple):
    """One command: who may give it, in which statuses, under which further conditions (domain.process.guards), what it becomes."""

    who: frozenset[Role]
    statuses: frozenset[Status]
    guards: tuple[str, ...]
    event: EventKind
    becomes: str
    """The status afterwards, in words; "–" where it stays."""
    taken_over: bool = False
    """The Inspectorate may do it too after take_over."""


C, E = CommandName, EventKind
# fmt: off
TRANSITIONS: dict[CommandName, Row] = {
    C.VERIFY:           Row(_ADMIN, _UNVERIFIED, ("pengawasan_fits_class",), E.VERIFIED, "belum_ditindaklanjuti", taken_over=True),
    C.HOLD:             Row(_ADMIN, _BEFORE_FOLLOW_UP - {Status.DITUNDA}, ("before_first_forward",), E.HELD, "ditunda"),
    C.REPLY:            Row(_REPORTER, _OPEN | _SELESAI, (), E.REPLIED, "ditunda: back to where it was; else –"),
    C.ARCHIVE:          Row(_ADMIN, _BEFORE_FOLLOW_UP, ("before_first_follow_up",), E.ARCHIVED, "diarsipkan", taken_over=True),
    C.PASS_ON:          Row(_ADMIN, _BEFORE_FOLLOW_UP, ("before_first_follow_up",), E.PASSED_ON, "bukan_wewenang", taken_over=True),
    C.MERGE:            Row(_ADMIN, _OPEN, ("main_is_another",), E.MERGED, "digabung"),
    C.FORWARD:          Row(_ADMIN, _OPEN, ("verified", "opds_do_not_owe"), E.FORWARDED, "belum_ditindaklanjuti (proses stays)", taken_over=True),
    C.HANDLE:           Row(_ADMIN, _BEFORE_FOLLOW_UP - {Status.DITUNDA}, ("verified_or_verifying", "agency_does_not_owe"), E.HANDLED, "belum_ditindaklanjuti"),
    C.RECEIVE:          Row(_LIAISON, _FORWARDED, ("own_opd_owes",), E.RECEIVED, "–"),
    C.RETURN:           Row(_LIAISON, _FORWARDED, ("own_opd_owes", "own_opd_not_followed_up"), E.RETURNED, "– or belum_ditindaklanjuti"),
    C.WITHDRAW:         Row(_ADMIN, _FORWARDED, ("named_opd_owes",), E.WITHDRAWN, "– or belum_ditindaklanjuti"),
    C.ASK:              Row(_LIAISON | _ADMIN, _FORWARDED, ("forwarded", "asker_holds", "no_question_open"), E.ASKED, "–"),
    C.FOLLOW_UP:        Row(_LIAISON | _ADMIN, _FORWARDED, ("verified", "forwarded", "actor_holds"), E.FOLLOWED_UP, "proses", taken_over=True),
    C.EXTEND:           Row(_LIAISON, _FORWARDED, ("own_opd_owes", "completion_not_breached", "extension_free"), E.EXTENSION_ASKED, "–"),
    C.GRANT:            Row(_ADMIN, _FORWARDED, ("extension_pending", "completion_not_breached"), E.EXTENSION_GRANTED, "–"),
    C.REFUSE_EXTENSION: Row(_ADMIN, _FORWARDED, ("extension_pending",), E.EXTENSION_REFUSED, "–"),
    C.ACCEPT:           Row(_REPORTER, _PROSES, ("nobody_owes_and_final_stands",), E.ACCEPTED, "selesai"),
    C.DISPUTE:          Row(_REPORTER, _PROSES, ("nobody_owes_and_final_stands",), E.DISPUTED, "proses"),
    C.CLOSE:            Row(_ADMIN, _PROSES, (), E.CLOSED, "selesai"),
    C.RATE:             Row(_REPORTER, _SELESAI, ("within_aftercare",), E.RATED, "–"),
    C.REOPEN:           Row(_ADMIN | _INSPECTORATE, _SELESAI, (), E.REOPENED, "proses"),
    C.RECLASSIFY:       Row(_ADMIN, _OPEN, ("pengawasan_fits_class",), E.RECLASSIFIED, "–"),
    C.ESCALATE:         Row(_ADMIN | _LIAISON, _OPEN, (), E.ESCALATED, "–"),
    C.INSTRUCT:         Row(_INSPECTORATE, _OPEN, ("item_open", "instructed_holds", "date_within_reach"), E.INSTRUCTED, "–"),
    C.TAKE_OVER:        Row(_INSPECTORATE, _OPEN, ("item_open", "not_taken_over"), E.TAKEN_OVER, "ditunda: back to where it was; else –"),
    C.RESOLVE:          Row(_INSPECTORATE, _ALL, ("item_open", "no_late_step_owed"), E.RESOLVED, "–"),
    C.NUDGE:            Row(_ADMIN, _FORWARDED, ("forwarded", "named_opd_was_sent_it"), E.NUDGED, "–"),
    C.RECOMPUTE:        Row(_SYSTEM, _OPEN, ("rules_are_of_receipt",), E.RECOMPUTED, "–"),
    C.ATTACH:           Row(_SYSTEM, _OPEN, ("follower_fits",), E.FOLLOWER_ATTACHED, "–"),
}
# fmt: on
