"""The step verify: a report's start and everything that decides what it is, before an OPD has it."""

from __future__ import annotations

from temporalio import activity

from activities.event_writer import EventWriter
from kawal.domain.messages import Batch, Event


class VerifyStep(EventWriter):
    """Writes start, verify, hold, reply and reclassify."""

    @activity.defn(name="verify")
    async def verify(self, batch: Batch) -> list[Event]:
        """Write the step; refuse a category outside the national tree."""
        await self.refuse_unknown(batch)
        return await self.write(batch)
