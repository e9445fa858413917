"""What a report's own page is made of, read from the record alone: neither the engine nor a worker is asked."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from kawal.client.complaints import WAKING, Complaints
from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.calendar import local_day
from kawal.domain.messages import Actor, Command, Event, Report
from kawal.domain.names import CommandName, EventKind, Status
from kawal.domain.process.command_parser import parse
from kawal.domain.process.decide import check
from kawal.domain.process.evolve import fold
from kawal.domain.process.initial_state import received
from kawal.domain.process.state import State
from kawal.domain.refusals import Refusal
from kawal.intake.public_view import Concealment
from kawal.store.inbox import WaitingReport
from kawal.store.kept_replies import KeptReply
from kawal.wording.report_standing import Names, Standing, standing

JUDGING = frozenset({CommandName.ACCEPT, CommandName.DISPUTE})
"""The reporter's word on a final follow-up: one of the two is obeyed."""


class OwnReport(NamedTuple):
    """A report as its reporter owns it; of an erased one the process is left, without words."""

    state: State
    events: list[Event]
    report: Report | None
    """As it was sent, unmasked; None once it was erased."""
    hidden: Concealment
    names: Names
    standing: Standing
    waiting: list[KeptReply]
    """What the reporter said and the complaint has not got yet."""
    reporter: Actor

    @property
    def erased(self) -> bool:
        """Whether its words and its reporter were erased."""
        return self.report is None

    @property
    def begun(self) -> bool:
        """Whether its process has begun; before that it waits in the inbox."""
        return bool(self.events)

    @property
    def occurred_on(self) -> date | None:
        """The day on which it happened, if the reporter named it."""
        day = self.report.occurred_on if self.report is not None else None
        return None if day is None else date.fromisoformat(day)

    @property
    def asked(self) -> Event | None:
        """The open question or hold that waits for the reporter's answer."""
        if self.state.question is not None:
            return next(event for event in reversed(self.events) if event.kind is EventKind.ASKED)
        if self.state.status is Status.DITUNDA:
            return next(event for event in reversed(self.events) if event.kind is EventKind.HELD)
        return None

    def may(self, name: CommandName, complaints: Complaints, **arguments: Any) -> bool:
        """Tell whether the rules allow the reporter a command now, as far as the record shows."""
        if self.erased:
            return False
        if self.state.is_over and self.state.status not in WAKING.get(name, ()):
            return False
        command = Command(name=name, actor=self.reporter, arguments=arguments, idempotency_key=str(uuid.uuid4()))
        try:
            check(self.state, parse(command), complaints.now())
        except Refusal:
            return False
        return True


async def read_own(complaints: Complaints, tracking_id: str) -> OwnReport | None:
    """Return a report for its reporter; None for an unknown number. Raises the database's and the keys' errors."""
    events, (waiting, kept), hidden, reporter = await asyncio.gather(
        complaints.ledger.events(tracking_id),
        _sent(complaints, tracking_id),
        complaints.system.kept_replies.concealed(tracking_id),
        complaints.reporter(tracking_id),
    )
    if events:
        state = fold(events)
    elif waiting is not None:
        rules = await complaints.rulebook.rules_for(waiting.instansi, local_day(waiting.received_at))
        state = received(waiting.report, tracking_id, waiting.instansi, rules, waiting.received_at)
    else:
        return None
    names = await complaints.directory.names(state.instansi)
    return OwnReport(
        state,
        events,
        None if waiting is None else waiting.report,
        Concealment(*hidden),
        names,
        standing(state, names, await _main(complaints, state)),
        kept,
        reporter,
    )


async def _sent(complaints: Complaints, tracking_id: str) -> tuple[WaitingReport | None, list[KeptReply]]:
    """Return the report as it was sent, and what its reporter said that it has not got yet; nothing of an erased one.

    Both are encrypted with the report's own key.
    """
    try:
        report = await complaints.record.inbox.find(tracking_id)
        return report, await complaints.system.kept_replies.waiting_of(tracking_id)
    except KeyDestroyed:
        return None, []


async def _main(complaints: Complaints, state: State) -> State | None:
    """Return the report that this one was merged into, of which status, offices and dates are told, no words."""
    events: Sequence[Event] = await complaints.ledger.events(state.main_report) if state.main_report else ()
    return fold(events) if events else None
