"""The SMTP listener: it answers "250" only once the report is committed.

A listener rather than a polled mailbox: acceptance and acknowledgement are one step, and a letter that cannot be taken
now (4xx) stays with the sending server, which tries again. It listens on loopback; the agency's mail server passes
letters on to it and handles everything external: TLS, DKIM, spam.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from kawal.base.errors import SystemUnavailable
from kawal.base.unavailable import unavailable
from kawal.client.complaints import Complaints
from kawal.domain.contacts import is_email
from kawal.domain.messages import Report, Reporter
from kawal.domain.msgids import msgid, sentence
from kawal.domain.names import Channel
from kawal.domain.refusals import Refusal
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.service import Attachments
from kawal.intake.mail.automatic_mail import Writer
from kawal.intake.mail.letter import ReceivedLetter, taken
from kawal.intake.mail.parts import File
from kawal.intake.mail.protocol import TRY_AGAIN, LetterProtocol, log_unforeseen
from kawal.intake.reading_process import Limits, ReadingProcesses, UnreadableBytes
from kawal.intake.service import IntakeService
from kawal.store.kept_letters import KeepReason
from kawal.store.mail_threads import report_named_in

MOST_RECIPIENTS = 20
READ_AT_ONCE = 2
READING = Limits(cpu_seconds=5, wall_seconds=60, memory=768 * 1024 * 1024)
"""The largest ordinary letter, 25 MB with a photograph, takes a second and 250 MB."""

KEPT = "250 2.0.0 OK, kept for a person to look at"
NO_MORE = (
    "550 5.6.0 Laporan ini tidak menerima tambahan lagi; kirim surat baru tanpa kodenya."
    " / This report takes no more replies; write a new letter without its code"
)

# aiosmtpd's log contains every sender's address, and tracebacks.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)

log = structlog.get_logger()


class LetterBox:
    """Takes letters; the handler that aiosmtpd calls."""

    def __init__(
        self, complaints: Complaints, attachments: Attachments, mailboxes: Mapping[str, str] | None = None
    ) -> None:
        """Take letters to these addresses (with anything after a plus), or to any where there are none.

        The addresses are given by agency code; the empty code stands for the only agency.
        """
        self._intake = IntakeService(complaints)
        self._keys = complaints.system.keys
        self._attachments = attachments
        self._kept = complaints.system.kept_letters
        self._readers = ReadingProcesses("kawal.intake.mail.letter:read_aside", READING, READ_AT_ONCE)
        self._agencies = {address.casefold(): code or None for code, address in (mailboxes or {}).items()}

    def close(self) -> None:
        """End the processes in which letters are read."""
        self._readers.close()

    async def check_agencies(self) -> None:
        """Raise SystemUnavailable for mailboxes whose agency is not clear, before any letter is refused."""
        known = {one.code for one in await self._intake.complaints.directory.all_instansi() if one.active}
        named = set(self._agencies.values()) or {None}
        if not named <= known and not (named == {None} and len(known) == 1):
            codes = ", ".join(sorted(known))
            raise SystemUnavailable(
                sentence(
                    msgid("KAWAL_MAIL_ADDRESS must be CODE=address,CODE=address with CODE one of {codes}."), codes=codes
                ),
            )

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse letters to other addresses, and to too many."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if self._agencies and _without_plus(address) not in self._agencies:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take one letter; the answer is the promise.

        Anything that is no refusal is put off: the sender still has it.
        """
        try:
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            return await self._answer(content, envelope.mail_from or "", envelope.rcpt_tos)
        except Exception as error:  # whatever it is: a 5xx would lose the letter for good
            part = unavailable(error)
            if part is None:
                log_unforeseen(error)
            else:
                log.warning("letter_put_off", part=part, reason=type(error).__name__)
        return TRY_AGAIN

    async def _answer(self, content: bytes, mail_from: str, recipients: list[str]) -> str:
        try:
            letter = await self._read(content)
            if is_null_sender(mail_from) or letter.writer is Writer.MACHINE:
                return await self._keep_aside(content, recipients, KeepReason.AUTOMATIC)
            return f"250 2.0.0 OK {await self.take(letter, recipients)}"
        except UnreadableBytes as error:
            return await self._keep_aside(content, recipients, KeepReason.UNREADABLE, error.why)
        except _NoMoreReplies:
            return NO_MORE

    async def _read(self, content: bytes) -> ReceivedLetter:
        answer = await self._readers.read({}, content)
        try:
            return taken(answer.said, answer.pieces)
        except (KeyError, TypeError, ValueError, AttributeError):
            # The reading process is as little to be trusted as what it read.
            raise UnreadableBytes("crash") from None

    async def take(self, letter: ReceivedLetter, recipients: list[str]) -> str:
        """Turn a letter into a report or a reply; the same letter again gives the same. Returns the tracking id.

        A letter to several agencies' mailboxes is a report to each of them.
        """
        tracking_id = await report_named_in(self._keys, *recipients, letter.subject)
        if tracking_id is None:
            return " ".join([await self._report(letter, agency) for agency in self._agencies_of(recipients)])
        files = await self._keep(tracking_id, letter.files)
        try:
            await self._intake.reply(
                tracking_id,
                letter.own_words or "(tanpa teks)",
                files,
                channel=Channel.EMAIL,
                idempotency_key=f"mail:{letter.identity}",
            )
        except Refusal as refusal:
            if refusal.code == "malformed":
                raise UnreadableBytes("error") from refusal
            raise _NoMoreReplies from refusal
        return tracking_id

    async def _keep_aside(
        self, content: bytes, recipients: list[str], why: KeepReason, detail: str | None = None
    ) -> str:
        """Keep a letter that is no report by itself, for each agency to which it came, and log that."""
        for agency in self._agencies_of(recipients):
            held_by = agency or await self._intake.complaints.default_instansi()
            if await self._kept.keep(content, held_by, why, detail, self._intake.complaints.now()):
                log.info("letter_kept", instansi=held_by, why=str(why), detail=detail)
        return KEPT

    def _agencies_of(self, recipients: list[str]) -> list[str | None]:
        found = dict.fromkeys(self._agencies.get(_without_plus(one)) for one in recipients)
        return list(found) or [None]

    async def _report(self, letter: ReceivedLetter, instansi: str | None) -> str:
        known = is_email(letter.sender)
        report = Report(
            title=letter.title,
            text=letter.text or letter.title,
            channel=Channel.EMAIL,
            reporter=Reporter(
                name=letter.name or None,
                email=letter.sender if known else None,
                # What is not an address by the rules may still be one within an organisation: kept as it came.
                origin=None if known else letter.sender[:200] or None,
            ),
            external_id=letter.identity if instansi is None else f"{letter.identity}@{instansi}",
            no_receipt=letter.writer is Writer.MARKED,
        )
        try:
            receipt = await self._intake.submit(report, instansi=instansi)
        except Refusal as refusal:
            if refusal.code == "malformed":
                raise UnreadableBytes("error") from refusal
            raise
        await self._keep(receipt.tracking_id, letter.files)
        return receipt.tracking_id

    async def _keep(self, tracking_id: str, files: list[File]) -> list[str]:
        """Store the files that are accepted; a file that is not never holds up the letter."""
        kept: list[str] = []
        for file in files:
            try:
                kept.append(str((await self._attachments.add(tracking_id, file.name, _once(file.content))).id))
            except AttachmentRefused as refused:
                log.info("attached_file_refused", workflow_id=f"complaint-{tracking_id}", code=refused.code)
        return kept


class _NoMoreReplies(Exception):  # noqa: N818 - names the condition
    """The report is over, or its data were erased."""


@asynccontextmanager
async def listening(box: LetterBox, host: str, port: int) -> AsyncIterator[int]:
    """Listen while the block runs, and yield the port; port 0 takes a free one. Raises OSError where it is taken."""
    server = await asyncio.get_running_loop().create_server(lambda: LetterProtocol(box), host, port)
    try:
        address: Any = server.sockets[0].getsockname()
        yield int(address[1])
    finally:
        server.close()
        box.close()
        await server.wait_closed()


def is_null_sender(mail_from: str) -> bool:
    """Tell whether a letter has no return address (RFC 5321, 4.5.5), so that no person sent it."""
    # aiosmtpd passes the brackets of `MAIL FROM:<>` on.
    return not mail_from.strip("<> \t")


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _without_plus(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}".casefold()
