"""The recap: how many reports came in, how each stands, and how the agencies compare. Pure arithmetic, no I/O.

The words are those of the published SP4N-LAPOR! recaps. A percentage is always `part / masuk`, with two places, half
up. Nothing is weighed: no official weights are public, so the indicators stand side by side and no score is invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

TWO_PLACES = Decimal("0.01")


class Recap(BaseModel):
    """The figures of a set of reports at one instant.

    `masuk` holds the reports that the ranking counts. `diarsipkan`, `bukan_wewenang` and `digabung` lie outside it and
    stand on lines of their own, so that nothing vanishes. Every other figure is about the masuk reports alone.
    """

    model_config = ConfigDict(frozen=True)

    masuk: int = 0
    selesai: int = 0
    proses: int = 0
    belum_diverifikasi: int = 0
    """Not verified yet, the held ones among them."""
    belum_ditindaklanjuti: int = 0
    ditunda: int = 0
    """Held until the reporter completes them: a part of belum_diverifikasi, shown apart."""
    diarsipkan: int = 0
    bukan_wewenang: int = 0
    digabung: int = 0
    overdue: int = 0
    """Reports in which an official owes a step whose deadline is past."""
    ever_late: int = 0
    """Reports in which some owed step has ever been late."""
    escalated: int = 0
    """Reports that have ever been on the Inspectorate's worklist."""
    follow_ups: int = 0
    """Reports that had a first follow-up."""
    follow_up_days: int = 0
    """Working days from forwarding to the first follow-up, summed over those reports."""
    completions: int = 0
    """Reports whose work is complete: a final follow-up stands and nobody owes anything."""
    completion_days: int = 0
    """Working days from forwarding to completion, summed over those reports."""
    ratings: int = 0
    rating_sum: int = 0
    """Sum of the ratings, each 1 to 5."""

    @property
    def persen_selesai(self) -> Decimal | None:
        """Per cent done of what came in; None if nothing came in."""
        return percentage(self.selesai, self.masuk)

    @property
    def persen_ditindaklanjuti(self) -> Decimal | None:
        """Per cent followed up (selesai and proses) of what came in; None if nothing came in."""
        return percentage(self.selesai + self.proses, self.masuk)

    @property
    def mean_days_to_follow_up(self) -> Decimal | None:
        """Mean working days from forwarding to the first follow-up; None if no report has one."""
        return mean(self.follow_up_days, self.follow_ups)

    @property
    def mean_days_to_completion(self) -> Decimal | None:
        """Mean working days from forwarding to the standing final follow-up; None if no report has one."""
        return mean(self.completion_days, self.completions)

    @property
    def satisfaction(self) -> Decimal | None:
        """Mean rating, 1 to 5; None if nobody rated."""
        return mean(self.rating_sum, self.ratings)

    def __add__(self, other: Recap) -> Recap:
        """The recap of both sets together; they must not share a report."""
        return Recap(**{name: getattr(self, name) + getattr(other, name) for name in Recap.model_fields})


class Mismatch(BaseModel):
    """The statuses of a recap do not add up to what it says came in."""

    model_config = ConfigDict(frozen=True)

    masuk: int
    counted: int
    """The sum of the four statuses."""

    @property
    def difference(self) -> int:
        """Reports that no status accounts for; negative if more are accounted for than came in."""
        return self.masuk - self.counted


class Ranked(BaseModel):
    """An agency's place among others. Equal figures share a place; an agency without reports has none."""

    model_config = ConfigDict(frozen=True)

    place: int | None
    instansi: str
    recap: Recap


class Agreement(StrEnum):
    """How a published percentage stands to the counts published with it."""

    AGREES = "agrees"
    TRUNCATED = "truncated"
    """The counts give more; the further places were cut off instead of rounded."""
    DIFFERS = "differs"


def percentage(part: int, whole: int) -> Decimal | None:
    """`part` in per cent of `whole`, two places, half up; None if `whole` is 0."""
    if whole == 0:
        return None
    return _half_up(Decimal(part) * 100 / Decimal(whole), TWO_PLACES)


def mean(total: int, count: int) -> Decimal | None:
    """The mean with two places, half up; None of nothing."""
    if count == 0:
        return None
    return _half_up(Decimal(total) / Decimal(count), TWO_PLACES)


def check_sums(recap: Recap) -> Mismatch | None:
    """What is wrong with the sums, or None: selesai, proses and the two belum_ must add up to masuk."""
    counted = recap.selesai + recap.proses + recap.belum_diverifikasi + recap.belum_ditindaklanjuti
    return None if counted == recap.masuk else Mismatch(masuk=recap.masuk, counted=counted)


def total(recaps: Iterable[Recap]) -> Recap:
    """The recap of all together; the sets must not share a report."""
    return sum(recaps, Recap())


def rank(recaps: Mapping[str, Recap]) -> list[Ranked]:
    """Agencies by persen_selesai as shown (two places), then by masuk; the name only settles the order of equals."""
    ordered = sorted(recaps.items(), key=lambda item: (*_rank_key(item[1]), item[0]))
    places: dict[tuple[Decimal, int], int] = {}
    ranked = []
    for position, (instansi, recap) in enumerate(ordered, start=1):
        place = places.setdefault(_rank_key(recap), position) if recap.masuk else None
        ranked.append(Ranked(place=place, instansi=instansi, recap=recap))
    return ranked


def compare_percentage(published: Decimal, recap: Recap) -> Agreement:
    """Does a published per cent done follow from the counts? Judged at the places it was published with."""
    if recap.masuk == 0:
        return Agreement.DIFFERS
    exact = Decimal(recap.selesai) * 100 / Decimal(recap.masuk)
    places = Decimal(1).scaleb(int(published.as_tuple().exponent))
    if _half_up(exact, places) == published:
        return Agreement.AGREES
    return Agreement.TRUNCATED if exact // places * places == published else Agreement.DIFFERS


def _rank_key(recap: Recap) -> tuple[Decimal, int]:
    done = recap.persen_selesai
    return (Decimal(1) if done is None else -done, -recap.masuk)


def _half_up(value: Decimal, places: Decimal) -> Decimal:
    return value.quantize(places, rounding=ROUND_HALF_UP)
