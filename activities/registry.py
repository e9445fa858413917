"""Every activity, bound to what it works with."""

from __future__ import annotations

from typing import Any, NamedTuple

from activities.archive import ArchiveStep
from activities.catch_up import CatchUpStep
from activities.close import CloseStep
from activities.escalate import EscalateStep
from activities.follow_up import FollowUpStep
from activities.forward import ForwardStep
from activities.history_archive import Engine, HistoryArchiveStep
from activities.intake import VerifyStep
from activities.kept_replies import KeptRepliesStep
from activities.mail import MailSettings
from activities.notify import NoticeActivities
from activities.reconcile import FailureCheck, ReconcileStep, Restarts, StartCheck
from activities.seal import seal_step
from activities.supports import SupportStep
from activities.tray import TrayStep
from activities.verify import CheckActivities
from kawal.system import System


class EngineSide(NamedTuple):
    """The functions of the engine that activities need besides their client; the client side provides them."""

    closed_runs: Engine
    restarts: Restarts
    carries: StartCheck
    failing: FailureCheck


def every_activity(system: System, engine: EngineSide) -> list[Any]:
    """Return the activities of a system."""
    shared = (system.pool, system.ledger, system.directory)
    archive = ArchiveStep(*shared, system.client)
    kept = KeptRepliesStep(system.kept_replies, system.accounts, system.tray)
    mail = MailSettings.of(system.settings)
    return [
        VerifyStep(*shared).verify,
        ForwardStep(*shared).forward,
        FollowUpStep(*shared).follow_up,
        CloseStep(*shared).close,
        EscalateStep(*shared).escalate,
        archive.archive,
        archive.join_main,
        CatchUpStep(system.ledger).catch_up,
        kept.kept_replies,
        kept.heard,
        ReconcileStep(system.pool, system.ledger, system.client, *engine[1:]).reconcile,
        HistoryArchiveStep(system.pool, engine.closed_runs).archive_histories,
        seal_step(system).seal,
        CheckActivities(system.pool, system.keys).check_report,
        NoticeActivities(system.pool, system.keys, mail, system.settings.lang).deliver_notices,
        SupportStep(system.pool, system.keys, mail, system.settings.public_url).attend_supports,
        TrayStep(system.pool, system.keys, mail, system.settings.lang).attend_tray,
    ]
