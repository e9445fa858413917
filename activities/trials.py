"""A test letter and a test message: sent at once, by the way on which notices leave, and what came of it in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg

from activities.mail import (
    LetterPostponed,
    LetterRefused,
    MailServerRefusesUs,
    MailServerUnavailable,
    MailSettings,
    is_address,
)
from activities.single_letters import SingleLetters
from kawal.base.settings import Settings
from kawal.domain.contacts import phone_number
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.notices import Recipient
from kawal.gateways.choice import way_for, ways_of
from kawal.gateways.connection import GatewayUnavailable, gateway_connection
from kawal.gateways.outgoing import OutgoingGateway, outgoing_gateways_of
from kawal.gateways.shapes import Outcome, OutgoingText
from kawal.store.outgoing_messages import OutgoingMessages
from kawal.wording.catalogues import say
from kawal.wording.letters import Letter

KIND = "trial"
"""The kind of a test message, by which a gateway's template for any kind is found."""

_SUBJECT = msgid("Test letter from Kawal")
_TEXT = msgid("This is a test letter. If you read it, letters of this agency reach you. There is nothing to do.")
_WORDS = msgid("Kawal: this is a test message of {agency}. There is nothing to do.")

_NO_SERVER = msgid("No mail server is configured: letters stay in the outbox. Whoever runs the machine sets it.")
_BAD_ADDRESS = msgid("That is not an e-mail address.")
_SERVER_AWAY = msgid("The mail server cannot be reached now ({why}).")
_SERVER_REFUSES = msgid("The mail server does not let this installation send ({why}): check its log-in and sender.")
_LETTER_REFUSED = msgid("The mail server did not take the letter ({why}).")
_BAD_NUMBER = msgid("That is not a telephone number.")
_NO_GATEWAY = msgid("No gateway sends messages for this agency. Whoever runs the machine sets one.")
_NO_WAY = msgid("No gateway takes a message like this now ({why}).")
_GATEWAY_AWAY = msgid("The gateway “{gateway}” cannot be reached now ({why}).")
_MESSAGE_REFUSED = msgid("The gateway “{gateway}” did not take the message ({why}).")


class Trials:
    """Sends what only shows that it arrives; each method returns why it did not leave, None if it did."""

    def __init__(self, pool: asyncpg.Pool, messages: OutgoingMessages, settings: Settings) -> None:
        """Send as notices are sent with these settings; `messages` knows who wrote to a gateway lately."""
        mail = MailSettings.of(settings)
        self._single = None if mail is None else SingleLetters(pool, mail)
        self._messages = messages
        self._home = settings.home

    @property
    def sends_letters(self) -> bool:
        """Whether a mail server is configured."""
        return self._single is not None

    def gateways(self, instansi: str) -> Sequence[OutgoingGateway]:
        """Return the gateways that serve an agency's reporters; raises SystemUnavailable for an unreadable file."""
        return ways_of(list(outgoing_gateways_of(self._home).values()), instansi, None)

    async def letter(self, address: str, instansi: str, lang: str) -> Sayable | None:
        """Send a letter in an agency's name; that the server took it does not say that it arrived."""
        if self._single is None:
            return _NO_SERVER
        if not is_address(address):
            return _BAD_ADDRESS
        letter = Letter(say(lang, _SUBJECT), f"{say(lang, _TEXT)}\n")
        try:
            await self._single.send(letter, address, instansi, lang, f"trial/{uuid4()}", to=Recipient.ADMIN)
        except MailServerUnavailable as error:
            return sentence(_SERVER_AWAY, why=str(error))
        except MailServerRefusesUs as error:
            return sentence(_SERVER_REFUSES, why=str(error))
        except (LetterRefused, LetterPostponed) as error:
            return sentence(_LETTER_REFUSED, why=str(error))
        return None

    async def message(self, phone: str, instansi: str, agency: str, lang: str) -> Sayable | None:
        """Send a message in the name of an agency; that the gateway took it does not say that it arrived."""
        number, ways, now = phone_number(phone), self.gateways(instansi), datetime.now(UTC)
        if number is None:
            return _BAD_NUMBER
        if not ways:
            return _NO_GATEWAY
        words = say(lang, _WORDS, agency=agency)
        way = await way_for(ways, KIND, number, words, {}, self._messages.last_written, now)
        if isinstance(way, str):
            return sentence(_NO_WAY, why=way)
        try:
            async with gateway_connection() as connection:
                text = OutgoingText(uuid4().hex, number, words, way.template)
                answer = await connection.send(way.gateway, text, now)
        except GatewayUnavailable as error:
            return sentence(_GATEWAY_AWAY, gateway=way.gateway.name, why=str(error))
        if answer.outcome is Outcome.ACCEPTED:
            return None
        return sentence(_MESSAGE_REFUSED, gateway=way.gateway.name, why=answer.code)
