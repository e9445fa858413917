"""Reading a letter: sender, words and files. The bytes are foreign, so a reading process does it.

First the letter is cut to what a person could have written (`kawal.intake.mail.size_limits`), then the tree of its
parts is walked (`kawal.intake.mail.parts`). What does not fit a report is in a file, or named in `left_out`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from email.message import Message
from email.utils import getaddresses
from itertools import islice
from typing import Any, NamedTuple

from kawal.domain.privacy_words import read_wishes
from kawal.domain.process.commands import TEXT_LIMIT, TITLE_LIMIT
from kawal.domain.report_numbers import numbers_named
from kawal.intake.mail.automatic_mail import Writer, writer_of
from kawal.intake.mail.charsets import header_text, plain, storable
from kawal.intake.mail.parts import Contents, File, LeftOut, contents_of, header, parsed, raw_header
from kawal.intake.mail.quotations import OwnWords, read_reply
from kawal.intake.mail.reply_marks import Source, has_code, is_near, without_code
from kawal.intake.mail.size_limits import HEADER_BYTES, bounded

MOST_FILES = 20
LONGEST_SUBJECT = 2_000
WHOLE_TEXT = "surat-lengkap.txt"
"""The file that holds the whole text, where a report's text may not be so long."""

_SHORT_LINE = 40
_LONGEST_SEARCHED = 100_000
_MOST_REFERENCES = 50
_MOST_RECIPIENTS = 50
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_OUR_ID = re.compile(r"<[0-9a-f]{32}@([^<>@\s]{1,190})>")
"""The Message-ID of our own letters (`activities.mail`)."""

_ANSWERING = ("in-reply-to", "references")
_RECIPIENTS = ("to", "cc", "delivered-to", "x-original-to")


class Letter(NamedTuple):
    """The contents of a letter."""

    sender: str
    name: str
    subject: str
    text: str
    """Its words, with the subject before them where a title cannot hold it; at most as long as a report's text."""
    message_id: str
    """Its Message-ID; a hash of the whole letter where it has none."""
    writer: Writer
    files: list[File]
    own: OwnWords
    """What it says beyond what it quotes, at most as long as a report's text."""
    own_words_cut: bool
    left_out: list[str]
    named: list[str]
    answers: bool
    references: list[str]

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
    """The text without what it quotes of ours; empty where it brings files, and besides them only quotes."""
    identity: str
    writer: Writer
    files: list[File]
    left_out: list[str]
    """What was not taken as it came: a LeftOut and a name each, `files:foto-21.jpg`."""
    named: list[str]
    """The numbers of seven to nine digits that subject and text name; they prove nothing."""
    quotes_ours: bool
    """Whether it quotes a letter that surely was ours, or answers one by its Message-ID."""
    answers: bool
    """Whether it says that it answers some letter (In-Reply-To, References)."""
    own_words_cut: bool
    """Whether the own words were longer than a reply may be; if not, a reply needs no file with the whole text."""
    references: list[str]
    """The Message-IDs that it answers or refers to."""
    anonim: bool = False
    """Whether it asks that its writer stays unknown; in doubt it does."""
    rahasia: bool = False
    """Whether a short line of it asks that nobody shall read the report; notes below business letters do not count."""

    @property
    def reply_files(self) -> list[File]:
        """What a reply brings: the file with the whole text only where the own words are more than a reply holds."""
        return self.files if self.own_words_cut else [file for file in self.files if file.name != WHOLE_TEXT]

    @property
    def reply_left_out(self) -> list[str]:
        """What of a reply was not taken as it came; what it quotes may be as long as it likes."""
        cut = LeftOut.TEXT.named(WHOLE_TEXT)
        return self.left_out if self.own_words_cut else [one for one in self.left_out if one != cut]


def read_aside(said: dict[str, Any], pieces: Sequence[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Read one raw letter and return what `taken` makes a ReceivedLetter of; this is the reading process's task.

    `said` may name the envelope's `recipients`: letters quoted from their addresses are ours.
    """
    letter = read_letter(pieces[0], said.get("recipients", ()))
    told = {
        "sender": letter.sender,
        "name": letter.name,
        "title": title_of(letter),
        "subject": letter.subject,
        "text": letter.text,
        "own_words": "" if letter.own.only_quotes and letter.files else letter.own.words,
        "identity": letter.identity,
        "writer": str(letter.writer),
    }
    lists = {"left_out": letter.left_out, "named": letter.named, "references": letter.references}
    flags = {
        "quotes_ours": letter.own.quotes_ours,
        "answers": letter.answers,
        "own_words_cut": letter.own_words_cut,
        "anonim": read_wishes(f"{letter.subject}\n{letter.text}").anonim,
        "rahasia": any(read_wishes(line).rahasia for line in _short_lines(letter)),
    }
    answer = {"letter": told, "lists": lists, "flags": flags, "names": [file.name for file in letter.files]}
    return answer, [file.content for file in letter.files]


def taken(said: dict[str, Any], pieces: Sequence[bytes]) -> ReceivedLetter:
    """Return a reading process's answer; raises KeyError, TypeError or ValueError for a malformed one."""
    told: dict[str, Any] = {name: str(value) for name, value in said["letter"].items()}
    told["writer"] = Writer(told["writer"])
    told |= {name: [str(value) for value in values] for name, values in said["lists"].items()}
    told |= {name: bool(value) for name, value in said["flags"].items()}
    files = [File(str(name), content) for name, content in zip(said["names"], pieces, strict=True)]
    return ReceivedLetter(**told, files=files)


def read_letter(content: bytes, recipients: Iterable[str] = ()) -> Letter:
    """Read a letter as received by SMTP; what cannot be decoded is replaced, what is missing is empty.

    Raises SizeExceeded, and whatever the standard library's parser raises on hostile bytes.
    """
    message = parsed(bounded(content))
    name, sender = _sender(message)
    whole_subject = header(message, "subject")
    subject = whole_subject[:LONGEST_SUBJECT]
    references = _references(message)
    ours = _ours(message, [*map(str, recipients)], references)
    writer = writer_of(message, sender, subject)
    found = contents_of(message)
    if subject != whole_subject or len(raw_header(message, "subject")) >= HEADER_BYTES - len("Subject: \r\n"):
        found.left_out.append(LeftOut.SUBJECT.named(subject))
    text, own = _text(subject, found), _own(found, ours)
    # Who deletes the quotation and the code still answers the letter.
    quotes_ours = own.quotes_ours or is_near(ours.domains, ours.addresses)
    files, left_out = _fitting_files(text, found)
    return Letter(
        sender=sender[:254],
        name=name[:200],
        subject=subject,
        text=_cut(text, TEXT_LIMIT),
        message_id=header(message, "message-id")[:150] or hashlib.sha256(content).hexdigest(),
        writer=writer,
        files=files,
        own=own._replace(words=_cut(own.words, TEXT_LIMIT), quotes_ours=quotes_ours),
        own_words_cut=len(own.words) > TEXT_LIMIT,
        left_out=left_out,
        named=numbers_named(f"{subject}\n{text[:_LONGEST_SEARCHED]}"),
        answers=any(raw_header(message, name).strip() for name in _ANSWERING),
        references=references,
    )


def title_of(letter: Letter) -> str:
    """Return the subject, or the beginning of the text where there is none, cut between words."""
    said = letter.subject or plain(letter.text.partition("\n")[0][: 2 * TITLE_LIMIT])
    return _cut(said, TITLE_LIMIT).strip() or "Tanpa judul"


def _short_lines(letter: Letter) -> list[str]:
    return [line for line in (letter.subject, *letter.text.splitlines()) if 0 < len(line) <= _SHORT_LINE]


def _cut(text: str, limit: int) -> str:
    """Return at most so much of a text, cut between words; the sign of it counts too."""
    if len(text) <= limit:
        return text
    words = re.match(r".*\S(?=\s)", text[:limit], re.DOTALL)
    return f"{(words[0] if words and words.end() * 2 > limit else text[: limit - 1])[: limit - 1]}…"


def _fitting_files(text: str, found: Contents) -> tuple[list[File], list[str]]:
    """Return the files that are taken, and all that is not: a text that is too long is a file itself, the first."""
    files, left_out = found.files, found.left_out
    if len(text) > TEXT_LIMIT:
        files = [File(WHOLE_TEXT, text.encode()), *files]
        left_out = [LeftOut.TEXT.named(WHOLE_TEXT), *left_out]
    return files[:MOST_FILES], left_out + [LeftOut.FILES.named(file.name) for file in files[MOST_FILES:]]


def _sender(message: Message) -> tuple[str, str]:
    """Return the name and address of who wrote; encoded words are decoded after the address is told from the name."""
    raw = raw_header(message, "from")
    found = _addresses([raw if "@" in raw else header_text(raw)])
    name, sender = found[0] if found else ("", "")
    return plain(header_text(name)), plain(header_text(sender))


def _addresses(headers: Sequence[str]) -> list[tuple[str, str]]:
    """Return the names and addresses in headers; none, where brackets are nested deeper than anybody nests them."""
    try:
        return list(islice(getaddresses(list(headers)), _MOST_RECIPIENTS))
    except RecursionError:
        return []


def _text(subject: str, found: Contents) -> str:
    text = storable("\n\n".join(one.text.strip("\n") for one in found.words)).strip()
    return f"{subject}\n\n{text}".strip() if len(subject) > TITLE_LIMIT else text


def _own(found: Contents, ours: Source) -> OwnWords:
    """Return what the sender wrote below what they quote; an attached letter is not a quotation."""
    said = storable("\n\n".join(one.text for one in found.words if not one.attached))
    own = read_reply(said, ours)
    attached = storable("\n\n".join(one.text for one in found.words if one.attached)).strip()
    words = "\n\n".join(one for one in (own.words, attached) if one)
    return OwnWords(words, own.only_quotes and not attached, own.quotes_ours)


def _ours(message: Message, recipients: list[str], references: Sequence[str]) -> Source:
    """Return whose letters are ours: the addresses to which this one came, and the domains of our Message-IDs."""
    written = [raw_header(message, name) for name in _RECIPIENTS]
    found = [address for _, address in _addresses([*recipients, *written]) if "@" in address]
    # One with a report's code is surely ours; beside it others may stand who were sent a copy.
    coded = recipients or [one for one in found if has_code(one)]
    first = [address for _, address in _addresses([raw_header(message, "to")])]
    domains = {mark[1].lower() for one in references if (mark := _OUR_ID.fullmatch(one))}
    return Source(frozenset(map(without_code, coded or first or found)), frozenset(domains))


def _references(message: Message) -> list[str]:
    said = " ".join(raw_header(message, name) for name in _ANSWERING)
    return list(islice(dict.fromkeys(plain(one) for one in _MESSAGE_ID.findall(said)), _MOST_REFERENCES))
