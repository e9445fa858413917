"""Quality of follow-ups: a sample drawn by lot so that anyone can draw it again, and what its reviewers found.

No source says how the substance of follow-ups is to be judged, so all of this is the project's own policy [P]
(docs/quality.md). Nothing here is random: the lot follows from a published seed alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

MOST_DRAWN = 1000
"""A larger sample is a census that nobody reads."""

MOST_SEED = 200


class Candidate(NamedTuple):
    """A final follow-up that may be drawn: the event `seq` of the complaint `tracking_id`."""

    tracking_id: str
    seq: int


class Verdict(StrEnum):
    """Does the substance of a follow-up answer the complaint?"""

    ANSWERS = "answers"
    PARTLY = "partly"
    DOES_NOT = "does_not"


_WORST_FIRST = (Verdict.DOES_NOT, Verdict.PARTLY, Verdict.ANSWERS)


class QualityCount(BaseModel):
    """How drawn follow-ups stand. `reviewed` = answers + partly + does_not; drawn = reviewed + waiting + erased."""

    model_config = ConfigDict(frozen=True)

    drawn: int = 0
    reviewed: int = 0
    answers: int = 0
    partly: int = 0
    does_not: int = 0
    waiting: int = 0
    """Drawn and not reviewed yet."""
    erased: int = 0
    """Drawn and erased before anyone had reviewed them: there is nothing left to judge."""
    disputed: int = 0
    """Of the reviewed ones, those on which reviewers do not agree."""

    def __add__(self, other: QualityCount) -> QualityCount:
        """Both samples together; they must not share an item."""
        return QualityCount(**{name: getattr(self, name) + getattr(other, name) for name in QualityCount.model_fields})


def is_seed(text: str) -> bool:
    """Whether a seed can be written down and typed again: 1 to 200 printable ASCII characters, no space."""
    return 1 <= len(text) <= MOST_SEED and all("!" <= char <= "~" for char in text)


def lot(seed: str, candidate: Candidate) -> str:
    """A candidate's lot: SHA-256, in hex, of the lines seed, tracking id and event number, joined by line feeds.

    So `printf '%s\\n%s\\n%s' SEED ID SEQ | sha256sum` tells it without Kawal.
    """
    return sha256(f"{seed}\n{candidate.tracking_id}\n{candidate.seq}".encode()).hexdigest()


def draw(seed: str, candidates: Iterable[Candidate], size: int) -> list[Candidate]:
    """The `size` candidates with the lowest lots, in the order of their lots; all of them if there are fewer.

    The order in which candidates are given and repeated ones change nothing. A further candidate changes nothing or
    comes in and pushes out the last; a larger sample begins with the smaller one.
    """
    return sorted(set(candidates), key=lambda one: lot(seed, one))[:size]


def population_digest(candidates: Iterable[Candidate]) -> bytes:
    """SHA-256 over the candidates, sorted, a line `tracking id, space, event number, line feed` each.

    Two draws with one digest drew from the same candidates, whatever their order.
    """
    return sha256("".join(f"{one.tracking_id} {one.seq}\n" for one in sorted(set(candidates))).encode()).digest()


def verdict_of(verdicts: Sequence[Verdict]) -> Verdict | None:
    """An item's verdict: the least favourable of its reviewers' [P]; None if nobody has reviewed it."""
    return next((one for one in _WORST_FIRST if one in verdicts), None)


def count_item(verdicts: Sequence[Verdict], *, erased: bool) -> QualityCount:
    """One drawn item's share in the count; what was reviewed before it was erased keeps its verdict."""
    verdict = verdict_of(verdicts)
    if verdict is None:
        return QualityCount(drawn=1, erased=int(erased), waiting=int(not erased))
    return QualityCount(drawn=1, reviewed=1, disputed=int(len(set(verdicts)) > 1), **{str(verdict): 1})


def month_before(day: date) -> date:
    """The same day of the month before, or that month's last day where it is shorter."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))
