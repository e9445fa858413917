"""Rounds: small workflows that a schedule starts at intervals, independent of every complaint; each runs one activity.

ROUNDS defines what each does and how often. The classes with the same body, one for each, are there because the SDK
accepts none made by a function.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Generic, NamedTuple, TypeVar

from temporalio import workflow
from temporalio.client import Client
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

from workflows.schedules import ensure_every

with workflow.unsafe.imports_passed_through():
    from kawal.domain.notices import DeliveryResult
    from kawal.domain.process.history_archiving import HistoryArchiveSoFar, HistoryArchiveStage
    from kawal.domain.reconciliation import RoundProgress, Stage
    from kawal.domain.sealing import SealResult
    from kawal.domain.supports import SupportRoundResult
    from kawal.domain.tray import TrayRoundResult

T = TypeVar("T")


class Round(NamedTuple, Generic[T]):
    """One kind of round."""

    activity: str
    schedule: str
    """The schedule's id."""
    every: timedelta
    nothing: type[T]
    """The type of a round's result; without arguments it is the result of a round that did nothing."""
    timeout: timedelta
    """The limit of one attempt of the activity."""
    heartbeat: timedelta | None
    attempts: int
    """The number of attempts: few, because the next round comes anyway."""
    is_done: Callable[[T], bool] | None = None
    """Tells whether a round that works in stretches is done; None where one stretch is the whole round."""
    final: tuple[str, ...] = ()
    """Types of errors that are not retried."""


DELIVER = Round(
    "deliver_notices",
    "deliver-notices",
    timedelta(minutes=1),
    DeliveryResult,
    timeout=timedelta(minutes=5),
    heartbeat=timedelta(minutes=2),
    attempts=3,  # each notice's own attempts are counted in the outbox
    final=("MailServerRefusesUs",),
)
DELIVER_MESSAGES = Round(
    "deliver_messages",
    "deliver-messages",
    timedelta(minutes=1),
    DeliveryResult,
    timeout=timedelta(minutes=5),
    heartbeat=timedelta(minutes=2),
    attempts=3,  # each message's own attempts are counted in its row
)
RECONCILE = Round(
    "reconcile",
    "reconcile",
    timedelta(minutes=15),
    RoundProgress,
    timeout=timedelta(minutes=5),
    heartbeat=timedelta(minutes=2),
    attempts=5,
    is_done=lambda so_far: so_far.stage is Stage.DONE,
)
ARCHIVE_HISTORIES = Round(
    "archive_histories",
    "archive-histories",
    timedelta(minutes=15),
    HistoryArchiveSoFar,
    timeout=timedelta(minutes=10),
    heartbeat=timedelta(minutes=3),
    attempts=5,
    is_done=lambda so_far: so_far.stage is HistoryArchiveStage.DONE,
)
SEAL = Round(
    "seal",
    "seal",
    timedelta(minutes=15),
    SealResult,
    timeout=timedelta(minutes=30),  # the first sealing of a large record takes long; the usual one less than a second
    heartbeat=None,
    attempts=5,
)
ATTEND_TRAY = Round(
    "attend_tray",
    "attend-tray",
    timedelta(minutes=15),
    TrayRoundResult,
    timeout=timedelta(minutes=5),
    heartbeat=None,
    attempts=3,
    final=("MailServerRefusesUs",),
)
ATTEND_SUPPORTS = Round(
    "attend_supports",
    "attend-supports",
    timedelta(minutes=2),  # whoever gave an address waits for the letter that asks to confirm it
    SupportRoundResult,
    timeout=timedelta(minutes=5),
    heartbeat=None,
    attempts=3,
    final=("MailServerRefusesUs",),
)


async def _made(kind: Round[T]) -> T:
    """Make a round; one that cannot be finished ends with what it has done, and the next one starts anew."""
    so_far = kind.nothing()
    while kind.is_done is None or not kind.is_done(so_far):
        try:
            so_far = await workflow.execute_activity(
                kind.activity,
                args=[] if kind.is_done is None else [so_far],
                result_type=kind.nothing,
                start_to_close_timeout=kind.timeout,
                heartbeat_timeout=kind.heartbeat,
                retry_policy=RetryPolicy(
                    initial_interval=timedelta(seconds=5),
                    backoff_coefficient=2.0,
                    maximum_attempts=kind.attempts,
                    non_retryable_error_types=kind.final,
                ),
            )
        except ActivityError as error:
            workflow.logger.warning("the round of %s ends early: %s", kind.activity, error.cause)
            break
        if kind.is_done is None:
            break
    return so_far


@workflow.defn
class DeliverNotices:
    """Delivers the notices of the outbox."""

    @workflow.run
    async def run(self) -> DeliveryResult:
        """Deliver what is due; return how it went."""
        return await _made(DELIVER)


@workflow.defn
class DeliverMessages:
    """Hands messages to the gateways."""

    @workflow.run
    async def run(self) -> DeliveryResult:
        """Hand over what is due; return how it went."""
        return await _made(DELIVER_MESSAGES)


@workflow.defn
class Reconcile:
    """Compares inbox, record and engine."""

    @workflow.run
    async def run(self) -> RoundProgress:
        """Go through all stages; return what was looked at, found and repaired."""
        return await _made(RECONCILE)


@workflow.defn
class ArchiveHistories:
    """Archives the histories of closed runs."""

    @workflow.run
    async def run(self) -> HistoryArchiveSoFar:
        """Go through all stages; return what was found and archived, and what is left."""
        return await _made(ARCHIVE_HISTORIES)


@workflow.defn
class Seal:
    """Seals what is new in the record and publishes the heads."""

    @workflow.run
    async def run(self) -> SealResult:
        """Seal and publish."""
        return await _made(SEAL)


@workflow.defn
class AttendTray:
    """Sees that nothing in the tray is forgotten."""

    @workflow.run
    async def run(self) -> TrayRoundResult:
        """Remind, tell and answer whoever is due; delete what was kept long enough."""
        return await _made(ATTEND_TRAY)


@workflow.defn
class AttendSupports:
    """Ends supports of what is no longer public, and writes to supporters."""

    @workflow.run
    async def run(self) -> SupportRoundResult:
        """End, forget, ask and tell whatever is due."""
        return await _made(ATTEND_SUPPORTS)


ROUNDS: tuple[tuple[Round[Any], Callable[..., Any]], ...] = (
    (DELIVER, DeliverNotices.run),
    (DELIVER_MESSAGES, DeliverMessages.run),
    (RECONCILE, Reconcile.run),
    (ARCHIVE_HISTORIES, ArchiveHistories.run),
    (SEAL, Seal.run),
    (ATTEND_TRAY, AttendTray.run),
    (ATTEND_SUPPORTS, AttendSupports.run),
)


async def ensure_rounds(client: Client, task_queue: str, *, seal_every: timedelta = SEAL.every) -> None:
    """Create the schedules, or update existing ones; rounds never overlap and missed ones are not made up for."""
    for kind, run in ROUNDS:
        every = seal_every if kind is SEAL else kind.every
        await ensure_every(client, kind.schedule, run, task_queue, every)
