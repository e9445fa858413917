"""Letters as people and machines write them."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.intake.mail.automatic_mail import Writer
from kawal.intake.mail.letter import read_aside, read_letter, taken, title_of
from kawal.intake.mail.quotations import read_reply


def letter(text: str = "Jalan berlubang.", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Siti Aminah <siti@example.org>"
    mail["Subject"] = "Jalan rusak"
    mail["Message-ID"] = "<1@example.org>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def test_a_letter_says_who_wrote_what() -> None:
    read = read_letter(bytes(letter()))
    assert (read.sender, read.name, read.subject, read.text) == (
        "siti@example.org",
        "Siti Aminah",
        "Jalan rusak",
        "Jalan berlubang.",
    )
    assert (read.message_id, read.writer, read.files) == ("<1@example.org>", Writer.PERSON, [])


def test_a_letter_that_is_only_a_page_gives_its_words_and_no_script() -> None:
    mail = letter()
    mail.set_content("<html><script>alert(1)</script><p>Jalan <b>rusak</b></p><p>parah</p></html>", subtype="html")
    text = read_letter(bytes(mail)).text
    assert "alert" not in text
    assert text.split() == ["Jalan", "rusak", "parah"]


@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "utf-16"])
def test_a_wrong_or_missing_name_of_the_characters_does_not_lose_the_text(charset: str) -> None:
    head = b"From: a@example.org\r\nSubject: x\r\nContent-Type: text/plain; charset=" + (
        b"utf-16" if charset == "utf-16" else b"utf-8"
    )
    content = "Jalan “rusak” – parah".encode(charset)
    assert read_letter(head + b"\r\n\r\n" + content).text == "Jalan “rusak” – parah"


def test_files_come_with_their_names() -> None:
    mail = letter()
    mail.add_attachment(b"isi", maintype="text", subtype="plain", filename="catatan.txt")
    assert [(file.name, file.content) for file in read_letter(bytes(mail)).files] == [("catatan.txt", b"isi")]


@pytest.mark.parametrize(
    "quoted",
    [
        "Sudah diperbaiki, terima kasih.\n\nOn Mon, 3 Jan 2022, Kawal wrote:\n> Laporan Anda ...",
        "Sudah diperbaiki, terima kasih.\n\nPada Sen, 3 Jan 2022 Kawal menulis:\n> Laporan Anda ...",
        "> Laporan Anda sudah ditindaklanjuti.\nSudah diperbaiki, terima kasih.",
        "Sudah diperbaiki, terima kasih.\n-- \nSiti Aminah\nTanjungpinang",
    ],
)
def test_a_reply_is_what_its_writer_added(quoted: str) -> None:
    assert read_reply(quoted).words == "Sudah diperbaiki, terima kasih."


def test_a_reply_that_only_quotes_is_kept_whole_rather_than_lost() -> None:
    assert read_reply("> sudah benar").words == "> sudah benar"


@given(st.binary(max_size=2000))
def test_no_bytes_make_reading_fail(content: bytes) -> None:
    read = read_letter(content)
    assert 0 < len(title_of(read)) <= 150
    assert len(read.text) <= 10_000


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_headers_make_reading_fail(subject: str, sender: str) -> None:
    raw = f"Subject: {subject}\r\nFrom: {sender}\r\nMessage-ID: {subject}\r\nContent-Type: {sender}\r\n\r\nisi"
    read_letter(raw.encode(errors="replace"))


@pytest.mark.parametrize(
    ("text", "anonim", "rahasia"),
    [
        ("Lampu padam.", False, False),
        ("Anonim.\nKepala desa minta uang.", True, False),
        ("Kepala desa minta uang. Mohon nama saya dirahasiakan.", True, False),
        ("RAHASIA\nKepala desa minta uang.", False, True),
        ("Kades minta uang.\n\nMohon dirahasiakan", False, True),
        (
            "Lampu padam.\n-- \nPesan ini dan lampirannya bersifat rahasia dan hanya untuk penerima yang dituju.",
            False,
            False,
        ),
    ],
)
def test_a_letter_asks_to_be_anonim_or_rahasia_in_its_own_words(text: str, anonim: bool, rahasia: bool) -> None:
    answer, _ = read_aside({}, [bytes(letter(text))])
    received = taken(answer, [])
    assert (received.anonim, received.rahasia) == (anonim, rahasia)
