"""The registers' entries: an agency's decrees (SK) and action plans (rencana aksi), two of its indicators.

The agency publishes both itself, so they are stored in plain text. Which decree or plan counts when is policy [P]
(docs/quality.md): a decree while it is in force, a plan for its year once it was submitted.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from kawal.domain.process.commands import Day, printable
from kawal.domain.refusals import Refusal
from kawal.domain.validation_messages import first_fault

ITEMS_LIMIT = 200


class PlanItemState(StrEnum):
    """The progress of an item of an action plan."""

    NOT_BEGUN = "not_begun"
    UNDER_WAY = "under_way"
    DONE = "done"


def _limits(most: int, least: int = 1) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most)


Number = Annotated[str, _limits(100), AfterValidator(printable)]
Title = Annotated[str, _limits(200), AfterValidator(printable)]
Document = Annotated[str, _limits(300, 0), AfterValidator(printable)]


class _RegisterEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    opd: str | None = None
    """None: of the agency as a whole."""
    document: Document = ""
    """Where the document can be found."""
    document_hash: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")] | None = None
    """SHA-256 of the document, in hex."""
    withdrawn: bool = False
    """Whether it was entered in error."""


class DecreeText(_RegisterEntry):
    """An SK: in force from the day it was decided up to and including `valid_until`, or without end."""

    number: Number
    decided_on: Day
    valid_until: Day | None = None

    @model_validator(mode="after")
    def _runs_forward(self) -> DecreeText:
        if self.valid_until is not None and self.valid_until < self.decided_on:
            raise Refusal("register_backwards", first=self.decided_on, last=self.valid_until)
        return self

    def in_force(self, day: date) -> bool:
        """Return whether it is in force on a day, both its first and its last included."""
        return self.decided_on <= day and (self.valid_until is None or day <= self.valid_until)


class PlanText(_RegisterEntry):
    """An action plan for a year."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    submitted_on: Day


class ItemText(BaseModel):
    """An item of a plan as of a day."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    state: PlanItemState = PlanItemState.NOT_BEGUN
    on_day: Day


Text = TypeVar("Text", bound=BaseModel)


def entered(kind: type[Text], given: dict[str, Any]) -> Text:
    """Parse the input as an entry of that kind; raises Refusal naming the first fault."""
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise Refusal("malformed", detail=first_fault(error)) from error
