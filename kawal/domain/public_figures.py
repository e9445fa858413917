"""The figures that everybody may see: which statuses each counts, over which reports, and how many of them are hidden.

A figure counts every report; its public rows and the hidden ones of each kind add up to it. What a report's status is
as of a past day may be asked; what is hidden of it is always as of now, so that nothing hidden is shown in the past.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from kawal.domain.names import MASUK, Publicity, Status

RANKED_FROM = 5
"""The number of reports from which an OPD is ranked: with fewer, one report decides."""


class Figure(StrEnum):
    """A figure of the public page."""

    MASUK = "masuk"
    SELESAI = "selesai"
    PROSES = "proses"
    BELUM_DITINDAKLANJUTI = "belum_ditindaklanjuti"
    BELUM_DIVERIFIKASI = "belum_diverifikasi"
    DIARSIPKAN = "diarsipkan"
    BUKAN_WEWENANG = "bukan_wewenang"
    DIGABUNG = "digabung"


STATUSES: dict[Figure, tuple[Status, ...]] = {
    Figure.MASUK: tuple(status for status in Status if status in MASUK),
    Figure.SELESAI: (Status.SELESAI,),
    Figure.PROSES: (Status.PROSES,),
    Figure.BELUM_DITINDAKLANJUTI: (Status.BELUM_DITINDAKLANJUTI,),
    Figure.BELUM_DIVERIFIKASI: (Status.BELUM_DIVERIFIKASI, Status.DITUNDA),
    Figure.DIARSIPKAN: (Status.DIARSIPKAN,),
    Figure.BUKAN_WEWENANG: (Status.BUKAN_WEWENANG,),
    Figure.DIGABUNG: (Status.DIGABUNG,),
}
"""The statuses of the reports that a figure counts."""


class Period(NamedTuple):
    """The months of receipt (local), by the first day of the first and of the last."""

    first: date
    last: date

    @property
    def until(self) -> date:
        """The first day after it."""
        return date(self.last.year + self.last.month // 12, self.last.month % 12 + 1, 1)

    @classmethod
    def of_year(cls, year: int) -> Period:
        """Return a whole year."""
        return cls(date(year, 1, 1), date(year, 12, 1))

    @classmethod
    def of_month(cls, year: int, month: int) -> Period:
        """Return a single month."""
        return cls(date(year, month, 1), date(year, month, 1))


class FigureCount(BaseModel):
    """A figure, the reports behind it that everybody may read, and the others by why they are hidden."""

    model_config = ConfigDict(frozen=True)

    public: int
    rahasia: int
    unverified: int
    pengawasan: int

    @property
    def total(self) -> int:
        """The figure itself."""
        return self.public + self.rahasia + self.unverified + self.pengawasan


def counted(by_publicity: Mapping[Publicity, int]) -> FigureCount:
    """Return a figure from how many of its reports are of each publicity."""
    return FigureCount(**{str(kind): by_publicity.get(kind, 0) for kind in Publicity})


def median(times: Mapping[int, int]) -> Decimal | None:
    """Return the median of values given with how often each occurs, the mean of the middle two; None for none."""
    count = sum(times.values())
    if count <= 0:
        return None
    return Decimal(nth(times, (count - 1) // 2) + nth(times, count // 2)) / 2


def nth(times: Mapping[int, int], place: int) -> int:
    """Return the value at a place (from 0) among all, in order."""
    for value in sorted(times):
        place -= times[value]
        if place < 0:
            return value
    raise ValueError("place is beyond the values")
