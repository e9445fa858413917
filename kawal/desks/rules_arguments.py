"""The arguments of the commands by which calendars and rule sets change (desks.rules)."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from kawal.desks.arguments import DeskArguments
from kawal.domain.calendar import FIRST_DAY, LAST_DAY, Holiday
from kawal.domain.policy import Policy
from kawal.domain.process.commands import Note, printable


class ImportCalendar(DeskArguments):
    """Days off of whole years under the name of a version: national ones, or with `own` the agency's."""

    version: Annotated[str, StringConstraints(pattern=r"^[^+\s]{1,60}$")]
    holidays: list[Holiday]
    own: bool = False
    source: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(printable)] = ""
    """The decree, or the file."""
    years: list[Annotated[int, Field(ge=FIRST_DAY.year, le=LAST_DAY.year)]] = Field(default_factory=list)
    """Years that the list stands for besides those of its days: one without any is left without days off."""
    after: str | None = None
    """The calendar that was changed: refused if there is a newer one by now. None: whichever it is."""


class Recompute(DeskArguments):
    """Why deadlines are recomputed."""

    why: Note


class ImportPolicies(DeskArguments):
    """Rule sets, in order."""

    policies: list[Policy]
