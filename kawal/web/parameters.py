"""Path parameters shared by all packages that serve HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from kawal.domain.validation_messages import TRACKING

Tracking = Annotated[str, Path(pattern=TRACKING, description="The tracking id of the receipt.", examples=["1234567"])]
"""A complaint's number."""
