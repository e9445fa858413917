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
from activities.messages import MessageActivities
from activities.notify import NoticeActivities
from activities.reconcile import FailureCheck, ReconcileStep, Restarts, StartCheck
from activities.seal import seal_step
from activities.supports import SupportStep
from activities.telephone import TelephoneNotices, links_of
from activities.tray import TrayStep
from activities.verify import CheckActivities
from activities.what_if import WhatIfStep
from kawal.gateways.outgoing import outgoing_gateways_of
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
    lang, public_url = system.settings.lang, system.settings.public_url
    gateways = list(outgoing_gateways_of(system.settings.home).values())
    what_if = WhatIfStep(system.pool, system.clock.now)
    telephones = TelephoneNotices(system.pool, system.keys, gateways, lang, links_of(system.access_codes, public_url))
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
        NoticeActivities(system.pool, system.keys, mail, lang, public_url, telephones).deliver_notices,
        MessageActivities(system.outgoing_messages, gateways).deliver_messages,
        SupportStep(system.pool, system.keys, mail, public_url).attend_supports,
        TrayStep(system.pool, system.keys, mail, lang).attend_tray,
        what_if.reckon_what_if,
        what_if.give_up_what_if,
    ]
