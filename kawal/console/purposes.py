"""What an official says that something is read for: a header, percent-encoded, since headers take ASCII alone."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import unquote

from fastapi import Header

Purpose = Annotated[
    str | None,
    Header(
        alias="X-Purpose",
        max_length=4_500,
        description="What it is read for, at most 500 characters, percent-encoded; needed for a rahasia report, for who"
        " a reporter is, and for a case file. It goes on record.",
        examples=["Pemeriksaan%20triwulan%20I"],
    ),
]


def plain(purpose: str | None) -> str | None:
    """Return the purpose as it was meant."""
    return None if purpose is None else unquote(purpose)
