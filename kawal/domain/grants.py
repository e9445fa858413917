"""Who gives people their roles, and who may stand in for whom. Source: the project's own policy [P].

The agency's admin enters its people; the Inspectorate, which oversees that admin, enters its own and the auditors. What
belongs to no agency is granted by whoever runs the machine. Nobody grants anything to the same person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from kawal.domain.access import OFFICIALS
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.persons import person_of
from kawal.domain.refusals import Refusal

GRANTS: dict[Role, tuple[Role, ...]] = {
    Role.ADMIN: (Role.ADMIN, Role.LIAISON, Role.DESK, Role.LEADERSHIP),
    Role.INSPECTORATE: (Role.INSPECTORATE, Role.AUDITOR),
    Role.SYSTEM: OFFICIALS,
}
"""The roles that each role grants and ends: within its own agency, and SYSTEM everywhere."""

LONGEST_DEPUTYSHIP = 366
"""Days for which a deputy is named at most."""


class DeputyRequest(NamedTuple):
    """What is asked for: that a person stands in for an absent's role, from the first to the last day."""

    absent: Actor
    """The absent in the role, as they hold it themselves."""
    deputy: str
    """The person who is to stand in."""
    first: date
    last: date


def may_grant(by: Actor, role: Role, instansi: str | None, to: str) -> Refusal | None:
    """Return why somebody may not let a person (`to`) hold a role in an agency, or end that; None if they may."""
    if role not in OFFICIALS:
        return Refusal("not_grantable", role=role, allowed=", ".join(OFFICIALS))
    if by.role is Role.SYSTEM:
        return None
    if person_of(by.account) == to:
        return Refusal("not_to_oneself")
    granted = GRANTS.get(by.role, ())
    if role not in granted:
        return Refusal("not_yours_to_grant", role=role, allowed=", ".join(granted) or "–")
    if by.instansi is None or instansi != by.instansi:
        return Refusal("grant_elsewhere", instansi=instansi or "–", actor=by.instansi or "–")
    return None


def may_link(by: Actor, own: Sequence[Actor], deputising: Sequence[Actor], to: str) -> Refusal | None:
    """Return why somebody may not give a person a new link: whoever has it can sign in, in every role of theirs.

    Those of their `own`, and those in which they stand in for an absent, or will.
    """
    if by.role is Role.SYSTEM:
        return None
    if person_of(by.account) == to:
        return Refusal("not_to_oneself")
    if not own:
        return Refusal("grant_elsewhere", instansi="–", actor=by.instansi or "–")
    return next(
        (refusal for held in (*own, *deputising) if (refusal := may_grant(by, held.role, held.instansi, to))), None
    )


def may_name_deputy(by: Actor, asked: DeputyRequest, today: date) -> Refusal | None:
    """Return why somebody may not name this deputy; None if they may: the absent, or whoever grants the role.

    One step deep: whoever acts as a deputy names none for the role.
    """
    absent = person_of(asked.absent.account)
    if by.deputy_for is not None or asked.absent.deputy_for is not None:
        return Refusal("deputy_chain")
    if asked.deputy == absent:
        return Refusal("deputy_is_absent")
    if asked.first > asked.last or asked.last < today or (asked.last - asked.first).days >= LONGEST_DEPUTYSHIP:
        return Refusal("deputy_days", most=LONGEST_DEPUTYSHIP)
    if person_of(by.account) == absent and by.role is not Role.SYSTEM:
        return None
    return may_grant(by, asked.absent.role, asked.absent.instansi, asked.deputy)


def may_end_deputy(by: Actor, absent: Actor, deputy: str) -> Refusal | None:
    """Return why somebody may not end a deputyship: the absent may, the deputy too, and whoever grants the role."""
    if person_of(by.account) in (person_of(absent.account), deputy):
        return None
    return may_grant(by, absent.role, absent.instansi, deputy)


def stands_in(first: date, last: date, today: date) -> bool:
    """Tell whether a deputy stands in on a day of Asia/Jakarta: from the first to the last, both included."""
    return first <= today <= last
