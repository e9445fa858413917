"""How a reporter is told what happens: decided by the contacts on record and by what the installation has to send with.

The rule of delivery (activities.notify) as officials need it before they ask a reporter something: a question that
nobody hears of is answered by silence.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from kawal.domain.contacts import is_email, phone_number
from kawal.domain.messages import Reporter
from kawal.domain.msgids import Message, msgid


class Means(StrEnum):
    """By what a reporter is told; PAGE: by nothing, the report's own page says it to who looks."""

    EMAIL = "email"
    TELEPHONE = "telephone"
    PAGE = "page"


class ContactKinds(NamedTuple):
    """Which contacts came with a report, without saying what they are."""

    email: bool
    phone: bool


class SendingMeans(NamedTuple):
    """What can be sent with to an agency's reporters."""

    mail_server: bool
    gateways: tuple[str, ...]
    """The names of the gateways by which a message would go to this reporter, the best first."""


class Reachability(NamedTuple):
    """By what a reporter is told, or why by nothing."""

    means: Means
    gateway: str | None = None
    """By which one a message goes."""
    why: str | None = None
    """A code of UNREACHABLE, if the reporter is told by nothing."""

    @property
    def is_told(self) -> bool:
        """Whether anything reaches the reporter who does not look."""
        return self.means is not Means.PAGE


UNREACHABLE: dict[str, Message] = {
    "no_contact": msgid("there is neither an e-mail address nor a telephone number on record"),
    "no_mail_server": msgid("there is an e-mail address on record, and no mail server is set up"),
    "no_gateway": msgid("there is only a telephone number on record, and no gateway for messages is set up"),
}
"""Why a reporter is told by nothing."""


def contact_kinds(reporter: Reporter) -> ContactKinds:
    """Return which contacts of a reporter something can be sent to."""
    return ContactKinds(is_email(reporter.email or ""), phone_number(reporter.phone or "") is not None)


def reachability(contacts: ContactKinds, sending: SendingMeans) -> Reachability:
    """Return how a reporter is told: by e-mail, one without an address by telephone, otherwise by nothing."""
    match contacts, sending:
        case ContactKinds(email=True), SendingMeans(mail_server=True):
            return Reachability(Means.EMAIL)
        case ContactKinds(email=True), _:
            return Reachability(Means.PAGE, why="no_mail_server")
        case ContactKinds(phone=True), SendingMeans(gateways=(first, *_)):
            return Reachability(Means.TELEPHONE, gateway=first)
        case ContactKinds(phone=True), _:
            return Reachability(Means.PAGE, why="no_gateway")
        case _:
            return Reachability(Means.PAGE, why="no_contact")
