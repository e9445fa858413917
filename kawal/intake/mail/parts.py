"""Walks the whole tree of a letter's parts: its words, and every other part as a file.

Nothing is passed over but the parts that hold a signature: what is neither words nor a file is named in `left_out`.
How many parts there are, and how deep, is limited before (`kawal.intake.mail.size_limits`).
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator, Sequence
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from enum import StrEnum
from typing import NamedTuple

from kawal.intake.mail.charsets import decoded, header_text, plain
from kawal.intake.mail.flowed import joined
from kawal.intake.mail.html_text import words_of
from kawal.intake.mail.signatures import SIGNATURES, signed_content, without_pgp
from kawal.intake.mail.size_limits import bounded
from kawal.intake.mail.uuencoded import without_files

LONGEST_PAGE = 1_000_000
"""The most characters of an HTML page that are searched for words; the whole of a longer one is kept as a file too."""

NAMELESS = "lampiran"
_LONGEST_FILE_NAME = 500
_LONGEST_HEADER = 2_000
_LONGEST_NAMED = 100
_DEEPEST = 5
"""Letters within letters whose bytes had to be decoded first, so that they were not counted before."""

_SAME = 20
"""One word in so many may differ between two forms of the same text."""

_WORD = re.compile(r"\w+")
_NO_BASE64 = bytes(byte for byte in range(256) if not re.match(rb"[A-Za-z0-9+/=\s]", bytes([byte])))
_UNENCODED_LINE = re.compile(rb"[^A-Za-z0-9+/=\s]|\S[ \t]+\S")
_ENCODED_LINE = 40
"""A line without a space is seldom so long in a text that was never encoded."""

_MOST_PIECES = 1_000
"""Encoded pieces one behind another, each with its own end."""

_FLAT = 200
"""A text so long that stands within another is the same; a shorter one may be an answer of its own."""

_BLOCKS_OF_HEADERS = ("delivery-status", "disposition-notification", "feedback-report")
_ENVELOPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_OTHER_FORMS = frozenset({"text/x-amp-html", "text/watch-html", "text/enriched", "text/richtext"})
"""Alternatives that say the same once more, for programs that few have."""

_NO_WORDS = frozenset(
    {"text/calendar", "text/vcard", "text/x-vcard", "text/rtf", "text/csv", "text/css", "text/javascript"}
)
"""Texts for programs."""

_RESOURCES = "application/applefile"
"""What a file has besides its content on old Macs."""


class File(NamedTuple):
    """One attached file, its name as the sender wrote it."""

    name: str
    content: bytes


class LeftOut(StrEnum):
    """Why something of a letter was not taken as it came; `named` says what."""

    TEXT = "text"
    """The text was longer than a report's may be; the whole of it is in the named file."""
    SUBJECT = "subject"
    """The subject was longer than any person writes, and was cut."""
    FILES = "files"
    """There were more files than a letter may bring."""
    EMPTY = "empty"
    """The part has no content."""
    UNREADABLE = "unreadable"
    """The part is encrypted, or its transfer encoding is broken."""

    def named(self, name: str) -> str:
        """Return the reason together with the name of what was left out."""
        return f"{self}:{name[:_LONGEST_NAMED]}"


class Words(NamedTuple):
    """A piece of text."""

    text: str
    attached: bool = False
    """Whether it is an attached letter's, and so is not the sender's own."""


class Contents(NamedTuple):
    """All that a letter holds below its header."""

    words: list[Words]
    files: list[File]
    left_out: list[str]


class _RawHeaders(Compat32):
    """Keeps headers as they came: the standard library's own reading of them fails in many ways on hostile ones."""

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002 - the standard library's signature
        return value


def parsed(content: bytes) -> Message:
    """Return a letter that is bounded already; its headers are kept as they came."""
    return BytesParser(policy=_RawHeaders()).parsebytes(content)


def raw_header(part: Message, name: str) -> str:
    """Return the first header of this name as it came, unfolded; empty where there is none."""
    for key, value in part.raw_items():
        if key.lower() == name:
            return str(value).replace("\r", "").replace("\n", "")
    return ""


def header(part: Message, name: str) -> str:
    """Return the first header of this name, decoded, in one line."""
    return plain(header_text(raw_header(part, name)))


def contents_of(letter: Message) -> Contents:
    """Return the words, files and what was left out of a letter.

    Raises SizeExceeded for letters within encoded letters; what is parsed is altered by that.
    """
    walk = _Walk()
    words = [one for one in walk.words_of(letter) if one.text.strip()]
    if not words:
        words = [Words(text) for text in walk.texts if text.strip()]
    return Contents(words, walk.files, walk.left_out)


class _Walk:
    """One walk through a letter; words are returned, files and what is left out are gathered."""

    def __init__(self) -> None:
        self.files: list[File] = []
        self.left_out: list[str] = []
        self.texts: list[str] = []
        """The texts of files, which are the words where there are no others."""
        self._depth = 0

    def words_of(self, part: Message) -> list[Words]:
        """Return the words of a part and of all within it."""
        payload = part.get_payload() if part.is_multipart() else None
        if not isinstance(payload, list):
            return self._leaf(part)
        inner = [one for one in payload if isinstance(one, Message)]
        kind, subtype = part.get_content_maintype(), part.get_content_subtype()
        if kind == "message":
            return self._letters(part, subtype, inner)
        if subtype == "alternative":
            found = _one_of([self.words_of(one) for one in inner if one.get_content_type() not in _OTHER_FORMS])
        else:
            found = _each([self.words_of(one) for one in inner])
        return self._around(part, found)

    def _around(self, part: Message, found: list[Words]) -> list[Words]:
        """Add what stands outside of the parts: before them, where there are no other words, and behind them."""
        for text, needed in ((part.preamble, not found), (part.epilogue, True)):
            if needed and isinstance(text, str) and text.strip():
                found = [*found, Words(_lines(decoded(text.encode("utf-8", "surrogateescape"), None)))]
        return found

    # --- Attached letters --------------------------------------------------------------------------------------------

    def _letters(self, part: Message, subtype: str, inner: Sequence[Message]) -> list[Words]:
        if subtype.removeprefix("global-") in _BLOCKS_OF_HEADERS:
            blocks = ["\n".join(f"{key}: {header(one, key.lower())}" for key in one) for one in inner]
            return [Words("\n\n".join(blocks), attached=True)]
        encoding = _encoding(part)
        if encoding in ("base64", "quoted-printable") and inner and not list(inner[0].keys()):
            content = _content_of(inner[0], encoding)
            if content:
                return self._encoded_letter(content, _name_of(part) or "surat.eml")
        return [words for one in inner for words in self._letter(one)]

    def _letter(self, letter: Message) -> list[Words]:
        named = [f"{name}: {said}" for name in ("From", "Date", "Subject") if (said := header(letter, name.lower()))]
        text = "\n\n".join(one.text.strip("\n") for one in self.words_of(letter) if one.text.strip())
        whole = "\n\n".join(one for one in ("\n".join(named), text) if one)
        return [Words(whole, attached=True)]

    def _encoded_letter(self, content: bytes, name: str) -> list[Words]:
        if self._depth >= _DEEPEST:
            self.files.append(File(name, content))
            return []
        self._depth += 1
        words = self._letter(parsed(bounded(content)))
        self._depth -= 1
        return words

    # --- Single parts ------------------------------------------------------------------------------------------------

    def _leaf(self, part: Message) -> list[Words]:
        # Some programs leave out the semicolon behind it.
        kind = part.get_content_type().split()[0]
        if kind in SIGNATURES or kind in (_RESOURCES, "application/pgp-encrypted"):
            return []
        encoding, charset, name = _encoding(part), part.get_content_charset(), _name_of(part)
        flowed = str(part.get_param("format", "")).lower() == "flowed"
        del_sp = str(part.get_param("delsp", "")).lower() == "yes"
        disposition = raw_header(part, "content-disposition").lower().lstrip()
        body = kind.startswith("multipart/") or kind in ("text/plain", "text/html")
        content = _content_of(part, "" if kind.startswith("multipart/") else encoding)
        if content is None:
            content = _content_of(part, "") or b""
            if not body or name:
                self.left_out.append(LeftOut.UNREADABLE.named(name or NAMELESS))
        if kind in _ENVELOPES:
            return self._envelope(content, name or "smime.p7m")
        if name.lower().endswith(".eml") and parsed(content[:_LONGEST_HEADER])["From"] is not None:
            return self._encoded_letter(content, name)
        if not body or disposition.startswith("attachment") or name:
            return self._file(kind, charset, name or NAMELESS, content)
        text = decoded(content, charset)
        if kind == "text/html":
            return [Words(self._page(text, content))]
        return [Words(self._plain(joined(_lines(text), del_sp=del_sp) if flowed else _lines(text)))]

    def _file(self, kind: str, charset: str | None, name: str, content: bytes) -> list[Words]:
        if not content:
            self.left_out.append(LeftOut.EMPTY.named(name))
            return []
        self.files.append(File(name, content))
        if kind == "text/plain":
            self.texts.append(_lines(decoded(content, charset)))
        elif kind.startswith("text/") and kind not in _NO_WORDS:
            self.texts.append(words_of(_lines(decoded(content, charset))[:LONGEST_PAGE]))
        return []

    def _envelope(self, content: bytes, name: str) -> list[Words]:
        """Read what S/MIME signed; what is encrypted is kept as it is."""
        inside = signed_content(content)
        if inside is None or self._depth >= _DEEPEST:
            self.left_out.append(LeftOut.UNREADABLE.named(name))
            self.files.append(File(name, content))
            return []
        self._depth += 1
        words = self.words_of(parsed(bounded(inside)))
        self._depth -= 1
        return words

    def _page(self, page: str, content: bytes) -> str:
        if len(page) > LONGEST_PAGE:
            self.files.append(File("surat.html", content))
            self.left_out.append(LeftOut.TEXT.named("surat.html"))
        return words_of(page[:LONGEST_PAGE])

    def _plain(self, text: str) -> str:
        text, files = without_files(without_pgp(text))
        self.files += [File(name, content) for name, content in files]
        return text


# --- Several forms of one text ---------------------------------------------------------------------------------------


def _one_of(forms: Sequence[list[Words]]) -> list[Words]:
    """Return the first form of a text that says all; several, where each says what another does not."""
    kept: list[tuple[list[Words], set[str]]] = []
    for form in forms:
        said = {word.lower() for one in form for word in _WORD.findall(one.text)}
        if not said or any(_says(other, said) for _, other in kept):
            continue
        kept = [(words, other) for words, other in kept if not _says(said, other)]
        kept.append((form, said))
    return [one for words, _ in kept for one in words]


def _says(said: set[str], other: set[str]) -> bool:
    return len(other - said) * _SAME <= len(other) if len(other) >= _SAME else other <= said


def _each(pieces: Sequence[list[Words]]) -> list[Words]:
    """Return all pieces but those whose words one before them said: some programs send a text twice, side by side."""
    kept: list[Words] = []
    said: list[str] = []
    for one in (words for piece in pieces for words in piece):
        flat = " ".join(_WORD.findall(one.text)) if len(one.text) <= LONGEST_PAGE else ""
        if flat and any(flat == other or (len(flat) >= _FLAT and flat in other) for other in said):
            continue
        kept.append(one)
        said.append(flat)
    return kept


# --- What a part says of itself --------------------------------------------------------------------------------------


def _encoding(part: Message) -> str:
    found = re.match(r"[a-z0-9-]+", raw_header(part, "content-transfer-encoding").strip().lower())
    return found[0] if found else ""


def _content_of(part: Message, encoding: str) -> bytes | None:
    """Return a part's bytes; None where its transfer encoding is broken."""
    # The standard library decodes by the charset and the encoding that stand here, even where bytes are asked for.
    for name in ("Content-Type", "Content-Transfer-Encoding"):
        del part[name]
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return b""
    if encoding == "quoted-printable":
        # Spaces behind the mark of a broken line were added on the way (RFC 2045, 6.7).
        return quopri.decodestring(re.sub(rb"=[ \t]+(?=\r?\n)", b"=", raw))
    if encoding == "base64":
        return _from_base64(raw)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        _, files = without_files(_lines(raw.decode("latin-1")))
        return files[0][1] if files else None
    return raw


def _from_base64(raw: bytes) -> bytes | None:
    footer = _footer_of(raw)
    encoded = raw[: len(raw) - len(footer)]
    if _was_never_encoded(encoded):
        return None
    content = encoded.translate(None, _NO_BASE64 + b"\r\n\t ").rstrip(b"=")
    pieces = re.split(rb"=+", content, maxsplit=_MOST_PIECES) if b"=" in content else [content]
    try:
        return b"".join(map(_base64_piece, pieces)) + (b"\n" + footer if footer else b"")
    except (binascii.Error, ValueError):
        return None


def _footer_of(raw: bytes) -> bytes:
    """Return the lines that a mailing list or a virus scanner added behind a text that they did not decode."""
    at = 0
    for line in raw.splitlines(keepends=True):
        if _UNENCODED_LINE.search(line):
            begun = raw[:at].strip()
            surely = begun.endswith(b"=") or len(begun.partition(b"\n")[0]) >= _ENCODED_LINE
            return raw[at:] if surely and _was_never_encoded(raw[at:]) else b""
        at += len(line)
    return b""


def _was_never_encoded(raw: bytes) -> bool:
    strange = len(raw) - len(raw.translate(None, _NO_BASE64))
    return max(raw.count(b" "), strange) * _SAME > len(raw)


def _base64_piece(piece: bytes) -> bytes:
    whole = piece.replace(b"=", b"")
    whole = whole[: len(whole) - (len(whole) % 4 == 1)]
    return base64.b64decode(whole + b"=" * (-len(whole) % 4))


def _name_of(part: Message) -> str:
    """Return the name of a part as a file, empty where it has none."""
    for parameter, where in (("filename", "content-disposition"), ("name", "content-type")):
        said = part.get_param(parameter, None, where)
        if isinstance(said, tuple):
            # RFC 2231: the charset, and bytes as Latin-1 characters.
            said = decoded(said[2].encode("latin-1", "ignore"), said[0])
        if said:
            return plain(header_text(str(said)[:_LONGEST_HEADER]))[:_LONGEST_FILE_NAME]
    return ""


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parts_of(letter: Message) -> Iterator[Message]:
    """Yield a letter and its parts, but not those of attached letters."""
    waiting: list[Message] = [letter]
    while waiting:
        part = waiting.pop()
        yield part
        content = part.get_payload() if part.get_content_maintype() == "multipart" else None
        if isinstance(content, list):
            waiting += [one for one in content if isinstance(one, Message)]
