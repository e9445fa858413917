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
from kawal.domain.msgids import msgid, sentence
from kawal.intake.attachments.service import Attachments
from kawal.intake.mail.delivery_headers import MOST_RECIPIENTS
from kawal.intake.mail.letter_reading import LetterReaders
from kawal.intake.mail.protocol import TRY_AGAIN, LetterProtocol, log_unforeseen
from kawal.intake.mail.routing import Delivery, LetterRouter
from kawal.intake.reading_process import UnreadableBytes

KEPT = "250 2.0.0 OK, kept for a person to look at"
# aiosmtpd's log contains every sender's address, and tracebacks.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)

log = structlog.get_logger()


class LetterBox:
    """Takes letters; the handler that aiosmtpd calls."""

    def __init__(
        self,
        complaints: Complaints,
        attachments: Attachments,
        mailboxes: Mapping[str, str] | None = None,
        fetched: Mapping[str, str | None] | None = None,
    ) -> None:
        """Take letters to these addresses (with anything after a plus), or to any where there are none.

        The addresses are given by agency code; the empty code stands for the only agency. `fetched` are the addresses
        of the mailboxes whose letters are fetched, each with its agency: nothing is sent to them here.
        """
        self._complaints = complaints
        self._router = LetterRouter(complaints, attachments)
        self._readers = LetterReaders()
        self._accepted = {address.casefold(): code or None for code, address in (mailboxes or {}).items()}
        self._fetched = {address.casefold(): code or None for address, code in (fetched or {}).items()}
        self._agencies = self._accepted | self._fetched

    def close(self) -> None:
        """End the processes in which letters are read."""
        self._readers.close()

    async def check_agencies(self, *, listens: bool = True) -> None:
        """Raise SystemUnavailable for mailboxes whose agency is not clear, before any letter is refused.

        `listens` says whether letters are sent here, too.
        """
        known = {one.code for one in await self._complaints.directory.all_instansi() if one.active}
        codes = ", ".join(sorted(known))
        named = set(self._accepted.values()) or {None}
        if listens and not _clear(named, known):
            raise SystemUnavailable(
                sentence(
                    msgid("KAWAL_MAIL_ADDRESS must be CODE=address,CODE=address with CODE one of {codes}."), codes=codes
                ),
            )
        if not _clear(set(self._fetched.values()), known):
            raise SystemUnavailable(
                sentence(msgid("Each mailbox of mailboxes.toml must say its instansi, one of {codes}."), codes=codes),
            )

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse letters to other addresses, and to too many."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if self._accepted and _without_plus(address) not in self._accepted:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take one letter; the answer is the promise."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        return await self.receive(content, envelope.mail_from or "", envelope.rcpt_tos)

    async def receive(self, content: bytes, mail_from: str, recipients: list[str]) -> str:
        """Take one letter, whichever way it came, and return the answer in the words of SMTP; it never raises.

        Anything that is no refusal is put off: whoever hands the letter over still has it.
        """
        try:
            return await self._answer(content, mail_from, recipients)
        except Exception as error:  # whatever it is: a 5xx would lose the letter for good
            part = unavailable(error)
            if part is None:
                log_unforeseen(error)
            else:
                log.warning("letter_put_off", part=part, reason=type(error).__name__)
        return TRY_AGAIN

    async def _answer(self, content: bytes, mail_from: str, recipients: list[str]) -> str:
        delivery = Delivery(content, mail_from, recipients, await self._agencies_of(recipients))
        try:
            reports = await self._router.take(await self._readers.read(content, recipients), delivery)
        except UnreadableBytes as error:
            await self._router.lay_aside_unread(delivery, error.why)
            return KEPT
        return f"250 2.0.0 OK {' '.join(reports)}" if reports else KEPT

    async def _agencies_of(self, recipients: list[str]) -> list[str]:
        """Return the agencies to whose addresses a letter came; where addresses do not tell, the only agency."""
        found = dict.fromkeys(self._agencies.get(_without_plus(one)) for one in recipients)
        return [agency or await self._complaints.default_instansi() for agency in found or [None]]


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


def _clear(named: set[str | None], known: set[str]) -> bool:
    """Tell whether mailboxes that name these agencies leave no doubt whose letters are whose."""
    return named - {None} <= known and (None not in named or len(known) == 1)


def _without_plus(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}".casefold()
