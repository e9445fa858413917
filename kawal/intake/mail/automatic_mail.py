"""Tells who wrote a letter: a person, a person whose letter is marked as automatic, or a machine.

A forwarding mailbox rule, a group's address and a newsletter's system also mark people's letters. So a letter counts as
a machine's only for marks that people's letters never have: answers and reports of mail systems. All others are taken,
and get no automatic answer (RFC 3834, section 2).
"""

from __future__ import annotations

import re
from email.message import Message
from enum import StrEnum

from kawal.intake.mail.failure_notices import is_failure_notice
from kawal.intake.mail.parts import parts_of


class Writer(StrEnum):
    """The author of a letter, according to its header."""

    PERSON = "person"
    MARKED = "marked"
    """A person, through a system that asks for no automatic answer."""
    MACHINE = "machine"


_MARKS = ("List-Id", "List-Unsubscribe", "List-Post", "Mailing-List", "X-Auto-Response-Suppress", "Feedback-ID")
_RESPONDERS = ("X-Autoreply", "X-Autorespond", "X-Autoresponder")
"""Set only by programs that answer for somebody who is away."""

_ANSWERS = frozenset({"auto-replied", "auto-notified"})
"""RFC 3834: an automatic answer.

RFC 5436: a notice by a filter rule that some letter came, not the letter itself. `auto-generated` and `auto-forwarded`
are also set on people's letters that a rule or a form passes on.
"""

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
"""Words with which a complaint may also begin: they count alone, with a date, or before an answered subject."""


def writer_of(letter: Message, sender: str, subject: str) -> Writer:
    """Return who wrote a letter, by its header, its parts, and sender and subject as they were read."""
    if _is_machines(letter, subject) or is_failure_notice(letter, sender, subject):
        return Writer.MACHINE
    said = _word(letter, "Auto-Submitted")
    marked = said not in ("", "no") or any(mark in letter for mark in _MARKS)
    return Writer.MARKED if marked or _word(letter, "Precedence") in ("bulk", "list", "junk") else Writer.PERSON


def _is_machines(letter: Message, subject: str) -> bool:
    return (
        _word(letter, "Auto-Submitted") in _ANSWERS
        or _word(letter, "Precedence") == "auto_reply"
        or any(_word(letter, name) not in ("", "no") for name in _RESPONDERS)
        or any(part.get_content_type() in _REPORTS for part in parts_of(letter))
        or _ABSENCE.match(subject) is not None
        or _ABSENCE_ALONE.match(subject) is not None
    )


def _word(letter: Message, name: str) -> str:
    """Return the first word of a header, in lower case: comments and parameters follow it."""
    said = re.match(r"[a-z_-]+", str(letter.get(name, "")).strip().lower())
    return said[0] if said else ""
