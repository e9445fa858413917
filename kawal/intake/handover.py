"""What is passed on to another agency of this installation goes on there: a report of its own, as of the first receipt.

A relay beside each worker looks for it. The new report is stored once (kawal.store.handovers) and then started like any
other; its files and what the reporter hides of the first one follow, each tried until it is done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog

from kawal.client.complaints import Complaints
from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.messages import Command, Report
from kawal.domain.names import CommandName, EventKind, Role, workflow_id
from kawal.domain.refusals import Refusal
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.service import AttachmentRef, Attachments
from kawal.store.directory import Instansi
from kawal.store.handovers import LateConcealment

RELAY_EVERY = timedelta(seconds=5)
AGAIN_AFTER = timedelta(minutes=1)
"""How long a report rests whose next step failed."""

log = structlog.get_logger()


def agency_named(said: str, agencies: Sequence[Instansi], own: str) -> Instansi | None:
    """Return the other active agency of this installation whose code or whole name was said; None for any else."""
    named = said.strip()
    others = [one for one in agencies if one.active and one.code != own]
    by_code = [one for one in others if one.code == named.upper()]
    by_name = [one for one in others if one.name == named]
    found = by_code or by_name
    # Of two agencies of one name nobody knows which was meant.
    return found[0] if len(found) == 1 else None


def as_sent_there(report: Report, *, anonim: bool, rahasia: bool) -> Report:
    """Return a report as another agency gets it: same words, without what means something to the first one alone."""
    return report.model_copy(
        update={
            "anonim": report.anonim or anonim,
            "rahasia": report.rahasia or rahasia,
            "chosen_opd": None,
            "external_id": None,
            "attachments": [],
            "past": None,
        }
    )


class HandoverRelay:
    """Starts what was passed on to another agency of this installation; any number of processes may do so."""

    def __init__(self, complaints: Complaints, attachments: Attachments) -> None:
        """Work through a connected client; files are copied by `attachments`."""
        self._complaints = complaints
        self._attachments = attachments
        self._handovers = complaints.record.handovers

    async def run(self) -> None:
        """Hand over what was passed on, now and every RELAY_EVERY, until cancelled."""
        while True:
            try:
                await self.hand_over()
            except Exception as error:  # a relay that ended would leave every report behind
                log.warning("handovers_not_read", reason=type(error).__name__)
            await asyncio.sleep(RELAY_EVERY.total_seconds())

    async def hand_over(self) -> int:
        """Start what goes on here, and have its files and late concealments follow; return how many were started."""
        started = [await self._tried(one) for one in await self._handovers.undecided()]
        for late in await self._handovers.late_concealments():
            await self._conceal(late)
        for first, second in await self._handovers.without_files():
            await self._copy_files(first, second)
        return sum(started)

    # --- Starting ----------------------------------------------------------------------------------------------------

    async def _tried(self, tracking_id: str) -> bool:
        try:
            return await self._start(tracking_id)
        except KeyDestroyed:
            return False  # erased: nothing of it goes on
        except Exception as error:  # one report must not hold up the others
            log.warning("not_handed_over", workflow_id=workflow_id(tracking_id), reason=type(error).__name__)
            await self._handovers.later(tracking_id, AGAIN_AFTER)
            return False

    async def _start(self, tracking_id: str) -> bool:
        accepted = await self._complaints.record.inbox.find(tracking_id)
        assert accepted is not None  # noqa: S101 - what was passed on had been accepted
        at = self._complaints.now()
        agencies = await self._complaints.directory.all_instansi()
        there = agency_named(await self._said(tracking_id), agencies, accepted.instansi)
        if there is None:
            await self._handovers.leave(tracking_id, at)
            return False
        anonim, rahasia = await self._complaints.record.complaint_rows.hidden(tracking_id)
        report = as_sent_there(accepted.report, anonim=anonim, rahasia=rahasia)
        adapter = await self._complaints.actor(Role.ADAPTER, str(report.channel), instansi=there.code)
        number = await self._handovers.start(tracking_id, report, there.code, accepted.received_at, adapter, at)
        if number is not None:
            log.info("handed_over", workflow_id=workflow_id(tracking_id), started_as=number, instansi=there.code)
        return number is not None

    async def _said(self, tracking_id: str) -> str:
        """Return to whom the report was passed on, as it was written; empty where that is not known any more."""
        events = await self._complaints.ledger.events(tracking_id)
        passed_on = next(event for event in reversed(events) if event.kind is EventKind.PASSED_ON)
        return str(passed_on.words.get("agency", ""))

    # --- What follows ------------------------------------------------------------------------------------------------

    async def _conceal(self, late: LateConcealment) -> None:
        """Have the new report hide what its reporter has hidden of the first; it is never taken back."""
        wanted = {name for name in ("anonim", "rahasia") if getattr(late, name)}
        command = Command(
            name=CommandName.CONCEAL,
            actor=await self._complaints.reporter(late.started_as),
            arguments={name: name in wanted for name in ("anonim", "rahasia")},
            idempotency_key=f"handover:{late.tracking_id}:{'+'.join(sorted(wanted))}",
        )
        try:
            await self._complaints.of_reporters.send(late.started_as, command, late.channel)
        except Refusal as refusal:  # hidden by the reporter there as well, or erased
            log.info("concealment_not_needed", workflow_id=workflow_id(late.started_as), code=refusal.code)
        except Exception as error:  # tried again in the next round
            log.warning("not_concealed", workflow_id=workflow_id(late.started_as), reason=type(error).__name__)
            return
        await self._handovers.concealed(late)

    async def _copy_files(self, first: str, second: str) -> None:
        """Copy the files that came with the first report; each is stored once, however often this is begun."""
        try:
            for file in await self._attachments.list(first):
                await self._copy(first, second, file)
        except AttachmentRefused as refusal:  # one of the two was erased
            log.info("files_not_copied", workflow_id=workflow_id(first), code=refusal.code)
        except Exception as error:
            log.warning("files_wait", workflow_id=workflow_id(first), reason=type(error).__name__)
            await self._handovers.later(first, AGAIN_AFTER)
            return
        await self._handovers.files_copied(first, self._complaints.now())

    async def _copy(self, first: str, second: str, file: AttachmentRef) -> None:
        _, content = await self._attachments.open(first, file.id, public=False, reader=None)
        try:
            await self._attachments.add(second, file.name, content, by_office=file.by_office)
        except AttachmentRefused as refusal:
            if refusal.code == "erased":
                raise
            # What was taken once is refused only where limits have changed: it stays with the first one.
            log.warning("file_not_copied", workflow_id=workflow_id(second), code=refusal.code)
