"""A file in a form: complete, in whatever pieces it arrives; anything that is not a form is refused."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.intake.attachments.multipart_form import form_file
from kawal.intake.attachments.refusals import AttachmentRefused
from tests.intake.attachments.files import joined, pieces

FORM = "multipart/form-data; boundary=batas"


def body(content: bytes, name: str = "foto.jpg", before: bytes = b"") -> bytes:
    head = f'--batas\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    return before + head + content + b"\r\n--batas--\r\n"


def read(form: bytes, cut: int, content_type: str = FORM) -> tuple[str, bytes]:
    async def reading() -> tuple[str, bytes]:
        name, content = await form_file(content_type, pieces(form, cut))
        return name, await joined(content)

    return asyncio.run(reading())


@given(st.binary(max_size=300).filter(lambda content: b"--batas" not in content), st.integers(1, 400))
def test_the_content_is_the_same_whatever_the_pieces(content: bytes, cut: int) -> None:
    field = b'--batas\r\nContent-Disposition: form-data; name="keterangan"\r\n\r\ndepan pasar\r\n'
    assert read(body(content, before=field), cut) == ("foto.jpg", content)


@given(st.integers(1, 60), st.data())
def test_a_form_cut_short_anywhere_is_refused(cut: int, data: st.DataObject) -> None:
    whole = body(b"isi berkas")
    end = len(whole) - len(b"--\r\n")
    with pytest.raises(AttachmentRefused):
        read(whole[: data.draw(st.integers(0, end))], cut)


@given(st.binary(max_size=400), st.integers(1, 400), st.sampled_from([FORM, "multipart/form-data", "multipart/x; a=é"]))
def test_whatever_is_sent_as_a_form_raises_nothing_but_a_refusal(sent: bytes, cut: int, content_type: str) -> None:
    for form in (sent, b"--batas\r\n" + sent, b"--batas\r\nContent-Disposition: form-data; filename=" + sent):
        with contextlib.suppress(AttachmentRefused):
            read(form, cut, content_type)


@pytest.mark.parametrize(
    ("declared", "name"),
    [("Ny. %22Siti%22.jpg", 'Ny. "Siti".jpg'), ("jalan é.jpg", "jalan é.jpg"), ("a%0D%0Ab.jpg", "ab.jpg"), ("", "")],
)
def test_names_are_read_as_browsers_write_them(declared: str, name: str) -> None:
    assert read(body(b"x", declared), 50)[0] == name


def test_a_form_of_more_parts_than_a_form_has_is_refused_at_once() -> None:
    field = b'--batas\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n'
    assert read(body(b"isi", before=field * 50), 4096) == ("foto.jpg", b"isi")
    with pytest.raises(AttachmentRefused):
        read(body(b"isi", before=field * 100), 4096)
