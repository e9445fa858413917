"""From an accepted report to its workflow: what makes "received" a promise.

A report is accepted in one transaction (tracking id, key, sealed content) before anything else. Its workflow is then
started, at once or, if the engine is away, by the relay, which any number of processes may run side by side.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import asyncpg
import structlog
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from client.connect import Connection
from client.outcomes import unavailable
from crypto.keyring import KeyUnavailable
from domain.calendar import local_day
from domain.decide import CLOCKWORK, begin
from domain.life import WORKFLOW_NAME, Begin, Life, workflow_id
from domain.messages import Actor, Answer, Report
from domain.names import Status
from domain.refusals import Refusal
from domain.view import snapshot
from stack.errors import SystemUnavailable
from store.inbox import Accepted, Inbox, InboxConflict, Waiting
from store.rules import NoRules, Rulebook
from workflows.display import starting_attributes, summary_of

RECORDED_WITHIN = 10.0
"""Seconds that a start waits for its first event to be on record; the report is safe before that."""

RELAY_EVERY = timedelta(seconds=15)
AT_ONCE = 20
LEASE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=10)
"""A report whose workflow cannot be started is tried again for ever, after twice the pause each time up to this."""

log = structlog.get_logger()


class Starting:
    """Accepts reports and starts their workflows."""

    def __init__(self, connected: Connection, rulebook: Rulebook) -> None:
        """Work through a connection; the rules of the day of receipt come from `rulebook`."""
        self._pool = connected.pool
        self._client = connected.client
        self._task_queue = connected.settings.task_queue
        self._rulebook = rulebook
        self._inbox = Inbox(connected.pool, connected.keys)

    async def start(
        self,
        report: Report,
        instansi: str,
        actor: Actor,
        at: datetime,
        key: str | None,
        *,
        starts_at: datetime | None,
        events_per_run: int | None,
    ) -> Answer:
        """Accept a checked report and start its workflow; the same key again gets the same answer.

        With the engine away the answer is still the report's: it is safe, and the relay starts it. Raises Refusal if
        the key was used for another report.
        """
        try:
            accepted = await self._inbox.accept(report, instansi, at, actor=actor, key=key)
        except InboxConflict as error:
            raise Refusal("key_reused", key=key) from error
        if not accepted.fresh and await self._recorded_at(accepted.tracking_id) is not None:
            return await self._first_answer(accepted.tracking_id, at)
        beginning = await self._beginning(accepted, report, instansi, actor, at, key)
        try:
            await self._start_workflow(
                accepted, Life(begin=beginning, starts_at=starts_at, events_per_run=events_per_run)
            )
        except SystemUnavailable as error:
            log.warning("start_postponed", workflow_id=accepted.workflow_id, reason=error.english)
            return _answer(accepted.tracking_id, at)
        return await self._first_answer(accepted.tracking_id, at)

    async def relay(self) -> None:
        """Start what waits in the inbox, now and every RELAY_EVERY, until cancelled."""
        while True:
            try:
                started = await self.start_waiting()
                if started:
                    log.info("reports_started_from_inbox", number=started)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, KeyUnavailable) as error:
                log.warning("inbox_not_read", reason=type(error).__name__)
            await asyncio.sleep(RELAY_EVERY.total_seconds())

    async def start_waiting(self) -> int:
        """Start the reports whose turn it is; returns how many. What fails is tried again later."""
        started = 0
        while waiting := await self._inbox.claim(AT_ONCE, LEASE):
            outcomes = await asyncio.gather(*(self._start_one(one) for one in waiting))
            started += sum(outcomes)
        return started

    async def has(self, tracking_id: str) -> bool:
        """Whether a report of that number was accepted, started or not."""
        return (
            await self._pool.fetchval("select exists (select from inbox where tracking_id::text = $1)", tracking_id)
            is True
        )

    async def _start_one(self, waiting: Waiting) -> bool:
        accepted = Accepted(
            tracking_id=waiting.tracking_id, workflow_id=waiting.workflow_id, inbox_id=waiting.inbox_id, fresh=False
        )
        try:
            beginning = await self._beginning(
                accepted, waiting.report, waiting.instansi, waiting.actor or CLOCKWORK, waiting.received_at, None
            )
            await self._start_workflow(accepted, Life(begin=beginning))
        except (SystemUnavailable, NoRules) as error:
            pause = min(LEASE * 2**waiting.attempts, LONGEST_PAUSE)
            await self._inbox.mark_failed(waiting.inbox_id, type(error).__name__, pause)
            return False
        return True

    async def _beginning(
        self, accepted: Accepted, report: Report, instansi: str, actor: Actor, received_at: datetime, key: str | None
    ) -> Begin:
        """What the workflow starts from; of a report made safe before but never begun, what came in then."""
        first = None if accepted.fresh else await self._inbox.find(accepted.tracking_id)
        if first is not None:
            report, instansi, actor = first.report, first.instansi, first.actor or actor
            received_at = first.received_at
        return Begin(
            tracking_id=accepted.tracking_id,
            instansi=instansi,
            report=report,
            actor=actor,
            rules=await self._rulebook.rules_for(instansi, local_day(received_at)),
            received_at=received_at,
            key=key,
        )

    async def _start_workflow(self, accepted: Accepted, life: Life) -> None:
        beginning = life.begin
        if beginning is None or beginning.received_at is None:
            raise ValueError("a complaint starts from an accepted report")
        first = begin(
            beginning.report,
            beginning.tracking_id,
            beginning.instansi,
            beginning.rules,
            beginning.actor,
            beginning.received_at,
        )
        try:
            await self._client.start_workflow(
                WORKFLOW_NAME,
                life,
                id=accepted.workflow_id,
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                search_attributes=starting_attributes(snapshot(first.state)),
                static_summary=summary_of(accepted.tracking_id, beginning.instansi, str(beginning.report.channel)),
            )
        except WorkflowAlreadyStartedError:
            # The tracking id belongs to this inbox row alone, so what runs under it is this report.
            pass
        except RPCError as error:
            raise unavailable(error) from error
        await self._inbox.mark_started(accepted.inbox_id)

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
        at: datetime | None = await self._pool.fetchval(
            "select at from event where workflow_id = $1 and seq = 1", workflow_id(tracking_id)
        )
        return at


def _answer(tracking_id: str, at: datetime) -> Answer:
    return Answer(tracking_id=tracking_id, status=Status.BELUM_DIVERIFIKASI, at=at, first_seq=1, last_seq=1)
