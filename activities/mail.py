"""Sending letters by SMTP, with errors sorted by whether a retry can help."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import formatdate, parseaddr
from typing import Literal

import aiosmtplib
from pydantic import BaseModel, ConfigDict, Field
from temporalio.exceptions import ApplicationError

from kawal.base.settings import Settings
from kawal.store.mail_threads import reply_address
from kawal.wording.letters import Letter

SMTP_SECONDS = 20.0
"""How long to wait for one answer of the mail server."""

_ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")


class MailSettings(BaseModel):
    """How to reach the mail server. `sender` may be an address or "Name <address>"."""

    model_config = ConfigDict(frozen=True)

    host: str
    port: int = Field(default=587, ge=1, le=65535)
    user: str | None = None
    password: str | None = Field(default=None, repr=False)
    sender: str = "kawal@localhost"
    tls: Literal["starttls", "tls", "none"] = "starttls"
    answers: dict[str, str] = Field(default_factory=dict)
    """The addresses of the mail listener, by agency code, or under the empty code for any agency: answers go there."""

    @classmethod
    def of(cls, settings: Settings) -> MailSettings | None:
        """Return the mail server that these settings name; None if they name none: notices then stay in the outbox."""
        if settings.smtp_host is None:
            return None
        return cls(
            host=settings.smtp_host,
            port=settings.smtp_port,
            user=settings.smtp_user,
            password=settings.smtp_password,
            sender=settings.smtp_from,
            tls=settings.smtp_tls,
            answers=settings.mailboxes if settings.mail_port else {},
        )

    def answers_to(self, instansi: str | None) -> str | None:
        """Return the address to which that agency's reporters answer; None where there is none."""
        return self.answers.get(instansi or "") or self.answers.get("")


class MailServerUnavailable(Exception):  # noqa: N818 - names the condition
    """The server cannot be reached or says that it cannot serve now: every letter can be retried later."""


class MailServerRefusesUs(Exception):  # noqa: N818 - names the condition
    """The server does not let this installation send (log-in, sender, encryption): the operator has to fix it."""


class LetterPostponed(Exception):  # noqa: N818 - names the condition
    """The server did not take this letter now (4xx); it can be retried later. The message is the answer's code."""


class LetterRefused(Exception):  # noqa: N818 - names the condition
    """The server will not take this letter (5xx): retrying is useless. The message is the answer's code."""


@contextmanager
def mail_server_errors() -> Iterator[None]:
    """Raise what keeps the mail server from serving as an ApplicationError: retryable, or not if it refuses us."""
    try:
        yield
    except MailServerUnavailable as error:
        raise ApplicationError(f"the mail server: {error}", type="MailServerUnavailable") from error
    except MailServerRefusesUs as error:
        raise ApplicationError(
            f"the mail server refuses this installation: {error}", type="MailServerRefusesUs", non_retryable=True
        ) from error


def is_address(text: str | None) -> bool:
    """Tell whether the text is one plain e-mail address, without anything that could add a recipient or a header."""
    return text is not None and text.isascii() and len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def message(
    letter: Letter,
    to: str,
    settings: MailSettings,
    mark: str,
    lang: str,
    tag: str | None = None,
    instansi: str | None = None,
) -> EmailMessage:
    """Return the e-mail of a letter. `mark` names the notice: sent again after a crash, it has the same Message-ID.

    With a `tag` (the report's number and code) an answer to the letter is assigned to the report, by way of the
    agency's mailbox.
    """
    mail = EmailMessage(policy=SMTP_POLICY)
    domain = parseaddr(settings.sender)[1].rpartition("@")[2] or "localhost"
    mail["From"] = settings.sender
    mail["To"] = to
    mail["Subject"] = letter.subject if tag is None else f"{letter.subject} [Kawal {tag}]"
    mailbox = settings.answers_to(instansi)
    if tag is not None and mailbox is not None:
        mail["Reply-To"] = reply_address(mailbox, tag)
    mail["Date"] = formatdate(usegmt=True)
    mail["Message-ID"] = f"<{hashlib.sha256(mark.encode()).hexdigest()[:32]}@{domain}>"
    mail["Content-Language"] = lang
    # Asks automatic systems (out-of-office replies, ticket systems) not to answer: RFC 3834.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    return mail


class MailConnection:
    """An open connection to the mail server."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        """Send through a connected client."""
        self._client = client

    async def send(self, mail: EmailMessage) -> None:
        """Send one message; return when the server has taken it.

        Raises LetterPostponed, LetterRefused, MailServerRefusesUs or MailServerUnavailable. After MailServerUnavailable
        it is not known whether the server took it.
        """
        try:
            await self._client.send_message(mail)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _sorted(error.recipients[0].code) from error
        except aiosmtplib.SMTPSenderRefused as error:
            raise MailServerRefusesUs(f"sender refused ({error.code})") from error
        except aiosmtplib.SMTPResponseException as error:
            raise _sorted(error.code) from error
        except aiosmtplib.SMTPNotSupported as error:
            raise LetterRefused("not supported") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailServerUnavailable(type(error).__name__) from error


def _sorted(code: int) -> Exception:
    if code == 421:  # the server is closing the connection (RFC 5321, 3.8)
        return MailServerUnavailable("421")
    return LetterRefused(str(code)) if code >= 500 else LetterPostponed(str(code))


@asynccontextmanager
async def mail_connection(settings: MailSettings) -> AsyncIterator[MailConnection]:
    """Connect, log in if a user is set, and quit at the end.

    Raises MailServerUnavailable or MailServerRefusesUs on entering.
    """
    client = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        username=settings.user,
        password=settings.password,
        use_tls=settings.tls == "tls",
        start_tls=settings.tls == "starttls",
        timeout=SMTP_SECONDS,
    )
    try:
        await client.connect()
    except aiosmtplib.SMTPResponseException as error:
        kind = MailServerRefusesUs if error.code >= 500 else MailServerUnavailable
        raise kind(f"{type(error).__name__} ({error.code})") from error
    except (aiosmtplib.SMTPNotSupported, ValueError) as error:
        raise MailServerRefusesUs(type(error).__name__) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise MailServerUnavailable(type(error).__name__) from error
    try:
        yield MailConnection(client)
    finally:
        await _goodbye(client)


async def _goodbye(client: aiosmtplib.SMTP) -> None:
    try:
        if client.is_connected:
            await client.quit()
    except (aiosmtplib.SMTPException, OSError):
        client.close()
