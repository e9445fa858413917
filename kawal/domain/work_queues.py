"""Queues: where a complaint waits for whom, and in what order it is to be worked on. Pure: a function of its row.

A complaint may stand in several queues. In each the late come first, then what is due next *for whoever's queue it is*,
then what was received first; the Inspectorate's and the leadership's go by rung and age. Which role works on which
queue is `QUEUES_OF`. Rules: who owes (docs/process.md); the order is our own policy [P].
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from kawal.domain.messages import Actor, ClockLine, OpdLine, Snapshot
from kawal.domain.names import FINAL, OWED_STEPS, Channel, ClockKind, Role, Status
from kawal.domain.process.reporter_word import DISPUTE, OPD_ANSWER
from kawal.domain.process.state import INSPECTORATE_OWNER, TOP_RUNG

SEKDA = 2
"""The rung from which on the leadership is concerned."""

WHOLE_AGENCY = ""
"""In a place's `opd`: the queue is not that of a single office."""


class Queue(StrEnum):
    """What officials work through."""

    VERIFICATION = "verification"
    """Not verified yet; an answered hold comes back here."""
    DECISIONS = "decisions"
    """The agency admin has to decide: who gets it now, more days, a dispute, what the reporter said, an instruction."""
    OWED = "owed"
    """The own office owes a step: an OPD, the agency itself where it handles, the Inspectorate after a take-over."""
    WAITING = "waiting"
    """It is the reporter's turn: a hold, a question, or the days after the final follow-up."""
    ESCALATED = "escalated"
    """The Inspectorate's open items."""
    COME_UP = "come_up"
    """Open items that reached the Sekretaris Daerah."""
    DESK = "desk"
    """Open reports that were registered at the desk."""
    OPEN = "open"
    """Everything that is not final."""
    FINISHED = "finished"
    """The OPD's final follow-up stands, its reporter may still reply; for the agency: everything that is final. The
    latest comes first: by that follow-up, by the end; what an OPD filters, by receipt."""


Q = Queue
QUEUES_OF: dict[Role, tuple[Queue, ...]] = {
    Role.ADMIN: (Q.VERIFICATION, Q.DECISIONS, Q.OWED, Q.WAITING, Q.OPEN, Q.FINISHED),
    Role.LIAISON: (Q.OWED, Q.WAITING, Q.FINISHED),
    Role.INSPECTORATE: (Q.ESCALATED, Q.OWED, Q.OPEN, Q.FINISHED),
    Role.AUDITOR: (Q.OPEN, Q.ESCALATED, Q.FINISHED),
    Role.LEADERSHIP: (Q.COME_UP,),
    Role.DESK: (Q.DESK,),
}
"""The queues of each role, the one that it begins with first; a role that is not here has none."""

_WORKED_ON: dict[Role, tuple[Queue, ...]] = {
    Role.ADMIN: (Q.VERIFICATION, Q.DECISIONS, Q.OWED),
    Role.INSPECTORATE: (Q.ESCALATED, Q.OWED),
}
"""Where more than the first one of its queues waits for the role itself."""


class QueuePlace(BaseModel):
    """A complaint's place in one queue. Times are UTC."""

    queue: Queue
    opd: str = WHOLE_AGENCY
    """Whose: an OPD, the agency itself (its own code), INSPEKTORAT; empty: not that of a single office."""
    why: list[str] = Field(default_factory=list)
    """What it waits for, the most urgent first: a clock's name, or forward, extension, instruction, and what the
    reporter said (hold_answer, answer, reply, dispute)."""
    rank: int
    """The first thing by which a queue is ordered: 0 late, 1 not; for items by rung, 0 the highest."""
    due: datetime | None
    """The second: the deadline of what is owed; for items since when they are open. None: after all that have one."""
    deadline: datetime | None = None
    """The deadline to be shown, of the step that is owed."""
    owed_by: Role | None = None
    overdue: bool = False


def places(row: Snapshot) -> list[QueuePlace]:
    """Return a complaint's places in queues, at most one for each queue and office; none once it is at rest."""
    found = [*_items(row), *_decisions(row)]
    if row.status not in FINAL:
        found += [*_verification(row), *_offices(row), *_waiting(row), *_open(row)]
    return found


def may_open(role: Role, queue: Queue) -> bool:
    """Return whether a queue is one of a role's."""
    return queue in QUEUES_OF.get(role, ())


def own_queues(role: Role) -> tuple[Queue, ...]:
    """Return the queues of a role in which something waits for the role itself; none for one that has no queue."""
    return _WORKED_ON.get(role, QUEUES_OF.get(role, ())[:1])


def office_of(actor: Actor, queue: Queue) -> str:
    """Return whose places of a queue an official works on (`QueuePlace.opd`)."""
    if actor.role is Role.LIAISON:
        return actor.opd or WHOLE_AGENCY
    if queue is Queue.OWED:
        return INSPECTORATE_OWNER if actor.role is Role.INSPECTORATE else actor.instansi or WHOLE_AGENCY
    return WHOLE_AGENCY


# --- One function for each kind of queue -----------------------------------------------------------------------------


def _by_deadline(queue: Queue, clocks: list[ClockLine], why: list[str], opd: str = WHOLE_AGENCY) -> QueuePlace:
    """Return a place by the clocks of what is owed there: late if one of them is, due at the first deadline."""
    dated = sorted((line for line in clocks if line.deadline is not None), key=lambda line: (line.deadline, line.kind))
    late = any(line.breached_at is not None for line in clocks)
    first = dated[0] if dated else (clocks[0] if clocks else None)
    due = None if first is None else first.deadline
    return QueuePlace(
        queue=queue,
        opd=opd,
        why=why or ([] if first is None else [str(first.kind)]),
        rank=0 if late else 1,
        due=due,
        deadline=due,
        owed_by=first and first.owed_by,
        overdue=late,
    )


def _of(row: Snapshot, *kinds: ClockKind, opd: str | None = None) -> list[ClockLine]:
    return [line for line in row.clocks if line.kind in kinds and (opd is None or line.opd in (None, opd))]


def _verification(row: Snapshot) -> Iterator[QueuePlace]:
    clock = _of(row, ClockKind.VERIFY)
    if row.status is Status.BELUM_DIVERIFIKASI and clock:
        answered = [row.said] if row.said is not None else []
        yield _by_deadline(Queue.VERIFICATION, clock, [*answered, str(ClockKind.VERIFY)])


def _decisions(row: Snapshot) -> Iterator[QueuePlace]:
    """Yield one place for all that the admin has to decide on a complaint."""
    clocks: list[ClockLine] = []
    why: list[str] = []
    if row.status not in FINAL:
        if row.status is not Status.DITUNDA and row.status is not Status.BELUM_DIVERIFIKASI:
            owed = _of(row, ClockKind.FORWARD, ClockKind.VERIFY)
            clocks, why = clocks + owed, why + ["forward"] * bool(owed)
        if row.instructed_to == row.instansi:
            clocks, why = clocks + _of(row, ClockKind.INSTRUCTION), [*why, "instruction"]
        if row.extension_days is not None:
            clocks, why = clocks + _of(row, ClockKind.COMPLETE), [*why, "extension"]
    if row.said is not None and row.said != OPD_ANSWER:
        clocks += (
            _of(row, ClockKind.VERIFY, ClockKind.COMPLETE) if row.said == DISPUTE or row.verified_at is None else []
        )
        why = [*why, row.said]
    if why:
        yield _by_deadline(Queue.DECISIONS, clocks, why).model_copy(update={"owed_by": Role.ADMIN})


def _offices(row: Snapshot) -> Iterator[QueuePlace]:
    """Yield the places of each office that owes or has finished: with itself, or with the reporter for now."""
    for line in row.opds:
        if line.state == "owes":
            yield _of_office(row, line)
        elif line.state == "final" and (silence := _of(row, ClockKind.AUTO_CLOSE)):
            yield _by_deadline(Queue.WAITING, silence, [], line.code)


def _of_office(row: Snapshot, line: OpdLine) -> QueuePlace:
    own = _of(row, ClockKind.TAKE_OVER) if line.code == INSPECTORATE_OWNER else _respond(row, line.code)
    owed = own + _of(row, ClockKind.COMPLETE)
    asked = _of(row, ClockKind.QUESTION)
    paused = bool(owed) and all(clock.deadline is None for clock in owed)
    if paused and asked:
        return _by_deadline(Queue.WAITING, asked, [], line.code)
    told = [row.said] if row.said == OPD_ANSWER else []
    if row.instructed_to == line.code:
        owed, told = owed + _of(row, ClockKind.INSTRUCTION), ["instruction", *told]
    first = _by_deadline(Queue.OWED, owed, [], line.code)
    return first.model_copy(update={"why": [*told, *[one for one in first.why if one not in told]]})


def _respond(row: Snapshot, code: str) -> list[ClockLine]:
    return [line for line in row.clocks if line.kind is ClockKind.RESPOND and line.opd == code]


def _waiting(row: Snapshot) -> Iterator[QueuePlace]:
    silence = _of(row, ClockKind.HOLD, ClockKind.QUESTION, ClockKind.AUTO_CLOSE)
    if silence:
        yield _by_deadline(Queue.WAITING, silence, [])


def _open(row: Snapshot) -> Iterator[QueuePlace]:
    owed = [line for line in row.clocks if line.kind in OWED_STEPS]
    counted = [line for line in owed if line.deadline is not None] or owed or list(row.clocks)
    yield _by_deadline(Queue.OPEN, counted, [])
    if row.channel is Channel.WALK_IN:
        yield _by_deadline(Queue.DESK, counted, [])


def _items(row: Snapshot) -> Iterator[QueuePlace]:
    """Yield the places of an open item: by its rung, then by its age; also of a complaint that is final."""
    if not row.item_open:
        return
    late = [line for line in row.clocks if line.kind in OWED_STEPS and line.breached_at is not None]
    first = min(late, key=lambda line: (line.breached_at, line.kind), default=None)
    place = QueuePlace(
        queue=Queue.ESCALATED,
        why=[row.item_why or "escalated"],
        rank=TOP_RUNG - row.level,
        due=row.item_opened_at,
        deadline=row.next_deadline if first is None else first.deadline,
        owed_by=None if first is None else first.owed_by,
        overdue=row.overdue,
    )
    yield place
    if row.level >= SEKDA:
        yield place.model_copy(update={"queue": Queue.COME_UP})
