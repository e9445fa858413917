"""The checks of a new report for the verifying admin: what is missing, what it may repeat, where it may belong.

All of it is advice; the admin decides. Nothing here contains text of another report: similarity is given in numbers.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from kawal.domain.messages import Report


class CheckRequest(BaseModel):
    """A report to be checked. `received_at` is the complaint's own time (UTC), which in a rerun is in the past."""

    tracking_id: str
    instansi: str
    received_at: datetime
    report: Report


class MissingItem(BaseModel):
    """Something a report lacks, as a stable code of `kawal.domain.completeness.SENTENCES`."""

    code: str


class SimilarReport(BaseModel):
    """A report that may be about the same matter, and why; a rahasia one is only for those who may read it."""

    tracking_id: str
    score: float
    """0..1; docs/suggestion.md explains its parts."""
    shared_words: int
    metres: int | None = None
    """Distance of the two points; None if either report has none."""
    days: int
    """Calendar days between the two receipts."""
    rahasia: bool = False


class Suggestion(BaseModel):
    """A category or an OPD that a report may belong to, with its probability (all shares add up to 1)."""

    key: str
    share: float


class CheckResult(BaseModel):
    """The advice for one report. Empty lists mean that nothing was found, not that nothing was checked."""

    missing: list[MissingItem] = Field(default_factory=list)
    similar: list[SimilarReport] = Field(default_factory=list)
    categories: list[Suggestion] = Field(default_factory=list)
    """Best first; each a main category ("MAIN") or a category below one ("MAIN / SUB")."""
    opds: list[Suggestion] = Field(default_factory=list)
    learned_from: int = 0
    """How many decided public reports the suggestion was learned from; 0 = only the words of the category tree."""
    pengawasan_hint: bool = False
    """Whether the words hint at berkadar pengawasan (domain.pengawasan_hint)."""
    unsure: bool = False
    """Whether the first suggestion is too close to others to be taken by itself (domain.suggestion.unsure)."""
