"""The mapping: what each column of a file means, how words and dates are read, and the defaults."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta, timezone
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from kawal.domain.msgids import msgid, sentence
from kawal.domain.validation_messages import first_fault
from kawal.intake.files.faults import FileFault

SHIPPED = Path(__file__).parent
BIGGEST = 200_000
"""The largest mapping file, in bytes."""

DATES = ("received_at", "verified_at", "forwarded_at", "followed_up_at", "completed_at", "closed_at", "held_at")
FLAGS = ("anonim", "rahasia", "pengawasan", "accepted")
CHOSEN = ("status", "class", "proposed_class", "channel", "category", "opd", "chosen_opd")
"""Fields whose words a table of values may translate."""
WRITTEN = (
    "title",
    "text",
    "external_id",
    "follow_up",
    "final_follow_up",
    "reason",
    "place",
    "latitude",
    "longitude",
    "occurred_on",
    "rating",
    "reporter_name",
    "reporter_email",
    "reporter_phone",
    "reporter_origin",
)
FIELDS = frozenset({*DATES, *FLAGS, *CHOSEN, *WRITTEN})
ISO = "iso"

ZONES = {"WIB": 7, "WITA": 8, "WIT": 9, "UTC": 0} | {
    "Asia/Jakarta": 7,
    "Asia/Pontianak": 7,
    "Asia/Makassar": 8,
    "Asia/Jayapura": 9,
}
"""Indonesia's zones have had these offsets since 1988, without daylight saving."""

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class Mapping(BaseModel):
    """A mapping file as it is written (docs/intake-files.md)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    """The name of the source, used in the ids of rows that have none of their own."""
    columns: dict[Words, list[str]]
    """Column → the field or fields that it fills."""
    zone: str = "WIB"
    dates: list[Words] = Field(default_factory=lambda: [ISO], min_length=1)
    """Date formats, tried in order: "iso", or one of strptime's."""
    undated: Literal["refuse", "latest"] = "refuse"
    instansi: str | None = None
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = None
    sheet: str | None = None
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Field → the file's word → Kawal's word."""
    defaults: dict[str, str] = Field(default_factory=dict)
    """Field → its value where the file has no such column or an empty cell."""

    @field_validator("columns", mode="before")
    @classmethod
    def _one_or_more(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {name: [fields] if isinstance(fields, str) else fields for name, fields in given.items()}

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, given: str) -> str:
        if given not in ZONES and not re.fullmatch(r"[+-](0\d|1[0-4]):[0-5]\d", given):
            raise ValueError(f"unknown; one of {', '.join(ZONES)} or +07:00")
        return given

    @model_validator(mode="after")
    def _known_fields(self) -> Mapping:
        filled = [field for fields in self.columns.values() for field in fields]
        unknown = sorted({*filled, *self.defaults} - FIELDS) + sorted(set(self.values) - {*CHOSEN, *FLAGS})
        if unknown:
            raise ValueError(f"unknown fields: {', '.join(unknown)}")
        twice = sorted({field for field in filled if filled.count(field) > 1})
        if twice:
            raise ValueError(f"fields filled by several columns: {', '.join(twice)}")
        lacking = [field for field in ("title", "text") if field not in filled]
        if lacking:
            raise ValueError(f"no column fills: {', '.join(lacking)}")
        if self.has("status") and "received_at" not in filled:
            raise ValueError("a status needs the column of the date of receipt (received_at)")
        return self

    def has(self, field: str) -> bool:
        """Tell whether the file or a default gives the field."""
        return field in self.defaults or any(field in fields for fields in self.columns.values())

    def column_of(self, field: str) -> str:
        """Return the column that fills a field, for a fault; the field's own name where it comes from a default."""
        return next((name for name, fields in self.columns.items() if field in fields), field)

    @property
    def timezone(self) -> timezone:
        """The time zone of the file's dates."""
        if self.zone in ZONES:
            return timezone(timedelta(hours=ZONES[self.zone]))
        hours, minutes = self.zone[1:].split(":")
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-offset if self.zone.startswith("-") else offset)


def read_mapping(name: str) -> Mapping:
    """Read a mapping file, or a shipped one by its name (`lapor`); raises FileFault and OSError."""
    path = Path(name).expanduser()
    if not path.exists() and re.fullmatch(r"[a-z0-9_-]+", name) and (SHIPPED / f"{name}.toml").exists():
        path = SHIPPED / f"{name}.toml"
    with path.open("rb") as file:
        content = file.read(BIGGEST + 1)
    try:
        if len(content) > BIGGEST:
            raise ValueError(f"> {BIGGEST} bytes")
        return Mapping.model_validate(tomllib.loads(content.decode("utf-8-sig")))
    except ValidationError as error:
        detail = first_fault(error)
        raise FileFault(sentence(msgid("the mapping is not valid: {detail}"), detail=detail)) from error
    except ValueError as error:
        raise FileFault(sentence(msgid("the mapping is not valid TOML: {error}"), error=error)) from error
