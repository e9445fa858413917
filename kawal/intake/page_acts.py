"""What a reporter types on the report's own page: an answer, a verdict, a rating, what is to be hidden."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from kawal.domain.msgids import Sayable, msgid
from kawal.domain.names import CommandName
from kawal.domain.process.commands import NOTE_LIMIT, TEXT_LIMIT
from kawal.intake.messages.content import readable
from kawal.intake.page_form import KEY, too_long

_NO_WORDS = {
    CommandName.REPLY: msgid("Write your answer."),
    CommandName.DISPUTE: msgid("Write why you dispute it: what is still not done?"),
}
_NO_RATING = msgid("Choose one of the five.")
_NOTHING_TO_HIDE = msgid("Tick what is to be hidden.")

_LIMITS = {CommandName.REPLY: TEXT_LIMIT}
"""The most characters of the words; NOTE_LIMIT for every other act."""


class TypedAct(NamedTuple):
    """What one of the page's forms holds, as it was typed; `key` makes a form sent twice one act."""

    words: str = ""
    rating: str = ""
    anonim: bool = False
    rahasia: bool = False
    key: str = ""
    answers: str = ""
    """The number of the question's event that the form answers; "" for none."""

    @classmethod
    def of(cls, sent: Mapping[str, object]) -> Self:
        """Return what a form's fields hold; a field of another name counts for nothing."""
        typed = {name: readable(value) for name in cls._fields if isinstance(value := sent.get(name), str)}
        key, answers = typed.get("key", ""), typed.get("answers", "")
        return cls(
            words=typed.get("words", ""),
            rating=typed.get("rating", "")[:9],
            anonim=bool(typed.get("anonim")),
            rahasia=bool(typed.get("rahasia")),
            key=key if KEY.fullmatch(key) else "",
            answers=answers if answers.isdecimal() and len(answers) < 9 else "",
        )

    def fault(self, name: CommandName) -> Sayable | None:
        """Return what is wrong with it and what to do about it, None if nothing is."""
        if name in _NO_WORDS and not self.words:
            return _NO_WORDS[name]
        most = _LIMITS.get(name, NOTE_LIMIT)
        if len(self.words) > most:
            return too_long(most, len(self.words) - most)
        if self.rating not in _RATINGS or (name is CommandName.RATE and not self.rating):
            return _NO_RATING
        if name is CommandName.CONCEAL and not (self.anonim or self.rahasia):
            return _NOTHING_TO_HIDE
        return None

    def arguments(self, name: CommandName, files: list[str]) -> dict[str, Any]:
        """Return the command's arguments; it must be without fault."""
        rating = {"rating": int(self.rating)} if self.rating else {}
        match name:
            case CommandName.REPLY:
                return {"text": self.words, "files": files}
            case CommandName.DISPUTE:
                return {"why": self.words}
            case CommandName.RATE:
                return rating | ({"words": self.words} if self.words else {})
            case CommandName.CONCEAL:
                return {"anonim": self.anonim, "rahasia": self.rahasia}
        return rating


_RATINGS = frozenset(("", "1", "2", "3", "4", "5"))
