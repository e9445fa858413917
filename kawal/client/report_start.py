"""Accepting reports and starting their workflows: why "received" can be promised.

A report is accepted in one transaction (tracking id, key, encrypted content) before anything else. Its workflow is then
started, at once or, if the engine is unavailable, by the relay (client.relay).
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog

from kawal.base.unavailable import unavailable
from kawal.client.relay import Relay
from kawal.domain.messages import Actor, Answer, Report
from kawal.domain.names import Status
from kawal.domain.refusals import Refusal
from kawal.store.inbox import InboxConflict
from kawal.store.rules import Rulebook
from kawal.system import System

RECORDED_WITHIN = 10.0
"""Seconds for which a start waits for its first event to be on record; the report is safe before that."""

HELD = timedelta(seconds=2)
"""How long the relay leaves a fresh report to the process that accepted it and starts it at once."""

log = structlog.get_logger()


class ReportStarter:
    """Accepts reports and starts their workflows."""

    def __init__(self, connected: System, rulebook: Rulebook) -> None:
        """Work through a connection; the rules of the day of receipt come from `rulebook`."""
        self._pool = connected.pool
        self._rows = connected.complaint_rows
        self._inbox = connected.inbox
        self.relay = Relay(connected, rulebook)

    async def start(
        self,
        report: Report,
        instansi: str,
        actor: Actor,
        at: datetime,
        idempotency_key: str | None,
        *,
        starts_at: datetime | None,
        events_per_run: int | None,
    ) -> Answer:
        """Accept a checked report and start its workflow; the same idempotency key again gets the same answer.

        If something is unavailable by then, the answer is still the report's: it is safe, and the relay starts it.
        Raises Refusal if the key was used for another report.
        """
        try:
            accepted = await self._inbox.accept(
                report, instansi, at, actor=actor, idempotency_key=idempotency_key, held=HELD
            )
        except InboxConflict as error:
            raise Refusal("key_reused", key=idempotency_key) from error
        if not accepted.fresh and await self._recorded_at(accepted.tracking_id) is not None:
            return await self._first_answer(accepted.tracking_id, at)
        try:
            if await self.relay.start_now(accepted.inbox_id, starts_at=starts_at, events_per_run=events_per_run):
                return await self._first_answer(accepted.tracking_id, at)
        except Exception as error:
            if unavailable(error) is None:
                raise
            log.warning("start_postponed", workflow_id=accepted.workflow_id, reason=type(error).__name__)
        return _answer(accepted.tracking_id, at)

    async def start_waiting(self) -> int:
        """Start the reports that wait in the inbox; return how many. The relay retries those that fail."""
        return (await self.relay.start_waiting()).started

    async def _first_answer(self, tracking_id: str, at: datetime) -> Answer:
        """Wait until the start is on record, so that whoever looks next finds it; the report is safe in any case."""
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + RECORDED_WITHIN, 0.01
        while loop.time() < deadline:
            recorded_at = await self._recorded_at(tracking_id)
            if recorded_at is not None:
                return _answer(tracking_id, recorded_at)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 0.5)
        return _answer(tracking_id, at)

    async def _recorded_at(self, tracking_id: str) -> datetime | None:
        return await self._rows.began_at(tracking_id)


def _answer(tracking_id: str, at: datetime) -> Answer:
    return Answer(tracking_id=tracking_id, status=Status.BELUM_DIVERIFIKASI, at=at, first_seq=1, last_seq=1)
