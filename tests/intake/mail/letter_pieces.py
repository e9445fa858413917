"""Letters byte for byte in the shapes in which mail programs write them: as reports, and as replies to a letter "
"of ours."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple

US = "lapor@kepri.example.org"
QUESTIONS = ("Di depan nomor berapa lubang itu?", "Sejak kapan rusak?")
PLACES = ("report", "above", "between", "below")

WORDS = {
    "id": (
        "Jalan “Merdeka” di depan rumah kami berlubang sedalam ½ meter – sudah dua orang jatuh di sana, dan pada "
        "malam hari "
        "lampunya mati, sehingga lubang itu tidak terlihat dari jauh.",
        "Mohon segera diperbaiki; biaya 100 % ditanggung siapa?",
    ),
    "en": (
        "The road “Merdeka” in front of our café has a hole ½ metre deep – two people fell there already, and at "
        "night the "
        "lamps are out, so that nobody sees it from afar before it is too late.",
        "Please have it mended; who pays, 100 % = all of it?",
    ),
}
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 9 + b"\xff\xd9"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Said(NamedTuple):
    """What somebody writes with a program."""

    lang: str
    place: str
    """One of PLACES: no quotation, or where the words stand beside it."""
    photos: int

    @property
    def words(self) -> tuple[str, str]:
        """The two sentences that are written."""
        return WORDS[self.lang]

    def to(self, tagged: str = "lapor+1234567-ABCDEFGHIJ@kepri.example.org") -> str:
        """Return to whom it goes: a reply to the address of its report."""
        return US if self.place == "report" else tagged

    def named(self, pattern: str) -> list[tuple[str, bytes]]:
        """Return the photos under names of a pattern."""
        return [(pattern.format(number), PHOTO + bytes([number])) for number in range(1, self.photos + 1)]


class Program(NamedTuple):
    """A mail program: how it writes, and where its users can write beside a quotation."""

    write: Callable[[Said], bytes]
    places: Sequence[str]
    photo: str
    """The pattern of its photos' names."""
    extra: tuple[tuple[str, bytes], ...] = ()
    """Files that it always sends."""


def crlf(text: str) -> bytes:
    """Return a letter as it goes over the wire."""
    return text.replace("\n", "\r\n").encode("ascii", "surrogateescape")


def qp(text: str, charset: str = "utf-8") -> str:
    """Return text in quoted-printable."""
    return quopri.encodestring(text.encode(charset)).decode()


def in_base64(content: bytes) -> str:
    """Return bytes in base64, in lines."""
    return base64.encodebytes(content).decode()


def flowed(text: str, *, del_sp: bool) -> str:
    """Break lines as `format=flowed` does, within quotations too."""
    lines = []
    for line in text.split("\n"):
        mark = "> " if line.startswith("> ") else ""
        current = mark
        for word in line.removeprefix(mark).split(" "):
            if len(current) + len(word) > 68:
                lines.append(current + (" " if del_sp else ""))
                current = mark
            current += word + " "
        lines.append(line if line == "-- " else current.rstrip(" "))
    return "\n".join(lines)


def eight_bits(text: str, charset: str) -> str:
    """Return text of 8 bits as `_crlf` takes it."""
    return text.encode(charset).decode("ascii", "surrogateescape")


def multipart(kind: str, boundary: str, *parts: str, more: str = "") -> str:
    """Return a part that holds others."""
    inside = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind};{more}\n\tboundary="{boundary}"\n\n{inside}--{boundary}--\n'


def photo_part(name: str, content: bytes, disposition: str, *more: str) -> str:
    """Return a photo as a part."""
    lines = [
        f'Content-Type: image/jpeg; name="{name}"',
        f'Content-Disposition: {disposition}; filename="{name}"',
        *more,
    ]
    return "\n".join([*lines, "Content-Transfer-Encoding: base64", "", in_base64(content)])


def text_part(
    body: str, charset: str = "UTF-8", encoding: str = "quoted-printable", kind: str = "plain", more: str = ""
) -> str:
    """Return a text as a part."""
    return f'Content-Type: text/{kind}; charset="{charset}"{more}\nContent-Transfer-Encoding: {encoding}\n\n{body}\n'


def marked_text(said: Said, introduction: str, mark: str = "> ", below: str = "") -> str:
    """Return a text with the quotation where it belongs; `below` is what the program adds to one's own words."""
    first, second = said.words
    asked = [mark + question for question in QUESTIONS]
    own = f"{first}\n\n{second}{below}"
    return {
        "report": own,
        "above": "\n".join([own, "", introduction, "", *asked]),
        "between": "\n".join([introduction, "", asked[0], "", first, "", asked[1], "", second]) + below,
        "below": "\n".join([introduction, "", *asked, "", own]),
    }[said.place] + "\n"


def page_of(said: Said, introduction: str, open_quote: str, close_quote: str, below: str = "") -> str:
    """Return the same as a page."""
    first, second = (f"<div>{escape(words)}</div>" for words in said.words)
    own, asked = f"{first}<div><br></div>{second}{below}", [f"<div>{escape(one)}</div>" for one in QUESTIONS]
    quoted = f"{introduction}{open_quote}{''.join(asked)}{close_quote}"
    return {
        "report": own,
        "above": f"{own}<br>{quoted}",
        "between": f"{introduction}{open_quote}{asked[0]}{close_quote}{first}"
        f"{open_quote}{asked[1]}{close_quote}{second}{below}",
        "below": f"{quoted}<br>{own}",
    }[said.place]


def head_of(said: Said, *lines: str) -> str:
    """Return a header of these lines, those of every letter added."""
    subject = "Jalan rusak di Batu 9" if said.place == "report" else "Re: Laporan 1234567 [Kawal 1234567-ABCDEFGHIJ]"
    answer = "" if said.place == "report" else f"In-Reply-To: <{'0a' * 16}@kepri.example.org>\n"
    return "\n".join(lines).format(to=said.to(), subject=subject) + f"\n{answer}MIME-Version: 1.0\n"


def either(said: Said, indonesian: str, english: str) -> str:
    """Return the words of the writer's language."""
    return indonesian if said.lang == "id" else english
