"""The step close: the reporter's verdict, closing, rating and reopening."""

from __future__ import annotations

from temporalio import activity

from activities.recording import Recording
from kawal.domain.messages import Batch, Event


class CloseStep(Recording):
    """Writes accept, dispute, close, rate, reopen, the closing after silence and the end of the aftercare."""

    @activity.defn(name="close")
    async def close(self, batch: Batch) -> list[Event]:
        """Write the step; see Recording.write."""
        return await self.write(batch)
