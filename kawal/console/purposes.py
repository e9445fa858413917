"""The purpose for which an official reads something: a percent-encoded header, since headers take ASCII only."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import unquote

from fastapi import Header

Purpose = Annotated[
    str | None,
    Header(
        alias="X-Purpose",
        max_length=4_500,
        description="The purpose, at most 500 characters, percent-encoded; needed for a confidential (rahasia) report,"
        " for the reporter's identity, and for a case file. It goes on record.",
        examples=["Pemeriksaan%20triwulan%20I"],
    ),
]


def plain(purpose: str | None) -> str | None:
    """Return the purpose, decoded."""
    return None if purpose is None else unquote(purpose)
