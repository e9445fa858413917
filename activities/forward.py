"""The step forward: a report goes to OPDs, is received, returned or withdrawn."""

from __future__ import annotations

from temporalio import activity

from activities.event_writer import EventWriter
from kawal.domain.messages import Batch, Event


class ForwardStep(EventWriter):
    """Writes forward, handle, receive, return, withdraw and nudge."""

    @activity.defn(name="forward")
    async def forward(self, batch: Batch) -> list[Event]:
        """Write the step; refuse an OPD that the agency does not have, or no longer has."""
        await self.refuse_unknown(batch)
        return await self.write(batch)
