"""The content decides what a file is; two files in one and executables are refused."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.intake.attachments import heic, mp4, voice
from kawal.intake.attachments.file_types import (
    AMR,
    DOCX,
    HEAD,
    HEIC,
    JPEG,
    M4A,
    MP4,
    OFFICE,
    OGG,
    PDF,
    PNG,
    TEXT,
    WEBP,
    XLSX,
    Kind,
    StreamCheck,
    kind_of,
)
from kawal.intake.attachments.office_documents import office_kind
from kawal.intake.attachments.refusals import AttachmentRefused
from tests.intake.attachments import files


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(AttachmentRefused) as caught:
        act()
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (files.jpeg(), JPEG),
        (files.png(), PNG),
        (files.webp(), WEBP),
        (files.heic(), HEIC),
        (files.pdf(), PDF),
        (files.mp4(), MP4),
        (files.ogg(), OGG),
        (files.amr(), AMR),
        (files.m4a(), M4A),
        (files.office(), OFFICE),
        (b"Lampu padam sejak Senin.\r\n", TEXT),
        (b"\xef\xbb\xbfberpenanda", TEXT),
        (b"BMKG memperingatkan hujan lebat", TEXT),
    ],
)
def test_a_type_is_told_by_content(content: bytes, kind: Kind) -> None:
    assert kind_of(content[:HEAD]) is kind


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"  \n<HTML>",
        b"catatan biasa <script src=x></script>",
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"\xef\xbb\xbf<svg/>",
        b"#!/bin/sh\nrm -rf /",
        b"<?php system($_GET[1]);",
        b"MZ\x90\x00\x03" + bytes(200),
        b"\x7fELF\x02\x01\x01" + bytes(200),
        b"GIF89a" + bytes(50),
        b"BM" + bytes(60),
        b"Rar!\x1a\x07\x00",
        b"\x1f\x8b\x08" + bytes(20),
        b"\xca\xfe\xba\xbe" + bytes(20),
        bytes(100),
        b"GIF89a=1;alert(1)//\x00",
        b"MZ" + files.pdf(),
        b"\x00" + files.jpeg(),
    ],
)
def test_what_is_not_on_the_list_is_refused_whatever_its_name(content: bytes) -> None:
    def check() -> None:
        check = StreamCheck(kind_of(content[:HEAD]))
        check.update(content)
        check.finish()

    assert refusal(check) in ("type_not_allowed", "broken")


@given(st.binary(min_size=1, max_size=300))
def test_no_bytes_whatever_raise_anything_but_a_refusal(content: bytes) -> None:
    try:
        check = StreamCheck(kind_of(content))
        check.update(content)
        check.finish()
    except AttachmentRefused:
        pass


@pytest.mark.parametrize("late", [b"\x00", b"\x1b[2J", b"\xff\xfe", b"\xc3"])
def test_a_text_is_text_to_its_end(late: bytes) -> None:
    check = StreamCheck(TEXT)
    check.update(b"baik" * 5000)

    def rest() -> None:
        check.update(late)
        check.finish()

    assert refusal(rest) == "type_not_allowed"


def test_a_character_may_lie_across_two_pieces() -> None:
    check = StreamCheck(TEXT)
    for byte in "jalan é € 🚧".encode():
        check.update(bytes([byte]))
    check.finish()


def test_a_pdf_without_its_end_is_refused() -> None:
    check = StreamCheck(PDF)
    check.update(files.pdf()[:-8])
    assert refusal(check.finish) == "broken"


def test_documents_are_told_from_other_archives() -> None:
    assert office_kind(files.office()) is DOCX
    assert office_kind(files.office(part="xl/workbook.xml")) is XLSX
    assert refusal(lambda: office_kind(files.office(part="isi.txt"))) == "type_not_allowed"
    assert refusal(lambda: office_kind(files.office({"xl/workbook.xml": b""}))) == "type_not_allowed"


@pytest.mark.parametrize("name", ["word/vbaProject.bin", "word/embeddings/oleObject1.bin", "word/a.exe", "x/b.JS"])
def test_documents_with_programs_are_refused(name: str) -> None:
    assert refusal(lambda: office_kind(files.office({name: b"x"}))) == "macros"


def test_a_document_of_a_type_with_macros_is_refused_even_without_them() -> None:
    types = b'<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
    assert refusal(lambda: office_kind(files.office(types=types))) == "macros"


def test_a_zip_bomb_is_refused_by_its_directory() -> None:
    assert refusal(lambda: office_kind(files.office({"word/a.xml": bytes(30_000_000)}))) == "bomb"
    many = {f"word/{number}.xml": b"" for number in range(2001)}
    assert refusal(lambda: office_kind(files.office(many))) == "bomb"


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "word/../../x"])
def test_an_archive_with_paths_out_of_it_is_refused(name: str) -> None:
    assert refusal(lambda: office_kind(files.office({name: b"x"}))) == "broken"


def test_an_archive_with_another_file_before_or_behind_it_is_refused() -> None:
    assert refusal(lambda: office_kind(files.jpeg() + files.office())) == "type_not_allowed"
    assert refusal(lambda: office_kind(files.office() + b"<script>")) == "type_not_allowed"
    assert refusal(lambda: office_kind(files.office()[:-30])) == "broken"


@given(st.data())
def test_a_damaged_archive_is_refused_or_read_and_never_raises_otherwise(data: st.DataObject) -> None:
    content = bytearray(files.office({"word/a.xml": b"isi" * 50}))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(AttachmentRefused):
        office_kind(bytes(content))


def test_a_film_loses_its_place_its_camera_and_its_times_and_keeps_its_frames() -> None:
    film = files.mp4()
    clean = mp4.without_metadata(film)
    assert clean is not None
    assert len(clean) == len(film)
    assert clean.index(files.FRAMES) == film.index(files.FRAMES)
    for told in (files.PLACE, files.CAMERA.encode(), b"\xaa\xaa", b"\xbb\xbb"):
        assert told in film
        assert told not in clean


@pytest.mark.parametrize("film", [files.mp4(handler=b"meta"), files.mp4(extra=files.box(b"moof", bytes(8)))])
def test_a_film_that_may_tell_its_place_elsewhere_has_no_variant(film: bytes) -> None:
    assert mp4.without_metadata(film) is None


@given(st.integers(0, len(files.mp4()) - 1), st.integers(0, 255))
def test_a_damaged_film_is_refused_or_read_and_never_raises_otherwise(place: int, byte: int) -> None:
    content = bytearray(files.mp4())
    content[place] = byte
    try:
        clean = mp4.without_metadata(bytes(content))
        assert clean is None or len(clean) == len(content)
    except AttachmentRefused:
        pass


def test_a_heic_loses_its_exif_and_xmp_and_nothing_else() -> None:
    photo = files.heic()
    clean = heic.without_metadata(photo)
    assert clean is not None
    assert len(clean) == len(photo)
    for told in (files.CAMERA.encode(), b"2026:01:12", b"xmpmeta"):
        assert told in photo
        assert told not in clean
    # The data needed to read and turn the picture comes before the pixels and is unchanged.
    data = photo.index(b"mdat")
    assert clean[:data] == photo[:data]
    assert sum(one != other for one, other in zip(photo, clean, strict=True)) < len(photo) / 2


def test_a_heic_with_something_unknown_in_it_has_no_variant() -> None:
    assert heic.without_metadata(files.heic() + files.box(b"uuid", files.PLACE)) is None
    assert heic.without_metadata(files.heic().replace(b"mime", b"uri ")) is None


def test_a_heic_whose_exif_is_said_to_lie_elsewhere_has_no_variant_or_is_refused() -> None:
    photo = files.heic()
    start, end = photo.index(b"iloc"), photo.index(b"mdat")
    for place in range(start, end):
        changed = bytearray(photo)
        changed[place] ^= 0x40
        with contextlib.suppress(AttachmentRefused):
            clean = heic.without_metadata(bytes(changed))
            assert clean is None or len(clean) == len(photo)


@given(st.integers(0, len(files.heic()) - 1), st.integers(0, 255))
def test_a_damaged_heic_is_refused_or_read_and_never_raises_otherwise(place: int, byte: int) -> None:
    content = bytearray(files.heic())
    content[place] = byte
    with contextlib.suppress(AttachmentRefused):
        clean = heic.without_metadata(bytes(content))
        assert clean is None or len(clean) == len(content)


VOICES = [(OGG, files.ogg()), (AMR, files.amr()), (M4A, files.m4a())]


@pytest.mark.parametrize(("kind", "content"), VOICES)
def test_a_whole_voice_note_is_taken_and_any_other_is_refused(kind: Kind, content: bytes) -> None:
    voice.check(kind, content)
    for spoilt in (content[:-2], content + b"PK", content + b"<html>", content[:-40] if kind is M4A else content[:40]):
        assert refusal(lambda spoilt=spoilt: voice.check(kind, spoilt)) == "broken"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (OGG, files.ogg(b"\x80theora" + bytes(9))),
        (OGG, b"OggS\x00"),
        (AMR, b"#!AMR\n"),
        (AMR, b"#!AMR\n\x3d" + bytes(31)),
        (AMR, b"#!AMR\n\x54" + bytes(5)),
        (M4A, files.box(b"ftyp", b"M4A ")),
    ],
)
def test_what_holds_no_sound_is_no_voice_note(kind: Kind, content: bytes) -> None:
    assert refusal(lambda: voice.check(kind, content)) == "broken"


@given(st.sampled_from(VOICES), st.binary(max_size=200), st.integers(0, 100))
def test_no_bytes_confuse_the_check_of_voice_notes(one: tuple[Kind, bytes], junk: bytes, place: int) -> None:
    kind, content = one
    for spoilt in (junk, content[:place] + junk, content[:place] + junk + content[place:]):
        with contextlib.suppress(AttachmentRefused):
            voice.check(kind, spoilt)
