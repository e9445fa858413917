"""A report as it may be submitted, with its limits: the model from which every channel's form is made.

It is as strict as the tables that a report and its first event are written to, so that everything accepted here can be
recorded. Limits on text are in characters.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from kawal.domain.calendar import local_day
from kawal.domain.contacts import EMAIL, EMAIL_LIMIT, PHONE, phone_number
from kawal.domain.messages import Report, Reporter
from kawal.domain.names import Channel, ReportClass
from kawal.domain.process.commands import Category, Code, Day, Files, Line, Text, Title, no_control_characters
from kawal.domain.refusals import Refusal
from kawal.domain.validation_messages import first_fault

PlaceLine = Annotated[str, StringConstraints(max_length=500), AfterValidator(no_control_characters)]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(no_control_characters)
]


class _ReportPart(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class PlaceIn(_ReportPart):
    """Where it happened: words, and if known a point (WGS 84, degrees)."""

    text: PlaceLine = ""
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None


class ReporterIn(_ReportPart):
    """The person who reports: personal data, stored only encrypted. Everything is optional."""

    name: Line | None = None
    email: Annotated[str, StringConstraints(max_length=EMAIL_LIMIT, pattern=EMAIL)] | None = None
    phone: Annotated[str, StringConstraints(max_length=30, pattern=PHONE)] | None = None
    origin: Line | None = None
    """Where the reporter comes from (asal pelapor)."""


class GivenReport(_ReportPart):
    """A report as its sender submits it, through any channel."""

    title: Title
    text: Text
    proposed_class: ReportClass | None = None
    """The class that the reporter proposes; the agency's admin decides."""
    category: Category | None = None
    """`MAIN` or `MAIN / SUB`, as the national tree spells it."""
    chosen_opd: Code | None = None
    """The OPD that the reporter means."""
    anonim: bool = False
    """Hide the reporter's identity from the reported party and the public."""
    rahasia: bool = False
    """Hide the whole report from the public."""
    place: PlaceIn = Field(default_factory=PlaceIn)
    occurred_on: Day | None = None
    """The day on which it happened, not in the future."""
    reporter: ReporterIn = Field(default_factory=ReporterIn)
    external_id: Name | None = None
    """The sender's own number for it, unique for the name of its token: a repeated number means the same report."""

    def to_report(self, channel: Channel) -> Report:
        """Return the report in the form common to all channels."""
        given = self.model_dump(mode="json", include=set(GivenReport.model_fields))
        return Report.model_validate(given | {"channel": channel})


class _CompleteReport(GivenReport):
    attachments: Files = Field(default_factory=list)


def check_report(report: Report, now: datetime) -> Report:
    """Return the report with its texts trimmed and its telephone number in the one spelling.

    Refuses what could not be recorded, and a date in the future.
    """
    try:
        checked = _CompleteReport.model_validate(report.model_dump(include=set(_CompleteReport.model_fields)))
    except ValidationError as error:
        raise Refusal("malformed", detail=first_fault(error)) from error
    if checked.occurred_on and checked.occurred_on > local_day(now):
        raise Refusal("malformed", detail=f"occurred_on: {checked.occurred_on} lies in the future")
    if (checked.place.latitude is None) != (checked.place.longitude is None):
        raise Refusal("point_is_half")
    trimmed = {name: getattr(checked, name) for name in ("title", "text", "category", "chosen_opd", "attachments")}
    return report.model_copy(update=trimmed | {"reporter": _reachable(report.reporter)})


def _reachable(reporter: Reporter) -> Reporter:
    """Return the reporter with a telephone number that every gateway can call, where theirs can be read."""
    number = phone_number(reporter.phone or "")
    return reporter if number is None else reporter.model_copy(update={"phone": number})
