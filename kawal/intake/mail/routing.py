"""What becomes of a letter that was read: a report, a word on the report that its code proves, or an item of the tray.

A letter that a machine wrote, or that names a report without its code, or quotes a letter of ours, becomes nothing by
itself: it waits in the tray until a person has looked (rule "The tray"). Whatever it becomes, the letter is kept whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import structlog

from kawal.client.complaints import Complaints
from kawal.domain.names import Channel
from kawal.domain.refusals import Refusal
from kawal.intake.attachments.service import Attachments
from kawal.intake.hearing import Hearing
from kawal.intake.mail.automatic_mail import Writer
from kawal.intake.mail.letter import ReceivedLetter
from kawal.intake.mail.letter_report import keep_files, report_of
from kawal.intake.reading_process import UnreadableBytes
from kawal.intake.service import IntakeService
from kawal.store.mail_threads import report_named_in
from kawal.store.tray import TrayEntry, TrayReason

log = structlog.get_logger()


class Delivery(NamedTuple):
    """A letter as it was handed over."""

    content: bytes
    mail_from: str
    """The envelope's sender, which may be empty."""
    recipients: Sequence[str]
    agencies: Sequence[str]
    """The agencies to whose addresses it came."""

    @property
    def by_nobody(self) -> bool:
        """Whether it has no return address (RFC 5321, 4.5.5), so that no person sent it."""
        # aiosmtpd passes the brackets of `MAIL FROM:<>` on.
        return not self.mail_from.strip("<> \t")


class LetterRouter:
    """Decides what a letter becomes, and does it; done again with the same letter it has the same outcome."""

    def __init__(self, complaints: Complaints, attachments: Attachments) -> None:
        """Submit, reply and store through a connected client."""
        self._complaints = complaints
        self._intake = IntakeService(complaints)
        self._hearing = Hearing(self._intake)
        self._attachments = attachments
        self._system = complaints.system

    async def take(self, letter: ReceivedLetter, delivery: Delivery) -> list[str]:
        """Take a letter; return the tracking ids of the reports that it began or is about, none if it is in the tray.

        Raises UnreadableBytes for one that cannot be put on record, and the database's errors.
        """
        if delivery.by_nobody or letter.writer is Writer.MACHINE:
            return await self._lay_aside(letter, delivery, TrayReason.AUTOMATIC)
        proven = await report_named_in(self._system.keys, *delivery.recipients, letter.subject)
        if proven is not None:
            return await self._hear(proven, letter, delivery)
        named = await self._system.inbox.agencies_of(letter.named)
        if named:
            return await self._lay_aside(letter, delivery, TrayReason.NAMES_REPORT, named)
        if letter.quotes_ours:
            return await self._lay_aside(letter, delivery, TrayReason.QUOTES_US)
        return [await self._report(letter, delivery, agency) for agency in delivery.agencies]

    async def lay_aside_unread(self, delivery: Delivery, why: str) -> None:
        """Put a letter that could not be read into the tray of each agency to which it came."""
        for agency in delivery.agencies:
            entry = TrayEntry(
                raw=delivery.content,
                instansi=agency,
                channel=Channel.EMAIL,
                why=TrayReason.UNREADABLE,
                received_at=self._complaints.now(),
                person=not delivery.by_nobody,
                sender=delivery.mail_from.strip("<> \t") or None,
                detail=why,
            )
            await self._put(entry)

    async def _report(self, letter: ReceivedLetter, delivery: Delivery, instansi: str) -> str:
        """Begin a report of one agency; a letter to several agencies' mailboxes is a report to each of them."""
        report = report_of(letter, f"{letter.identity}@{instansi}")
        try:
            receipt = await self._intake.submit(report, instansi=instansi)
        except Refusal as refusal:
            if refusal.code == "malformed":
                raise UnreadableBytes("error") from refusal
            raise
        files = await keep_files(self._attachments, receipt.tracking_id, letter.files)
        await self._keep(receipt.tracking_id, letter, delivery, [*letter.left_out, *files.left_out])
        return receipt.tracking_id

    async def _hear(self, tracking_id: str, letter: ReceivedLetter, delivery: Delivery) -> list[str]:
        """Do what a letter with a report's code says; one that the report takes no more waits in the tray."""
        try:
            files = await keep_files(self._attachments, tracking_id, letter.reply_files)
            heard = await self._hearing.hear(
                tracking_id,
                letter.own_words,
                files.ids,
                channel=Channel.EMAIL,
                idempotency_key=f"mail:{letter.identity}",
            )
            if heard.untold is not None:
                raise heard.untold
        except Refusal as refusal:
            if refusal.code == "malformed":
                raise UnreadableBytes("error") from refusal
            named = await self._system.inbox.agencies_of([tracking_id])
            return await self._lay_aside(letter, delivery, TrayReason.REPORT_OVER, named)
        await self._keep(tracking_id, letter, delivery, [*letter.reply_left_out, *files.left_out])
        return [tracking_id]

    async def _keep(
        self, tracking_id: str, letter: ReceivedLetter, delivery: Delivery, left_out: Sequence[str]
    ) -> None:
        """Keep the letter as it came with its report."""
        await self._system.raw_letters.keep(
            tracking_id,
            delivery.content,
            channel=Channel.EMAIL,
            identity=letter.identity,
            received_at=self._complaints.now(),
            left_out=left_out,
        )

    async def _lay_aside(
        self,
        letter: ReceivedLetter,
        delivery: Delivery,
        why: TrayReason,
        named: dict[str, str] | None = None,
    ) -> list[str]:
        """Put a letter into the tray; `named` are the reports that it names, each with its agency."""
        reports = named or {}
        owners = set(reports.values())
        # A letter about one agency's reports is that agency's, wherever it was sent.
        for agency in owners if len(owners) == 1 else delivery.agencies:
            entry = TrayEntry(
                raw=delivery.content,
                instansi=agency,
                channel=Channel.EMAIL,
                why=why,
                received_at=self._complaints.now(),
                person=why is not TrayReason.AUTOMATIC,
                sender=letter.sender or delivery.mail_from.strip("<> \t") or None,
                names=list(reports),
                answer=letter.writer is Writer.PERSON,
                identity=letter.identity,
            )
            await self._put(entry)
        return []

    async def _put(self, entry: TrayEntry) -> None:
        if await self._system.tray.put(entry) is not None:
            log.info("letter_put_into_tray", instansi=entry.instansi, why=str(entry.why), detail=entry.detail)
