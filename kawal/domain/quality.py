"""Quality of follow-ups: a reproducible random sample, and what its reviewers found.

No source says how the substance of follow-ups is to be judged, so all of this is the project's own policy [P]
(docs/quality.md). Nothing here uses a random generator: the lots are computed from a published seed alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

MOST_DRAWN = 1000
"""A larger sample would be more than anyone reads."""

MOST_SEED = 200


class Candidate(NamedTuple):
    """A final follow-up that may be drawn: the event `seq` of the complaint `tracking_id`."""

    tracking_id: str
    seq: int


class Verdict(StrEnum):
    """Whether the substance of a follow-up answers the complaint."""

    ANSWERS = "answers"
    PARTLY = "partly"
    DOES_NOT = "does_not"


_WORST_FIRST = (Verdict.DOES_NOT, Verdict.PARTLY, Verdict.ANSWERS)


class QualityCount(BaseModel):
    """The results of drawn follow-ups; drawn = reviewed + waiting + erased.

    `reviewed` = answers + partly + does_not.
    """

    model_config = ConfigDict(frozen=True)

    drawn: int = 0
    reviewed: int = 0
    answers: int = 0
    partly: int = 0
    does_not: int = 0
    waiting: int = 0
    """Drawn and not reviewed yet."""
    erased: int = 0
    """Drawn and erased before anyone had reviewed them, so that nothing is left to judge."""
    disputed: int = 0
    """Reviewed ones on which the reviewers do not agree."""

    def __add__(self, other: QualityCount) -> QualityCount:
        """Return the count of both samples together; they must not share an item."""
        return QualityCount(**{name: getattr(self, name) + getattr(other, name) for name in QualityCount.model_fields})


def is_seed(text: str) -> bool:
    """Return whether a seed can be written down and typed again: 1 to 200 printable ASCII characters, no space."""
    return 1 <= len(text) <= MOST_SEED and all("!" <= char <= "~" for char in text)


def lot(seed: str, candidate: Candidate) -> str:
    """Return a candidate's lot: SHA-256, in hex, of the lines seed, tracking id and event number, joined by line feeds.

    So `printf '%s\\n%s\\n%s' SEED ID SEQ | sha256sum` computes it without Kawal.
    """
    return sha256(f"{seed}\n{candidate.tracking_id}\n{candidate.seq}".encode()).hexdigest()


def draw(seed: str, candidates: Iterable[Candidate], size: int) -> list[Candidate]:
    """Return the `size` candidates with the lowest lots, in the order of their lots; all of them if there are fewer.

    The order of the candidates and repeated ones make no difference. A further candidate either changes nothing or
    enters the sample and displaces the last; a larger sample begins with the smaller one.
    """
    return sorted(set(candidates), key=lambda one: lot(seed, one))[:size]


def population_digest(candidates: Iterable[Candidate]) -> bytes:
    """Return SHA-256 over the sorted candidates, each as a line `tracking id, space, event number, line feed`.

    Two draws with the same digest drew from the same candidates, whatever their order.
    """
    return sha256("".join(f"{one.tracking_id} {one.seq}\n" for one in sorted(set(candidates))).encode()).digest()


def verdict_of(verdicts: Sequence[Verdict]) -> Verdict | None:
    """Return an item's verdict: the least favourable of its reviewers' [P]; None if nobody has reviewed it."""
    return next((one for one in _WORST_FIRST if one in verdicts), None)


def count_item(verdicts: Sequence[Verdict], *, erased: bool) -> QualityCount:
    """Return one drawn item's contribution to the count; what was reviewed before it was erased keeps its verdict."""
    verdict = verdict_of(verdicts)
    if verdict is None:
        return QualityCount(drawn=1, erased=int(erased), waiting=int(not erased))
    return QualityCount(drawn=1, reviewed=1, disputed=int(len(set(verdicts)) > 1), **{str(verdict): 1})


def month_before(day: date) -> date:
    """Return the same day of the previous month, or that month's last day if it is shorter."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))
