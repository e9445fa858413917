"""Rounds: small workflows that a schedule starts now and then, apart from every complaint; each does one activity.

ROUNDS says of each what and how often. The classes stand there four times, since the SDK takes none made by a function.
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
    from kawal.domain.notices import Delivered
    from kawal.domain.process.archiving import ArchiveSoFar, ArchiveStage
    from kawal.domain.reconciling import RoundSoFar, Stage
    from kawal.domain.sealing import Sealed

T = TypeVar("T")


class Round(NamedTuple, Generic[T]):
    """One kind of round."""

    activity: str
    schedule: str
    """The schedule's id."""
    every: timedelta
    nothing: type[T]
    """What comes of a round, and without arguments of one that did nothing."""
    timeout: timedelta
    """For one attempt of the activity."""
    heartbeat: timedelta | None
    attempts: int
    """Few, for the next round comes anyway."""
    is_done: Callable[[T], bool] | None = None
    """Whether all is done, of a round that goes on stretch by stretch; None where one stretch is the round."""
    final: tuple[str, ...] = ()
    """Types of errors that are not tried again."""


DELIVER = Round(
    "deliver_notices",
    "deliver-notices",
    timedelta(minutes=1),
    Delivered,
    timeout=timedelta(minutes=5),
    heartbeat=timedelta(minutes=2),
    attempts=3,  # each notice's own tries are counted in the outbox
    final=("MailServerRefusesUs",),
)
RECONCILE = Round(
    "reconcile",
    "reconcile",
    timedelta(minutes=15),
    RoundSoFar,
    timeout=timedelta(minutes=5),
    heartbeat=timedelta(minutes=2),
    attempts=5,
    is_done=lambda so_far: so_far.stage is Stage.DONE,
)
ARCHIVE = Round(
    "archive_histories",
    "archive-histories",
    timedelta(minutes=15),
    ArchiveSoFar,
    timeout=timedelta(minutes=10),
    heartbeat=timedelta(minutes=3),
    attempts=5,
    is_done=lambda so_far: so_far.stage is ArchiveStage.DONE,
)
SEAL = Round(
    "seal",
    "seal",
    timedelta(minutes=15),
    Sealed,
    timeout=timedelta(minutes=30),  # a first seal of a large record takes long; the usual one less than a second
    heartbeat=None,
    attempts=5,
)


async def _made(kind: Round[T]) -> T:
    """Make a round; one that cannot be carried through ends as far as it came, and the next one begins anew."""
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
    """Notices of the outbox are delivered."""

    @workflow.run
    async def run(self) -> Delivered:
        """Deliver what is due; returns how it went."""
        return await _made(DELIVER)


@workflow.defn
class Reconcile:
    """Inbox, record and engine are compared."""

    @workflow.run
    async def run(self) -> RoundSoFar:
        """Go through all stages; returns what was looked at, found and repaired."""
        return await _made(RECONCILE)


@workflow.defn
class ArchiveHistories:
    """The histories of closed runs are archived."""

    @workflow.run
    async def run(self) -> ArchiveSoFar:
        """Go through all stages; returns what was found and archived, and what is left."""
        return await _made(ARCHIVE)


@workflow.defn
class Seal:
    """What is new in the record is sealed and the heads are published."""

    @workflow.run
    async def run(self) -> Sealed:
        """Seal and publish."""
        return await _made(SEAL)


ROUNDS: tuple[tuple[Round[Any], Callable[..., Any]], ...] = (
    (DELIVER, DeliverNotices.run),
    (RECONCILE, Reconcile.run),
    (ARCHIVE, ArchiveHistories.run),
    (SEAL, Seal.run),
)


async def ensure_rounds(client: Client, task_queue: str, *, seal_every: timedelta = SEAL.every) -> None:
    """Make the schedules, or bring existing ones up to date; rounds never overlap and missed ones are not made up."""
    for kind, run in ROUNDS:
        every = seal_every if kind is SEAL else kind.every
        await ensure_every(client, kind.schedule, run, task_queue, every)
