"""Who may see a complaint's attachments."""

from __future__ import annotations

from domain.messages import Snapshot
from domain.names import Role

_NO_LONGER = frozenset({"returned", "withdrawn"})
_SEKDA = 2


def may_see(role: Role, opd: str | None, complaint: Snapshot) -> bool:
    """Whether an official of the complaint's own agency may see its attachments.

    Policy of Kawal, for the sources are silent. The agency's admin, the Inspectorate and an auditor: all. A liaison:
    those of complaints that its OPD holds or held; of a rahasia report not once it returned the report or had it
    withdrawn. The leadership: what came up to it. Nobody else; a reporter shows the tracking secret instead of a role.
    That the role is held in the complaint's agency is the caller's to check.
    """
    if role in (Role.ADMIN, Role.INSPECTORATE, Role.AUDITOR):
        return True
    if role is Role.LEADERSHIP:
        return complaint.ever_level >= _SEKDA
    if role is Role.LIAISON and opd is not None:
        states = {line.state for line in complaint.opds if line.code == opd}
        return bool(states - _NO_LONGER if complaint.rahasia else states)
    return False
