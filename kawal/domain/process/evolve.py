"""State changes: evolve(state, event), and the rule of who owes (settle) after every event.

Deterministic and total: folding the same events always gives the same state; reopening an ended complaint and the audit
of the read model depend on this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import reduce

from kawal.domain.calendar import local_day
from kawal.domain.messages import Event
from kawal.domain.names import ClockKind, EventKind, ReportClass, Role, Status
from kawal.domain.persons import person_of
from kawal.domain.policy import Rules
from kawal.domain.process import clocks
from kawal.domain.process.clock_effects import ELAPSED
from kawal.domain.process.initial_state import received_by
from kawal.domain.process.meanwhile import note_change
from kawal.domain.process.obligations import (
    climbing_ladders,
    end_instruction,
    end_question,
    finish,
    forwarded_status,
    instructed_ladders,
    note_person,
    note_step_of,
    open_item,
    settle,
    void_finals,
)
from kawal.domain.process.reporter_word import heed
from kawal.domain.process.state import (
    INSPECTORATE_OWNER,
    DoneCommand,
    Instruction,
    Ladder,
    Owner,
    Question,
    State,
    Step,
)


def fold(events: Iterable[Event]) -> State:
    """Return the state after a complaint's events, the first of which is its start."""
    numbered = iter(events)
    return reduce(evolve, numbered, first_state(next(numbered)))


def first_state(started: Event) -> State:
    """Return the state after the start: received, and the admin owes verifying and forwarding."""
    return _numbered(received_by(started.facts, started.at), started)


def evolve(state: State, event: Event) -> State:
    """Change the state by one event, in place, and return it."""
    on = day_of(event)
    heed(state, event)
    if (change := CHANGES.get(event.kind)) is not None:
        change(state, event, on)
        settle(state, event.at, on)
    note_person(state, event)
    return _numbered(state, event)


def day_of(event: Event) -> date:
    """Return the local day an event belongs to; for a deadline's end (24:00) the day that ends."""
    return date.fromisoformat(given) if (given := event.facts.get("day")) else local_day(event.at)


def _numbered(state: State, event: Event) -> State:
    state.last_seq, state.last_at = event.seq, event.at
    note_change(state, event)
    remember(state, event)
    return state


def remember(state: State, event: Event) -> None:
    """Store a command's idempotency key and answer: repeated, it gets that; another one with the key is refused."""
    if event.idempotency_key and event.digest and event.answer:
        state.done[event.idempotency_key] = DoneCommand(digest=event.digest, answer=event.answer)


# --- One function per event ------------------------------------------------------------------------------------------


def _end_hold(state: State, on: date) -> None:
    if state.status is Status.DITUNDA and state.held_from is not None:
        state.status, state.held_from = state.held_from, None
        clocks.stop(state, ClockKind.HOLD, on)
        verify = state.clock(ClockKind.VERIFY)
        if verify is not None:
            clocks.resume(verify, on)


def _verified(state: State, event: Event, on: date) -> None:
    _end_hold(state, on)
    state.report_class = ReportClass(event.facts["class"])
    state.category = event.facts["category"]
    state.verified_at = state.verified_at or event.at
    state.status = forwarded_status(state)
    _set_pengawasan(state, event, on)
    note_step_of(state, "admin")


def _set_pengawasan(state: State, event: Event, on: date) -> None:
    before, state.pengawasan = state.pengawasan, bool(event.facts["pengawasan"])
    if state.pengawasan and not before and not event.facts.get("imported"):
        open_item(state, event.at, "pengawasan", Ladder(day0=on))


def _imported(state: State, event: Event, on: date) -> None:
    """Let late steps climb from the import on, and give reporters whose time had run out the whole time again."""
    late = event.facts["late"]
    for key in late:
        state.clocks[key].ladder = Ladder(day0=on)
    for key in event.facts["silent"]:
        clocks.start(state, state.clocks[key].kind, event.at)
    if event.facts["item_opened"]:
        open_item(state, event.at, "breach" if late else "pengawasan", None if late else Ladder(day0=on))


def _held(state: State, event: Event, on: date) -> None:
    state.held_from, state.status = state.status, Status.DITUNDA
    verify = state.clock(ClockKind.VERIFY)
    if verify is not None:
        clocks.pause_waiting(verify, on, state)
    clocks.start(state, ClockKind.HOLD, event.at)


def _replied(state: State, event: Event, on: date) -> None:
    if state.is_final:
        return
    state.replied_since_final = True
    _end_hold(state, on)
    if state.question is not None:
        end_question(state, on)
    if state.clock(ClockKind.AUTO_CLOSE):
        clocks.start(state, ClockKind.AUTO_CLOSE, event.at)


def _archived(state: State, event: Event, on: date) -> None:
    finish(state, Status.DIARSIPKAN, event, on)


def _passed_on(state: State, event: Event, on: date) -> None:
    finish(state, Status.BUKAN_WEWENANG, event, on)


def _merged(state: State, event: Event, on: date) -> None:
    state.main_report = event.facts["main"]
    finish(state, Status.DIGABUNG, event, on)


def _forwarded(state: State, event: Event, on: date) -> None:
    _give_to(state, event.facts["opds"], event, on)
    inspectorate = state.owners.get(INSPECTORATE_OWNER)
    if event.actor.role is Role.INSPECTORATE and inspectorate is not None and inspectorate.state == "owes":
        # Only what the Inspectorate still owes is handed on: its own final follow-up stands.
        inspectorate.state = "handed_on"
        clocks.stop(state, ClockKind.TAKE_OVER, on)


def _handled(state: State, event: Event, on: date) -> None:
    if "class" in event.facts:
        _verified(state, event, on)
    _give_to(state, [state.instansi], event, on)


def _give_to(state: State, codes: list[str], event: Event, on: date) -> None:
    _end_hold(state, on)
    clocks.stop(state, ClockKind.VERIFY, on)
    for code in codes:
        before = state.owners.get(code)
        state.owners[code] = Owner(code=code, forwarded_at=event.at, late=before is not None and before.late)
        clocks.start(state, ClockKind.RESPOND, event.at, code)
    state.first_forwarded_at = state.first_forwarded_at or event.at
    state.status = forwarded_status(state)
    note_step_of(state, "admin")


def _received(state: State, event: Event, _on: date) -> None:
    owner = state.owners[event.facts["opd"]]
    owner.received_at = owner.received_at or event.at


def _released(new_state: str) -> Callable[[State, Event, date], None]:
    def change(state: State, event: Event, on: date) -> None:
        code = event.facts["opd"]
        state.owners[code].state = new_state
        clocks.stop(state, ClockKind.RESPOND, on, code, why="void")
        if state.question and state.question.by == code:
            end_question(state, on)
        note_step_of(state, code if new_state == "returned" else "admin")

    return change


def _asked(state: State, event: Event, _on: date) -> None:
    state.question = Question(by=event.facts["by"], asked_at=event.at)
    clocks.start(state, ClockKind.QUESTION, event.at)


def _followed_up(state: State, event: Event, on: date) -> None:
    owner = state.owners[event.facts["opd"]]
    owner.first_follow_up_at = owner.first_follow_up_at or event.at
    state.first_follow_up_at = state.first_follow_up_at or event.at
    state.status = Status.PROSES
    clocks.stop(state, ClockKind.RESPOND, on, owner.code)
    if event.facts["final"]:
        owner.state, owner.final_at = "final", event.at
        state.replied_since_final = False
        if owner.code == INSPECTORATE_OWNER:
            clocks.stop(state, ClockKind.TAKE_OVER, on)
        if state.clock(ClockKind.AUTO_CLOSE):
            clocks.start(state, ClockKind.AUTO_CLOSE, event.at)
    note_step_of(state, "admin" if owner.code == state.instansi else owner.code)


def _extension_asked(state: State, event: Event, _on: date) -> None:
    state.extension_days, state.extension_by = event.facts["days"], person_of(event.actor.account)


def _extension_granted(state: State, event: Event, on: date) -> None:
    state.clocks[str(ClockKind.COMPLETE)].steps.append(Step(since=on, days=event.facts["days"]))
    state.extension_days, state.extension_by, state.extension_granted = None, None, True


def _extension_off(state: State, _event: Event, _on: date) -> None:
    state.extension_days = state.extension_by = None


def _accepted(state: State, event: Event, on: date) -> None:
    if event.facts.get("rating"):
        _rated(state, event, on)
    state.closed_by, state.accepted_via = "accept", event.facts.get("via")
    finish(state, Status.SELESAI, event, on)


def _disputed(state: State, event: Event, on: date) -> None:
    state.disputes += 1
    if state.status is Status.SELESAI:
        # It undoes an accept that somebody gave for the reporter, and the rating that came with it.
        _reopened(state, event, on)
        state.rating = state.rated_via = None
    else:
        void_finals(state, event.at, on)
    if state.disputes == 2:
        open_item(state, event.at, "second_dispute", Ladder(day0=on))


def _closed(state: State, event: Event, on: date) -> None:
    state.closed_by = "close"
    finish(state, Status.SELESAI, event, on)


def _auto_closed(state: State, event: Event, on: date) -> None:
    state.closed_by = "question" if event.facts["why"] == "unanswered" else "auto_close"
    finish(state, Status.SELESAI, event, on)


def _rated(state: State, event: Event, _on: date) -> None:
    state.rating, state.rated_via = event.facts["rating"], event.facts.get("via")


def _concealed(state: State, event: Event, _on: date) -> None:
    state.anonim = state.anonim or bool(event.facts["anonim"])
    state.rahasia = state.rahasia or bool(event.facts["rahasia"])


def _reopened(state: State, event: Event, on: date) -> None:
    state.status = Status.PROSES
    state.closed_at = state.closed_by = state.accepted_via = None
    state.aftercare_over = False
    clocks.stop(state, ClockKind.AFTERCARE, on)
    void_finals(state, event.at, on)
    for owner in state.owners.values():
        stopped = state.clocks.get(f"{ClockKind.RESPOND}:{owner.code}")
        if owner.state == "owes" and owner.first_follow_up_at is None and stopped and not stopped.running:
            clocks.restart(state, stopped, on)
    take_over = state.clocks.get(str(ClockKind.TAKE_OVER))
    if take_over and not take_over.running and state.taken_over:
        clocks.restart(state, take_over, on)


def _reclassified(state: State, event: Event, on: date) -> None:
    state.report_class = ReportClass(event.facts["class"])
    _set_pengawasan(state, event, on)
    take_limits_anew(state)
    note_step_of(state, "admin")


def _recomputed(state: State, event: Event, _on: date) -> None:
    state.rules = Rules.model_validate(event.facts["rules"])
    take_limits_anew(state)


def take_limits_anew(state: State) -> None:
    """Give every clock the limit that the state's rules have for it."""
    for clock in state.clocks.values():
        if clock.kind is not ClockKind.COMPLETE or state.report_class is not None:
            clock.limit = clocks.limit_of(clock.kind, state)


def _escalated(state: State, event: Event, on: date) -> None:
    open_item(state, event.at, "escalated", Ladder(day0=on))


def _instructed(state: State, event: Event, _on: date) -> None:
    for clock in state.clocks.values():
        if clock.ladder is not None and clock.ladder.stopped == "instructed" and not clock.running:
            # An earlier instruction stopped it and its step was done, but not by the addressee of this one.
            clock.ladder.stopped = "done"
    for ladder in climbing_ladders(state):
        ladder.stopped = "instructed"
    state.instruction = Instruction(to=event.facts["to"])
    ordered = clocks.start(state, ClockKind.INSTRUCTION, event.at)
    ordered.fixed_day = date.fromisoformat(event.facts["by"])


def _instruction_ended(state: State, _event: Event, on: date) -> None:
    for ladder in instructed_ladders(state):
        ladder.stopped, ladder.day0 = None, on
    end_instruction(state, on)


def _taken_over(state: State, event: Event, on: date) -> None:
    _end_hold(state, on)
    if state.question is not None:
        end_question(state, on)
    for ladder in climbing_ladders(state) + instructed_ladders(state):
        ladder.stopped = "taken_over"
    end_instruction(state, on)
    for owner in state.owners.values():
        if owner.state == "owes":
            owner.state = "taken_over"
            clocks.stop(state, ClockKind.RESPOND, on, owner.code, why="taken_over")
    clocks.stop(state, ClockKind.VERIFY, on, why="taken_over")
    clocks.stop(state, ClockKind.FORWARD, on, why="taken_over")
    state.owners[INSPECTORATE_OWNER] = Owner(code=INSPECTORATE_OWNER, forwarded_at=event.at)
    # A report taken over before any forward counts as assigned from now on, as a forwarded one does.
    state.first_forwarded_at = state.first_forwarded_at or event.at
    clocks.start(state, ClockKind.TAKE_OVER, event.at)


def _resolved(state: State, _event: Event, on: date) -> None:
    if state.item is not None:
        state.item.open = False
        if state.item.ladder:
            state.item.ladder.stopped = "resolved"
    end_instruction(state, on)


def _follower_attached(state: State, event: Event, _on: date) -> None:
    state.followers.extend(code for code in event.facts["followers"] if code not in state.followers)


E = EventKind
CHANGES: dict[EventKind, Callable[[State, Event, date], None]] = {
    E.IMPORTED: _imported,
    E.VERIFIED: _verified,
    E.HELD: _held,
    E.REPLIED: _replied,
    E.ARCHIVED: _archived,
    E.PASSED_ON: _passed_on,
    E.MERGED: _merged,
    E.FORWARDED: _forwarded,
    E.HANDLED: _handled,
    E.RECEIVED: _received,
    E.RETURNED: _released("returned"),
    E.WITHDRAWN: _released("withdrawn"),
    E.ASKED: _asked,
    E.FOLLOWED_UP: _followed_up,
    E.EXTENSION_ASKED: _extension_asked,
    E.EXTENSION_GRANTED: _extension_granted,
    E.EXTENSION_REFUSED: _extension_off,
    E.EXTENSION_LAPSED: _extension_off,
    E.ACCEPTED: _accepted,
    E.DISPUTED: _disputed,
    E.CLOSED: _closed,
    E.AUTO_CLOSED: _auto_closed,
    E.RATED: _rated,
    E.CONCEALED: _concealed,
    E.REOPENED: _reopened,
    E.RECLASSIFIED: _reclassified,
    E.RECOMPUTED: _recomputed,
    E.ESCALATED: _escalated,
    E.INSTRUCTED: _instructed,
    E.INSTRUCTION_ENDED: _instruction_ended,
    E.TAKEN_OVER: _taken_over,
    E.RESOLVED: _resolved,
    E.FOLLOWER_ATTACHED: _follower_attached,
} | ELAPSED
"""The state change of each event; STARTED creates the first state, NUDGED and REFUSED are only recorded."""
