"""The step follow-up: what the OPD answers and asks, and the extensions that it asks for."""

from __future__ import annotations

from temporalio import activity

from activities.event_writer import EventWriter
from kawal.domain.messages import Batch, Event


class FollowUpStep(EventWriter):
    """Writes ask, follow-up, and the request, grant and refusal of an extension."""

    @activity.defn(name="follow_up")
    async def follow_up(self, batch: Batch) -> list[Event]:
        """Write the step; see EventWriter.write."""
        return await self.write(batch)
