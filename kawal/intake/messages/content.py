"""The content of one message, in the form common to all gateways, and how it is told in a report or a reply."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from kawal.domain.messages import Place
from kawal.domain.msgids import Message as Text
from kawal.domain.msgids import Sentence, msgid, sentence
from kawal.domain.process.commands import TEXT_LIMIT, TITLE_LIMIT
from kawal.intake.messages.no_complaint import remark_of

UNREADABLE = "\ufffd"
"""Stands where a character could not be read: a control character, half an emoji."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_TAG = re.compile(r"^[\s*_~#\[(\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]*([0-9]{7,9})\b[\s:,.*_~\])-]*")

_KINDS: dict[str, Text] = {
    "image": msgid("Photo without words"),
    "video": msgid("Video without words"),
    "audio": msgid("Voice message without words"),
}
_FILE = msgid("File without words")
_AT_GATEWAY = msgid("Attachment at the gateway: {what}")
_POINT = msgid("Location without words")


class Medium(NamedTuple):
    """A file that stayed with the gateway: where it is (an address, the gateway's own id) and what it is said to be."""

    where: str
    content_type: str = ""
    name: str = ""
    sticker: bool = False
    """Whether it shows nothing but a mood, like a thumb."""

    def __str__(self) -> str:
        """Return everything that is known of it, in one line."""
        known = [self.where, *([f"({self.content_type})"] if self.content_type else []), self.name]
        return " ".join(part for part in known if part)


class Message(NamedTuple):
    """One message as delivered by a gateway; `text` is as it came."""

    sender: str
    text: str
    message_id: str
    name: str | None = None
    """What the sender is called in the gateway's own directory."""
    media: Sequence[Medium] = ()
    place: Place | None = None
    signed: str = ""
    """What the gateway's signature covers, where it covers no time: it vouches for one message only."""
    written_at: datetime | None = None
    """When it was written, in UTC, where the gateway tells; it may be delivered days later."""

    @property
    def identity(self) -> str:
        """Identifies the message when it is delivered again: its id together with its sender and content.

        The id alone could be taken for another message, and nothing of that would be kept.
        """
        said = "\x00".join([self.sender, self.text, *map(str, self.media), str(self.place or "")])
        digest = hashlib.sha256(said.encode(errors="replace")).hexdigest()
        return f"{readable(self.message_id)[:100]}:{digest[:16]}"

    @property
    def words(self) -> str:
        """The sender's own words, readable."""
        return readable(self.text)

    @property
    def wordless(self) -> bool:
        """Whether nothing was sent, neither words nor files nor a place."""
        return not (self.words or self.media or self.place)


def readable(text: str) -> str:
    """Return a text that can be stored: what cannot be read is a mark in its place, for all to see."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROL.sub(UNREADABLE, _LINE_ENDS.sub("\n", whole)).strip()


def without_number(words: str, tracking_id: str) -> str:
    """Return the words without the report's number in front of them; any other number is left where it is."""
    tag = _TAG.match(words)
    return words[tag.end() :] or words if tag and tag[1] == tracking_id else words


def beside_the_words(message: Message) -> list[Sentence]:
    """Return a line for each file that stayed with the gateway, with all by which it is found, and for the place."""
    lines = [sentence(_AT_GATEWAY, what=readable(str(one))) for one in message.media]
    if message.place is None:
        return lines
    point = "" if message.place.latitude is None else f"{message.place.latitude}, {message.place.longitude}"
    where = " ".join(part for part in (point, readable(message.place.text)) if part)
    return [*lines, sentence(msgid("Location: {where}"), where=where)]


def kinds_of(media: Sequence[Medium]) -> Sentence:
    """Return what is said of the files in a report's text, which may become public: their kinds alone, no address."""
    kinds = dict.fromkeys(readable(one.content_type)[:100] or "?" for one in media)
    return sentence(_AT_GATEWAY, what=", ".join(kinds))


def nameless(message: Message) -> Text:
    """Return the title of a message without words."""
    if not message.media:
        return _POINT
    return _KINDS.get(message.media[0].content_type.partition("/")[0].lower(), _FILE)


def parts(text: str) -> Iterator[str]:
    """Yield a text in parts that a report or a reply can hold, cut between words: nothing of it is left out."""
    while len(text) > TEXT_LIMIT:
        cut = max(text.rfind("\n", 1, TEXT_LIMIT), text.rfind(" ", 1, TEXT_LIMIT))
        cut = cut if cut > TEXT_LIMIT // 2 else TEXT_LIMIT
        head, text = text[:cut].strip(), text[cut:].strip()
        if head:
            yield head
    if text:
        yield text


def title_of(text: str) -> str:
    """Return the beginning of the first line that says something, past a greeting, cut between words."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = next((line for line in lines if remark_of(line) is None), lines[0])
    if len(first) <= TITLE_LIMIT:
        return first
    return first[: TITLE_LIMIT - 1].rsplit(" ", 1)[0] + "…"
