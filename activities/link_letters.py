"""Letters with a report's number, code and link: to reporters who asked for them again, or whose code was changed.

They go out in the round of the notices (activities.notify), with the same care: sent, then marked, so that what is
interrupted in between is sent again under the same Message-ID. The log shows only a request's number and kind.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

import asyncpg
import structlog

from activities.letter_outcomes import LetterOutcomes
from activities.mail import MailConnection, MailSettings, is_address, message
from activities.retries import LEASE
from activities.telephone import TelephoneNotices
from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.contacts import is_one_of, same_phone
from kawal.domain.messages import Reporter
from kawal.domain.notices import DeliveryResult, Recipient
from kawal.domain.report_numbers import is_number
from kawal.store.access_codes import AccessCodes
from kawal.store.data_keys import DataKeyStore
from kawal.store.directory import Directory
from kawal.store.inbox import Inbox, WaitingReport
from kawal.store.letter_texts import LetterTexts
from kawal.store.link_requests import ClaimedLink, LinkKind, LinkRequestRows
from kawal.store.mail_threads import thread_tag
from kawal.wording.letters import Envelope, in_envelope
from kawal.wording.link_letters import link_letter
from kawal.wording.links import ReportAccess, report_access

log = structlog.get_logger()


class Way(StrEnum):
    """How a reporter is reached."""

    EMAIL = "email"
    PHONE = "phone"


def way_to(reporter: Reporter) -> Way | None:
    """Choose how a reporter is reached, by the contacts on record: by e-mail if there is an address."""
    if is_address(reporter.email):
        return Way.EMAIL
    return Way.PHONE if reporter.phone and same_phone(reporter.phone) else None


class LinkLetters:
    """Writes what is due of these letters."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        keys: DataKeyStore,
        mail: MailSettings | None,
        lang: str,
        public_url: str | None,
        telephones: TelephoneNotices,
    ) -> None:
        """Write by `mail` (None: no mail server is configured) or `telephones`, in a language.

        With links to the `public_url`, if it is known.
        """
        self._telephones = telephones
        self._requests = LinkRequestRows(pool, keys)
        self._outcomes = LetterOutcomes(self._requests, _log)
        self._inbox = Inbox(pool, keys)
        self._codes = AccessCodes(pool, keys)
        self._directory = Directory(pool)
        self._texts = LetterTexts(pool)
        self._keys = keys
        self._mail = mail
        self._lang = lang
        self._public_url = public_url

    async def any_due(self) -> bool:
        """Return whether a letter is to be written now."""
        return await self._requests.any_due()

    async def next(self, connection: MailConnection | None, done: DeliveryResult) -> bool:
        """Write the letter that has waited longest; return False if none is due.

        Raises what keeps the mail server from serving, once the letter is put off.
        """
        # Without a connection nothing was due as the round began; the next one has one.
        unconnected = self._mail is not None and connection is None
        claimed = None if unconnected else await self._requests.claim(LEASE)
        if claimed is None:
            await self._requests.forget_ended()
            return False
        found = await self._meant(claimed)
        if found is None:
            await self._requests.delete(claimed.id)
        elif claimed.asked is None or await self._requests.accept(claimed, found.tracking_id):
            await self._write(claimed, found, connection, done)
        return True

    async def _meant(self, claimed: ClaimedLink) -> WaitingReport | None:
        """Return the report whose reporter is to be written to; None if number or contact are not right, or erased."""
        number = claimed.tracking_id if claimed.asked is None else claimed.asked.number
        if number is None or not is_number(number):
            return None
        try:
            found = await self._inbox.find(number)
        except KeyDestroyed:
            return None
        if found is None or claimed.asked is None:
            return found
        reporter = found.report.reporter
        return found if is_one_of(claimed.asked.contact, reporter.email, reporter.phone) else None

    async def _write(
        self, claimed: ClaimedLink, to: WaitingReport, connection: MailConnection | None, done: DeliveryResult
    ) -> None:
        way = way_to(to.report.reporter)
        if way is None:
            await self._outcomes.not_sent(claimed, "no_address", done)
        elif way is Way.PHONE:
            await self._pass_on(claimed, to, done)
        elif self._mail is None or connection is None:
            await self._outcomes.not_sent(claimed, "no_mail_server", done)
        else:
            await self._send(claimed, to, self._mail, connection, done)

    async def _pass_on(self, claimed: ClaimedLink, to: WaitingReport, done: DeliveryResult) -> None:
        """Put the link among the messages, which leave by a gateway in a round of their own."""
        changed = claimed.kind is LinkKind.CHANGED
        why = await self._telephones.put_link(claimed.id, await self._access(to.tracking_id), to, changed=changed)
        if why is not None:
            await self._outcomes.not_sent(claimed, why, done)
            return
        await self._requests.mark_sent(claimed.id)
        self._outcomes.underway(claimed, done)

    async def _access(self, tracking_id: str) -> ReportAccess:
        return report_access(self._public_url, tracking_id, await self._codes.secret(tracking_id))

    async def _send(
        self,
        claimed: ClaimedLink,
        to: WaitingReport,
        mail: MailSettings,
        connection: MailConnection,
        done: DeliveryResult,
    ) -> None:
        number, instansi = to.tracking_id, to.instansi
        tag = None if mail.answers_to(instansi) is None else await thread_tag(self._keys, number)
        agency = await self._directory.instansi(instansi)
        name = instansi if agency is None else agency.name
        own = await self._texts.words(instansi, "", self._lang, datetime.now(UTC), number=number, agency=name)
        access = await self._access(number)
        envelope = Envelope(Recipient.REPORTER, name, name, tag is not None, access, own=own)
        said = in_envelope(
            link_letter(number, self._lang, changed=claimed.kind is LinkKind.CHANGED), envelope, self._lang
        )
        address, mark = to.report.reporter.email or "", f"link/{claimed.id}"
        written = message(said, address, mail, mark, self._lang, tag, instansi)
        await self._outcomes.send(claimed, connection, written, done)


def _log(claimed: ClaimedLink, how: str) -> None:
    log.info("link_letter", request=claimed.id, kind=str(claimed.kind), how=how)
