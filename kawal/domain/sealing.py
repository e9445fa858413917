"""What a seal tells of itself."""

from __future__ import annotations

from pydantic import BaseModel


class Sealed(BaseModel):
    """How many heads a seal made, the log's size after it (None: nothing was new), and how they were published."""

    heads: int = 0
    size: int | None = None
    published: int = 0
    """Heads added to the file, those of earlier seals that were not yet published among them."""
    mailed: bool = False
