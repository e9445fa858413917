"""The round of the supports: those of reports that are no longer public end, and supporters are written to.

A letter is noted when it is out, within the transaction that holds what it tells: what is interrupted in between is
sent again under the same Message-ID.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

import asyncpg
from temporalio import activity

from activities.mail import LetterPostponed, LetterRefused, MailSettings, is_address, mail_server_errors
from activities.single_letters import SingleLetters
from activities.unavailable import application_errors
from kawal.domain.calendar import local_day
from kawal.domain.supports import SupportRoundResult
from kawal.store.data_keys import DataKeyStore
from kawal.store.support_round import NewsLetter, SupportRound
from kawal.store.supports import SupportRows
from kawal.wording.letters import Letter
from kawal.wording.support_letters import SALUTATION, SupportLine, invitation_letter, news_letter, support_link

ROUND_SECONDS = 45.0
"""After this long a round writes to nobody more; the next round continues."""


class SupportStep:
    """The activity `attend_supports`."""

    def __init__(
        self, pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings | None, public_url: str | None
    ) -> None:
        """Attend to the supports of `pool`, writing by `mail`; without it, or an address for the links, nobody is."""
        self._round = SupportRound(pool, keys)
        self._supports = SupportRows(pool, keys)
        self._single = None if mail is None else SingleLetters(pool, mail)
        self._public_url = public_url

    @activity.defn(name="attend_supports")
    async def attend_supports(self) -> SupportRoundResult:
        """End what is no longer public, forget unconfirmed addresses, and write to supporters.

        Errors: MailServerUnavailable, DatabaseUnavailable and KeyUnavailable (retryable), MailServerRefusesUs (not
        retryable: the configuration has to change). Whoever was not told is told by the next round.
        """
        with mail_server_errors(), application_errors():
            return await self.attend(datetime.now(UTC))

    async def attend(self, now: datetime) -> SupportRoundResult:
        """Attend to the supports as of an instant; raises the original errors."""
        done = SupportRoundResult(
            ended=await self._supports.end_hidden(now), forgotten=await self._supports.forget_unconfirmed(now)
        )
        if self._single is not None and self._public_url is not None:
            until = time.monotonic() + ROUND_SECONDS
            await self._invite(self._single, self._public_url, now, until, done)
            await self._tell(self._single, self._public_url, now, until, done)
        return done

    async def _invite(
        self, single: SingleLetters, public_url: str, now: datetime, until: float, done: SupportRoundResult
    ) -> None:
        after = ("", b"")
        while time.monotonic() < until:
            try:
                async with self._round.invitation(after, now) as asked:
                    if asked is None:
                        return
                    after = (asked.tracking_id, asked.browser_mac)
                    said = invitation_letter(asked.tracking_id, support_link(public_url, asked.token), asked.lang)
                    mark = f"support/invitation/{asked.token}/{local_day(now)}"
                    # A mailbox that takes no letters of ours is not asked again: its address is forgotten in time.
                    if await self._sent(single, said, asked.address, asked.instansi, asked.lang, mark):
                        done.invited += 1
            except LetterPostponed:
                done.postponed += 1

    async def _tell(
        self, single: SingleLetters, public_url: str, now: datetime, until: float, done: SupportRoundResult
    ) -> None:
        for owner, instansi in await self._round.owners(now):
            if time.monotonic() > until:
                return
            try:
                async with self._round.news(owner, instansi, now) as letter:
                    if letter is not None and await self._told(single, public_url, letter):
                        done.told += 1
            except LetterPostponed:
                done.postponed += 1

    async def _told(self, single: SingleLetters, public_url: str, letter: NewsLetter) -> bool:
        lines = [
            SupportLine(one.tracking_id, one.about, one.status, one.since, support_link(public_url, one.token))
            for one in letter.news
        ]
        said = news_letter(lines, letter.lang)
        return await self._sent(single, said, letter.address, letter.instansi, letter.lang, letter.mark)

    async def _sent(
        self, single: SingleLetters, said: Letter, address: str, instansi: str, lang: str, mark: str
    ) -> bool:
        """Send one letter; return False for an address that takes none."""
        if not is_address(address):
            return False
        try:
            await single.send(said, address, instansi, lang, mark, salutation=SALUTATION)
        except LetterRefused:
            return False
        return True
