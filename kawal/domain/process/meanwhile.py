"""What happened since a sender looked: a decision made on what one saw is refused if what it rests on has changed.

A command may carry `if_seq`, the number of the last event that its sender saw. [P] Which later events count is decided
here, command by command: what people did counts for whoever decides, a reminder of the clock for nobody, and what
only says that something is so (received, nudged, a reply) can be said whatever else happened.
"""

from __future__ import annotations

from kawal.domain.messages import Event
from kawal.domain.names import CommandName, EventKind
from kawal.domain.process.commands import ParsedCommand
from kawal.domain.process.state import Change, State
from kawal.domain.refusals import Refusal

C, E = CommandName, EventKind

_SAYS_WHAT_IS_SO = frozenset({C.RECEIVE, C.NUDGE, C.REPLY, C.CONCEAL, C.RECOMPUTE, C.ATTACH})
"""Commands that decide nothing: refused, they would only be lost."""

_EVERY_DECISION = frozenset(CommandName) - _SAYS_WHAT_IS_SO
_ON_EXTENSION = frozenset({C.EXTEND, C.GRANT, C.REFUSE_EXTENSION})
_ON_DEADLINES = _ON_EXTENSION | {C.INSTRUCT}
_ON_ITEM = frozenset({C.ESCALATE, C.INSTRUCT, C.TAKE_OVER, C.RESOLVE})
_NONE: frozenset[CommandName] = frozenset()

DISTURBS: dict[EventKind, frozenset[CommandName]] = {
    E.STARTED: _NONE,
    E.IMPORTED: _NONE,
    E.VERIFIED: _EVERY_DECISION,
    E.HELD: _EVERY_DECISION,
    E.REPLIED: _EVERY_DECISION,
    E.ARCHIVED: _EVERY_DECISION,
    E.PASSED_ON: _EVERY_DECISION,
    E.MERGED: _EVERY_DECISION,
    E.FORWARDED: _EVERY_DECISION,
    E.HANDLED: _EVERY_DECISION,
    E.RECEIVED: _NONE,
    E.RETURNED: _EVERY_DECISION,
    E.WITHDRAWN: _EVERY_DECISION,
    E.ASKED: _EVERY_DECISION,
    E.FOLLOWED_UP: _EVERY_DECISION,
    E.EXTENSION_ASKED: _ON_EXTENSION,
    E.EXTENSION_GRANTED: _ON_DEADLINES,
    E.EXTENSION_REFUSED: _ON_EXTENSION,
    E.ACCEPTED: _EVERY_DECISION,
    E.DISPUTED: _EVERY_DECISION,
    E.CLOSED: _EVERY_DECISION,
    E.RATED: frozenset({C.RATE}),
    E.CONCEALED: _EVERY_DECISION,
    E.REOPENED: _EVERY_DECISION,
    E.RECLASSIFIED: _EVERY_DECISION,
    E.ESCALATED: _ON_ITEM,
    E.INSTRUCTED: _EVERY_DECISION,
    E.TAKEN_OVER: _EVERY_DECISION,
    E.RESOLVED: _ON_ITEM,
    E.NUDGED: _NONE,
    E.RECOMPUTED: _ON_DEADLINES,
    E.FOLLOWER_ATTACHED: _NONE,
    E.REMINDED: _NONE,
    E.BREACHED: _NONE,
    E.RUNG_REACHED: _NONE,
    E.PAUSE_ENDED: _NONE,
    E.QUESTION_LAPSED: _NONE,
    E.EXTENSION_LAPSED: _ON_EXTENSION,
    E.INSTRUCTION_ENDED: _NONE,
    E.HOLD_EXPIRED: _EVERY_DECISION,
    E.AUTO_CLOSED: _EVERY_DECISION,
    E.AFTERCARE_ENDED: _NONE,
    E.REFUSED: _NONE,
}
"""For each event the commands that must have seen it, if they say what they saw. [P]

A breach or a rung refuses nothing by itself: where a late step forbids a command, the command's own conditions say so.
"""


def note_change(state: State, event: Event) -> None:
    """Remember an event, in place, as the last of its kind, if a command can rest on it."""
    if DISTURBS[event.kind]:
        actor = event.actor
        state.changes[event.kind] = Change(
            seq=event.seq, at=event.at, role=actor.role, opd=actor.opd, account=actor.account
        )


def changed_meanwhile(state: State, parsed: ParsedCommand) -> Refusal | None:
    """Return the refusal of a command whose sender has not seen what it rests on; None if it may go on.

    Its details say who (`role`, `opd`, `account`), what (`event`), when (`at`, UTC) and which event (`seq`) came last.
    """
    seen = parsed.command.if_seq
    if seen is None:
        return None
    unseen = {
        kind: change for kind, change in state.changes.items() if change.seq > seen and parsed.name in DISTURBS[kind]
    }
    if not unseen:
        return None
    kind, last = max(unseen.items(), key=lambda item: item[1].seq)
    return Refusal(
        "changed_meanwhile",
        who=f"{last.role}:{last.opd}" if last.opd else str(last.role),
        event=kind,
        at=last.at.isoformat(),
        seq=last.seq,
        role=last.role,
        opd=last.opd or "",
        account=last.account,
    )
