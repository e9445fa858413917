"""Reading a letter: who, what, and what is attached. Nothing that a sender can write makes reading fail."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import parseaddr
from html.parser import HTMLParser
from typing import NamedTuple

from domain.commands import TEXT_LIMIT, TITLE_LIMIT

MOST_FILES = 20
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_QUOTE = re.compile(r"^\s*(>|On .{1,200} wrote:\s*$|Pada .{1,200} menulis:\s*$|-{2,}\s*Original Message|From: .+@)")
_SIGNATURE = re.compile(r"^-- ?$")


class File(NamedTuple):
    """One attached file, its name as the sender wrote it."""

    name: str
    content: bytes


class Letter(NamedTuple):
    """What a letter says."""

    sender: str
    name: str
    subject: str
    text: str
    message_id: str
    """Its Message-ID; a hash of the whole letter where it has none."""
    automatic: bool
    """Made by a machine (out of office, mailing list, bounce): never a report."""
    files: list[File]

    @property
    def identity(self) -> str:
        """What makes it the same letter when it is delivered again: its Message-ID, and what it says.

        The id alone could be another's: whoever knows it must not be able to add files to that report.
        """
        said = (self.message_id, self.sender, self.subject, self.text, *(file.name for file in self.files))
        content = b"\x00".join([*(part.encode(errors="replace") for part in said), *(f.content for f in self.files)])
        return f"{self.message_id[:100]}:{hashlib.sha256(content).hexdigest()[:16]}"


def read_letter(content: bytes) -> Letter:
    """Read a letter as it came over SMTP; what cannot be decoded is replaced, what is missing is empty."""
    message = BytesParser(policy=policy.default).parsebytes(content)
    if not isinstance(message, EmailMessage):
        raise TypeError("the default policy makes EmailMessages")
    name, sender = parseaddr(_header(message, "From"))
    message_id = _header(message, "Message-ID").strip() or hashlib.sha256(content).hexdigest()
    return Letter(
        sender=_plain(sender)[:254],
        name=_plain(name)[:200],
        subject=_plain(_header(message, "Subject")),
        text=_text(message),
        message_id=message_id[:150],
        automatic=_is_automatic(message),
        files=list(_files(message))[:MOST_FILES],
    )


def title_of(letter: Letter) -> str:
    """The subject, or the beginning of the text where there is none."""
    return (letter.subject or letter.text.partition("\n")[0])[:TITLE_LIMIT].strip() or "Tanpa judul"


def own_words(text: str) -> str:
    """A reply without what it quotes and without the signature; the whole text where nothing would be left."""
    kept: list[str] = []
    for line in text.splitlines():
        if _SIGNATURE.match(line) or (_QUOTE.match(line) and not line.lstrip().startswith(">")):
            break
        if not _QUOTE.match(line):
            kept.append(line)
    return "\n".join(kept).strip() or text.strip()


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, "") or "")
    except (MessageError, ValueError, IndexError, AttributeError, TypeError):
        # The standard library's header parser trips over some malformed headers.
        return ""


def _plain(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def _is_automatic(message: EmailMessage) -> bool:
    said = _header(message, "Auto-Submitted").strip().lower()
    marks = ("List-Id", "List-Unsubscribe", "X-Auto-Response-Suppress", "X-Autoreply")
    bulk = _header(message, "Precedence").strip().lower() in ("bulk", "list", "junk", "auto_reply")
    return said not in ("", "no") or bulk or any(mark in message for mark in marks)


def _text(message: EmailMessage) -> str:
    try:
        body = message.get_body(("plain", "html"))
    except (MessageError, KeyError, ValueError, AttributeError, TypeError):
        body = None
    if body is None:
        return ""
    text = _decoded(body)
    if body.get_content_type() == "text/html":
        text = _without_tags(text)
    return _CONTROL.sub(" ", text).replace("\r\n", "\n").strip()[:TEXT_LIMIT]


def _decoded(part: MIMEPart) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    said = part.get_content_charset() or "utf-8"
    # UTF-8 is tried before what the letter says, which is often wrong; but text in 16 bits can look like it.
    wide = said.lower().startswith(("utf-16", "utf-32"))
    for charset in (said, "utf-8", "cp1252") if wide else ("utf-8", said, "cp1252"):
        try:
            return content.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("latin-1")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._hidden += tag in ("script", "style", "head")
        if tag in ("br", "p", "div", "li", "tr"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in ("script", "style", "head")))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def _without_tags(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    return re.sub(r"\n\s*\n+", "\n\n", "".join(words.words))


def _files(message: EmailMessage) -> Iterator[File]:
    try:
        parts = list(message.iter_attachments())
    except (MessageError, KeyError, ValueError, AttributeError, TypeError):
        return
    for part in parts:
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            yield File(part.get_filename() or "lampiran", content)
