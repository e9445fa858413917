"""What a reporter says by letter or message: the first own line may be a command, and anything else is a reply.

Exactly TERIMA, TERIMA 1-5 or NILAI 1-5, or beginning with the word SANGGAH, RAHASIAKAN or ANONIMKAN (rule "The
reporter's say"). "Terima kasih, tapi ..." is a reply.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, NamedTuple

from kawal.domain.names import CommandName
from kawal.domain.process.commands import NOTE_LIMIT
from kawal.domain.report_numbers import is_number

_DRESS = r"[*_~\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\u20e3\ufe0e\ufe0f\ufeff]"
"""Signs of bold and italics, and characters that nobody sees: programs put them around a word, and they say nothing."""

_VERDICT = re.compile(r"(?P<word>TERIMA|NILAI)(?:\s+(?P<rating>[1-5]))?", re.IGNORECASE)
_BEGINNING = re.compile(
    rf"{_DRESS}*(?P<word>SANGGAH|RAHASIAKAN|ANONIMKAN)(?![^\W_])(?:[\s:;,.!–—-]|{_DRESS})*", re.IGNORECASE
)
_HIDES: dict[str, dict[str, Any]] = {
    "RAHASIAKAN": {"anonim": True, "rahasia": True},
    "ANONIMKAN": {"anonim": True},
}
_WHAT_IS_HIDDEN = frozenset(
    ("laporan", "pengaduan", "aduan", "saya", "kami", "ini", "itu", "nama", "identitas", "nomor", "data", "semua", "ya")
) | frozenset(("tolong", "mohon", "dong", "pak", "bu", "min", "admin"))

_WHY_UNSAID = "SANGGAH"
"""The ground of a dispute that gives none: the reporter's own word."""


class SpokenWords(NamedTuple):
    """A reporter's words: the command that they give, and what else they say."""

    command: CommandName
    arguments: dict[str, Any]
    rest: str
    """The own words besides the command; for a reply all of them. "" where the command stands alone."""


def read_words(words: str) -> SpokenWords:
    """Return what a reporter's own words (without quotations and signature) say."""
    plain = words.strip()
    first, _, others = plain.partition("\n")
    verdict = _VERDICT.fullmatch(re.sub(_DRESS, "", unicodedata.normalize("NFKC", first)).strip())
    if verdict is not None and (verdict["rating"] or verdict["word"].upper() == "TERIMA"):
        return _verdict(verdict, others.strip())
    beginning = _BEGINNING.match(first.strip())
    if beginning is None:
        return SpokenWords(CommandName.REPLY, {"text": plain}, plain)
    word = beginning["word"].upper()
    if word in _HIDES:
        hidden = first.strip()[beginning.end() :]
        # "RAHASIAKAN laporan saya": words that only say what is to be hidden are no words besides, nor is its number.
        said = {word for word in re.findall(r"\w+", hidden.casefold()) if not is_number(word)}
        besides = "" if said <= _WHAT_IS_HIDDEN else hidden
        return SpokenWords(CommandName.CONCEAL, dict(_HIDES[word]), f"{besides}\n{others}".strip())
    rest = f"{first.strip()[beginning.end() :]}\n{others}".strip()
    return SpokenWords(CommandName.DISPUTE, {"why": rest[:NOTE_LIMIT] or _WHY_UNSAID}, rest)


def _verdict(said: re.Match[str], rest: str) -> SpokenWords:
    rating = int(said["rating"]) if said["rating"] else None
    if said["word"].upper() == "TERIMA":
        return SpokenWords(CommandName.ACCEPT, {} if rating is None else {"rating": rating}, rest)
    return SpokenWords(CommandName.RATE, {"rating": rating} | ({"words": rest[:NOTE_LIMIT]} if rest else {}), rest)


def in_own_words(command: CommandName, arguments: dict[str, Any]) -> str:
    """Return a reporter's command as the reporter would write it: what `read_words` reads."""
    rating = arguments.get("rating") or ""
    match command:
        case CommandName.ACCEPT:
            return f"TERIMA {rating}".strip()
        case CommandName.RATE:
            return f"NILAI {rating}\n{arguments.get('words') or ''}".strip()
        case CommandName.DISPUTE:
            why = str(arguments["why"])
            return why if why == _WHY_UNSAID else f"SANGGAH {why}"
        case CommandName.CONCEAL:
            return "RAHASIAKAN" if arguments.get("rahasia") else "ANONIMKAN"
    return str(arguments["text"])
