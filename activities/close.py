"""The step close: the reporter's verdict, closing, rating and reopening."""

from __future__ import annotations

from temporalio import activity

from activities.event_writer import EventWriter
from kawal.domain.messages import Batch, Event


class CloseStep(EventWriter):
    """Writes accept, dispute, close, rate, reopen, the closing after silence and the end of the aftercare."""

    @activity.defn(name="close")
    async def close(self, batch: Batch) -> list[Event]:
        """Write the step; see EventWriter.write."""
        return await self.write(batch)
