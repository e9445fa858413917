"""Letters to those who support a report: to confirm an address, and of status and dates; no word of a report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from kawal.domain.labels import STATUSES
from kawal.domain.msgids import msgid, msgids
from kawal.domain.names import Status
from kawal.wording.catalogues import say
from kawal.wording.dates import show_long_day
from kawal.wording.letters import Letter

SALUTATION = msgid("Dear Sir or Madam,")

_CONFIRM = msgid("Please confirm your address: report {number}")
_CONFIRM_TEXT = msgid(
    "Somebody gave this address to be told how report {number} goes on. If it was you, open this link and confirm:"
)
_NOT_YOU = msgid(
    "If it was not you, do nothing: without your confirmation we will not write again, and the address is deleted "
    "after seven days."
)
_NEWS = msgids("News of a report that you support", "News of {count} reports that you support")
_NEWS_TEXT = msgid("This is how the reports stand that you support:")
_STATUS = msgid("- report {number}: {status}, since {day}")
_MERGED = msgid("- report {number}, merged into report {main}: {status}, since {day}")
_ENDED = msgid("- report {number} is no longer public. Your support has ended, and your address is deleted.")
_STOP = msgid("No longer: {link}")


class SupportLine(NamedTuple):
    """One report in a letter of news."""

    number: str
    main: str
    """The report whose status it is: another one, if it was merged."""
    status: Status | None
    """None: it is no longer public."""
    since: date | None
    link: str


def support_link(public_url: str, token: str) -> str:
    """Return the link that opens the page where a support is confirmed or ended; fetching it does neither."""
    return f"{public_url}/dukungan/{token}"


def invitation_letter(number: str, link: str, lang: str) -> Letter:
    """Return the letter that asks to confirm an address."""
    paragraphs = [say(lang, _CONFIRM_TEXT, number=number), link, say(lang, _NOT_YOU)]
    return Letter(say(lang, _CONFIRM, number=number), "\n\n".join(paragraphs) + "\n")


def news_letter(lines: Sequence[SupportLine], lang: str) -> Letter:
    """Return the one letter of a day to a supporter."""
    shown = [one for line in lines for one in _line(line, lang)]
    paragraphs = [say(lang, _NEWS_TEXT), "\n".join(shown)]
    return Letter(say(lang, _NEWS, count=len(lines)), "\n\n".join(paragraphs) + "\n")


def _line(line: SupportLine, lang: str) -> list[str]:
    if line.status is None or line.since is None:
        return [say(lang, _ENDED, number=line.number)]
    told = {"status": say(lang, STATUSES[line.status]), "day": show_long_day(line.since, lang)}
    if line.main == line.number:
        said = say(lang, _STATUS, number=line.number, **told)
    else:
        said = say(lang, _MERGED, number=line.number, main=line.main, **told)
    return [said, "  " + say(lang, _STOP, link=line.link)]
