"""Letters are cut before they are parsed, whatever they contain, and what a person wrote stays as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.letters import WORST
from kawal.intake.mail.html_text import words_of
from kawal.intake.mail.letter import LONGEST_SUBJECT, read_letter, title_of
from kawal.intake.mail.size_limits import BLOCK_BYTES, HEADER_BYTES, HEADERS, SizeExceeded, bounded
from tests.intake.mail.test_letter import letter

SLOW = ("MB of", "hidden boundaries", "soft line ends", "a line of")
"""These are sent to a running system (tests/cli/test_letters.py)."""

SMALL = sorted(name for name in WORST if not any(slow in name for slow in SLOW))


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALL)
def test_the_worst_letters_are_read_or_refused_and_never_more_than_a_person_writes(name: str) -> None:
    try:
        read = read_letter(WORST[name]())
    except (SizeExceeded, RecursionError):
        return
    assert len(read.subject) <= LONGEST_SUBJECT
    assert 0 < len(title_of(read)) <= 150
    assert len(read.text) <= 10_000
    for text in (read.sender, read.name, read.subject, read.text, read.message_id):
        text.encode()
        assert "\x00" not in text


def test_an_ordinary_letter_passes_unchanged() -> None:
    mail = letter("Jalan rusak.\n\n-----Original Message-----\nCatatan: " + "panjang " * 200)
    mail["To"] = ", ".join(f"warga{number}@example.org" for number in range(50))
    mail.add_attachment(bytes(range(256)) * 400, maintype="image", subtype="jpeg", filename="foto.jpg")
    attached = letter("Surat yang diteruskan.")
    mail.add_attachment(attached)
    assert bounded(bytes(mail)) == bytes(mail)


def test_heads_are_cut_in_every_part() -> None:
    endless = b"X: " + b"y" * 10 * HEADER_BYTES + b"\r\n"
    many = b"X: y\r\n" * 10 * HEADERS
    wide = (b"X: " + b"y" * (HEADER_BYTES - 10) + b"\r\n") * 50
    head = b'Content-Type: multipart/mixed; boundary="b"\r\n'
    for more in (endless, many, wide):
        cut = bounded(head + more + b"\r\n--b\r\n" + more + b"Content-Type: text/plain\r\n\r\nhalo\r\n--b--\r\n")
        assert len(cut) < 2 * BLOCK_BYTES + 200
        assert cut.endswith(b"\r\n\r\nhalo\r\n--b--\r\n")


@pytest.mark.parametrize("letters", [b"multipart/mixed; boundary=b\r\n\r\n--b", b"message/rfc822\r\n"])
def test_what_is_nested_deeper_than_a_person_nests_is_refused(letters: bytes) -> None:
    bounded((b"Content-Type: " + letters + b"\r\n") * 30)
    with pytest.raises(SizeExceeded):
        bounded((b"Content-Type: " + letters + b"\r\n") * 31)


@given(st.binary(max_size=3000))
def test_no_bytes_are_lost_or_added_below_the_limits(content: bytes) -> None:
    if content.count(b":") < HEADERS:
        assert bounded(content) == content


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>Jalan <b>rusak</b></p><p>parah</p>", "Jalan rusak parah"),
        ("<!-- tersembunyi -->Jalan rusak", "Jalan rusak"),
        ("<!-- tanpa akhir <p>Jalan rusak", "tanpa akhir Jalan rusak"),
        ("<style>p { color: red }</style>Jalan rusak<script>if (a < b) alert('x')</script> parah", "Jalan rusak parah"),
        ("<html><head><title>surat</title><body>Jalan rusak</body></html>", "Jalan rusak"),
        ("<html><head><title>surat</title></head><p>Jalan rusak", "Jalan rusak"),
        ('<img alt="a > b" src=x>Jalan rusak', "Jalan rusak"),
        ("lebar < 2 m &amp; rusak &#x21; &lt;parah&gt;", "lebar < 2 m & rusak ! <parah>"),
        ("Jalan rusak <b", "Jalan rusak"),
        ("&#99999999999;x", "\ufffdx"),
    ],
)
def test_a_pages_words_are_what_its_reader_sees(page: str, words: str) -> None:
    assert " ".join(words_of(page).split()) == words


@given(st.text(alphabet="<>!-/ab\"'&#; p", max_size=300))
def test_no_page_makes_reading_fail(page: str) -> None:
    words_of(page)
