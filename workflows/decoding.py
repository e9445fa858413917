"""Reading what was sent to a complaint or is in its record; converting refusals to the engine's errors and back."""

from __future__ import annotations

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from kawal.domain.messages import Actor, Command, Event
from kawal.domain.process.commands import check_actor
from kawal.domain.process.decide import CLOCKWORK, UNREADABLE
from kawal.domain.process.evolve import evolve, fold
from kawal.domain.process.run_input import NO_BEGINNING, RunInput
from kawal.domain.process.state import State
from kawal.domain.refusals import REFUSED, SENTENCES, Refusal
from workflows.steps import StepFailed


def require_beginning(run_input: RunInput) -> None:
    """Fail the run for good if its input could not be decrypted: whoever started it does not have Kawal's keys."""
    if run_input.begin is None and run_input.state is None:
        raise ApplicationError("a complaint begins with a report or a state", type=NO_BEGINNING, non_retryable=True)


def state_after(state: State, standing: list[Event]) -> State:
    """Return the state after events of the record that follow `state`, or after all of them; `state` is not changed."""
    if standing[0].seq == 1:
        return fold(standing)
    further = state.fork()
    for event in standing:
        evolve(further, event)
    return further


def read_command(name: str, raw: Sequence[RawValue]) -> Command:
    """Decrypt and read what was sent; refuse what is not a command of that name."""
    if len(raw) != 1:
        raise Refusal("malformed", detail=f"{len(raw)} arguments, expected one command")
    try:
        command = workflow.payload_converter().from_payload(raw[0].payload, Command)
    except Exception as error:  # whatever a converter raises on foreign bytes becomes one refusal
        raise Refusal("unreadable") from error
    if not isinstance(command, Command):  # null and plain bytes are decoded without a type check
        raise Refusal("malformed", detail="no command")
    if command.name != name:
        raise Refusal("malformed", detail=f"name: {command.name[:40]} was sent as {name[:40]}")
    return command


def sender_of(raw: Sequence[RawValue]) -> Actor:
    """Return who sent a refused command, as far as it can be read and may be recorded."""
    try:
        actor: Actor = workflow.payload_converter().from_payload(raw[0].payload, Command).actor
        check_actor(actor)
        return actor
    except Exception:  # see read_command
        return CLOCKWORK.model_copy(update={"account": UNREADABLE})


def as_error(refusal: Refusal, last_seq: int) -> ApplicationError:
    """Return a refusal as the error sent to the sender, with the number of the last event that the workflow knew."""
    said = str(refusal.sentence)
    return ApplicationError(said, refusal.code, refusal.details, last_seq, type=REFUSED, non_retryable=True)


def refusal_of(failed: StepFailed) -> Refusal:
    """Return the refusal found by an activity (an unknown OPD, a final main report), or the record's conflict."""
    reason = failed.reason
    if isinstance(reason, ApplicationError) and reason.type == REFUSED and reason.details:
        code, details = reason.details[0], reason.details[1]
        if code in SENTENCES:
            return Refusal(code, **details)
    return Refusal("event_conflict")


def refusal_by_main(failed: StepFailed, main: str) -> Refusal:
    """Return why a main report does not take a follower: its own reason, or that it could not be asked in time."""
    refusal = refusal_of(failed)
    return Refusal("main_away", main=main) if refusal.code == "event_conflict" else refusal
