"""Single letters: written in an agency's name, and sent by a connection of their own."""

from __future__ import annotations

from datetime import UTC, datetime

import asyncpg

from activities.mail import MailServerRefusesUs, MailServerUnavailable, MailSettings, mail_connection, message
from kawal.domain.msgids import Message
from kawal.domain.notices import Recipient
from kawal.store.directory import Directory
from kawal.store.last_tries import MAIL_SERVER, LastTries
from kawal.store.letter_texts import LetterTexts
from kawal.wording.letters import Envelope, Letter, in_envelope


class SingleLetters:
    """Sends letters that nobody can answer."""

    def __init__(self, pool: asyncpg.Pool, mail: MailSettings) -> None:
        """Send by `mail`, signed with the agencies' names and their own words in `pool`."""
        self._directory = Directory(pool)
        self._texts = LetterTexts(pool)
        self._tries = LastTries(pool)
        self._mail = mail

    async def send(
        self,
        said: Letter,
        address: str,
        instansi: str,
        lang: str,
        mark: str,
        *,
        to: Recipient = Recipient.REPORTER,
        salutation: Message | None = None,
    ) -> None:
        """Send a letter; `mark` names it, so that sent again after a crash it has the same Message-ID.

        Raises LetterPostponed, LetterRefused, MailServerRefusesUs or MailServerUnavailable.
        """
        agency = await self._directory.instansi(instansi)
        name = instansi if agency is None else agency.name
        own = await self._texts.words(instansi, "", lang, datetime.now(UTC), number="", agency=name)
        enveloped = in_envelope(said, Envelope(to, name, name, answered=False, own=own), lang, salutation)
        mail = message(enveloped, address, self._mail, mark, lang, instansi=instansi)
        async with (
            self._tries.failures(MAIL_SERVER, MailServerUnavailable, MailServerRefusesUs),
            mail_connection(self._mail) as connection,
        ):
            await connection.send(mail)
            await self._tries.note(MAIL_SERVER, None)
