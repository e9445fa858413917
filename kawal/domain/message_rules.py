"""Messages to reporters by SMS and WhatsApp: how long one may be, at what hours it may go, and in which form.

[P] but for the limits: an SMS's segments are those of 3GPP TS 23.038 and 23.040, the window of 24 hours is WhatsApp's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum

from kawal.domain.calendar import JAKARTA

MOST_SEGMENTS = 2
"""An SMS of more costs more, and old telephones show its parts in any order."""

WHATSAPP_LIMIT = 1024
"""Characters: what a template's text may hold, so that the same words fit with and without one."""

WINDOW = timedelta(hours=24)
"""After somebody's last message by WhatsApp only a named template may be sent to them."""

QUIET_FROM = time(20)
QUIET_UNTIL = time(7)

JUST_SENT = timedelta(minutes=15)
"""An answer that is older is no answer to what was just sent, and waits for the morning like the rest."""

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Characters that take two places: an escape goes before each."""

_GSM_ALONE, _GSM_PART = 160, 153
_UCS_ALONE, _UCS_PART = 70, 67
"""Places in a message of one segment, and in each segment of a longer one (a header takes the rest)."""


class Form(StrEnum):
    """The form in which a message may go now."""

    WORDS = "words"
    TEMPLATE = "template"
    """Only as a template that the provider has approved, with its parameters."""


def is_gsm(text: str) -> bool:
    """Return whether an SMS can carry the text in its own alphabet; one character of another makes all of it UCS-2."""
    return all(char in _GSM or char in _GSM_EXTENDED for char in text)


def segments(text: str) -> int:
    """Return how many segments an SMS of this text has; at least one."""
    if is_gsm(text):
        return _packed([2 if char in _GSM_EXTENDED else 1 for char in text], _GSM_ALONE, _GSM_PART)
    return _packed([2 if ord(char) > 0xFFFF else 1 for char in text], _UCS_ALONE, _UCS_PART)


def _packed(places: Sequence[int], alone: int, part: int) -> int:
    """Count the segments; what takes two places is not divided between two of them."""
    if sum(places) <= alone:
        return 1
    count, left = 1, part
    for size in places:
        if size > left:
            count, left = count + 1, part
        left -= size
    return count


def fits_sms(text: str) -> bool:
    """Return whether the text may go as an SMS."""
    return segments(text) <= MOST_SEGMENTS


def fits_whatsapp(text: str) -> bool:
    """Return whether the text may go by WhatsApp, as words or as a template's parameter."""
    return len(text) <= WHATSAPP_LIMIT


def quiet_until(now: datetime) -> datetime | None:
    """Return the end of the quiet hours (20.00 to 07.00 in Asia/Jakarta) if `now` is within them."""
    local = now.astimezone(JAKARTA)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return None
    morning = local.replace(hour=QUIET_UNTIL.hour, minute=0, second=0, microsecond=0)
    return (morning if local.time() < QUIET_UNTIL else morning + timedelta(days=1)).astimezone(now.tzinfo)


def waits_until(now: datetime, written_at: datetime, *, answers: bool) -> datetime | None:
    """Return until when a message has to wait; None if it may go now.

    At night only what answers something just sent may go, and only while it was just sent.
    """
    if answers and now - written_at <= JUST_SENT:
        return None
    return quiet_until(now)


def whatsapp_form(now: datetime, last_written: datetime | None) -> Form:
    """Return in which form a WhatsApp message may go to somebody who wrote last at that time (None: not known)."""
    inside = last_written is not None and now - last_written < WINDOW
    return Form.WORDS if inside else Form.TEMPLATE
