"""Who owes, and what follows from it: the parts of state changes that several events share.

`settle` runs after every event and brings completion, auto-close and the owed forward in line with who owes; the other
functions end a complaint, void its finals, and handle the Inspectorate's item with its ladders and the open question.
"""

from __future__ import annotations

from datetime import date, datetime

from kawal.domain.messages import Event
from kawal.domain.names import ClockKind, EventKind, Status
from kawal.domain.persons import ACTING, person_of
from kawal.domain.process import clocks
from kawal.domain.process.state import INSPECTORATE_OWNER, Item, Ladder, State

# --- Who owes --------------------------------------------------------------------------------------------------------


def settle(state: State, at: datetime, on: date) -> None:
    """Bring completion, auto-close and the owed forward in line with who owes now (the rule "Who owes")."""
    if state.is_final:
        return
    if state.owners:
        _settle_owing(state, at, on)
        _pause_for_question(state, on)
    end_met_instruction(state, on)


def _settle_owing(state: State, at: datetime, on: date) -> None:
    if state.someone_owes:
        clocks.stop(state, ClockKind.AUTO_CLOSE, on)
        clocks.stop(state, ClockKind.FORWARD, on)
        _run_completion(state, at, on)
    elif state.final_stands:
        clocks.stop(state, ClockKind.FORWARD, on)
        _stop_completion(state, at, on)
        if state.clock(ClockKind.AUTO_CLOSE) is None:
            clocks.start(state, ClockKind.AUTO_CLOSE, at, on=on)
    else:
        clocks.stop(state, ClockKind.AUTO_CLOSE, on)
        _owe_a_forward(state, at, on)
        # A return leaves the citizen's completion clock running; a reopening in which nobody owes any more restarts it.
        _run_completion(state, at, on)


def _run_completion(state: State, at: datetime, on: date) -> None:
    if state.verified_at is None or state.clock(ClockKind.COMPLETE):
        return
    stopped = state.clocks.get(str(ClockKind.COMPLETE))
    if stopped is None:
        clocks.start(state, ClockKind.COMPLETE, at, on=on)
    else:
        clocks.restart(state, stopped, on)
    state.completed_at = None


def _stop_completion(state: State, at: datetime, on: date) -> None:
    if state.clock(ClockKind.COMPLETE):
        clocks.stop(state, ClockKind.COMPLETE, on)
        state.completed_at = at
        state.extension_days = None


def _owe_a_forward(state: State, at: datetime, on: date) -> None:
    if state.clock(ClockKind.FORWARD) is None:
        clocks.start(state, ClockKind.FORWARD, at, on=on)
    if state.verified_at is not None:
        state.status = forwarded_status(state)


def forwarded_status(state: State) -> Status:
    """Return the status of a verified complaint: proses once an OPD has followed up."""
    return Status.PROSES if state.first_follow_up_at else Status.BELUM_DITINDAKLANJUTI


def _pause_for_question(state: State, on: date) -> None:
    if state.question is None:
        return
    for clock in state.running_clocks():
        mine = clock.kind is ClockKind.RESPOND and state.question.by in (None, clock.opd)
        if mine or clock.kind is ClockKind.COMPLETE:
            clocks.pause_waiting(clock, on, state)


def end_question(state: State, on: date) -> None:
    """End the question, because it was answered, lapsed or is void; the clocks it paused resume."""
    state.question = None
    clocks.stop(state, ClockKind.QUESTION, on)
    for clock in state.running_clocks():
        pause = clock.open_pause
        if pause is not None and pause.waiting:
            clocks.resume(clock, on)


def finish(state: State, status: Status, event: Event, on: date) -> None:
    """Set a final status and stop all clocks and ladders; what the OPDs owe is kept for a reopening, the item stays."""
    for clock in state.running_clocks():
        clocks.stop(state, clock.kind, on, clock.opd, why="final")
    if state.item and state.item.ladder and state.item.ladder.stopped is None:
        state.item.ladder.stopped = "final"
    state.status, state.held_from = status, None
    state.question = state.instruction = state.extension_days = None
    state.closed_at = event.at
    if status is Status.SELESAI:
        state.aftercare_over = False
        clocks.start(state, ClockKind.AFTERCARE, event.at, on=on)


def void_finals(state: State, at: datetime, on: date) -> None:
    """Void the final follow-ups after a dispute or a reopening: whoever had posted one owes one again."""
    for owner in state.owners.values():
        if owner.state == "final":
            owner.state, owner.final_at = "owes", None
            if owner.code == INSPECTORATE_OWNER:
                clocks.start(state, ClockKind.TAKE_OVER, at, on=on)


# --- The Inspectorate's item -----------------------------------------------------------------------------------------


def open_item(state: State, at: datetime, why: str, ladder: Ladder | None = None) -> None:
    """Put the complaint on the Inspectorate's worklist, or leave the item there unchanged."""
    if state.item is None or not state.item.open:
        state.item = Item(opened_at=at, why=why, ladder=ladder)
    state.ever_level = max(state.ever_level, 1)


def climbing_ladders(state: State) -> list[Ladder]:
    """Return every ladder that is climbing now."""
    ladders = [clock.ladder for clock in state.running_clocks() if clock.ladder]
    if state.item and state.item.open and state.item.ladder:
        ladders.append(state.item.ladder)
    return [ladder for ladder in ladders if ladder.stopped is None]


def instructed_ladders(state: State) -> list[Ladder]:
    """Return the ladders that an instruction stopped and that go on if its date passes without the step."""
    ladders = [clock.ladder for clock in state.breached_and_owed() if clock.ladder]
    acted = state.instruction is not None and state.instruction.acted
    if state.item and state.item.open and state.item.ladder and not acted:
        ladders.append(state.item.ladder)
    return [ladder for ladder in ladders if ladder.stopped == "instructed"]


def end_met_instruction(state: State, on: date) -> None:
    """End an instruction early once its addressee has acted and no late step under it is owed any more."""
    if state.instruction and state.instruction.acted and not instructed_ladders(state):
        end_instruction(state, on)


def end_instruction(state: State, on: date) -> None:
    """Remove the instruction."""
    state.instruction = None
    clocks.stop(state, ClockKind.INSTRUCTION, on)


def note_person(state: State, event: Event) -> None:
    """Note who acted as an official, and whose follow-up it is: persons who may not decide on it themselves."""
    role, person = event.actor.role, person_of(event.actor.account)
    if role not in ACTING or event.kind is EventKind.REFUSED:
        return
    if person not in state.acted.setdefault(role, []):
        state.acted[role].append(person)
    if event.kind is EventKind.FOLLOWED_UP and person not in state.followed_up_by:
        state.followed_up_by.append(person)


def note_step_of(state: State, code: str) -> None:
    """Note that the OPD (or "admin") has done a step, in case an instruction awaits it."""
    if state.instruction is None:
        return
    addressee = "admin" if state.instruction.to == state.instansi else state.instruction.to
    if addressee == code:
        state.instruction.acted = True
