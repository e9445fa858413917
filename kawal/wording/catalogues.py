"""The catalogues of `kawal/locale`: translation of messages into Indonesian or English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Literal

from kawal.domain.msgids import Message, Sentence
from kawal.wording.counts import COUNTS

Lang = Literal["id", "en"]
LANGS: tuple[Lang, ...] = ("id", "en")
LOCALE = Path(__file__).parents[1] / "locale"
DOMAIN = "kawal"


def lang_of(text: str | None) -> Lang:
    """Return the language that a setting or a header names; anything that is not English means Indonesian."""
    return "en" if (text or "").strip().lower().startswith("en") else "id"


def say(lang: str, what: Message | Sentence, /, **places: object) -> str:
    """Return a message in the reader's language with its placeholders filled; `count` selects the plural.

    A place may be given a message, a sentence, a list of them, a day or an instant, and a place of COUNTS a number: all
    are said in the same language.

    Raises KeyError for a placeholder without a value.
    """
    if isinstance(what, Sentence):
        return say(lang, what.message, **what.places, **places)
    if not places:
        return _said_alone(lang, what)
    text = _translated(lang, what, places)
    return text.format(**{name: _filling(lang, name, value) for name, value in places.items()})


@lru_cache(4096)
def _said_alone(lang: str, message: Message) -> str:
    """Return a message without places: a page says the same few of them hundreds of times."""
    return _translated(lang, message, {}).format()


def texts(lang: str, messages: Iterable[Message]) -> dict[Message, str]:
    """Return each message's text in a language, placeholders unfilled, for code that cannot read a catalogue."""
    return {message: _translated(lang, message, {"count": 2}) for message in messages}


def _translated(lang: str, message: Message, places: Mapping[str, object]) -> str:
    catalogue = _catalogue(lang_of(lang))
    if message.many is not None:
        return catalogue.ngettext(message.one, message.many, int(str(places["count"])))
    if message.context is not None:
        return catalogue.pgettext(message.context, message.one)
    return catalogue.gettext(message.one)


def _filling(lang: str, name: str, value: object) -> object:
    if isinstance(value, (Message, Sentence)):
        return say(lang, value)
    if isinstance(value, list):
        return ", ".join(str(_filling(lang, name, one)) for one in value)
    if isinstance(value, datetime):
        from kawal.wording.dates import show_long_instant

        return show_long_instant(value, lang)
    if type(value) is date:
        from kawal.wording.dates import show_long_day  # which says its own words by this module

        return show_long_day(value, lang)
    if name in COUNTS and type(value) is int:
        return say(lang, COUNTS[name], count=value)
    return value


@cache
def _catalogue(lang: Lang) -> GNUTranslations:
    with (LOCALE / lang / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as compiled:
        return GNUTranslations(compiled)
