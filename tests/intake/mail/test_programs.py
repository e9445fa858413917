"""What is read of the letters that mail programs write: all words, all files, and of replies the writer's own words."""

from __future__ import annotations

import pytest

from kawal.intake.mail.letter import ReceivedLetter, read_aside, taken
from tests.intake.mail.gateways import (
    exchange_group,
    exchange_rule,
    mms,
    pgp,
    scanner,
    smime,
    smime_opaque,
    tickets,
    uuencoded,
    web_form,
)
from tests.intake.mail.letter_pieces import PDF, PLACES, QUESTIONS, Program, Said
from tests.intake.mail.programs import apple_desk, apple_phone, gmail, outlook_classic, outlook_new, thunderbird, yahoo

PROGRAMS = {
    "Gmail": Program(gmail, PLACES, "IMG_2022010{}.jpg"),
    "Outlook classic": Program(outlook_classic, PLACES, "foto – {}.jpg"),
    "Outlook new": Program(outlook_new, ("report", "above"), "Gambar {}.jpg"),
    "Exchange rule": Program(exchange_rule, ("report",), "IMG_2022010{}.jpg"),
    "Exchange group": Program(exchange_group, PLACES, "image{}.jpeg"),
    "Apple Mail on a telephone": Program(apple_phone, PLACES, "IMG_000{}.JPG"),
    "Apple Mail on a desk": Program(apple_desk, PLACES, "lubang {}.jpg", (("surat.pdf", PDF),)),
    "Thunderbird": Program(thunderbird, PLACES, "foto “lubang” {}.jpg"),
    "Yahoo": Program(yahoo, ("report", "above"), "2022010{}_100000.jpg"),
    "scanner": Program(scanner, ("report",), "SKM_{}.jpg", (("SKM_C2.pdf", PDF),)),
    "MMS gateway": Program(mms, ("report",), "image{}.jpg", (("smil.xml", b"<smil><body/></smil>\r\n"),)),
    "web form": Program(web_form, ("report",), "unggahan{}.jpg"),
    "ticket system": Program(tickets, PLACES, "tiket-{}.jpg"),
    "S/MIME beside": Program(smime, PLACES, "bukti{}.jpg"),
    "S/MIME around": Program(smime_opaque, PLACES, "bukti{}.jpg"),
    "OpenPGP": Program(pgp, PLACES, "bukti{}.jpg"),
    "uuencode": Program(uuencoded, ("report",), "FOTO{}.JPG"),
}

COMBINATIONS = [
    (name, Said(lang, place, photos))
    for name, program in PROGRAMS.items()
    for place in program.places
    for lang in ("id", "en")
    for photos in (0, 2)
]


def read(content: bytes) -> ReceivedLetter:
    """Read a letter as the reading process does, and take its answer."""
    return taken(*read_aside({}, [content]))


def flat(text: str) -> str:
    """Return a text in one line."""
    return " ".join(text.split())


@pytest.mark.parametrize(("name", "said"), COMBINATIONS, ids=str)
def test_nothing_of_a_programs_letter_is_lost(name: str, said: Said) -> None:
    program = PROGRAMS[name]
    letter = read(program.write(said))
    text = flat(letter.text)
    assert flat(" ".join(said.words)) in text or all(words in text for words in said.words)
    assert text.count(said.words[1]) == 1
    assert "\ufffd" not in letter.text
    files = {(file.name, file.content) for file in letter.files if not file.name.startswith("text_")}
    assert files == {*said.named(program.photo), *program.extra}
    assert letter.left_out == []
    assert letter.answers is (said.place != "report")


@pytest.mark.parametrize(("name", "said"), [one for one in COMBINATIONS if one[1].place != "report"], ids=str)
def test_of_a_reply_the_own_words_are_told_from_ours(name: str, said: Said) -> None:
    letter = read(PROGRAMS[name].write(said))
    assert flat(letter.own_words) == " ".join(said.words)
    assert letter.quotes_ours
    assert "1234567" in letter.named
    assert all(question in letter.text for question in QUESTIONS)
