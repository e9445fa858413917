"""The relay: starts the workflow of every accepted report that has none yet, however long the engine is unavailable.

Any number of processes may run one in parallel: a claimed report is exclusive within its lease, and what was begun
twice all the same (a relay that died, a lease that expired) is one workflow (client.workflow_start).

Three kinds of trouble are distinguished. Trouble of the engine itself (unavailable, overloaded) does not count as a
try: claimed reports are given back, and the relay waits with growing pauses and resumes with few starts at once. What
may pass by itself (a key that is unavailable) is tried again for ever. What no retry fixes is tried TRIES times and
then becomes a dead letter, with its reason, which a person sees and can retry with `kawal inbox`.
"""

from __future__ import annotations

import asyncio
import random
import traceback
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple

import structlog
from temporalio.service import RPCError, RPCStatusCode

from kawal.base.error_redaction import words_of
from kawal.base.unavailable import unavailable, unavailable_is_passed_over
from kawal.client.rules_cache import RulesCache
from kawal.client.workflow_start import OtherReportRuns, launch
from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import NotAuthentic
from kawal.domain.calendar import local_day
from kawal.domain.process.decide import CLOCKWORK
from kawal.domain.process.run_input import Begin, RunInput
from kawal.store.inbox import ClaimedReport, WaitingReport
from kawal.store.rules import NoRules, Rulebook
from kawal.system import System

AT_ONCE = 64
"""The most starts in progress at once: with more the engine only makes each wait longer."""

TRIES = 5
"""How often a report is tried whose start fails for a reason that no retry fixes; then it is a dead letter."""

LEASE = timedelta(minutes=1)
POLL = timedelta(seconds=0.3)
"""How often an idle relay polls. A notification by PostgreSQL would make every acceptance wait for one lock."""

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=10)
"""The longest pause between the tries of one report; pauses double from the first up to this."""

ENGINE_PAUSE = timedelta(seconds=0.5)
LONGEST_ENGINE_PAUSE = timedelta(seconds=10)
"""The longest pause between the relay's checks whether the engine is back."""

_ENGINE_TROUBLE = frozenset(
    {
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.CANCELLED,
        RPCStatusCode.ABORTED,
        RPCStatusCode.NOT_FOUND,  # the namespace
        RPCStatusCode.PERMISSION_DENIED,
        RPCStatusCode.UNAUTHENTICATED,
        RPCStatusCode.UNIMPLEMENTED,
    }
)
"""Answers that are about the engine itself; others may be about the one report."""

log = structlog.get_logger()


class Kind(Enum):
    """The meaning of a failed start."""

    ENGINE = "engine"
    PASSING = "passing"
    FOR_GOOD = "for good"


class Trouble(NamedTuple):
    """Why a report was not started; `reason` is a code."""

    kind: Kind
    reason: str


class Round(NamedTuple):
    """The result of one pass over the inbox."""

    started: int
    postponed: int
    away: str | None
    """Why it ended early, if it did: the engine's or the database's trouble."""


class Pressure:
    """How many starts may be in progress: one until the engine is known to work, more with every success."""

    def __init__(self, most: int) -> None:
        """Begin with the maximum."""
        self._most = most
        self.limit = most

    def went_well(self) -> None:
        """Allow a quarter more."""
        self.limit = min(self._most, self.limit + max(1, self.limit // 4))

    def too_much(self) -> None:
        """Halve the number, because the engine is overloaded."""
        self.limit = max(1, self.limit // 2)

    def nobody_there(self) -> None:
        """Allow a single start, because the engine does not answer."""
        self.limit = 1


class Relay:
    """Starts what waits in the inbox."""

    def __init__(
        self,
        connected: System,
        rulebook: Rulebook,
        *,
        lease: timedelta = LEASE,
        first_pause: timedelta = FIRST_PAUSE,
    ) -> None:
        """Work through a connection; `rulebook` gives the rules of the day of receipt."""
        self._client = connected.client
        self._task_queue = connected.settings.task_queue
        self._inbox = connected.inbox
        self._clock = connected.clock
        self._rules = RulesCache(rulebook)
        self._lease = lease
        self._first_pause = first_pause
        self._held: set[int] = set()
        """Rows that are claimed and about which nothing is noted yet."""
        self.pressure = Pressure(AT_ONCE)

    async def run(self) -> None:
        """Start what waits, now and from then on, until cancelled; no error ends it."""
        in_vain = 0
        while True:
            done = await self._look()
            if done.started:
                log.info("reports_started_from_inbox", number=done.started)
            if done.away is None:
                in_vain = 0
                await asyncio.sleep(_spread(POLL))
                continue
            pause = _growing(ENGINE_PAUSE, in_vain, LONGEST_ENGINE_PAUSE)
            in_vain += 1
            log.warning("relay_waits", reason=done.away, seconds=round(pause.total_seconds(), 1))
            await asyncio.sleep(_spread(pause))

    async def _look(self) -> Round:
        try:
            return await self.start_waiting()
        except Exception as error:  # a relay that ended would leave every report waiting
            log.error("relay_failed", error=type(error).__name__, what=words_of(error)[:200])
            return Round(0, 0, type(error).__name__)

    async def start_waiting(self) -> Round:
        """Start the reports whose turn it is; end when none is left, or with the engine's first trouble."""
        rounds: list[Round] = []
        under_way: set[asyncio.Task[Round]] = set()
        try:
            while not any(done.away for done in rounds):
                # Two batches at once, so that the engine has work while the next is fetched and the last one recorded.
                claimed = await self._claim()
                if not claimed:
                    break
                under_way.add(asyncio.create_task(self._start_all(claimed)))
                if len(under_way) > 1 or self.pressure.limit == 1:
                    ended, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                    rounds += [task.result() for task in ended]
            rounds += await asyncio.gather(*under_way)
        except Exception as error:
            if unavailable(error) is None:
                raise
            rounds.append(Round(0, 0, type(error).__name__))
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)
            await self._let_go()
        away = next((done.away for done in rounds if done.away), None)
        return Round(sum(done.started for done in rounds), sum(done.postponed for done in rounds), away)

    async def start_now(
        self, inbox_id: int, *, starts_at: datetime | None = None, events_per_run: int | None = None
    ) -> bool:
        """Start one report at once, for a caller who waits; return False if that failed, and it is retried in its turn.

        `starts_at` begins the complaint's own time at another instant (reruns); `events_per_run` makes its runs in the
        engine shorter.
        """
        claimed = await self._inbox.claim_one(inbox_id, self._lease)
        if claimed is None:
            return True  # it runs, or somebody else starts it
        return (await self._start_all([claimed], starts_at=starts_at, events_per_run=events_per_run)).started > 0

    async def _claim(self) -> list[ClaimedReport]:
        asked = asyncio.create_task(self._inbox.claim(max(1, self.pressure.limit // 2), self._lease))
        try:
            claimed = await asyncio.shield(asked)
        except asyncio.CancelledError:
            # Told to stop: the claim must be known first, so that it can be released.
            with unavailable_is_passed_over():
                self._held.update(one.inbox_id for one in await asked)
            raise
        self._held.update(one.inbox_id for one in claimed)
        return claimed

    async def _let_go(self) -> None:
        """Release the claims when told to stop half-way, so that the next relay need not wait for the lease."""
        if self._held:
            with unavailable_is_passed_over():  # otherwise the lease expires
                await self._inbox.give_back(list(self._held), "stopped", timedelta())
            self._held.clear()

    async def _start_all(self, claimed: list[ClaimedReport], **own_time: Any) -> Round:
        found = await asyncio.gather(*(self._start(one, **own_time) for one in claimed))
        outcomes = list(zip(claimed, found, strict=True))
        started = [one.inbox_id for one, trouble in outcomes if trouble is None]
        try:
            if started:
                await self._inbox.mark_started(*started)
            await self._give_back(outcomes)
            for one, trouble in outcomes:
                if trouble is not None and trouble.kind is not Kind.ENGINE:
                    await self._postpone(one, trouble)
        except Exception as error:
            if unavailable(error) is None:
                raise
            # What already runs is found running by the next relay that tries.
            return Round(len(started), len(claimed) - len(started), type(error).__name__)
        self._held.difference_update(one.inbox_id for one in claimed)
        return Round(len(started), len(claimed) - len(started), self._learn(found))

    def _learn(self, found: list[Trouble | None]) -> str | None:
        """Adapt to what the engine's answers say about its load; return why to stop for now, or None."""
        reasons = [trouble.reason for trouble in found if trouble is not None and trouble.kind is Kind.ENGINE]
        if not reasons:
            self.pressure.went_well()
            return None
        if RPCStatusCode.RESOURCE_EXHAUSTED.name in reasons:
            self.pressure.too_much()
        elif len(reasons) == len(found):
            self.pressure.nobody_there()
        return reasons[0]

    async def _give_back(self, outcomes: list[tuple[ClaimedReport, Trouble | None]]) -> None:
        back = {one.inbox_id: trouble.reason for one, trouble in outcomes if trouble and trouble.kind is Kind.ENGINE}
        if back:
            reason = next(iter(back.values()))
            await self._inbox.give_back(list(back), reason, timedelta(seconds=_spread(ENGINE_PAUSE)))

    async def _postpone(self, one: ClaimedReport, trouble: Trouble) -> None:
        if trouble.kind is Kind.FOR_GOOD and one.attempts >= TRIES:
            log.error("report_is_a_dead_letter", workflow_id=one.workflow_id, reason=trouble.reason)
            await self._inbox.mark_failed(one.inbox_id, trouble.reason, None)
            return
        pause = _spread(_growing(self._first_pause, one.attempts - 1, LONGEST_PAUSE))
        log.warning("report_not_started", workflow_id=one.workflow_id, reason=trouble.reason, attempts=one.attempts)
        await self._inbox.mark_failed(one.inbox_id, trouble.reason, timedelta(seconds=pause))

    async def _start(self, one: ClaimedReport, **own_time: Any) -> Trouble | None:
        try:
            waiting = await self._inbox.open(one)
        except (NotAuthentic, ValueError, KeyError, TypeError):
            return Trouble(Kind.FOR_GOOD, "unreadable")
        except Exception as error:  # one report must never stop the others
            return _trouble(error)
        try:
            beginning = await self._beginning(waiting)
            own_time["starts_at"] = own_time.get("starts_at") or self._clock.run_start()
            run_input = RunInput(begin=beginning, in_turn=True, **own_time)
            await launch(self._client, self._task_queue, one.inbox_id, run_input)
        except Exception as error:  # one report must never stop the others
            return _trouble(error)
        return None

    async def _beginning(self, waiting: WaitingReport) -> Begin:
        return Begin(
            tracking_id=waiting.tracking_id,
            instansi=waiting.instansi,
            report=waiting.report,
            actor=waiting.actor or CLOCKWORK,
            rules=await self._rules.of(waiting.instansi, local_day(waiting.received_at)),
            received_at=waiting.received_at,
            idempotency_key=waiting.idempotency_key,
        )


def _trouble(error: Exception) -> Trouble:
    match error:
        case RPCError():
            if unavailable(error) is None:
                return Trouble(Kind.FOR_GOOD, f"engine_refuses:{error.status.name}")
            return Trouble(Kind.ENGINE if error.status in _ENGINE_TROUBLE else Kind.PASSING, error.status.name)
        case _ if unavailable(error) is not None:
            return Trouble(Kind.PASSING, type(error).__name__)
        case KeyDestroyed():
            return Trouble(Kind.FOR_GOOD, "erased")
        case NoRules():
            return Trouble(Kind.FOR_GOOD, "no_rules")
        case OtherReportRuns():
            return Trouble(Kind.FOR_GOOD, "other_report_runs")
    # Log where it failed, not with which values: those are what people wrote.
    where = traceback.extract_tb(error.__traceback__)[-1]
    log.error("report_cannot_be_started", error=type(error).__name__, where=f"{where.filename}:{where.lineno}")
    return Trouble(Kind.FOR_GOOD, f"unexpected:{type(error).__name__}")


def _growing(first: timedelta, times: int, most: timedelta) -> timedelta:
    """Return a pause that doubles each time, up to the maximum."""
    longer: timedelta = first * 2 ** min(max(times, 0), 30)
    return min(longer, most)


def _spread(pause: timedelta) -> float:
    """Return seconds between half the pause and all of it: what failed together does not return together."""
    return pause.total_seconds() * (1 - random.random() / 2)  # noqa: S311 - spreads load, keeps no secret
