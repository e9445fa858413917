"""The meaning of one message: the beginning of a report, or more about one that its sender has written about.

To which report a message belongs is stored in the database before anything is done with it, so that a message delivered
again, even after a crash, does the same thing again, which is then already done.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import NamedTuple

from kawal.domain.messages import Report, Reporter
from kawal.domain.process.commands import TEXT_LIMIT, TITLE_LIMIT
from kawal.domain.refusals import Refusal
from kawal.intake.messages.gateways import Gateway
from kawal.intake.service import IntakeService
from kawal.store.conversations import Conversations

ONE_STORY = timedelta(minutes=30)
"""Messages of one sender within this time are about one report [P]: people tell a story in several messages."""

_NUMBER = re.compile(r"^\s*#?([0-9]{7,9})\b[\s:,.-]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Message(NamedTuple):
    """One message as delivered by a gateway."""

    sender: str
    text: str
    message_id: str


class Outcome(NamedTuple):
    """The result of a message; only the sender who begins a report is told the secret."""

    tracking_id: str
    new: bool
    secret: str | None = None


class Conversation:
    """Handles the messages of every gateway."""

    def __init__(self, intake: IntakeService, conversations: Conversations) -> None:
        """Submit and reply through `intake`; store in `conversations`."""
        self._intake = intake
        self._conversations = conversations

    async def take(self, gateway: Gateway, message: Message) -> Outcome:
        """Do what the message means; the same message again has the same outcome. Raises Refusal."""
        text = _clean(message.text)
        if not text or not message.sender.strip() or not message.message_id.strip():
            raise Refusal("malformed", detail="sender, text and id must not be empty")
        sender = await self._conversations.sender(message.sender)
        seen, tracking_id = await self._conversations.seen(gateway.name, message.message_id)
        if not seen:
            tracking_id = await self._conversations.note(
                gateway.name, message.message_id, await self._meant(sender, text)
            )
        if tracking_id is None:
            outcome = await self._begin(gateway, message, text)
        else:
            await self._intake.reply(
                tracking_id,
                _NUMBER.sub("", text) or text,
                channel=gateway.channel,
                idempotency_key=f"{gateway.name}:{message.message_id}"[:200],
            )
            outcome = Outcome(tracking_id, new=False)
        await self._conversations.wrote_about(sender, outcome.tracking_id)
        return outcome

    async def _meant(self, sender: bytes, text: str) -> str | None:
        named = _NUMBER.match(text)
        if named and await self._conversations.is_of(sender, named.group(1)):
            return named.group(1)
        return await self._conversations.open_one(sender, ONE_STORY)

    async def _begin(self, gateway: Gateway, message: Message, text: str) -> Outcome:
        flags, told = _flags(text)
        report = Report(
            title=_title(told),
            text=told,
            channel=gateway.channel,
            anonim="ANONIM" in flags,
            rahasia="RAHASIA" in flags,
            reporter=Reporter(phone=message.sender.strip()[:30]),
            external_id=f"{gateway.name}:{message.message_id}"[:200],
        )
        receipt = await self._intake.submit(report, instansi=gateway.instansi)
        return Outcome(receipt.tracking_id, new=True, secret=receipt.secret)


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()[:TEXT_LIMIT]


def _flags(text: str) -> tuple[set[str], str]:
    """Return which of the words ANONIM and RAHASIA stand on lines of their own, and the text without them."""
    lines = text.splitlines()
    flags = {line.strip().upper() for line in lines} & {"ANONIM", "RAHASIA"}
    told = "\n".join(line for line in lines if line.strip().upper() not in flags).strip()
    return flags, told or text


def _title(text: str) -> str:
    """Return the beginning of the first line, cut between words."""
    first = text.splitlines()[0].strip()
    if len(first) <= TITLE_LIMIT:
        return first
    return first[: TITLE_LIMIT - 1].rsplit(" ", 1)[0] + "…"
