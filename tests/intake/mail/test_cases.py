"""Letters that were read wrongly once, each with its right value (cases/)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kawal.intake.mail.automatic_mail import Writer
from kawal.intake.mail.letter import WHOLE_TEXT
from kawal.intake.mail.quotations import read_reply
from tests.intake.mail.test_programs import read

CASES = Path(__file__).parent / "cases"

TEXTS = {
    "05-apple-alternative-related-jpg": ("Lubang di Jalan Merdeka.", ["jalan.jpg"]),
    "06-apple-alternative-mixed-pdf": ("Terlampir surat.", ["surat.pdf"]),
    "07-inline-photo-and-pdf": ("Lihat foto [image: lubang.jpg]", ["lubang.jpg", "surat.pdf"]),
    "08-ios-three-photos": ("Tiga foto.", ["1.jpg", "2.jpg", "3.jpg"]),
    "09-whole-letter-is-pdf": ("", ["scan.pdf"]),
    "10-whole-letter-is-jpeg": ("", ["foto.jpg"]),
    "11-forwarded-as-attachment": (
        "Mohon ditindaklanjuti.\n\nFrom: Budi <budi@example.org>\nSubject: Sampah menumpuk di Pasar Bincen\n\n"
        "Sampah sudah dua minggu tidak diangkut.",
        ["sampah.jpg"],
    ),
    "13-empty-plain-full-html": ("Air mati sejak tiga hari di Jalan Merpati.", []),
    "14-html-head-not-closed": ("Sampah menumpuk di Jalan Merpati.", []),
    "15-html-head-end-omitted": ("Parit tersumbat di Jalan Merpati.", []),
    "16-boundary-with-equals-sign": ("Jalan rusak di Batu 9.", []),
    "17-iso-2022-jp": ("道路に穴があります。", []),
    "18-one-bad-byte": ("Jalan “rusak” di depan Café. \ufffd", []),
    "19-sender-without-dot": ("Surat warga.", []),
}

WRITERS = {
    "01-bounce-null-sender": Writer.MACHINE,
    "03-google-group": Writer.MARKED,
    "04-auto-response-suppress": Writer.MARKED,
    "23-read-receipt": Writer.MACHINE,
    "24-out-of-office-unmarked": Writer.MACHINE,
}

REPLIES = {
    "26-reply-between-the-quotes": "Jawaban saya:\n\nNomor 12.\nSejak Senin.",
    "27-reply-line-begins-From": (
        "Jalan yang rusak:\nFrom: Pasar Bincen @ Batu 9 sampai simpang\nTo: Batu 10\nSemuanya berlubang."
    ),
    "28-reply-two-dashes": "Nomor rumah:\n--\n12\ndekat masjid",
    "29-reply-outlook-indonesian": "Nomor 12.",
}


def case(name: str) -> bytes:
    return (CASES / f"{name}.eml").read_bytes()


@pytest.mark.parametrize("name", TEXTS)
def test_words_and_files_are_all_there(name: str) -> None:
    letter = read(case(name))
    assert (letter.text, [file.name for file in letter.files]) == TEXTS[name]
    assert (letter.left_out, letter.writer) == ([], Writer.PERSON)


@pytest.mark.parametrize("name", WRITERS)
def test_who_wrote_it(name: str) -> None:
    assert read(case(name)).writer is WRITERS[name]


@pytest.mark.parametrize("name", REPLIES)
def test_a_replys_own_words(name: str) -> None:
    assert read_reply((CASES / f"{name}.txt").read_text("utf-8")).words == REPLIES[name]


def test_a_sender_without_a_dot_and_a_subject_in_japanese_stay() -> None:
    assert read(case("19-sender-without-dot")).sender == "scan@localhost"
    assert read(case("17-iso-2022-jp")).title == "道路"


def test_a_long_line_is_whole() -> None:
    assert read(case("20-line-over-1001")).text.count("jalan rusak") == case("20-line-over-1001").count(b"jalan rusak")


def test_of_a_long_subject_the_title_ends_between_words_and_the_text_has_all() -> None:
    letter = read(case("21-subject-over-150"))
    assert letter.subject.startswith(f"{letter.title.removesuffix('…')} ")
    assert 140 < len(letter.title) <= 150
    assert letter.text == f"{letter.subject}\n\nMohon perhatian."
    assert letter.subject.endswith("ambulans dari RSUD")


def test_of_a_long_text_the_whole_is_a_file_and_that_is_said() -> None:
    letter = read(case("22-text-over-10000"))
    whole = case("22-text-over-10000").decode().partition("\n\n")[2].strip()
    assert len(letter.text) <= 10_000
    assert whole.startswith(letter.text.removesuffix("…"))
    assert [(file.name, file.content.decode()) for file in letter.files] == [(WHOLE_TEXT, whole)]
    assert letter.left_out == [f"text:{WHOLE_TEXT}"]
