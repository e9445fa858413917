"""Declaration of an endpoint's problems in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from kawal.web.problems import MEDIA_TYPE


class Fault(BaseModel):
    """One field at fault."""

    pointer: str
    """A JSON pointer into the body, or the place and name of a parameter."""
    detail: str


class ProblemOut(BaseModel):
    """An error (RFC 9457)."""

    model_config = ConfigDict(
        title="Problem",
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:kawal:problem:unknown_category",
                    "title": "Unprocessable Content",
                    "status": 422,
                    "detail": "Kategori “JALAN” tidak ada dalam pohon kategori nasional.",
                }
            ]
        },
    )

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] | None = None
    details: dict[str, str] | None = None
    """Of a command that was refused: the codes, days and numbers of which `detail` speaks."""


EVERYWHERE = {
    401: "The token is unknown or revoked",
    403: "The token does not cover this",
    410: "The report's content has been erased",
    429: "Too many requests; `Retry-After` says when to come back",
    503: "Something is away: what was sent counts as not accepted; `Retry-After` says when to send it again",
}
"""What these statuses mean for every endpoint."""


def problem_responses(own: Mapping[int, str], *statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the responses of these statuses, each a problem; `own` describes those that EVERYWHERE does not."""
    said = {**EVERYWHERE, **own}
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {"description": said[status], "model": ProblemOut, "content": {MEDIA_TYPE: schema}}
        for status in sorted(statuses)
    }
