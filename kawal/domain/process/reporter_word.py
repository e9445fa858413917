"""What the reporter said that nobody has dealt with yet: an answer to a hold or question, a reply, a dispute.

It moves no clock and gives no right; queues show it until an official acts on the complaint (or notes it as read).
"""

from __future__ import annotations

from kawal.domain.messages import Event
from kawal.domain.names import EventKind, Status
from kawal.domain.process.state import ReporterWord, State

HOLD_ANSWER, ANSWER, OPD_ANSWER, REPLY, DISPUTE = "hold_answer", "answer", "opd_answer", "reply", "dispute"

E = EventKind
DEALING = frozenset(
    {
        *(E.VERIFIED, E.HELD, E.ARCHIVED, E.PASSED_ON, E.MERGED, E.FORWARDED, E.HANDLED, E.WITHDRAWN, E.ASKED),
        *(E.FOLLOWED_UP, E.CLOSED, E.REOPENED, E.RECLASSIFIED, E.ESCALATED, E.INSTRUCTED, E.TAKEN_OVER, E.RESOLVED),
        E.NUDGED,
    }
)
"""The acts of officials by which what the reporter said counts as dealt with [P]; that an OPD has received the report,
returns it or asks for more days is none of them, nor is a decision on more days."""


def heed(state: State, event: Event) -> None:
    """Note what the reporter says by an event, or that it was dealt with; before the event changes the rest."""
    if event.kind is E.REPLIED:
        state.said = ReporterWord(kind=_kind_of_reply(state), seq=event.seq, at=event.at)
    elif event.kind is E.DISPUTED:
        state.said = ReporterWord(kind=DISPUTE, seq=event.seq, at=event.at)
    elif event.kind in DEALING:
        state.said = None


def _kind_of_reply(state: State) -> str:
    if state.status is Status.DITUNDA:
        return HOLD_ANSWER
    if state.question is None:
        return REPLY
    return ANSWER if state.question.by in (None, state.instansi) else OPD_ANSWER
