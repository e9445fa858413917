"""Single letters: written in an agency's name, and sent by a connection of their own."""

from __future__ import annotations

from activities.mail import MailSettings, mail_connection, message
from kawal.domain.msgids import Message
from kawal.domain.notices import Recipient
from kawal.store.directory import Directory
from kawal.wording.letters import Envelope, Letter, in_envelope


class SingleLetters:
    """Sends letters that nobody can answer."""

    def __init__(self, directory: Directory, mail: MailSettings) -> None:
        """Send by `mail`, signed with the agencies' names in `directory`."""
        self._directory = directory
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
        enveloped = in_envelope(said, Envelope(to, name, name, answered=False), lang, salutation)
        async with mail_connection(self._mail) as connection:
            await connection.send(message(enveloped, address, self._mail, mark, lang, instansi=instansi))
