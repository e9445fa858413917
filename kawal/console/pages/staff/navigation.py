"""Which pages the officials have, and in which roles one sees them named at the top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kawal.domain.access import OFFICIALS
from kawal.domain.msgids import Message, msgid
from kawal.domain.names import Role


class StaffPage(NamedTuple):
    """A page that is named at the top of every page."""

    path: str
    label: Message
    who: Sequence[Role]


PAGES = (
    StaffPage("/kerja", msgid("Work"), OFFICIALS),
    StaffPage("/kerja/verifikasi", msgid("Verification"), (Role.ADMIN,)),
    StaffPage("/kerja/opd", msgid("Own OPD"), (Role.LIAISON,)),
    StaffPage("/kerja/keputusan", msgid("Decisions"), (Role.ADMIN,)),
    StaffPage("/kerja/loket", msgid("Front desk"), (Role.DESK,)),
    StaffPage("/kerja/surat", msgid("Tray"), (Role.ADMIN, Role.INSPECTORATE, Role.AUDITOR)),
)
"""In the order in which they are named."""


def pages_for(role: Role) -> list[StaffPage]:
    """Return the pages that a role sees."""
    return [page for page in PAGES if role in page.who]
