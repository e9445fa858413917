"""Reading a letter: sender, content and attachments. The bytes are foreign, so a reading process does it.

First the letter is cut to what a person could have written (`kawal.intake.mail.size_limits`).
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator, Sequence
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.policy import EmailPolicy
from email.utils import parseaddr
from typing import Any, NamedTuple

from kawal.domain.process.commands import TEXT_LIMIT, TITLE_LIMIT
from kawal.intake.mail.automatic_mail import Writer, writer_of
from kawal.intake.mail.html_text import words_of
from kawal.intake.mail.size_limits import bounded

MOST_FILES = 20
LONGEST_SUBJECT = 2_000
LONGEST_PAGE = 1_000_000
"""The most characters of an HTML page that are searched for words."""

_LONGEST_FILE_NAME = 500
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_QUOTE = re.compile(r"^\s*(>|On .{1,200} wrote:\s*$|Pada .{1,200} menulis:\s*$|-{2,}\s*Original Message|From: .+@)")
_SIGNATURE = re.compile(r"^-- ?$")
_NO_CHARSETS = frozenset({"undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape"})
"""Python's encodings that are not used in letters; some raise, or take quadratic time."""


class File(NamedTuple):
    """One attached file, its name as the sender wrote it."""

    name: str
    content: bytes


class Letter(NamedTuple):
    """The contents of a letter."""

    sender: str
    name: str
    subject: str
    text: str
    message_id: str
    """Its Message-ID; a hash of the whole letter where it has none."""
    writer: Writer
    files: list[File]

    @property
    def identity(self) -> str:
        """Identifies the letter when it is delivered again: its Message-ID together with its content.

        The id alone could be someone else's: knowing it must not be enough to add files to that report.
        """
        said = (self.message_id, self.sender, self.subject, self.text, *(file.name for file in self.files))
        content = b"\x00".join([*(part.encode(errors="replace") for part in said), *(f.content for f in self.files)])
        return f"{self.message_id[:100]}:{hashlib.sha256(content).hexdigest()[:16]}"


class ReceivedLetter(NamedTuple):
    """A letter as the reading process returns it: everything that needed its bytes is done."""

    sender: str
    name: str
    title: str
    subject: str
    text: str
    own_words: str
    """The text without quoted parts."""
    identity: str
    writer: Writer
    files: list[File]


def read_aside(_said: dict[str, Any], pieces: Sequence[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Read one raw letter and return what `taken` makes a Taken of; this is the reading process's task."""
    letter = read_letter(pieces[0])
    said = {
        "sender": letter.sender,
        "name": letter.name,
        "title": title_of(letter),
        "subject": letter.subject,
        "text": letter.text,
        "own_words": own_words(letter.text),
        "identity": letter.identity,
        "writer": str(letter.writer),
    }
    return {"letter": said, "names": [file.name for file in letter.files]}, [file.content for file in letter.files]


def taken(said: dict[str, Any], pieces: Sequence[bytes]) -> ReceivedLetter:
    """Return a reading process's answer; raises KeyError, TypeError or ValueError for a malformed one."""
    told = {name: str(value) for name, value in said["letter"].items()}
    files = [File(str(name), content) for name, content in zip(said["names"], pieces, strict=True)]
    return ReceivedLetter(**told | {"writer": Writer(told["writer"])}, files=files)  # type: ignore[arg-type]


def read_letter(content: bytes) -> Letter:
    """Read a letter as received by SMTP; what cannot be decoded is replaced, what is missing is empty.

    Raises SizeExceeded, and whatever the standard library's parser raises on hostile bytes.
    """
    message = BytesParser(policy=_LenientPolicy()).parsebytes(bounded(content))
    if not isinstance(message, EmailMessage):
        raise TypeError("the policy makes EmailMessages")
    name, sender = map(_plain, parseaddr(_header(message, "From")))
    subject = _plain(_header(message, "Subject"))[:LONGEST_SUBJECT]
    return Letter(
        sender=sender[:254],
        name=name[:200],
        subject=subject,
        text=_text(message),
        message_id=_plain(_header(message, "Message-ID"))[:150] or hashlib.sha256(content).hexdigest(),
        writer=writer_of(message, sender, subject),
        files=list(_files(message))[:MOST_FILES],
    )


def title_of(letter: Letter) -> str:
    """Return the subject, or the beginning of the text where there is none."""
    return (letter.subject or letter.text.partition("\n")[0])[:TITLE_LIMIT].strip() or "Tanpa judul"


def own_words(text: str) -> str:
    """Return a reply without what it quotes and without the signature; the whole text where nothing would be left."""
    kept: list[str] = []
    for line in text.splitlines():
        if _SIGNATURE.match(line) or (_QUOTE.match(line) and not line.lstrip().startswith(">")):
            break
        if not _QUOTE.match(line):
            kept.append(line)
    return "\n".join(kept).strip() or text.strip()


class _LenientPolicy(EmailPolicy):
    """Treats a header on which the standard library's parser fails (with all kinds of errors) as empty."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        try:
            return super().header_fetch_parse(name, value)
        except Exception:  # as above: what it raises is not documented
            return self.header_factory(name, "")


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name, "") or "")


def _plain(text: str) -> str:
    return " ".join(_storable(text).split())


def _storable(text: str) -> str:
    """Return the text without control characters and lone surrogates, which could not be stored."""
    return _CONTROL.sub(" ", text.encode(errors="replace").decode())


def _text(message: EmailMessage) -> str:
    try:
        body = message.get_body(("plain", "html"))
    except (MessageError, KeyError, ValueError, AttributeError, TypeError):
        body = None
    if body is None:
        return ""
    text = _decoded(body)
    if body.get_content_type() == "text/html":
        text = words_of(text[:LONGEST_PAGE])
    return _storable(text[: 2 * TEXT_LIMIT]).replace("\r\n", "\n").strip()[:TEXT_LIMIT]


def _bytes_of(part: MIMEPart) -> bytes:
    """Return the content of a part, its transfer encoding undone; nothing for a part that contains others."""
    if not _is_charset(part.get_content_charset("utf-8")):
        # The standard library applies the charset, even though bytes are asked for.
        part.replace_header("Content-Type", part.get_content_type())
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _decoded(part: MIMEPart) -> str:
    content = _bytes_of(part)
    said = part.get_content_charset() or "utf-8"
    # UTF-8 is tried before the declared charset, which is often wrong; but 16-bit text can look like UTF-8.
    wide = said.lower().startswith(("utf-16", "utf-32"))
    for charset in (said, "utf-8", "cp1252") if wide else ("utf-8", said, "cp1252"):
        try:
            if _is_charset(charset):
                return content.decode(charset)
        except (UnicodeError, LookupError):
            continue
    return content.decode("latin-1")


def _is_charset(name: str) -> bool:
    try:
        return codecs.lookup(name).name.replace("-", "_") not in _NO_CHARSETS
    except (LookupError, ValueError):
        return False


def _files(message: EmailMessage) -> Iterator[File]:
    try:
        parts = list(message.iter_attachments())
    except (MessageError, KeyError, ValueError, AttributeError, TypeError):
        return
    for part in parts:
        content = _bytes_of(part)
        if content:
            name = _storable(part.get_filename() or "lampiran")[:_LONGEST_FILE_NAME]
            yield File(name, content)
