"""Who wrote a letter: a person, a person whose letter bears a machine's marks, or a machine alone.

A mailbox rule that forwards, a group's address and a newsletter's system put their marks on people's letters, too. So
only what is never a person's counts as a machine's: answers and reports of mail systems. The rest is taken, and gets no
automatic answer (RFC 3834, section 2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from enum import StrEnum


class Writer(StrEnum):
    """What the head of a letter says about who wrote it."""

    PERSON = "person"
    MARKED = "marked"
    """A person, by a system that asks for no automatic answer."""
    MACHINE = "machine"


_MARKS = ("List-Id", "List-Unsubscribe", "List-Post", "Mailing-List", "X-Auto-Response-Suppress", "Feedback-ID")
_RESPONDERS = ("X-Autoreply", "X-Autorespond", "X-Autoresponder")
"""Set by programs that answer for somebody who is away, and by nothing else."""

_ANSWERS = frozenset({"auto-replied", "auto-notified"})
"""RFC 3834: an automatic answer. RFC 5436: a notice by a filter rule that some letter came, not the letter itself.
`auto-generated` and `auto-forwarded` also stand on letters that a rule or a form passes on for a person."""

_SYSTEMS = frozenset({"mailer-daemon", "mail-daemon"})
_REPORTS = frozenset(
    {
        "multipart/report",
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/global-disposition-notification",
        "message/feedback-report",
    }
)
"""RFC 3464, 8098, 6522, 6533, 5965."""

_AGAIN = r"(?:(?:re|fwd?|aw|bls|balas|trs)\s*:\s*)*"
_UNTIL = r"(?:sampai|hingga|s\.?/?d\.?|until|till)\s"
_END = rf"\s*(?:[.!]*$|[:\[(]|[–—-]?\s*(?:re|aw|bls|balas)\s*:|{_UNTIL})"
_ABSENCE = re.compile(
    rf"{_AGAIN}(?:(?:automatic|automated|auto)[ -]?(?:reply|response|answer)|autoreply|autoresponder"
    r"|out[ -]of[ -](?:the[ -])?office(?:[ -](?:auto[ -]?)?(?:reply|notice|message))?"
    r"|(?:balasan|jawaban|pesan|respons?) otomatis)" + _END,
    re.IGNORECASE,
)
"""Only at the beginning: a complaint may well say that an office is closed."""

_ABSENCE_ALONE = re.compile(
    rf"{_AGAIN}(?:(?:saya |kami )?(?:sedang )?(?:cuti|di luar kantor|tidak di kantor|tidak berada di kantor|dinas luar)"
    r"|(?:i am |i'm )?(?:away|on (?:leave|vacation|holiday)|not in the office))"
    r"\s*(?:[.!]|[:–—-]\s*(?:re|aw|bls|balas)\s*:.*|.*\[kawal [0-9]{7,9}-.*"
    rf"|{_UNTIL}.{{1,60}})?$",
    re.IGNORECASE,
)
"""Words with which a complaint could begin, too: so only alone, with a date, or before the subject that they answer."""


def writer_of(letter: Message, sender: str, subject: str) -> Writer:
    """Who wrote a letter, by its head, its parts, and sender and subject as they were read."""
    if _is_machines(letter, sender, subject):
        return Writer.MACHINE
    said = _word(letter, "Auto-Submitted")
    marked = said not in ("", "no") or any(mark in letter for mark in _MARKS)
    return Writer.MARKED if marked or _word(letter, "Precedence") in ("bulk", "list", "junk") else Writer.PERSON


def _is_machines(letter: Message, sender: str, subject: str) -> bool:
    return (
        _word(letter, "Auto-Submitted") in _ANSWERS
        or _word(letter, "Precedence") == "auto_reply"
        or any(_word(letter, name) not in ("", "no") for name in _RESPONDERS)
        or sender.partition("@")[0].lower() in _SYSTEMS
        or any(part.get_content_type() in _REPORTS for part in _own_parts(letter))
        or _ABSENCE.match(subject) is not None
        or _ABSENCE_ALONE.match(subject) is not None
    )


def _own_parts(letter: Message) -> Iterator[Message]:
    """The letter and its parts, and not those of letters attached to it: a person may hand on what a machine wrote."""
    waiting: list[Message] = [letter]
    while waiting:
        part = waiting.pop()
        yield part
        content = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(content, list):
            waiting += [one for one in content if isinstance(one, Message)]


def _word(letter: Message, name: str) -> str:
    """The first word of a header, in lower case: what follows are comments and parameters."""
    said = re.match(r"[a-z_-]+", str(letter.get(name, "")).strip().lower())
    return said[0] if said else ""
