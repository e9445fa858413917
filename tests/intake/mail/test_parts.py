"""The parts of letters: nothing is passed over unsaid, and no bytes make reading fail."""

from __future__ import annotations

import contextlib
import random
from base64 import b64encode
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.intake.mail.letter import MOST_FILES, WHOLE_TEXT
from kawal.intake.mail.size_limits import SizeExceeded
from tests.intake.mail.failure_notices import NOTICES, PEOPLE, each
from tests.intake.mail.test_letter import letter
from tests.intake.mail.test_programs import COMBINATIONS, PROGRAMS, flat, read

HEAD = b"From: Siti <siti@example.org>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def corpus() -> Iterator[bytes]:
    """Yield letters of all shapes: as they are, cut short, with a line lost, and with bytes changed."""
    whole = [PROGRAMS[name].write(said) for name, said in COMBINATIONS]
    whole += [content for _, content in [*each(NOTICES), *each(PEOPLE)]]
    dice = random.Random(13)
    for content in whole:
        yield content
        yield content[: dice.randrange(len(content))]
        lines = content.split(b"\r\n")
        del lines[dice.randrange(len(lines))]
        yield b"\n".join(lines)
        changed = bytearray(content)
        for _ in range(20):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        yield bytes(changed)


def test_letters_of_all_shapes_are_read_also_when_they_are_damaged() -> None:
    letters = list(corpus())
    assert len(letters) >= 126
    for content in letters:
        with contextlib.suppress(SizeExceeded):
            read(content).text.encode()


def tree(depth: int = 2) -> st.SearchStrategy[tuple[bytes, list[bytes]]]:
    """Return parts, each with the texts that it holds."""
    words = st.integers(10**9, 10**12).map(lambda number: b"kalimat %d tentang jalan rusak" % number)
    leaf = st.one_of(
        words.map(lambda text: (b"Content-Type: text/plain\r\n\r\n" + text + b"\r\n", [text])),
        words.map(lambda text: (b"Content-Type: text/html\r\n\r\n<p>" + text + b"</p>\r\n", [text])),
        words.map(lambda text: (b"Content-Type: text/plain; name=a.txt\r\n\r\n" + text + b"\r\n", [text])),
        words.map(lambda text: (b"Content-Disposition: attachment\r\n\r\n" + text + b"\r\n", [text])),
        words.map(lambda text: (b"Content-Type: text/calendar\r\n\r\n" + text + b"\r\n", [text])),
    )
    if not depth:
        return leaf
    inner = st.lists(tree(depth - 1), min_size=1, max_size=3)
    kinds = st.sampled_from([b"mixed", b"alternative", b"related", b"signed", b"parallel", b"x-strange"])

    def joined(kind: bytes, parts: list[tuple[bytes, list[bytes]]]) -> tuple[bytes, list[bytes]]:
        mark = b"b%d" % depth
        inside = b"".join(b"--" + mark + b"\r\n" + part + b"\r\n" for part, _ in parts)
        head = b"Content-Type: multipart/" + kind + b"; boundary=" + mark + b"\r\n\r\n"
        return head + inside + b"--" + mark + b"--\r\n", [text for _, texts in parts for text in texts]

    nested = tree(depth - 1).map(lambda one: (b"Content-Type: message/rfc822\r\n\r\n" + HEAD + one[0], one[1]))
    return st.one_of(leaf, st.builds(joined, kinds, inner), nested)


@given(tree())
def test_every_text_of_every_part_is_in_the_words_or_in_a_file(made: tuple[bytes, list[bytes]]) -> None:
    content, texts = made
    found = read(HEAD + content)
    said = found.text.encode() + b"".join(file.content for file in found.files)
    assert [text for text in texts if text not in said] == []


def test_what_is_too_much_is_named() -> None:
    mail = letter("kalimat " * 2_000)
    for number in range(1, 24):
        mail.add_attachment(b"isi", maintype="image", subtype="jpeg", filename=f"{number}.jpg")
    found = read(bytes(mail))
    assert [file.name for file in found.files] == [WHOLE_TEXT, *(f"{number}.jpg" for number in range(1, MOST_FILES))]
    assert found.left_out == [f"text:{WHOLE_TEXT}", *(f"files:{number}.jpg" for number in range(MOST_FILES, 24))]


def test_a_part_without_content_and_one_that_cannot_be_decoded_are_named() -> None:
    parts = (
        b"--b\r\nContent-Type: image/jpeg; name=kosong.jpg\r\n\r\n\r\n"
        b"--b\r\nContent-Type: image/jpeg; name=rusak.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n*bukan "
        b"base64 sama*\r\n"
        b"--b\r\nContent-Type: application/pkcs7-mime; name=smime.p7m\r\n\r\nrahasia\r\n--b--\r\n"
    )
    found = read(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts)
    assert found.left_out == ["empty:kosong.jpg", "unreadable:rusak.jpg", "unreadable:smime.p7m"]


def test_outlooks_own_container_is_kept_as_a_file() -> None:
    mail = letter()
    mail.add_attachment(b"\x78\x9f\x3e\x22", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    assert [file.name for file in read(bytes(mail)).files] == ["winmail.dat"]


def test_a_long_quotation_is_no_reason_to_tell_a_reply_that_it_was_cut() -> None:
    quoted = "\n".join(f"> kalimat {number} dari surat kami" for number in range(1_000))
    found = read(bytes(letter(f"Nomor 12.\n\nPada 03/01/22 09.00, Kawal menulis:\n{quoted}")))
    assert (found.own_words, found.own_words_cut) == ("Nomor 12.", False)
    assert found.left_out == [f"text:{WHOLE_TEXT}"]
    assert (found.reply_files, found.reply_left_out) == ([], [])


def test_a_photo_beside_nothing_but_a_quotation_has_no_words() -> None:
    mail = letter("Pada 03/01/22 09.00, Kawal menulis:\n> Kirim fotonya.")
    mail.add_attachment(b"\xff\xd8\xff", maintype="image", subtype="jpeg", filename="foto.jpg")
    assert read(bytes(mail)).own_words == ""


def test_a_text_signed_by_pgp_in_place_is_read_without_its_frame() -> None:
    signed = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nJalan rusak.\n- -- \nSiti\n-----BEGIN PGP "
        "SIGNATURE-----\n\n"
        "iQEz\n-----END PGP SIGNATURE-----\n"
    )
    assert read(bytes(letter(signed))).text == "Jalan rusak.\n-- \nSiti"


def test_two_forms_of_a_text_that_say_different_things_are_both_kept() -> None:
    mail = letter("Program Anda tidak menampilkan surat ini.")
    mail.add_alternative("<p>Air mati di Jalan Merpati.</p>", subtype="html")
    text = flat(read(bytes(mail)).text)
    assert text == "Program Anda tidak menampilkan surat ini. Air mati di Jalan Merpati."


def test_a_letter_attached_in_base64_is_read() -> None:
    inner = bytes(letter("Sampah menumpuk."))
    mail = letter("Lihat lampiran.")
    mail.add_attachment(inner, maintype="application", subtype="octet-stream", filename="keluhan.eml")
    assert read(bytes(mail)).text.endswith("Subject: Jalan rusak\n\nSampah menumpuk.")


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        (b"text/plain charset=utf-8", b"Jalan rusak", "Jalan rusak"),
        (b"text/plain\r\nContent-Transfer-Encoding: quoted-printable", b"Jalan = \r\nrusak=3D", "Jalan rusak="),
        (
            b"text/plain\r\nContent-Transfer-Encoding: base64",
            b64encode(b"Jalan rusak di depan rumah nomor 12.") + b"\r\n____\r\nmilis warga\r\nwarga@example.org",
            "Jalan rusak di depan rumah nomor 12.\n____\nmilis warga\nwarga@example.org",
        ),
        (
            b"text/plain\r\nContent-Transfer-Encoding: base64",
            b64encode(b"Lampu padam") + b"\r\n\r\nBebas virus. www.example.org\r\n",
            "Lampu padam\n\nBebas virus. www.example.org",
        ),
        (b"text/plain\r\nContent-Transfer-Encoding: base64", b"Jalan\r\nrusak di Batu", "Jalan\nrusak di Batu"),
    ],
)
def test_what_was_written_wrongly_or_added_on_the_way_costs_no_words(head: bytes, body: bytes, text: str) -> None:
    found = read(HEAD + b"Content-Type: " + head + b"\r\n\r\n" + body)
    assert "\n".join(line for line in found.text.split("\n") if line) == text.replace("\n\n", "\n")
    assert found.files == []


@pytest.mark.parametrize(
    ("declared", "content", "text"),
    [
        (b"iso-8859-1", "Jalan “rusak”".encode("cp1252"), "Jalan “rusak”"),
        (b"iso-8859-1", "Jalan “rusak”".encode(), "Jalan “rusak”"),
        (b"us-ascii", "Jalan “rusak”".encode(), "Jalan “rusak”"),
        (b"gb2312", "道路坏了".encode("gbk"), "道路坏了"),
        (b"koi8-r", "Дорога".encode("koi8-r"), "Дорога"),
        (b"koi8-r", "Дорога".encode(), "п■п╬я─п╬пЁп╟"),
        (b"iso-2022-jp", "道路".encode("iso2022_jp") + b"\xff", "道路\ufffd"),
        (b"utf-16", "Jalan rusak".encode("utf-16-be"), None),
        (b"utf-16", b"Jalan rusak", "Jalan rusak"),
        (b"utf-7", b"Jalan +ADw-b+AD4-", "Jalan +ADw-b+AD4-"),
        (b"x-unknown", "Jalan “rusak”".encode(), "Jalan “rusak”"),
        (b"utf-8", "Jalan “rusak” \ufffd".encode(), "Jalan “rusak” \ufffd"),
        (b"zlib", b"Jalan rusak", "Jalan rusak"),
        (b"windows-874", "ถนน".encode("cp874"), "ถนน"),
        (b"x-windows-949", "도로".encode("cp949"), "도로"),
        (b"x-big5", "道路壞了".encode("big5"), "道路壞了"),
        (b"X-Mac-Roman", "“rusak” é".encode("mac_roman"), "“rusak” é"),
    ],
)
def test_the_declared_charset_comes_first_and_a_wrong_one_costs_nothing(
    declared: bytes, content: bytes, text: str | None
) -> None:
    found = read(HEAD + b"Content-Type: text/plain; charset=" + declared + b"\r\n\r\n" + content).text
    assert text is None or found == text


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        ("Jalan “rusak”".encode(), "Jalan “rusak”"),
        ("Jalan “rusak”".encode("cp1252"), "Jalan “rusak”"),
        (b"=?utf-8?B?SmFsYW4g4oCc?=\r\n =?utf-8?B?cnVzYWvigJ0=?=", "Jalan “rusak”"),
        (b"=?utf-8?B?SmFsYW4g4oA=?= =?utf-8?B?nHJ1c2Fr?=", "Jalan “rusak"),
        (b"=?iso-8859-1?Q?Jalan_=93rusak=94?=", "Jalan “rusak”"),
        (b"=?x-unknown?Q?Jalan_rusak?= di Batu 9", "Jalan rusak di Batu 9"),
        (b"=?utf-8?B?SmFsYW4?=", "Jalan"),
        (b"=?utf-8?Q?Jalan rusak di Batu?=", "Jalan rusak di Batu"),
    ],
)
def test_subjects_are_read_as_they_were_meant(raw: bytes, subject: str) -> None:
    assert read(b"From: a@example.org\r\nSubject: " + raw + b"\r\n\r\nisi").subject == subject


@pytest.mark.parametrize("kind", [b"text/markdown", b"text/enriched", b"text/x-unknown"])
def test_a_text_of_a_rare_kind_is_the_words_where_there_are_no_others(kind: bytes) -> None:
    found = read(HEAD + b"Content-Type: " + kind + b"\r\n\r\nJalan rusak di Batu 9\r\n")
    assert (found.text, len(found.files)) == ("Jalan rusak di Batu 9", 1)


def test_digits_of_full_width_name_a_report_too() -> None:
    assert read(HEAD + "\r\nTentang laporan １２３４５６７".encode()).named == ["1234567"]


def test_who_is_answered_and_which_numbers_are_named_is_told() -> None:
    mail = letter("Laporan 7654321 dan 081234567890.", References="<a@example.org> <b@example.org>")
    mail["In-Reply-To"] = "<b@example.org>"
    found = read(bytes(mail))
    assert (found.answers, found.references) == (True, ["<b@example.org>", "<a@example.org>"])
    assert found.named == ["7654321"]
    assert read(bytes(EmailMessage())).answers is False
    assert read(b"In-Reply-To: Your message of Monday\r\n\r\nNomor 12.").answers is True
