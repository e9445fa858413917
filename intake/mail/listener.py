"""The SMTP listener: "250" is said when the report is committed, so what a mail server was told is taken, is.

A listener and not a mailbox that is polled: acceptance and acknowledgement are one step, and a letter that cannot be
taken now (4xx) stays with the sending server, which tries again. It listens on loopback; the agency's mail server hands
letters on to it and does what concerns the outside: TLS, DKIM, spam.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from client.complaints import Complaints
from crypto.keyring import KeyUnavailable
from domain.messages import Report, Reporter
from domain.names import Channel
from domain.refusals import Refusal
from intake.attachments.keeping import Attachments
from intake.attachments.refusals import AttachmentRefused, StorageUnavailable
from intake.mail.letter import File, Letter, own_words, read_letter, title_of
from intake.service import IntakeService
from stack.errors import SystemUnavailable
from store.mail_threads import report_named_in

LARGEST = 25 * 1024 * 1024
MOST_RECIPIENTS = 20
AWAY = (
    SystemUnavailable,
    StorageUnavailable,
    KeyUnavailable,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    OSError,
    TimeoutError,
)

# It writes every sender's address, and the traces of errors.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)

log = structlog.get_logger()


class LetterBox:
    """Takes letters; the handler that aiosmtpd calls."""

    def __init__(
        self, complaints: Complaints, attachments: Attachments, mailboxes: Mapping[str, str] | None = None
    ) -> None:
        """Take letters to these addresses (with anything after a plus), or to any where there are none.

        They stand by their agency's code, or the only agency's under the empty code.
        """
        self._intake = IntakeService(complaints)
        self._keys = complaints.connection.keys
        self._attachments = attachments
        self._agencies = {address.casefold(): code or None for code, address in (mailboxes or {}).items()}

    async def check_agencies(self) -> None:
        """Raise SystemUnavailable for mailboxes that do not say whose letters they take, before any is refused."""
        known = {one.code for one in await self._intake.complaints.directory.all_instansi() if one.active}
        named = set(self._agencies.values()) or {None}
        if not named <= known and not (named == {None} and len(known) == 1):
            codes = ", ".join(sorted(known))
            raise SystemUnavailable(
                f"KAWAL_MAIL_ADDRESS harus berbentuk KODE=alamat,KODE=alamat dengan KODE salah satu dari {codes}.",
                f"KAWAL_MAIL_ADDRESS must be CODE=address,CODE=address with CODE one of {codes}.",
            )

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse letters to others, and to too many."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if self._agencies and _without_plus(address) not in self._agencies:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take one letter; the answer is the promise."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        letter = read_letter(content)
        if letter.automatic or not envelope.mail_from:
            log.info("letter_passed_over", reason="automatic")
            return "250 2.0.0 OK, an automatic letter is no report"
        try:
            tracking_id = await self.take(letter, envelope.rcpt_tos)
        except Refusal as refusal:
            return f"550 5.6.0 {_one_line(refusal.sentence('en'))}"
        except AWAY as error:
            log.warning("letter_put_off", reason=type(error).__name__)
            return "451 4.3.0 Try again later, nothing was taken"
        return f"250 2.0.0 OK {tracking_id}"

    async def take(self, letter: Letter, recipients: list[str]) -> str:
        """Make a letter a report or a reply; the same letter again is the same. Returns the tracking id.

        To several agencies' mailboxes it is a report to each of them.
        """
        tracking_id = await report_named_in(self._keys, *recipients, letter.subject)
        if tracking_id is None:
            agencies = dict.fromkeys(self._agencies.get(_without_plus(one)) for one in recipients)
            return " ".join([await self._report(letter, agency) for agency in agencies or (None,)])
        files = await self._keep(tracking_id, letter.files)
        await self._intake.reply(
            tracking_id,
            own_words(letter.text) or "(tanpa teks)",
            files,
            channel=Channel.EMAIL,
            key=f"mail:{letter.identity}",
        )
        return tracking_id

    async def _report(self, letter: Letter, instansi: str | None) -> str:
        report = Report(
            title=title_of(letter),
            text=letter.text or title_of(letter),
            channel=Channel.EMAIL,
            reporter=Reporter(name=letter.name or None, email=letter.sender or None),
            external_id=letter.identity if instansi is None else f"{letter.identity}@{instansi}",
        )
        receipt = await self._intake.submit(report, instansi=instansi)
        await self._keep(receipt.tracking_id, letter.files)
        return receipt.tracking_id

    async def _keep(self, tracking_id: str, files: list[File]) -> list[str]:
        """Keep what may be kept; a file that may not be never holds the letter up."""
        kept: list[str] = []
        for file in files:
            try:
                kept.append(str((await self._attachments.add(tracking_id, file.name, _once(file.content))).id))
            except AttachmentRefused as refused:
                log.info("attached_file_refused", workflow_id=f"complaint-{tracking_id}", code=refused.code)
        return kept


@asynccontextmanager
async def listening(box: LetterBox, host: str, port: int) -> AsyncIterator[int]:
    """Listen while the block runs, and yield the port; port 0 takes a free one. Raises OSError where it is taken."""

    def session() -> SMTP:
        return SMTP(box, data_size_limit=LARGEST, enable_SMTPUTF8=True, ident="Kawal", hostname="kawal")

    server = await asyncio.get_running_loop().create_server(session, host, port)
    try:
        address: Any = server.sockets[0].getsockname()
        yield int(address[1])
    finally:
        server.close()
        await server.wait_closed()


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _without_plus(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}".casefold()


def _one_line(text: str) -> str:
    return " ".join(text.encode("ascii", "replace").decode().split())[:300]
