"""Starts a new workflow for a complaint that lost its own while its record is open, from the state in its events."""

from __future__ import annotations

from datetime import timedelta

from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from kawal.base.unavailable import unavailable
from kawal.client.workflow_start import memo_of
from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.master_keys import KeyUnavailable
from kawal.domain.names import workflow_id
from kawal.domain.process.evolve import fold
from kawal.domain.process.projection import snapshot
from kawal.domain.process.run_input import TIMELINE_LIMIT, WORKFLOW_NAME, RunInput, timeline_of
from kawal.domain.process.state import State
from kawal.system import System
from workflows.display import starting_attributes, summary_of

AHEAD = timedelta(minutes=5)
"""How far a record's last event may lie ahead of this machine's clock."""


class Restarts:
    """Starts complaints' workflows from their records."""

    def __init__(self, connected: System) -> None:
        """Work through a connection."""
        self._pool = connected.pool
        self._keys = connected.keys
        self._client = connected.client
        self._task_queue = connected.settings.task_queue
        self._ledger = connected.ledger
        self._clock = connected.clock

    async def why_not(self, tracking_id: str) -> str | None:
        """Return why a restart would not be safe now; None if it would. Changes nothing, raises as `restart`."""
        planned = await self._planned(tracking_id)
        return planned if isinstance(planned, str) else None

    async def restart(self, tracking_id: str) -> str | None:
        """Start the workflow of an open complaint; return why that is not safe, None if one runs.

        A confirmed command is on record before it is answered, so nothing that anybody was told is lost; what fell due
        meanwhile happens at once, each at its own time. Not safe: `erased` (no key), `key_unavailable`, `unreadable`,
        `record_is_over` (by its events nothing is open), `own_time` (its time runs ahead of ours: a rerun's). Raises
        asyncpg's errors and temporalio's RPCError.
        """
        planned = await self._planned(tracking_id)
        if isinstance(planned, str):
            return planned
        state, run_input = planned
        try:
            await self._client.start_workflow(
                WORKFLOW_NAME,
                run_input,
                id=workflow_id(tracking_id),
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                memo=await memo_of(self._pool, tracking_id),
                search_attributes=starting_attributes(snapshot(state)),
                static_summary=summary_of(tracking_id, state.instansi, str(state.channel)),
            )
        except WorkflowAlreadyStartedError:
            return None  # another caller was faster
        return None

    async def _planned(self, tracking_id: str) -> tuple[State, RunInput] | str:
        """Return the state from which the new run would begin; or why it cannot."""
        try:
            await self._keys.key_for(workflow_id(tracking_id))
            events = await self._ledger.events(tracking_id)
            state = fold(events)
        except KeyDestroyed:
            return "erased"
        except KeyUnavailable:
            return "key_unavailable"
        except Exception as error:  # what the events do not give cannot be continued
            if unavailable(error) is not None:
                raise
            return "unreadable"
        if state.is_over:
            return "record_is_over"
        if state.last_at > self._clock.now() + AHEAD:
            return "own_time"
        timeline = timeline_of(events)[-TIMELINE_LIMIT:]
        return state, RunInput(state=state, timeline=timeline, starts_at=self._clock.run_start(), in_turn=True)
