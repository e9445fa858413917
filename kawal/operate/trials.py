"""A test letter and a test message: sent at once, by the way on which notices leave, and on record.

That the server or the gateway took it does not say that it arrived.
"""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import UTC, datetime
from uuid import uuid4

from pydantic import BaseModel

from activities.mail import (
    LetterPostponed,
    LetterRefused,
    MailServerRefusesUs,
    MailServerUnavailable,
    MailSettings,
    is_address,
)
from activities.single_letters import SingleLetters
from kawal.desks.agency_arguments import TryLetter, TryMessage
from kawal.desks.gateways import KIND, trial_words
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.contacts import phone_number
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.notices import Recipient
from kawal.domain.refusals import Refusal
from kawal.gateways.choice import Way, way_for, ways_of
from kawal.gateways.connection import GatewayUnavailable, gateway_connection
from kawal.gateways.outgoing import outgoing_gateways_of
from kawal.gateways.shapes import Outcome, OutgoingText
from kawal.wording.catalogues import say
from kawal.wording.letters import Letter

_SUBJECT = msgid("Test letter from Kawal")
_TEXT = msgid("This is a test letter. If you read it, letters of this agency reach you. There is nothing to do.")

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


class TrialResult(BaseModel):
    """A test letter or message that was taken."""

    instansi: str
    how: str
    """`letter` or `message`."""


async def try_letter(desk: Desk, given: TryLetter) -> TrialResult:
    """Send a test letter in the agency's name; refused with why it did not leave."""
    instansi = await desk.authorised(Act.SET_UP)
    return await _tried(desk, instansi, "letter", given.address, _letter(desk, instansi, given.address))


async def try_message(desk: Desk, given: TryMessage) -> TrialResult:
    """Send a test message in the agency's name; refused with why it did not leave."""
    instansi = await desk.authorised(Act.SET_UP)
    return await _tried(desk, instansi, "message", given.phone, _message(desk, instansi, given.phone))


async def _tried(desk: Desk, instansi: str, how: str, to: str, sent: Awaitable[Sayable | None]) -> TrialResult:
    why = await sent
    told = {"what": "trial_sent", "instansi": instansi, "how": how, "sent": why is None}
    await desk.complaints.authority.done(desk.actor, Act.SET_UP, told, words={"to": to})
    if why is not None:
        raise Refusal("trial_not_sent", why=why)
    return TrialResult(instansi=instansi, how=how)


async def _letter(desk: Desk, instansi: str, address: str) -> Sayable | None:
    """Send a letter; return why it did not leave, None if the server took it."""
    settings = desk.complaints.settings
    mail, lang = MailSettings.of(settings), settings.lang
    if mail is None:
        return _NO_SERVER
    if not is_address(address):
        return _BAD_ADDRESS
    single = SingleLetters(desk.complaints.pool, mail)
    letter = Letter(say(lang, _SUBJECT), f"{say(lang, _TEXT)}\n")
    try:
        await single.send(letter, address, instansi, lang, f"trial/{uuid4()}", to=Recipient.ADMIN)
    except MailServerUnavailable as error:
        return sentence(_SERVER_AWAY, why=str(error))
    except MailServerRefusesUs as error:
        return sentence(_SERVER_REFUSES, why=str(error))
    except (LetterRefused, LetterPostponed) as error:
        return sentence(_LETTER_REFUSED, why=str(error))
    return None


async def _message(desk: Desk, instansi: str, phone: str) -> Sayable | None:
    """Send a message; return why it did not leave, None if the gateway took it."""
    complaints, settings, number = desk.complaints, desk.complaints.settings, phone_number(phone)
    ways = ways_of(list(outgoing_gateways_of(settings.home).values()), instansi, None)
    if number is None:
        return _BAD_NUMBER
    if not ways:
        return _NO_GATEWAY
    words, now = await trial_words(desk, instansi), datetime.now(UTC)
    way = await way_for(ways, KIND, number, words, {}, complaints.record.outgoing_messages.last_written, now)
    if isinstance(way, str):
        return sentence(_NO_WAY, why=way)
    return await _handed_over(way, number, words, now)


async def _handed_over(way: Way, number: str, words: str, now: datetime) -> Sayable | None:
    text = OutgoingText(uuid4().hex, number, words, way.template)
    try:
        async with gateway_connection() as connection:
            answer = await connection.send(way.gateway, text, now)
    except GatewayUnavailable as error:
        return sentence(_GATEWAY_AWAY, gateway=way.gateway.name, why=str(error))
    if answer.outcome is Outcome.ACCEPTED:
        return None
    return sentence(_MESSAGE_REFUSED, gateway=way.gateway.name, why=answer.code)
