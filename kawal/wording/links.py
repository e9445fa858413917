"""How a reporter gets to the report again: number, access code and link, as letters, messages and the slip say them.

The code is told to the reporter alone: nothing here is used in letters to others, in titles, logs or the record.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kawal.domain.message_rules import fits_sms, is_gsm
from kawal.domain.msgids import Message, Sayable, msgid, sentence
from kawal.wording.catalogues import say

_LINK = msgid("To follow your report and to answer: {link}")
_NUMBER_AND_CODE = msgid(
    "Report number {number}, access code {code}. Whoever has this code or the link can read your report and answer for "
    "you; please show them to nobody."
)
_WITHOUT_LINK = msgid(
    "Report number {number}, access code {code}. With both you can follow your report and answer: on our page, or at "
    "our front desk. Whoever has the code can do so for you; please show it to nobody."
)

_RECEIVED_LINK = msgid("Your report was received under number {number}: {link}")
_RECEIVED = msgid("Your report was received under number {number}, access code {code}.")
_JUDGE = msgid("After our answer: TERIMA, or SANGGAH and why.")
_CONCEAL = msgid("To hide your name reply ANONIMKAN, the whole report RAHASIAKAN.")
_CONCEAL_ALL = msgid("To hide the whole report reply RAHASIAKAN.")
_ADD = msgid("To add to it, write again within 30 minutes, or begin with {number}.")

_SLIP_TITLE = msgid("RECEIPT OF A REPORT")
_SLIP_RECEIVED = msgid("Received: {at}")
_SLIP_NUMBER = msgid("Report number: {number}")
_SLIP_CODE = msgid("Access code: {code}")
_SLIP_LINK = msgid("Follow and answer: {link}")
_SLIP_HOW = msgid(
    "With number and code you can follow the report, answer, accept or dispute the follow-up: on our page, or at our "
    "front desk."
)
_SLIP_SECRET = msgid("Whoever has the code can do so for you. Show it to nobody; it can be changed at our front desk.")
_SLIP_WIDTH = 64


class ReportAccess(NamedTuple):
    """What opens a report to its reporter."""

    tracking_id: str
    secret: str
    link: str | None
    """None where the installation does not know the address by which the public reaches it."""


def report_link(public_url: str, tracking_id: str, secret: str) -> str:
    """Return the link that opens a report to whoever has it."""
    return f"{public_url}/l/{tracking_id}/{secret}"


def report_access(public_url: str | None, tracking_id: str, secret: str) -> ReportAccess:
    """Return what opens a report, with its link where the public address is known."""
    link = None if public_url is None else report_link(public_url, tracking_id, secret)
    return ReportAccess(tracking_id, secret, link)


def in_letter(access: ReportAccess, lang: str) -> str:
    """Return the paragraph that closes each letter to the reporter."""
    known = {"number": access.tracking_id, "code": access.secret}
    if access.link is None:
        return say(lang, sentence(_WITHOUT_LINK, **known))
    # The link has a line of its own, so that no mail program takes a full stop into it.
    return f"{say(lang, sentence(_LINK, link=access.link))}\n{say(lang, sentence(_NUMBER_AND_CODE, **known))}"


class HiddenParts(NamedTuple):
    """What of a report is hidden from the start, and how its reporter is told so."""

    anonim: bool
    rahasia: bool
    told: Sequence[Message]


def in_message(
    access: ReportAccess, hidden_parts: HiddenParts, also: Sequence[Message], lang: str, *, sms: bool
) -> str:
    """Return the answer to the message that began a report: number, link or code, and the words that work.

    In an SMS what does not fit into two segments is left out, beginning with what weighs least: `also`.
    """
    number, code, link = access
    opens = sentence(_RECEIVED, number=number, code=code)
    if link is not None:
        opens = sentence(_RECEIVED_LINK, number=number, link=link)
    conceal = [] if hidden_parts.rahasia else [_CONCEAL_ALL if hidden_parts.anonim else _CONCEAL]
    parts: list[Sayable] = [opens, *hidden_parts.told, _JUDGE, *conceal, sentence(_ADD, number=number), *also]
    said = [say(lang, one) for one in parts]
    return " ".join(_that_fit(said) if sms else said)


def _that_fit(parts: Sequence[str]) -> list[str]:
    """Return the parts that fit into an SMS, joined by spaces: the first always, a later one if it still fits.

    A part outside the 7-bit alphabet is left out: it would more than halve what fits.
    """
    taken = list(parts[:1])
    for part in parts[1:]:
        if is_gsm(part) and fits_sms(" ".join([*taken, part])):
            taken.append(part)
    return taken


def slip(access: ReportAccess, agency: str, received: str, lang: str) -> str:
    """Return the slip that the desk prints and hands out: plain text, narrow enough for any printer."""
    number, code, link = access
    lines = [
        agency,
        say(lang, _SLIP_TITLE),
        "",
        say(lang, sentence(_SLIP_RECEIVED, at=received)),
        say(lang, sentence(_SLIP_NUMBER, number=number)),
        say(lang, sentence(_SLIP_CODE, code=code)),
        *([] if link is None else [say(lang, sentence(_SLIP_LINK, link=link))]),
        "",
        *_wrapped(say(lang, _SLIP_HOW)),
        *_wrapped(say(lang, _SLIP_SECRET)),
    ]
    rule = "-" * _SLIP_WIDTH
    return "\n".join([rule, *lines, rule])


def without_access(text: str, access: ReportAccess) -> str:
    """Return what a reporter wrote without the report's code and links, which a quoted letter of ours may have left.

    Officials read what a reporter writes, and whoever has the code can speak for the reporter.
    """
    number, code = access.tracking_id, access.secret
    without_links = re.sub(rf"\S*/l/{number}/[0-9A-Za-z]+", f"…/l/{number}/…", text)
    return re.sub(rf"(?<![0-9A-Za-z]){code}(?![0-9A-Za-z])", "…", without_links, flags=re.IGNORECASE)


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _SLIP_WIDTH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
