"""Messages as the code names them: English msgids, which the catalogues of `kawal/locale` translate.

`make messages` finds every call of `msgid`, `msgids` and `msgid_in` and adds it to the catalogues; `kawal.wording`
translates them. Nothing here depends on a language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias


class Message(NamedTuple):
    """A translatable message: the English text, its plural, and a context to tell it from equal English elsewhere."""

    one: str
    many: str | None = None
    """The plural form, if any, which the placeholder `count` selects."""
    context: str | None = None

    def __str__(self) -> str:
        """Return the English text with its placeholders unfilled."""
        return self.one


class Sentence(NamedTuple):
    """A message and what fills its places; a place may hold a message, a sentence, or a list of them."""

    message: Message
    places: Mapping[str, object]

    def __str__(self) -> str:
        """Return the sentence in English, for logs and for callers that have no language."""
        plural = self.message.many is not None and self.places.get("count") not in (1, "1")
        text = self.message.many if plural else self.message.one
        return str(text).format(**{name: _in_english(value) for name, value in self.places.items()})


def _in_english(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, list) else value


Sayable: TypeAlias = Message | Sentence
"""Anything that `kawal.wording` can translate."""


def msgid(text: str) -> Message:
    """Mark an English text as one that the catalogues translate."""
    return Message(text)


def msgids(one: str, many: str) -> Message:
    """Mark a text that has a plural; its placeholder `count` is the number."""
    return Message(one, many)


def msgid_in(context: str, text: str) -> Message:
    """Mark a text whose translation differs from that of the same English elsewhere."""
    return Message(text, context=context)


def verbatim(text: str) -> Sentence:
    """Return foreign text as it is in every language; braces in it are not placeholders."""
    return Sentence(msgid("{text}"), {"text": text})


def sentence(message: Message, /, **places: object) -> Sentence:
    """Return a message with its placeholders filled."""
    return Sentence(message, places)
