"""The form of a letter's wording, and sentences that several letters share."""

from __future__ import annotations

from typing import NamedTuple

from kawal.domain.msgids import Message, msgid


class Words(NamedTuple):
    """The wording of one kind of notice. The subject contains the number and never what people wrote."""

    subject: Message
    body: tuple[Message, ...]
    act: tuple[Message, ...] = ()
    """What the reporter can do, by whatever channel."""
    by_reply: tuple[Message, ...] = ()
    """How that is done by replying to the letter, where a reply reaches the report."""


RATE_BY_REPLY = msgid("To rate it, reply with the first line NILAI and a number from 1 to 5, for example: NILAI 4.")

NO_ANSWER_NEEDED = msgid("The question about {report} needs no answer any more.")
