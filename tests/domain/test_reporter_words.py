"""A reporter's first own line may be a command; anything else is a reply, and no word is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kawal.domain.names import CommandName
from kawal.domain.process.command_parser import parse
from kawal.domain.process.commands import NOTE_LIMIT
from kawal.domain.reporter_words import in_own_words, read_words
from tests.domain.lives import REPORTER, Life

ACCEPT, DISPUTE, RATE = CommandName.ACCEPT, CommandName.DISPUTE, CommandName.RATE
CONCEAL, REPLY = CommandName.CONCEAL, CommandName.REPLY


@pytest.mark.parametrize(
    ("words", "command", "arguments", "rest"),
    [
        ("TERIMA", ACCEPT, {}, ""),
        ("  terima  \n", ACCEPT, {}, ""),
        ("TERIMA 5", ACCEPT, {"rating": 5}, ""),
        ("TERIMA  1\nTerima kasih banyak.", ACCEPT, {"rating": 1}, "Terima kasih banyak."),
        ("*TERIMA*", ACCEPT, {}, ""),
        ("\ufeffTERIMA\u200b 5\u2060", ACCEPT, {"rating": 5}, ""),
        ("ＴＥＲＩＭＡ\xa0５", ACCEPT, {"rating": 5}, ""),
        ("TERIMA 5\ufe0f\u20e3", ACCEPT, {"rating": 5}, ""),
        ("NILAI 4", RATE, {"rating": 4}, ""),
        ("NILAI 2\nLambat sekali", RATE, {"rating": 2, "words": "Lambat sekali"}, "Lambat sekali"),
        ("SANGGAH", DISPUTE, {"why": "SANGGAH"}, ""),
        ("SANGGAH belum diperbaiki", DISPUTE, {"why": "belum diperbaiki"}, "belum diperbaiki"),
        ("Sanggah: lampu\nmasih padam", DISPUTE, {"why": "lampu\nmasih padam"}, "lampu\nmasih padam"),
        ("*SANGGAH* belum diperbaiki", DISPUTE, {"why": "belum diperbaiki"}, "belum diperbaiki"),
        ("\u200e_SANGGAH_\u200b: belum", DISPUTE, {"why": "belum"}, "belum"),
        ("**RAHASIAKAN**", CONCEAL, {"anonim": True, "rahasia": True}, ""),
        ("RAHASIAKAN", CONCEAL, {"anonim": True, "rahasia": True}, ""),
        ("rahasiakan laporan saya", CONCEAL, {"anonim": True, "rahasia": True}, ""),
        ("RAHASIAKAN laporan nomor 1234567", CONCEAL, {"anonim": True, "rahasia": True}, ""),
        ("ANONIMKAN #1234567", CONCEAL, {"anonim": True}, ""),
        ("ANONIMKAN\nNomor 12.", CONCEAL, {"anonim": True}, "Nomor 12."),
        ("Anonimkan nama saya ya, pak", CONCEAL, {"anonim": True}, ""),
        ("ANONIMKAN saya. Kades minta uang", CONCEAL, {"anonim": True}, "saya. Kades minta uang"),
    ],
)
def test_the_first_own_line_can_be_a_command(
    words: str, command: CommandName, arguments: dict[str, object], rest: str
) -> None:
    assert read_words(words) == (command, arguments, rest)


@pytest.mark.parametrize(
    "words",
    [
        "Terima kasih, tapi lampu masih padam",
        "TERIMA KASIH",
        "TERIMA 6",
        "TERIMA 0",
        "TERIMA lima",
        "TERIMA5",
        "TERIMA.",
        "NILAI",
        "NILAI 9",
        "nilai saya jelek",
        "SANGGAHAN saya terlampir",
        "RAHASIA",
        "Rahasiakanlah",
        "ANONIM",
        "Saya SANGGAH",
        "> TERIMA",
    ],
)
def test_anything_else_is_a_reply_with_all_its_words(words: str) -> None:
    assert read_words(words) == (REPLY, {"text": words}, words)


SAYS_NOTHING = re.compile(r"[:;,.!–—\-*_~\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\u20e3\ufe0e\ufe0f\ufeff]*")
"""What may stand between a command and its words: points, signs of bold and italics, what nobody sees."""


def _bare(words: str) -> str:
    """Return words without what may stand between a command and them, and without the white space."""
    return SAYS_NOTHING.sub("", "".join(words.split()), count=1)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip), st.integers(0, 5))
@example("_", 3)
def test_whatever_follows_a_command_it_can_be_given_and_nothing_is_lost(more: str, which: int) -> None:
    keyword = ("TERIMA\n", "TERIMA 3\n", "NILAI 3\n", "SANGGAH ", "SANGGAH\n", "ANONIMKAN\n")[which]
    said = read_words(keyword + more)
    parse(Life().command(said.command, REPORTER, **said.arguments))
    kept = said.rest if said.command is not REPLY else str(said.arguments["text"])
    assert _bare(more) in _bare(kept)


def test_a_ground_longer_than_a_note_is_kept_besides() -> None:
    said = read_words("SANGGAH " + "lampu padam " * 500)
    assert len(str(said.arguments["why"])) == NOTE_LIMIT
    assert len(said.rest) > NOTE_LIMIT


@pytest.mark.parametrize(
    "words",
    [
        "TERIMA",
        "TERIMA 5",
        "NILAI 4",
        "NILAI 2\nLambat sekali",
        "SANGGAH",
        "SANGGAH belum\ndiperbaiki",
        "RAHASIAKAN",
        "ANONIMKAN",
        "Di depan kios 12",
    ],
)
def test_a_command_in_the_reporters_own_words_reads_as_that_command(words: str) -> None:
    said = read_words(words)
    assert in_own_words(said.command, said.arguments) == words
