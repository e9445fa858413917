"""The step escalate: what the clocks cause by themselves, and what the Inspectorate does with its items."""

from __future__ import annotations

from temporalio import activity

from activities.event_writer import EventWriter
from kawal.domain.messages import Batch, Event


class EscalateStep(EventWriter):
    """Writes reminders, breaches and escalation levels, and escalate, instruct, take_over, resolve and recompute."""

    @activity.defn(name="escalate")
    async def escalate(self, batch: Batch) -> list[Event]:
        """Write the step: the Inspectorate's worklist is the read model's open items."""
        return await self.write(batch)
