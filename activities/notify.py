"""Notify: the delivery of the notices in the outbox (docs/notices.md).

Delivery is independent of the complaints and never delays one. It is at least once: a notice is sent, then marked; if
it is interrupted in between, it is sent again under the same Message-ID. The log shows only a notice's number and kind.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, NamedTuple

import asyncpg
from temporalio import activity

from activities.letter_outcomes import LetterOutcomes
from activities.link_letters import LinkLetters
from activities.mail import (
    MailConnection,
    MailServerRefusesUs,
    MailServerUnavailable,
    MailSettings,
    is_address,
    mail_connection,
    mail_server_errors,
    message,
)
from activities.retries import LEASE
from activities.telephone import ANSWERED_AT_ONCE, TelephoneNotices
from activities.unavailable import application_errors
from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import NotAuthentic
from kawal.crypto.master_keys import KeyUnavailable
from kawal.domain.government import head_in
from kawal.domain.labels import ROLES
from kawal.domain.names import COMPLAINT_PREFIX, Channel
from kawal.domain.notices import PASSED_ON, RECEIPT, WORDS_OF_REPORTERS, DeliveryResult, Recipient
from kawal.domain.process.state import INSPECTORATE_OWNER
from kawal.store.access_codes import AccessCodes
from kawal.store.automatic_letters import AutomaticLetters
from kawal.store.complaint_rows import ComplaintRows, without_text
from kawal.store.data_keys import DataKeyStore
from kawal.store.directory import Directory
from kawal.store.handovers import Handovers
from kawal.store.inbox import Inbox
from kawal.store.last_tries import MAIL_SERVER, LastTries
from kawal.store.letter_texts import LetterTexts
from kawal.store.mail_threads import thread_tag
from kawal.store.notices import Notice
from kawal.store.outbox import ClaimedNotice, NoticeStatus, Outbox
from kawal.store.raw_letters import RawLetters
from kawal.wording.catalogues import say
from kawal.wording.letters import Envelope, Letter, in_envelope, letter
from kawal.wording.links import ReportAccess, report_access

HANDOVER_WITHIN = timedelta(seconds=15)
"""How long the letter about a report that was passed on waits for the number under which it goes on."""

ROUND_SECONDS = 45.0
"""After this long a round begins no further notice; the next round continues."""


class Destination(NamedTuple):
    """The recipient's agency and address, and whether the recipient must not get an automatic answer of this kind."""

    instansi: str
    address: str | None
    asked_not_to: bool = False
    answers_a_letter: bool = False
    """Whether it is the automatic answer to a letter, of which an address gets only a few a day."""
    answered_at_once: bool = False
    """Whether it says what the reporter was told in answer to the message already."""
    phone: str | None = None
    """The reporter's telephone number, where there is no address."""
    channel: Channel | None = None
    """By which the reporter came."""


class NoticeActivities:
    """The activity `deliver_notices`."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        keys: DataKeyStore,
        mail: MailSettings | None,
        lang: str = "id",
        public_url: str | None = None,
        telephones: TelephoneNotices | None = None,
    ) -> None:
        """Deliver from `pool`'s outbox by `mail` (None: no mail server is configured), in a language ("id" or "en").

        Letters to reporters have links to the `public_url`, if that is known; reporters with a telephone only are told
        by `telephones`.
        """
        self._rows = ComplaintRows(pool)
        self._outbox = Outbox(pool, keys)
        self._outcomes = LetterOutcomes(self._outbox, _log)
        self._inbox = Inbox(pool, keys)
        self._raw_letters = RawLetters(pool, keys)
        self._answers = AutomaticLetters(pool, keys)
        self._directory = Directory(pool)
        self._texts = LetterTexts(pool)
        self._tries = LastTries(pool)
        self._handovers = Handovers(pool, self._inbox)
        self._codes = AccessCodes(pool, keys)
        self._public_url = public_url
        self._telephones = telephones or TelephoneNotices(pool, keys, (), lang)
        self._links = LinkLetters(pool, keys, mail, lang, public_url, self._telephones)
        self._keys = keys
        self._mail = mail
        self._lang = lang

    @activity.defn(name="deliver_notices")
    async def deliver_notices(self) -> DeliveryResult:
        """Send what is due, one notice after another, for at most ROUND_SECONDS.

        Errors: MailServerUnavailable and DatabaseUnavailable (retryable), MailServerRefusesUs (not retryable: the
        configuration has to change). What was not sent waits for the next round.
        """
        done = DeliveryResult()
        with mail_server_errors(), application_errors():
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(
                    self._tries.failures(MAIL_SERVER, MailServerUnavailable, MailServerRefusesUs)
                )
                connection = await self._connection(stack)
                # First, and for half of the time at most: somebody waits for them.
                await self._repeated(lambda: self._links.next(connection, done), ROUND_SECONDS / 2, done)
                await self._repeated(lambda: self._next(connection, done), ROUND_SECONDS, done)
                if done.sent:  # to be let in is not enough: it may refuse every letter
                    await self._tries.note(MAIL_SERVER, None)
        return done

    async def _connection(self, stack: AsyncExitStack) -> MailConnection | None:
        """Connect before anything is claimed, so that a server outage does not use up any notice's attempts."""
        waiting = await self._links.any_due() or await self._outbox.lines(status=NoticeStatus.PENDING, limit=1)
        if self._mail is None or not waiting:
            return None
        return await stack.enter_async_context(mail_connection(self._mail))

    async def _repeated(self, step: Callable[[], Awaitable[bool]], seconds: float, done: DeliveryResult) -> None:
        """Do a step until it finds nothing more to do, but begin none after so many seconds."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                activity.heartbeat(done)
                if not await step():
                    return
            except NotAuthentic:
                activity.logger.error("a notice cannot be decrypted with its report's key")
                done.unreadable += 1
            except KeyUnavailable:
                # It is claimed again when its lease has expired; if the database is unavailable, the next claim reports
                # that.
                activity.logger.error("a notice waits: its report's key is unavailable")
                done.unreadable += 1

    async def _next(self, connection: MailConnection | None, done: DeliveryResult) -> bool:
        """Deliver the notice that has waited longest; return False if none is due."""
        # Without a connection nothing was pending as the round began; the next one has one.
        if self._mail is not None and connection is None:
            return False
        # One at a time: a notice that cannot be decrypted must not affect others.
        claimed = await self._outbox.claim(1, LEASE)
        for one in claimed:
            await self._deliver(one, connection, done)
        return bool(claimed)

    async def _deliver(self, claimed: ClaimedNotice, connection: MailConnection | None, done: DeliveryResult) -> None:
        notice = claimed.notice
        try:
            where = await self._whereto(notice)
            instansi, address = where.instansi, where.address
        except KeyDestroyed:
            return await self._outcomes.not_sent(claimed, "erased", done)
        if where.asked_not_to:
            return await self._outcomes.not_sent(claimed, "no_receipt", done)
        if claimed.attempts == 1 and await self._is_being_handed_over(notice):
            return await self._outcomes.postponed(claimed, "handover", HANDOVER_WITHIN, done)
        if not address and where.phone is not None:
            return await self._by_telephone(claimed, where, where.phone, done)
        if self._mail is None or connection is None or not address or not is_address(address):
            return await self._outcomes.not_sent(claimed, _why_not_by_mail(address), done)
        if where.answers_a_letter and claimed.attempts == 1 and not await self._answers.may_answer(address):
            return await self._outcomes.not_sent(claimed, "enough_answers", done)
        mark = f"{notice.workflow_id}/{notice.seq}/{notice.tracking_id}/{notice.n}"
        tag = None
        if self._mail.answers_to(instansi) is not None and notice.to_role == Recipient.REPORTER:
            tag = await thread_tag(self._keys, notice.tracking_id)
        said = await self._written(claimed, instansi, answered=tag is not None)
        mail = message(said, address, self._mail, mark, self._lang, tag, instansi)
        return await self._outcomes.send(claimed, connection, mail, done)

    async def _by_telephone(self, claimed: ClaimedNotice, where: Destination, phone: str, done: DeliveryResult) -> None:
        """Pass a notice on to the messages, which leave by a gateway in a round of their own."""
        if where.answered_at_once:
            return await self._outcomes.not_sent(claimed, "answered", done)
        names = await self._names(where.instansi)
        body = await self._body(claimed.notice)
        told = claimed.notice.model_copy(update={"body": body})
        why = await self._telephones.put(claimed.id, told, phone, where.channel, where.instansi, names)
        if why is not None:
            return await self._outcomes.not_sent(claimed, why, done)
        return self._outcomes.underway(claimed, done)

    async def _whereto(self, notice: Notice) -> Destination:
        """Return whom a notice goes to; raises KeyDestroyed for the reporter of an erased report."""
        if notice.to_role == Recipient.REPORTER:
            accepted = await self._inbox.find(notice.tracking_id)
            if accepted is None:
                return Destination("", None)
            # Only the receipt answers what was sent; all else, also that a report goes on elsewhere, is news.
            receipt = notice.kind == RECEIPT and await self._handovers.before(notice.tracking_id) is None
            return Destination(
                accepted.instansi,
                accepted.report.reporter.email,
                asked_not_to=receipt and accepted.report.no_receipt,
                answers_a_letter=receipt and accepted.report.channel is Channel.EMAIL,
                answered_at_once=receipt and accepted.report.channel in ANSWERED_AT_ONCE,
                phone=accepted.report.reporter.phone,
                channel=accepted.report.channel,
            )
        instansi = await self._rows.agency_of(notice.tracking_id)
        if instansi is None:
            return Destination("", None)
        return Destination(instansi, await self._directory.office_email(instansi, notice.to_role, notice.to_opd))

    async def _written(self, claimed: ClaimedNotice, instansi: str, *, answered: bool) -> Letter:
        """Return the letter of a notice, as it is sent to its recipient."""
        notice = claimed.notice
        names = await self._names(instansi)
        title = await self._rows.title_in_letters(notice.tracking_id, own=notice.to_role == Recipient.REPORTER)
        said = letter(
            notice.kind,
            notice.tracking_id,
            await self._body(notice),
            self._lang,
            names,
            to=notice.to_role,
            title=title,
            answered=answered,
        )
        agency = names.get(instansi, instansi)
        office = names.get(notice.to_opd, notice.to_opd) if notice.to_opd else agency
        access = await self._access(notice) if notice.to_role == Recipient.REPORTER else None
        kind = notice.kind if notice.to_role == Recipient.REPORTER else ""
        own = await self._texts.words(
            instansi, kind, self._lang, claimed.created_at, number=notice.tracking_id, agency=agency
        )
        envelope = Envelope(notice.to_role, office, agency, answered, access, head_in(names), own)
        return in_envelope(said, envelope, self._lang)

    async def _access(self, notice: Notice) -> ReportAccess:
        """Return what opens the recipient's own report now, whenever its code was changed."""
        secret = await self._codes.secret(notice.tracking_id)
        return report_access(self._public_url, notice.tracking_id, secret)

    async def _body(self, notice: Notice) -> dict[str, Any]:
        """Return what a notice says: in a receipt also what of the letter the report could not take up."""
        if notice.kind != RECEIPT:
            return await self._heeding_concealment(notice)
        left_out = [one for line in await self._raw_letters.lines(notice.tracking_id) for one in line.left_out]
        return notice.body | ({"left_out": left_out} if left_out else {}) | await self._numbers(notice)

    async def _heeding_concealment(self, notice: Notice) -> dict[str, Any]:
        """Return the body without a text that a reporter has hidden since the notice was written."""
        if notice.to_role == Recipient.REPORTER:
            (told,) = await self._rows.told_to_reporter(notice.tracking_id, [notice.body])
            return told | await self._numbers(notice)
        if "text" not in notice.body:
            return notice.body
        anonim, rahasia = await self._rows.hidden(notice.tracking_id)
        if rahasia or (anonim and notice.to_role == Recipient.LIAISON and notice.kind in WORDS_OF_REPORTERS):
            return without_text(notice.body) | {"withheld": True}
        return notice.body

    async def _is_being_handed_over(self, notice: Notice) -> bool:
        """Return whether it is not known yet where a report goes on that was passed on."""
        if notice.kind != PASSED_ON:
            return False
        handover = await self._handovers.of(_about(notice))
        return handover is not None and not handover.decided

    async def _numbers(self, notice: Notice) -> dict[str, str]:
        """Return what a letter says of the other number of a report that was passed on within the installation."""
        if notice.kind == PASSED_ON:
            other = await self._handovers.onward(_about(notice))
            return {} if other is None else {"goes_on_as": other.tracking_id, "goes_on_at": other.agency}
        first = await self._handovers.before(notice.tracking_id) if notice.kind == RECEIPT else None
        return {} if first is None else {"continues": first.tracking_id, "passed_on_by": first.agency}

    async def _names(self, instansi: str) -> dict[str, str]:
        """Return the names of codes as used in letters of an agency."""
        inspectorate = {INSPECTORATE_OWNER: say(self._lang, ROLES["inspectorate"])}
        return inspectorate | await self._directory.names(instansi)


def _log(claimed: ClaimedNotice, how: str) -> None:
    activity.logger.info("notice %d (%s): %s", claimed.id, claimed.notice.kind, how)


def _why_not_by_mail(address: str | None) -> str:
    if not address:
        return "no_address"
    return "no_mail_server" if is_address(address) else "bad_address"


def _about(notice: Notice) -> str:
    """Return the report whose event a notice is about."""
    return notice.workflow_id.removeprefix(COMPLAINT_PREFIX)
