"""Mending a wedged complaint: its run is terminated, and a new one starts from its record.

The command may be killed at any point and repeated: a complaint that was given up and has no new run yet stays on the
list of wedged complaints (client.watcher), and is started again by the next `mend`, or by the reconciler.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel
from temporalio.service import RPCError, RPCStatusCode

from kawal.client.complaints import Complaints
from kawal.client.failing_runs import described, failing, is_running
from kawal.client.reading import check_tracking
from kawal.client.restart import Restarts
from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.master_keys import KeyUnavailable
from kawal.domain.access import Act
from kawal.domain.findings import NO_RUN
from kawal.domain.messages import Actor
from kawal.domain.names import workflow_id
from kawal.domain.refusals import Refusal
from kawal.store.wedged_complaints import RunRequired

GIVEN_UP = "given up by `kawal mend`: its task failed again and again"
"""The reason stored in the engine; it names nobody."""


class MendOutcome(StrEnum):
    """How a complaint continues after its run was given up."""

    RESTARTED = "restarted"
    """A new run from the state that its events give."""
    SENT_BACK = "sent_back"
    """Nothing of it is on record: the relay starts it again from the inbox."""
    ENDED = "ended"
    """Over according to its record: nothing runs any more."""


class MendResult(BaseModel):
    """The result of mending."""

    tracking_id: str
    way: MendOutcome
    given_up: str | None
    """The run that was given up by this call; None where that had happened before."""


class Mender:
    """Mends wedged complaints, by the agency's admin or the Inspectorate, on record."""

    def __init__(self, complaints: Complaints) -> None:
        """Work through the client of a running system."""
        self._complaints = complaints
        self._client = complaints.client
        self._restarts = Restarts(complaints.system)
        self._wedged = complaints.system.wedged

    async def mend(self, tracking_id: str, actor: Actor) -> MendResult:
        """Terminate the failing run and start the complaint again; repeated, it continues where it was cut off.

        Raises Refusal, on record: for whoever may not, `not_wedged`, and `mend_unsafe` (before anything was done) where
        its record cannot be continued; SystemUnavailable where the engine does not answer.
        """
        complaints = self._complaints
        check_tracking(tracking_id)
        report = await self._wedged.report(tracking_id)
        if report is None:
            raise Refusal("unknown_complaint", tracking=tracking_id)
        inbox_id, instansi = report
        await complaints.authority.authorise(actor, Act.MEND, instansi)
        async with complaints.authority.refusals(actor, Act.MEND, tracking_id):
            return await self._mend(tracking_id, inbox_id, instansi, actor)

    async def _mend(self, tracking_id: str, inbox_id: int | None, instansi: str, actor: Actor) -> MendResult:
        trouble = await self._trouble(tracking_id)
        way = await self._way(tracking_id, inbox_id, gone=trouble is None)
        if trouble is not None:
            # The run may have recovered while the record was read.
            trouble = await self._trouble(tracking_id)
        facts = {"what": "mended", "instansi": instansi, "way": str(way)} | (trouble or {"cause": NO_RUN})
        await self._complaints.authority.done(actor, Act.MEND, facts, tracking_id=tracking_id)
        if trouble is not None:
            await self._give_up(tracking_id, trouble["run"])
        await self._start_anew(tracking_id, inbox_id, way)
        await self._wedged.end(tracking_id, mended=True)
        return MendResult(tracking_id=tracking_id, way=way, given_up=None if trouble is None else trouble["run"])

    async def _trouble(self, tracking_id: str) -> dict[str, Any] | None:
        """Return how its run fails; None if none runs. Refuse if one runs and does not fail."""
        run = await described(self._client, tracking_id)
        if run is None or not is_running(run):
            return None
        trouble = await failing(self._client, run)
        if trouble is None:
            await self._wedged.end(tracking_id, mended=False)
            raise Refusal("not_wedged", tracking=tracking_id)
        return trouble

    async def _way(self, tracking_id: str, inbox_id: int | None, *, gone: bool) -> MendOutcome:
        """Return what to do with it; refuse where that is not safe, or where no run failed and none is missing."""
        if gone and await self._wedged.must_run(tracking_id) is RunRequired.NOTHING:
            raise Refusal("not_wedged", tracking=tracking_id)
        if inbox_id is not None and await self._complaints.ledger.last_seq(tracking_id) == 0:
            way, not_safe = MendOutcome.SENT_BACK, await self._no_key(tracking_id)
        else:
            way, not_safe = MendOutcome.RESTARTED, await self._restarts.why_not(tracking_id)
        if not_safe == "record_is_over":
            return MendOutcome.ENDED
        if not_safe is not None:
            raise Refusal("mend_unsafe", tracking=tracking_id, why=not_safe)
        return way

    async def _no_key(self, tracking_id: str) -> str | None:
        """Return why a report cannot be taken from the inbox."""
        try:
            await self._complaints.system.keys.key_for(workflow_id(tracking_id))
        except KeyDestroyed:
            return "erased"
        except KeyUnavailable:
            return "key_unavailable"
        return None

    async def _give_up(self, tracking_id: str, run_id: str) -> None:
        """End that run and no other; another `mend` may have been faster."""
        try:
            await self._client.get_workflow_handle(workflow_id(tracking_id), run_id=run_id).terminate(reason=GIVEN_UP)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise

    async def _start_anew(self, tracking_id: str, inbox_id: int | None, way: MendOutcome) -> None:
        if way is MendOutcome.SENT_BACK and inbox_id is not None:
            await self._complaints.system.reconciliation.send_back(inbox_id)
        if way is MendOutcome.RESTARTED:
            # Read again: the terminated run may have put a last event on record.
            not_safe = await self._restarts.restart(tracking_id)
            if not_safe not in (None, "record_is_over"):
                raise Refusal("mend_unsafe", tracking=tracking_id, why=not_safe)
