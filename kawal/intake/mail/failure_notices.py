"""Tells notices of mail systems, that a letter was not delivered or is late, from what people write about such notices.

Half of them bear none of the marks that standards ask for. The words alone prove nothing, since people quote them: they
count only beside a sender that may be a system's, or that wants no answer (`Return-Path: <>`; RFC 5321, 4.5.5).
"""

from __future__ import annotations

import re
from email.message import Message

from flufl.bounce import all_failures

_SYSTEMS = frozenset({"mailer-daemon", "mail-daemon", "mailerdaemon", "mmdf", "uucp-daemon"})
"""Nobody writes from these."""

_OFFICES = re.compile(
    r"(?:postmaster|mail-?admin|mail\.router|bounces?|bounced-?mail|microsoftexchange[0-9a-f]{16,})", re.IGNORECASE
)
"""From these both people and systems write."""

_SYSTEM_NAMES = re.compile(
    r"mail (?:delivery|system|router|administrator)|delivery (?:sub)?system|system administrator"
    r"|microsoft (?:exchange|outlook)\W*$|mailer.daemon|postmaster|sistem (?:pengiriman )?(?:surat|surel|email)",
    re.IGNORECASE,
)
_FAILURE = re.compile(
    r"(?:failure notice|mail (?:delivery|system error)|undeliver(?:able|ed)|returned mail"
    r"|delivery (?:status|failure|notification|has failed|report)"
    r"|delayed mail|warning: (?:message|could not send)|message (?:delayed|status|could not be delivered)|non-?delivery"
    r"|e-?mail virus|(?:mailbox|quota) (?:is )?(?:full|exceeded)|(?:kotak \w+|kuota) (?:sudah )?(?:penuh|terlampaui)"
    r"|nondeliverable|could not send message|permanent delivery failure|delivery delayed"
    r"|tidak (?:dapat )?terkirim|tidak dapat dikirim|gagal (?:terkirim|dikirim|mengirim)|kegagalan pengiriman"
    r"|pengiriman (?:surat |surel |email |pesan )?(?:gagal|tertunda)|pemberitahuan (?:status )?pengiriman|tertunda:)",
    re.IGNORECASE,
)
_LARGEST = 200_000
"""The most characters of a letter that is searched for a notice's words."""


def is_failure_notice(letter: Message, sender: str, subject: str) -> bool:
    """Tell whether a mail system wrote this about a letter of ours."""
    local = sender.partition("@")[0].lower()
    if local in _SYSTEMS:
        return True
    systems = _is_systems(letter, local)
    answerless = str(letter.get("Return-Path", "")).strip() == "<>"
    if systems and answerless:
        return True
    return (systems or answerless) and (_FAILURE.search(subject) is not None or _finds_failures(letter))


def _is_systems(letter: Message, local: str) -> bool:
    """Tell whether a mail system may have sent it, by its address or name."""
    named = str(letter.get("From", "")).partition("<")[0]
    return not local or _OFFICES.fullmatch(local) is not None or _SYSTEM_NAMES.search(named) is not None


def _finds_failures(letter: Message) -> bool:
    if sum(len(part.get_payload()) for part in letter.walk() if not part.is_multipart()) > _LARGEST:
        return False
    try:
        temporary, permanent = all_failures(letter)
    except Exception:  # its detectors raise all kinds of errors on what they do not expect
        return False
    return bool(temporary or permanent)
