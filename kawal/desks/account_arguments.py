"""The arguments of the commands about people: who is entered, which roles they hold, who stands in for them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from kawal.desks.arguments import DeskArguments, Number
from kawal.domain.names import Role
from kawal.domain.process.commands import printable

LoginName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^\S+$"),
    AfterValidator(printable),
]


PersonName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(printable)
]


class RoleChoice(DeskArguments):
    """A role, its agency and for a liaison the OPD."""

    role: Role
    opd: str | None = None
    instansi: str | None = None
    until: date | None = None
    """The last day (Asia/Jakarta); None: open."""


class InvitePerson(RoleChoice):
    """Who is entered, and the first role."""

    name: PersonName
    login: LoginName


class GrantRole(RoleChoice):
    """Who gets a further role, or another end of one."""

    login: LoginName


class HeldRoleNumber(DeskArguments):
    """A held role, by its number."""

    number: Number


class PersonChoice(DeskArguments):
    """A person, by log-in name."""

    login: LoginName


class NameDeputy(DeskArguments):
    """Who stands in for the holder of a role, on which days (Asia/Jakarta, both inclusive)."""

    number: Number
    """The held role's."""
    login: LoginName
    """The deputy's."""
    first: date
    last: date


class DeputyNumber(DeskArguments):
    """A deputyship, by its number."""

    number: Number
