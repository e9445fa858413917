"""The result of sealing new records into the log."""

from __future__ import annotations

from pydantic import BaseModel


class SealResult(BaseModel):
    """How many heads a seal made, the log's size afterwards (None: nothing was new), and how they were published."""

    heads: int = 0
    size: int | None = None
    published: int = 0
    """Heads added to the file, including those of earlier seals that had not been published."""
    mailed: bool = False
