"""What goes over the wire: a report as it is sent, the receipt, a problem."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from kawal.domain.contacts import EMAIL, EMAIL_LIMIT, PHONE
from kawal.domain.messages import Place, Report, Reporter
from kawal.domain.names import Channel, ReportClass
from kawal.domain.process.commands import FILES_LIMIT, Category, Code, Text, Title

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def no_control_characters(text: str) -> str:
    """Raise ValueError for control characters other than tab and line ends."""
    if _CONTROL.search(text):
        raise ValueError("contains control characters")
    return text


Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(no_control_characters)]
PlaceLine = Annotated[str, StringConstraints(max_length=500), AfterValidator(no_control_characters)]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(no_control_characters)
]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PlaceIn(_In):
    """Where it happened: words, and if known a point (WGS 84, degrees)."""

    text: PlaceLine = ""
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None


class ReporterIn(_In):
    """Who reports: personal data, stored only sealed. All of it may be left out."""

    name: Line | None = None
    email: Annotated[str, StringConstraints(max_length=EMAIL_LIMIT, pattern=EMAIL)] | None = None
    phone: Annotated[str, StringConstraints(max_length=30, pattern=PHONE)] | None = None
    origin: Line | None = None
    """Where the reporter comes from (asal pelapor)."""


class ReportIn(_In):
    """A report as a citizen or an adapter sends it. The channel is that of the token; without one it is the web."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {
                    "title": "Jalan berlubang di depan pasar",
                    "text": "Sudah dua bulan jalan di depan Pasar Bincen berlubang besar, motor sering jatuh.",
                    "class": "pengaduan",
                    "category": "PEKERJAAN UMUM DAN PENATAAN RUANG / JALAN BERLUBANG",
                    "anonim": True,
                    "place": {"text": "Jl. Gatot Subroto, Tanjungpinang", "latitude": 0.9186, "longitude": 104.4665},
                    "occurred_on": "2026-01-12",
                    "reporter": {"name": "Siti Aminah", "phone": "+62 812 0000 0000"},
                },
                {"title": "Lampu jalan padam", "text": "Lampu jalan di Batu 9 padam sejak Senin."},
            ]
        },
    )

    title: Title
    text: Text
    instansi: Code | None = None
    """The agency's code, where the installation has several."""
    proposed_class: Annotated[ReportClass | None, Field(alias="class")] = None
    """What the reporter takes it for; the agency's admin decides."""
    category: Category | None = None
    """`MAIN` or `MAIN / SUB`, as the national tree spells it."""
    opd: Code | None = None
    """The OPD that the reporter means."""
    anonim: bool = False
    """Hide who reports from the reported party and the public."""
    rahasia: bool = False
    """Hide the whole report from the public."""
    place: PlaceIn = Field(default_factory=PlaceIn)
    occurred_on: date | None = None
    """The day on which it happened, not in the future."""
    reporter: ReporterIn = Field(default_factory=ReporterIn)
    external_id: Name | None = None
    """The sender's own number for it, unique among those of its token's name: sent again, it is the same report."""

    def to_report(self, channel: Channel) -> Report:
        """Return the report as every channel delivers it."""
        return Report(
            title=self.title,
            text=self.text,
            channel=channel,
            proposed_class=self.proposed_class,
            category=self.category,
            chosen_opd=self.opd,
            anonim=self.anonim,
            rahasia=self.rahasia,
            place=Place(**self.place.model_dump()),
            occurred_on=None if self.occurred_on is None else self.occurred_on.isoformat(),
            reporter=Reporter(**self.reporter.model_dump()),
            external_id=self.external_id,
        )


class ReplyIn(_In):
    """What the reporter adds."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "Lubangnya persis di depan kios nomor 12."}]}
    )

    text: Text
    files: Annotated[list[Code], Field(max_length=FILES_LIMIT)] = Field(default_factory=list)
    """Names of files uploaded before."""


class ReceiptOut(BaseModel):
    """What the reporter keeps: with both, the report can be followed and added to."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"tracking_id": "1234567", "secret": "7KX2M9QD4T", "location": "/api/v1/reports/1234567"}]
        }
    )

    tracking_id: str
    secret: str
    location: str
    """Where to follow it."""
