"""How letters and messages come in and leave, for `/kelola/keadaan`: by how the last try went, not what is configured.

A mailbox or listener of which nothing is heard for LOOK_WITHIN is no longer looked after by any process.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from kawal.base.errors import SystemUnavailable
from kawal.base.settings import Settings
from kawal.console.pages.staff.administration.health_part import PartHealth, State, judged, too_long
from kawal.console.pages.staff.setup.trial_step import gateway_names, sends_letters
from kawal.domain.msgids import Message, Sayable, msgid, msgids, sentence
from kawal.store.conversations import Conversations
from kawal.store.health import RecordHealth
from kawal.store.last_tries import LISTENER, MAIL_SERVER, LastTry, mailbox_try

LOOK_WITHIN = timedelta(minutes=10)
"""More than the longest pause between two looks into a mailbox that is away."""

_MESSAGES_IN = msgid("Messages coming in")
_FAILED = msgid("The last try, at {at}, failed ({why}), as did each since {since}.")
_WAITS = msgid("The oldest waits since {at}.")
_START_UP = msgid("`kawal up` takes letters: see whether it runs, and with these settings.")


class WayIn(Protocol):
    """A mailbox or gateway of the installation, as it was configured when the program started."""

    @property
    def name(self) -> str:
        """How the operator calls it."""

    @property
    def instansi(self) -> str | None:
        """Whose it is; None where there is one agency."""


def letters_out(settings: Settings, record: RecordHealth, tries: Mapping[str, LastTry]) -> PartHealth:
    """Return how letters leave."""
    name = msgid("Letters going out")
    if not sends_letters(settings):
        return PartHealth(name, State.OFF, msgid("No mail server is configured."), msgid("Set KAWAL_SMTP_HOST."))
    server = tries.get(MAIL_SERVER)
    if server is not None and server.failing_since is not None:
        todo = msgid(
            "Letters wait, none is lost. See whether the mail server runs, and its log-in; send a test letter."
        )
        return PartHealth(name, State.TROUBLE, _failed(server), todo)
    well = not too_long(record.notice_due_since, record.now) and not record.notices_failed
    return judged(
        name,
        well,
        _waiting_letters(record),
        msgid("Send a test letter in the set-up: it says what the mail server answers. What failed: `kawal notices`."),
    )


def _waiting_letters(record: RecordHealth) -> Sayable:
    if record.notices_failed:
        failed = msgids("{count} letter could not be delivered.", "{count} letters could not be delivered.")
        return sentence(failed, count=record.notices_failed)
    if too_long(record.notice_due_since, record.now):
        return sentence(_WAITS, at=record.notice_due_since)
    if record.last_letter_at is None:
        return msgid("None was sent yet.")
    return sentence(msgid("The last one left at {at}."), at=record.last_letter_at)


def letters_in(
    mailboxes: Iterable[WayIn], port: int, instansi: str, tries: Mapping[str, LastTry], now: datetime
) -> list[PartHealth]:
    """Return how letters come in: by each mailbox of the agency, and by the listener (port 0: there is none)."""
    parts = [_mailbox(name, tries.get(mailbox_try(name)), now) for name in _names(mailboxes, instansi)]
    if port:
        parts.append(_listener(str(port), tries.get(LISTENER), now))
    off = PartHealth(msgid("Letters coming in"), State.OFF, msgid("Neither a mailbox nor the listener is configured."))
    return parts or [off]


def _mailbox(mailbox: str, last: LastTry | None, now: datetime) -> PartHealth:
    name = sentence(msgid("Letters coming in (mailbox {mailbox})"), mailbox=mailbox)
    if last is None:
        return PartHealth(name, State.UNKNOWN, msgid("Nobody has looked into it yet."), _START_UP)
    if now - last.tried_at > LOOK_WITHIN:
        nobody = sentence(msgid("Nobody has looked into it since {at}."), at=last.tried_at)
        return PartHealth(name, State.TROUBLE, nobody, _START_UP)
    if last.failing_since is not None:
        return PartHealth(name, State.TROUBLE, _failed(last), _mailbox_todo(last))
    return PartHealth(name, State.WELL, sentence(msgid("It was looked into at {at}."), at=last.tried_at))


def _mailbox_todo(last: LastTry) -> Message:
    if last.reason == "LoginRefused":
        return msgid("The mail server refuses user and password: they stand in mailboxes.toml.")
    return msgid("Letters wait in the mailbox. See the network and the mail server; then `mailbox_away` in the log.")


def _listener(port: str, last: LastTry | None, now: datetime) -> PartHealth:
    name = msgid("Letters coming in (listener)")
    if last is None:
        return PartHealth(name, State.UNKNOWN, sentence(msgid("Nobody has listened at port {port} yet."), port=port))
    if too_long(last.tried_at, now):
        nobody = sentence(msgid("Nobody has listened at port {port} since {at}."), port=port, at=last.tried_at)
        return PartHealth(name, State.TROUBLE, nobody, _START_UP)
    heard = sentence(msgid("It took letters at port {port} at {at}."), port=port, at=last.tried_at)
    return PartHealth(name, State.WELL, heard)


def messages_out(settings: Settings, instansi: str, record: RecordHealth) -> PartHealth:
    """Return how messages leave."""
    name, todo = msgid("Messages to telephones"), msgid("See whether the gateway answers; the log names it.")
    try:
        gateways = ", ".join(gateway_names(settings, instansi))
    except SystemUnavailable as error:
        return PartHealth(name, State.TROUBLE, error.sentence, todo)
    if not gateways:
        return PartHealth(name, State.OFF, msgid("No gateway is configured."))
    if record.message_fault is not None:
        failed = sentence(msgid("A message waits because its last try failed ({why})."), why=record.message_fault)
        return PartHealth(name, State.TROUBLE, failed, todo)
    if too_long(record.message_due_since, record.now):
        return PartHealth(name, State.TROUBLE, sentence(_WAITS, at=record.message_due_since), todo)
    return PartHealth(name, State.WELL, _messages_left(gateways, record.last_message_at))


def _messages_left(gateways: str, last: datetime | None) -> Sayable:
    if last is None:
        return sentence(msgid("They leave by: {gateways}. None was handed over yet."), gateways=gateways)
    told = msgid("They leave by: {gateways}. The last one was handed over at {at}.")
    return sentence(told, gateways=gateways, at=last)


async def messages_in(gateways: Iterable[WayIn], instansi: str, conversations: Conversations) -> PartHealth:
    """Return how messages come in. Gateways deliver them, so that nobody here knows of one that does not."""
    names = _names(gateways, instansi)
    if not names:
        return PartHealth(_MESSAGES_IN, State.OFF, msgid("No gateway is configured."))
    last = await conversations.last_seen(names)
    if last is None:
        todo = msgid("Write to the agency's number: if nothing comes, see what the gateway says of its webhook.")
        return PartHealth(_MESSAGES_IN, State.UNKNOWN, msgid("None has come yet."), todo)
    came = sentence(msgid("The last one came at {at}. Gateways deliver them by themselves."), at=last)
    return PartHealth(_MESSAGES_IN, State.WELL, came)


def _names(ways: Iterable[WayIn], instansi: str) -> list[str]:
    return [one.name for one in ways if one.instansi in (None, instansi)]


def _failed(last: LastTry) -> Sayable:
    return sentence(_FAILED, at=last.tried_at, why=last.reason, since=last.failing_since)
