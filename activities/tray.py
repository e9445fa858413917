"""The round of the tray: nothing that waits there for a decision is forgotten (docs/tray.md).

An item is told of and then noted, within one transaction that holds it: what is interrupted in between is told again
under the same Message-ID. What fell due while the system was down is told in the next round.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import asyncpg
import structlog
from temporalio import activity

from activities.mail import LetterPostponed, LetterRefused, MailSettings, is_address, mail_server_errors
from activities.single_letters import SingleLetters
from activities.unavailable import application_errors
from kawal.domain.calendar import local_day
from kawal.domain.notices import Recipient
from kawal.domain.tray import TrayRoundResult
from kawal.store.automatic_letters import AutomaticLetters
from kawal.store.data_keys import DataKeyStore
from kawal.store.directory import Directory
from kawal.store.tray_round import AwaitedAnswer, DueItems, TrayOffice, TrayRound
from kawal.wording.tray_letters import WaitingItem, answer_letter, office_letter

ROUND_SECONDS = 45.0
"""After this long a round answers nobody more; the next round continues."""

REFUSED_FOR = timedelta(days=1)
"""How long an office is not written to after its mail server refused a letter."""

_RECIPIENT = {TrayOffice.ADMINS: Recipient.ADMIN, TrayOffice.INSPECTORATE: Recipient.INSPECTORATE}

log = structlog.get_logger()


class TrayStep:
    """The activity `attend_tray`."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings | None, lang: str = "id") -> None:
        """Attend to the tray of `pool`, writing by `mail` (None: no mail server is configured) in a language."""
        self._round = TrayRound(pool, keys)
        self._letters = AutomaticLetters(pool, keys)
        self._directory = Directory(pool)
        self._single = None if mail is None else SingleLetters(pool, mail)
        self._lang = lang

    @activity.defn(name="attend_tray")
    async def attend_tray(self) -> TrayRoundResult:
        """Delete what was kept long enough, remind the admins, tell the Inspectorate, answer who wrote.

        Errors: MailServerUnavailable, DatabaseUnavailable and KeyUnavailable (retryable), MailServerRefusesUs (not
        retryable: the configuration has to change). What was not told waits for the next round.
        """
        with mail_server_errors(), application_errors():
            return await self.attend(datetime.now(UTC))

    async def attend(self, now: datetime) -> TrayRoundResult:
        """Attend to the tray as of an instant; raises the original errors."""
        done = TrayRoundResult(emptied=await self._round.empty(now))
        await self._letters.forget(local_day(now))
        for office in TrayOffice:
            for instansi in await self._round.agencies_due(office, now):
                await self._tell(office, instansi, now, done)
        if self._single is not None:
            await self._answer_all(self._single, now, done)
        return done

    # --- Offices -----------------------------------------------------------------------------------------------------

    async def _tell(self, office: TrayOffice, instansi: str, now: datetime, done: TrayRoundResult) -> None:
        """Write to an agency's office of all that it is to be told now, in one letter."""
        address = await self._directory.office_email(instansi, _RECIPIENT[office])
        async with self._round.due(office, instansi, now) as due:
            if self._single is None or not is_address(address):
                done.unaddressed += len(due.lines)
                log.warning("tray_office_not_told", instansi=instansi, office=str(_RECIPIENT[office]))
                return
            assert address is not None  # noqa: S101 - it is one
            if await self._sent_to_office(self._single, address, office, instansi, due, now):
                await due.told(now)
                self._count(office, len(due.lines), done)
            else:
                done.postponed += len(due.lines)

    async def _sent_to_office(
        self, single: SingleLetters, address: str, office: TrayOffice, instansi: str, due: DueItems, now: datetime
    ) -> bool:
        if not due.lines:
            return True
        items = [WaitingItem(line.item, local_day(line.received_at), line.names) for line in due.lines]
        # The same letter again after a crash; another one on a later day, after an item was passed here and back.
        mark = f"tray/{office}/{instansi}/{local_day(now)}/{'-'.join(str(one.item) for one in items)}"
        said = office_letter(_RECIPIENT[office], items, self._lang)
        try:
            await single.send(said, address, instansi, self._lang, mark, to=_RECIPIENT[office])
        except LetterRefused as error:
            log.warning("tray_letter_refused", instansi=instansi, office=str(_RECIPIENT[office]), code=str(error))
            await due.put_off(now + REFUSED_FOR)
            return False
        except LetterPostponed:
            return False
        return True

    def _count(self, office: TrayOffice, items: int, done: TrayRoundResult) -> None:
        if office is TrayOffice.ADMINS:
            done.reminded += items
        else:
            done.escalated += items

    # --- Who wrote ---------------------------------------------------------------------------------------------------

    async def _answer_all(self, single: SingleLetters, now: datetime, done: TrayRoundResult) -> None:
        until, after = time.monotonic() + ROUND_SECONDS, 0
        while time.monotonic() < until:
            try:
                async with self._round.awaited_answer(after, now) as awaited:
                    if awaited is None:
                        return
                    after = awaited.item
                    await self._answer(single, awaited)
                done.answered += 1
            except LetterRefused:
                # There is no such mailbox, or it takes no letters of ours: asking again would not help.
                await self._round.unanswerable(after)
            except LetterPostponed:
                done.postponed += 1

    async def _answer(self, single: SingleLetters, awaited: AwaitedAnswer) -> None:
        if not is_address(awaited.sender):
            raise LetterRefused("address")
        said = answer_letter(local_day(awaited.received_at), self._lang)
        mark = f"tray/answer/{awaited.item}"
        await single.send(said, awaited.sender, awaited.instansi, self._lang, mark)
