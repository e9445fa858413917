"""The step catch_up: what the record holds beyond what a complaint's workflow knows."""

from __future__ import annotations

from temporalio import activity

from kawal.domain.messages import Event
from kawal.store.ledger import Ledger


class CatchUpStep:
    """Reads the record for a workflow that may have lost an attempt of its own after its events were written."""

    def __init__(self, ledger: Ledger) -> None:
        """Read through `ledger`."""
        self._ledger = ledger

    @activity.defn(name="catch_up")
    async def catch_up(self, tracking_id: str, last_seq: int) -> list[Event]:
        """Return the events after number `last_seq`, in order."""
        return (await self._ledger.events(tracking_id))[last_seq:]
