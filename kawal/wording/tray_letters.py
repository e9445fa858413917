"""Letters about the tray: to the admins and the Inspectorate about what waits there, and the answer to who wrote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from kawal.domain.msgids import msgid, msgids
from kawal.domain.notices import Recipient
from kawal.wording.catalogues import say
from kawal.wording.dates import show_long_day
from kawal.wording.letters import Letter

_REMINDER = msgids("{count} letter waits in the tray", "{count} letters wait in the tray")
_ESCALATION = msgids(
    "{count} letter has waited three working days in the tray",
    "{count} letters have waited three working days in the tray",
)
_ADMINS = msgid(
    "These letters became neither a report nor a reply by themselves, and nobody has decided about them for a working "
    "day. Until you decide, the reports that they name are not closed because their reporter is silent."
)
_INSPECTORATE = msgid(
    "These letters became neither a report nor a reply by themselves, and the complaints admin has not decided about "
    "them for three working days. Please see to it that this is done."
)
_ITEM = msgid("- item {item}, received on {day}")
_ITEM_NAMING = msgid("- item {item}, received on {day}, names report {reports}")
_HOW = msgid(
    "`kawal tray list` shows them, `kawal tray show` opens one for a purpose; give it to its report, let it become a "
    "report, pass it to the right agency, or dismiss it with grounds."
)
_RECEIVED = msgid("Your letter was received")
_RECEIVED_TEXT = msgid(
    "Your letter of {day} was received. It could not be assigned to a report automatically; an official will look at "
    "it. If it is about a report of yours, you can also answer a letter of ours and leave its subject as it is."
)


class WaitingItem(NamedTuple):
    """An item as a letter to an office names it."""

    item: int
    day: date
    """The local day of its receipt."""
    names: Sequence[str]


def office_letter(to: Recipient, items: Sequence[WaitingItem], lang: str) -> Letter:
    """Return the letter that tells the admins or the Inspectorate of items that wait; nothing in it is personal."""
    escalated = to is Recipient.INSPECTORATE
    subject = say(lang, _ESCALATION if escalated else _REMINDER, count=len(items))
    lines = "\n".join(_line(one, lang) for one in items)
    paragraphs = [say(lang, _INSPECTORATE if escalated else _ADMINS), lines, say(lang, _HOW)]
    return Letter(subject, "\n\n".join(paragraphs) + "\n")


def answer_letter(day: date, lang: str) -> Letter:
    """Return the one answer to a person: it says nothing of any report, for nobody knows whose letter it is."""
    return Letter(say(lang, _RECEIVED), say(lang, _RECEIVED_TEXT, day=show_long_day(day, lang)) + "\n")


def _line(one: WaitingItem, lang: str) -> str:
    day = show_long_day(one.day, lang)
    if one.names:
        return say(lang, _ITEM_NAMING, item=one.item, day=day, reports=", ".join(one.names))
    return say(lang, _ITEM, item=one.item, day=day)
