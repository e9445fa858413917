"""Which pages the officials have, and in which roles one sees them named at the top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kawal.domain.access import OFFICIALS, RIGHTS, Act
from kawal.domain.msgids import Message, msgid
from kawal.domain.names import CommandName, Role
from kawal.domain.process.transitions import TRANSITIONS

SETUP = "/kelola/mulai"
"""Where an agency is set up for the first time; the first administrator begins there."""


class StaffPage(NamedTuple):
    """A page that is named at the top of every page."""

    path: str
    label: Message
    who: Sequence[Role]


PAGES = (
    StaffPage("/kerja", msgid("Work"), OFFICIALS),
    StaffPage("/kerja/verifikasi", msgid("Verification"), TRANSITIONS[CommandName.VERIFY].who),
    StaffPage("/kerja/opd", msgid("Own OPD"), TRANSITIONS[CommandName.RECEIVE].who),
    StaffPage("/kerja/keputusan", msgid("Decisions"), TRANSITIONS[CommandName.GRANT].who),
    StaffPage("/kerja/loket", msgid("Front desk"), RIGHTS[Act.SPEAK].who),
    StaffPage("/inspektorat", msgid("Inspectorate"), TRANSITIONS[CommandName.RESOLVE].who),
    StaffPage("/pimpinan", msgid("Leadership"), RIGHTS[Act.SEE_WORK].who),
    StaffPage("/kerja/surat", msgid("Tray"), RIGHTS[Act.SHOW_ITEM].who),
    StaffPage("/auditor", msgid("Audit"), RIGHTS[Act.SEARCH].who),
    StaffPage("/mutu", msgid("Quality"), RIGHTS[Act.QUALITY_READ].who),
    StaffPage("/kelola", msgid("Administration"), RIGHTS[Act.INVITE_PERSON].who),
)
"""In the order in which they are named."""


def pages_for(role: Role) -> list[StaffPage]:
    """Return the pages that a role sees."""
    return [page for page in PAGES if role in page.who]
