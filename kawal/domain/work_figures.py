"""How quickly and how punctually OPDs work, and the order of the league: pure arithmetic, no I/O.

Each OPD is judged by its own days and its own lateness (`OpdLine`), not by those of the report, which others share.
Days are working days since the OPD got the report. That a rank needs RANKED_FROM reports is our own policy [P].
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from kawal.domain.public_figures import RANKED_FROM, median, nth
from kawal.domain.recap import mean, percentage


class WorkNumber(StrEnum):
    """A number of the leadership's page or of the league: of the whole agency's reports or of those of one OPD."""

    RECEIVED = "masuk"
    """Received in the days; of an OPD: that it has."""
    FOLLOWED_UP = "ditindaklanjuti"
    """Those of them with a first follow-up."""
    OWES = "dikerjakan"
    """Those of them in which the OPD owes a step."""
    DONE = "selesai"
    """Done in the days; of an OPD: received in the days, and its final follow-up stands."""
    PUNCTUAL = "tepat_waktu"
    """Those of them that were never late."""
    RATED = "dinilai"
    """Those done that their reporters rated."""
    LATE = "terlambat"
    """Received in the days, and late now."""


@dataclass(frozen=True, slots=True)
class WorkCount:
    """How many reports a line of the kept sums counts (schema.sql, work_tally).

    A page adds up hundreds, so it is no pydantic model.
    """

    reports: int = 0
    late: int = 0
    """Of them: late now where a step is owed, otherwise late once."""
    ratings: int = 0
    rating_sum: int = 0

    def __add__(self, other: WorkCount) -> WorkCount:
        """Return both together."""
        return WorkCount(
            self.reports + other.reports,
            self.late + other.late,
            self.ratings + other.ratings,
            self.rating_sum + other.rating_sum,
        )

    @classmethod
    def figures(cls) -> tuple[str, ...]:
        """Return the names of what it counts, in the order of the table's columns."""
        return tuple(field.name for field in fields(cls))

    @property
    def punctual(self) -> Decimal | None:
        """The percentage that was never late; None of nothing."""
        return percentage(self.reports - self.late, self.reports)

    @property
    def satisfaction(self) -> Decimal | None:
        """The mean rating, 1 to 5; None if nobody rated."""
        return mean(self.rating_sum, self.ratings)


class Days(BaseModel):
    """In how many working days something was done: how many reports took each number of days."""

    model_config = ConfigDict(frozen=True)

    times: Mapping[int, int]

    @property
    def count(self) -> int:
        """Of how many reports."""
        return sum(self.times.values())

    @property
    def median(self) -> Decimal | None:
        """The median; None of nothing."""
        return median(self.times)

    @property
    def p90(self) -> int | None:
        """The days within which nine of ten were done (nearest rank); None of nothing."""
        return nth(self.times, math.ceil(Decimal("0.9") * self.count) - 1) if self.count > 0 else None


class OpdWork(BaseModel):
    """What an OPD did with the reports that it has; those that it returned or lost are not among them."""

    model_config = ConfigDict(frozen=True)

    code: str
    has: WorkCount = WorkCount()
    owes: WorkCount = WorkCount()
    final: WorkCount = WorkCount()
    """Those of which its final follow-up stands."""
    to_follow_up: Days = Days(times={})
    to_final: Days = Days(times={})

    @property
    def judged(self) -> int:
        """The reports that it finished, or with which it was late already: of the others nothing can be said yet."""
        return self.has.late + self.in_time

    @property
    def in_time(self) -> int:
        """Those that it finished without ever being late."""
        return self.final.reports - self.final.late

    @cached_property
    def punctual(self) -> Decimal | None:
        """The percentage of in_time in judged; None where nothing can be said yet."""
        return percentage(self.in_time, self.judged)


class LeaguePlace(BaseModel):
    """An OPD's place; None with too few reports that can be judged."""

    model_config = ConfigDict(frozen=True)

    place: int | None
    work: OpdWork


def league_of(works: Iterable[OpdWork], ranked: Iterable[str]) -> list[LeaguePlace]:
    """Return the OPDs in order of `punctual` as shown, those with more judged reports first among equals.

    Equals share a place. Only codes in `ranked` get one, from RANKED_FROM judged reports on; the others follow.
    """
    able = frozenset(ranked)
    ordered = sorted(works, key=lambda work: (-(work.punctual or 0), -work.judged, work.code))
    shares = [work.punctual for work in ordered if _is_ranked(work, able)]
    places = [
        LeaguePlace(place=shares.index(work.punctual) + 1 if _is_ranked(work, able) else None, work=work)
        for work in ordered
    ]
    return sorted(places, key=lambda one: (one.place is None, one.place, one.work.code if one.place is None else ""))


def _is_ranked(work: OpdWork, able: frozenset[str]) -> bool:
    return work.code in able and work.judged >= RANKED_FROM
