"""The recap: how many reports came in, their statuses, and how the agencies compare. Pure arithmetic, no I/O.

The terms are those of the published SP4N-LAPOR! recaps. A percentage is always `part / masuk`, with two decimals,
rounded half up. Nothing is weighted: no official weights are public, so the indicators are shown side by side without a
combined score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from operator import attrgetter

from pydantic import BaseModel, ConfigDict

TWO_PLACES = Decimal("0.01")


class Recap(BaseModel):
    """The figures of a set of reports at one instant.

    `masuk` counts the reports that the ranking counts. `diarsipkan`, `bukan_wewenang` and `digabung` are not part of it
    and are shown separately, so that no report is omitted. All other figures are about the masuk reports alone.
    """

    model_config = ConfigDict(frozen=True)

    masuk: int = 0
    selesai: int = 0
    proses: int = 0
    belum_diverifikasi: int = 0
    """Not verified yet, including held ones."""
    belum_ditindaklanjuti: int = 0
    ditunda: int = 0
    """Held until the reporter completes them: part of belum_diverifikasi, shown separately."""
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
        """The percentage of selesai in masuk; None if nothing came in."""
        return percentage(self.selesai, self.masuk)

    @property
    def persen_ditindaklanjuti(self) -> Decimal | None:
        """The percentage of followed-up reports (selesai and proses) in masuk; None if nothing came in."""
        return percentage(self.selesai + self.proses, self.masuk)

    @property
    def mean_days_to_follow_up(self) -> Decimal | None:
        """The mean of working days from forwarding to the first follow-up; None if no report has one."""
        return mean(self.follow_up_days, self.follow_ups)

    @property
    def mean_days_to_completion(self) -> Decimal | None:
        """The mean of working days from forwarding to the final follow-up that stands; None if no report has one."""
        return mean(self.completion_days, self.completions)

    @property
    def satisfaction(self) -> Decimal | None:
        """The mean rating, 1 to 5; None if nobody rated."""
        return mean(self.rating_sum, self.ratings)

    def __add__(self, other: Recap) -> Recap:
        """Return the recap of both sets together; they must not share a report."""
        return total((self, other))


_FIGURES_OF = attrgetter(*Recap.model_fields)


class Mismatch(BaseModel):
    """A recap whose statuses do not add up to its masuk."""

    model_config = ConfigDict(frozen=True)

    masuk: int
    counted: int
    """The sum of the four statuses."""

    @property
    def difference(self) -> int:
        """The reports that no status accounts for; negative if more are accounted for than came in."""
        return self.masuk - self.counted


class RankedAgency(BaseModel):
    """An agency's place in the ranking. Equal figures share a place; an agency without reports has none."""

    model_config = ConfigDict(frozen=True)

    place: int | None
    instansi: str
    recap: Recap


class Agreement(StrEnum):
    """The relation of a published percentage to the counts published with it."""

    AGREES = "agrees"
    TRUNCATED = "truncated"
    """The counts give more; the further decimals were cut off instead of rounded."""
    DIFFERS = "differs"


def percentage(part: int, whole: int) -> Decimal | None:
    """Return `part` in per cent of `whole`, two decimals, rounded half up; None if `whole` is 0."""
    if whole == 0:
        return None
    return _half_up(Decimal(part) * 100 / Decimal(whole), TWO_PLACES)


def mean(total: int, count: int) -> Decimal | None:
    """Return the mean with two decimals, rounded half up; None if `count` is 0."""
    if count == 0:
        return None
    return _half_up(Decimal(total) / Decimal(count), TWO_PLACES)


def check_sums(recap: Recap) -> Mismatch | None:
    """Return the error in the sums, or None: selesai, proses and the two belum_ must add up to masuk."""
    counted = recap.selesai + recap.proses + recap.belum_diverifikasi + recap.belum_ditindaklanjuti
    return None if counted == recap.masuk else Mismatch(masuk=recap.masuk, counted=counted)


def total(recaps: Iterable[Recap]) -> Recap:
    """Return the recap of all sets together; they must not share a report."""
    sums = map(sum, zip(*map(_FIGURES_OF, recaps), strict=True))
    return Recap(**dict(zip(Recap.model_fields, sums, strict=False)))  # without any recap there are no sums either


def rank(recaps: Mapping[str, Recap]) -> list[RankedAgency]:
    """Rank agencies by persen_selesai as shown (two decimals), then by masuk; equals are listed by name."""
    ordered = sorted(recaps.items(), key=lambda item: (*_rank_key(item[1]), item[0]))
    places: dict[tuple[Decimal, int], int] = {}
    ranked = []
    for position, (instansi, recap) in enumerate(ordered, start=1):
        place = places.setdefault(_rank_key(recap), position) if recap.masuk else None
        ranked.append(RankedAgency(place=place, instansi=instansi, recap=recap))
    return ranked


def compare_percentage(published: Decimal, recap: Recap) -> Agreement:
    """Tell whether a published persen_selesai follows from the counts, at the decimals it was published with."""
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
