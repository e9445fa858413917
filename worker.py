"""The worker: `python worker.py` (or `kawal worker`) runs the workflows and activities of a running system.

`serve` is what `kawal up`, the rerun and the tests run inside their own process.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import structlog
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.archive import ArchiveStep
from activities.archiver import ArchiverStep
from activities.catch_up import CatchUpStep
from activities.close import CloseStep
from activities.escalate import EscalateStep
from activities.follow_up import FollowUpStep
from activities.forward import ForwardStep
from activities.intake import VerifyStep
from activities.kept_replies import KeptRepliesStep
from activities.mail import MailSettings
from activities.notify import NoticeActivities
from activities.reconcile import ReconcileStep
from activities.seal import SealStep
from activities.verify import CheckActivities
from kawal.base.logging import configure_logging
from kawal.base.settings import Settings
from kawal.client.closed_runs import ClosedRuns
from kawal.client.complaints import Complaints
from kawal.client.connect import Connection, connection
from kawal.client.failing import failing
from kawal.client.launch import carries
from kawal.client.relay import Relay
from kawal.client.replies import ReplyRelay
from kawal.client.restart import Restarts
from kawal.client.watch import Watch
from kawal.embedded.namespace import require_search_attributes
from kawal.intake.attachments.keeping import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.privacy.erasing import Erasing
from kawal.store.accounts import Accounts
from kawal.store.backfill import Backfill
from kawal.store.directory import Directory
from kawal.store.kept_replies import KeptReplies
from kawal.store.ledger import Ledger
from kawal.store.rules import Rulebook
from workflows.archiver import ArchiveHistories, ensure_archiving
from workflows.complaint import ComplaintWorkflow
from workflows.notices import DeliverNotices, ensure_schedule
from workflows.reconcile import Reconcile, ensure_reconciling
from workflows.seal import Seal, ensure_sealing

log = structlog.get_logger()

WORKFLOWS: Sequence[type] = [ComplaintWorkflow, DeliverNotices, Reconcile, ArchiveHistories, Seal]

RUNNER = SandboxedWorkflowRunner(
    # Pure packages of ours: imported once for all workflows, not once for each.
    restrictions=SandboxRestrictions.default.with_passthrough_modules("kawal.domain", "workflows")
)

CATCH_UP_EVERY = timedelta(hours=1)

GRACE = timedelta(seconds=20)
"""How long activities under way may finish when the worker is asked to stop."""


def activities_of(connected: Connection) -> list[Any]:
    """Every activity, bound to what it works on."""
    pool, keys = connected.pool, connected.keys
    ledger = Ledger(pool, keys)
    shared = (pool, ledger, Directory(pool))
    archive = ArchiveStep(*shared, connected.client)
    return [
        VerifyStep(*shared).verify,
        ForwardStep(*shared).forward,
        FollowUpStep(*shared).follow_up,
        CloseStep(*shared).close,
        EscalateStep(*shared).escalate,
        archive.archive,
        archive.join_main,
        CatchUpStep(ledger).catch_up,
        KeptRepliesStep(KeptReplies(pool, keys), Accounts(pool, keys)).kept_replies,
        ReconcileStep(pool, ledger, connected.client, Restarts(connected), carries, failing).reconcile,
        ArchiverStep(pool, ClosedRuns(connected.client)).archive_histories,
        seal_step(connected).seal,
        CheckActivities(pool, keys).check_report,
        NoticeActivities(pool, keys, mail_of(connected.settings), connected.settings.lang).deliver_notices,
    ]


def seal_step(connected: Connection) -> SealStep:
    """What seals this installation's record and publishes the heads as its settings say."""
    settings = connected.settings
    return SealStep(
        connected.pool,
        connected.keys,
        settings.home / "published",
        mail=mail_of(settings),
        recipient=settings.heads_to,
        lang=settings.lang,
    )


def mail_of(settings: Settings) -> MailSettings | None:
    """The mail server that these settings name; None if they name none: notices then stay in the outbox."""
    if settings.smtp_host is None:
        return None
    return MailSettings(
        host=settings.smtp_host,
        port=settings.smtp_port,
        user=settings.smtp_user,
        password=settings.smtp_password,
        sender=settings.smtp_from,
        tls=settings.smtp_tls,
        answers=settings.mailboxes if settings.mail_port else {},
    )


def make_worker(connected: Connection, **options: Any) -> Worker:
    """A worker on the connection's task queue; `options` go to temporalio's Worker."""
    return Worker(
        connected.client,
        task_queue=connected.settings.task_queue,
        workflows=WORKFLOWS,
        activities=activities_of(connected),
        workflow_runner=RUNNER,
        graceful_shutdown_timeout=GRACE,
        **options,
    )


@asynccontextmanager
async def serve(connected: Connection, **options: Any) -> AsyncIterator[Worker]:
    """Run a worker while the block runs."""
    async with make_worker(connected, **options) as worker:
        log.info("worker_started", task_queue=connected.settings.task_queue)
        yield worker
    log.info("worker_stopped")


@asynccontextmanager
async def serve_installation(connected: Connection) -> AsyncIterator[None]:
    """Run all that an installation needs: the worker, relays of reports and kept replies, the watcher, the schedules.

    Raises SystemUnavailable if the engine lacks a search attribute: complaints would stop at their first task.
    """
    await require_search_attributes(connected.client, connected.endpoints.namespace)
    async with serve(connected):
        await ensure_schedule(connected.client, connected.settings.task_queue)
        await ensure_reconciling(connected.client, connected.settings.task_queue)
        every = timedelta(minutes=connected.settings.seal_minutes)
        await ensure_sealing(connected.client, connected.settings.task_queue, every)
        await ensure_archiving(connected.client, connected.settings.task_queue)
        relays = [
            asyncio.create_task(Relay(connected, Rulebook(connected.pool)).run()),
            asyncio.create_task(ReplyRelay(Complaints(connected)).run()),
            asyncio.create_task(Watch(connected).run()),
            asyncio.create_task(_catching_up(connected)),
        ]
        try:
            yield
        finally:
            for relay in relays:
                relay.cancel()
            await asyncio.gather(*relays, return_exceptions=True)


async def _catching_up(connected: Connection) -> None:
    """Now and every CATCH_UP_EVERY: note what earlier releases did not, and finish erasures that were broken off."""
    backfill = Backfill(connected.pool, connected.keys)
    objects = Attachments(connected, AttachmentSettings.from_env(connected.settings.home))
    while True:
        try:
            await backfill.run()
            again = await Erasing(connected, objects).finish()
            if again:
                log.warning("erased_anew", number=len(again))
        except Exception as error:  # the next round is another chance; a list that was changed stays an alarm
            log.error("not_caught_up", reason=type(error).__name__, code=getattr(error, "code", None))
        await asyncio.sleep(CATCH_UP_EVERY.total_seconds())


async def run(settings: Settings) -> None:
    """Serve the running system of these settings until SIGINT or SIGTERM; raises SystemUnavailable if none runs."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with connection(settings) as connected, serve_installation(connected):
        await stop.wait()


def main() -> None:
    """Run the worker with the environment's settings."""
    settings = Settings.from_env()
    configure_logging()
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
