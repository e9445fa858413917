"""Who sees what of a report, as its reporter is told where anonim and rahasia are chosen: made from RIGHTS.

`anonim` hides the reporter, `rahasia` the whole report; each by itself. Nothing is public before verification.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kawal.domain.access import OFFICIALS, RIGHTS, Act, Purpose, Right, may_know_reporter
from kawal.domain.msgids import Message, msgid
from kawal.domain.names import Role

READERS: dict[Role, Message] = {
    Role.ADMIN: msgid("the agency's complaint admins"),
    Role.LIAISON: msgid("the offices (OPD) that handle it"),
    Role.INSPECTORATE: msgid("the Inspectorate"),
    Role.AUDITOR: msgid("auditors"),
    Role.LEADERSHIP: msgid("the leadership"),
    Role.NATIONAL: msgid("the national admin"),
    Role.DESK: msgid("the front desk"),
}
"""The roles as a citizen reads them."""

PUBLIC = msgid("the public")

_READING = RIGHTS[Act.READ_EVENTS]


def _of_a_reporters(right: Right) -> Sequence[Role]:
    """Return who may read what a reporter sends: not who reads only what they registered themselves."""
    return [role for role in right.who if role not in right.registered]


_READ_WORDS = _of_a_reporters(_READING)
_OPEN_FILES = _of_a_reporters(RIGHTS[Act.READ_ATTACHMENTS])


class Readers(NamedTuple):
    """The roles that may read one thing and those that may not, in the order of OFFICIALS; and whether it is public."""

    may: list[Role]
    may_not: list[Role]
    public: bool
    on_record: bool
    """Whether each reading needs a purpose and is recorded with it."""
    open_files: Sequence[Role] = ()
    """The roles that may open photos and files of a report that was brought before them, though not read its words."""

    @property
    def open_them(self) -> list[Message]:
        """These, in words."""
        return [READERS[role] for role in self.open_files]

    @property
    def see(self) -> list[Message]:
        """Those who may, in words."""
        return [*(READERS[role] for role in self.may), *([PUBLIC] if self.public else [])]

    @property
    def do_not(self) -> list[Message]:
        """Those who may not, in words."""
        return [*(READERS[role] for role in self.may_not), *([] if self.public else [PUBLIC])]


def of_the_reporter(*, anonim: bool) -> Readers:
    """Return who may know who the reporter is; the public never does."""
    return _divided([role for role in _READ_WORDS if may_know_reporter(role, anonim=anonim)], public=False, record=True)


def of_the_words(*, rahasia: bool) -> Readers:
    """Return who may read what the report says; the public reads it, masked, once it is verified."""
    told = _divided(_READ_WORDS, public=not rahasia, record=rahasia and _READING.purpose is Purpose.SECRET)
    return told._replace(open_files=[role for role in told.may_not if role in _OPEN_FILES])


def _divided(may: Sequence[Role], *, public: bool, record: bool) -> Readers:
    order = [role for role in OFFICIALS if role in may]
    return Readers(order, [role for role in OFFICIALS if role not in may], public, record)
