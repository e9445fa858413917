"""The requests of a complaint's workflow to its activities, built from its state."""

from __future__ import annotations

from kawal.domain.checks import CheckRequest
from kawal.domain.messages import Batch, Command, Snapshot
from kawal.domain.names import CommandName, workflow_id
from kawal.domain.process.decide import CLOCKWORK, Decision
from kawal.domain.process.run_input import Begin
from kawal.domain.process.state import State


def batch_of(decision: Decision, after: Snapshot) -> Batch:
    """Return a decision's events with all that is written in the same transaction; `after` is the state after them."""
    return Batch(
        workflow_id=workflow_id(decision.state.tracking_id),
        events=decision.events,
        after=after,
        followers=decision.state.followers,
        main_of=[follower for event in decision.events for follower in event.facts.get("followers", [])],
    )


def attach_command(state: State) -> Command:
    """Return the command that asks a main report to take the report of this state as its follower."""
    return Command(
        name=CommandName.ATTACH,
        actor=CLOCKWORK,
        arguments={
            "follower": state.tracking_id,
            "received_at": state.received_at.isoformat(),
            "instansi": state.instansi,
            "followers": state.followers,
        },
        idempotency_key=f"attach:{state.tracking_id}:{state.last_seq + 1}",
    )


def advice_wanted(beginning: Begin | None, state: State) -> CheckRequest | None:
    """Return the request for advice to the verifying admin; None where nothing is left to verify."""
    if beginning is None or (beginning.report.past and (state.verified_at or state.is_final)):
        return None
    return CheckRequest(
        tracking_id=beginning.tracking_id,
        instansi=beginning.instansi,
        received_at=state.received_at,
        report=beginning.report,
    )
