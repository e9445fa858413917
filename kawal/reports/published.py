"""Recaps that agencies have published, recomputed: whether percentage and sums follow from the counts."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from kawal.domain.recap import Agreement, Mismatch, Recap, check_sums, compare_percentage

STATUSES = ("selesai", "proses", "belum_diverifikasi", "belum_ditindaklanjuti")


class PublishedRecap(BaseModel):
    """One published row. A status that was not published counts as 0 in `recap` and is listed in `unpublished`."""

    model_config = ConfigDict(frozen=True)

    instansi: str
    period: str
    recap: Recap
    unpublished: tuple[str, ...]
    announced: Decimal
    """The published percentage done, with as many places as were published."""
    note: str

    @property
    def agreement(self) -> Agreement:
        """Whether the announced percentage follows from the counts."""
        return compare_percentage(self.announced, self.recap)

    @property
    def mismatch(self) -> Mismatch | None:
        """The reports that no published status accounts for, if any."""
        return check_sums(self.recap)

    def findings(self) -> list[str]:
        """Return what a reader must know about this row, one sentence each (Indonesian); empty if there is nothing."""
        found = []
        if (gap := self.mismatch) is not None:
            unpublished = f" (tidak diumumkan: {', '.join(self.unpublished)})" if self.unpublished else ""
            found.append(
                f"TIDAK COCOK: masuk {gap.masuk}, jumlah status {gap.counted}, selisih {gap.difference}{unpublished}."
            )
        if self.agreement is not Agreement.AGREES:
            why = ": dipotong, bukan dibulatkan" if self.agreement is Agreement.TRUNCATED else ""
            found.append(f"Diumumkan {self.announced} %, angkanya memberi {self.recap.persen_selesai} %{why}.")
        return found


def published_recaps() -> list[PublishedRecap]:
    """Return the rows that ship with Kawal (kawal/data/published_recaps.csv, each with its source in `catatan`)."""
    return read_published(files("kawal.data").joinpath("published_recaps.csv").read_text(encoding="utf-8"))


def read_published(text: str) -> list[PublishedRecap]:
    """Return the rows of a CSV with the columns of kawal/data/published_recaps.csv; empty counts were not published.

    Raises KeyError for a missing column, ValueError for a count that is not an integer.
    """
    return [_row(row) for row in csv.DictReader(io.StringIO(text))]


def _row(row: dict[str, str]) -> PublishedRecap:
    counts = {name: int(row[name]) for name in STATUSES if row[name]}
    return PublishedRecap(
        instansi=row["instansi"],
        period=row["periode"],
        recap=Recap(masuk=int(row["masuk"]), **counts),
        unpublished=tuple(name for name in STATUSES if not row[name]),
        announced=Decimal(row["persen_selesai_diumumkan"]),
        note=row["catatan"],
    )
