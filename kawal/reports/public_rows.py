"""The public board and the public figures as rows of a CSV, the keys of their columns first; nothing is looked up.

No cell can be taken for a formula. A figure of all reports stands beside its public and its hidden parts; of a category
or an area only public reports are counted, so the cells of the others are empty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from kawal.domain.calendar import JAKARTA, local_day
from kawal.domain.public_figures import Figure, FigureCount
from kawal.domain.recap import Recap
from kawal.reports.cells import harmless
from kawal.reports.public_figures import PublicFigures, ReportSet
from kawal.reports.wording import line_name
from kawal.store.public_board import BoardRow
from kawal.wording.catalogues import Lang

Cell = str | int | Decimal | None
Row = list[Cell]

BOARD_COLUMNS = (
    "number", "instansi", "status", "title", "beginning", "place", "category", "opds", "anonim", "received_at",
    "first_forwarded_at", "first_follow_up_at", "completed_at",
)  # fmt: skip
FIGURE_COLUMNS = (
    "instansi", "first_month", "last_month", "as_of", "of", "code", "name", "rank", "figure", "value", "public",
    "rahasia", "unverified", "pengawasan",
)  # fmt: skip
_MEASURES = (
    "persen_ditindaklanjuti",
    "persen_selesai",
    "mean_days_to_follow_up",
    "mean_days_to_completion",
    "satisfaction",
)


def as_csv(rows: Iterable[Row]) -> str:
    """Return rows as CSV by RFC 4180 with a decimal point; a piece of it where they are a piece."""
    out = io.StringIO()
    csv.writer(out).writerows([[harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows])
    return out.getvalue()


def board_rows(rows: Iterable[BoardRow]) -> Iterator[Row]:
    """Yield the rows of the board, local times to the second; of an anonim report, days."""
    yield list(BOARD_COLUMNS)
    for row in rows:
        times = (row.received_at, row.first_forwarded_at, row.first_follow_up_at, row.completed_at)
        yield [
            row.number,
            row.instansi,
            str(row.status),
            row.title,
            row.beginning,
            row.place,
            row.category,
            "; ".join(row.opds),
            "ya" if row.anonim else "",
            *(_time(at, anonim=row.anonim) for at in times),
        ]


def figure_rows(figures: PublicFigures, lang: Lang = "id", areas: Mapping[str, str] | None = None) -> Iterator[Row]:
    """Yield the figures of the whole, of each OPD, category and area, a row for each; `areas` are names by code."""
    yield list(FIGURE_COLUMNS)
    period = figures.period
    as_of = None if figures.day is None else figures.day.isoformat()
    head: Row = [figures.instansi, f"{period.first:%Y-%m}", f"{period.last:%Y-%m}", as_of]
    yield from _of_all([*head, "all", "", figures.name, None], figures.all)
    for name in ("median_days_to_follow_up", "median_days_to_completion"):
        yield [*head, "all", "", figures.name, None, name, getattr(figures, name), *_EMPTY]
    for line in figures.opds:
        yield from _of_all(
            [*head, "opd", line.code, line_name("opd", line.code, line.name, lang), line.place], line.reports
        )
    for category in figures.categories:
        name = line_name("category", category.name, category.name, lang)
        yield from _of_public([*head, "category", category.name, name, None], category.recap)
    for area in figures.areas:
        yield from _of_public([*head, "area", area.code, (areas or {}).get(area.code), None], area.recap)


_EMPTY: Row = [None, None, None, None]


def _of_all(of: Row, reports: ReportSet) -> Iterator[Row]:
    for figure in Figure:
        count = reports.count(figure)
        yield [*of, str(figure), count.total, *_parts(count)]
    yield from _measures(of, reports.recap)


def _of_public(of: Row, recap: Recap) -> Iterator[Row]:
    for figure in Figure:
        count = getattr(recap, figure)
        yield [*of, str(figure), count, count, *_EMPTY[1:]]
    yield from _measures(of, recap)


def _parts(count: FigureCount) -> Row:
    return [count.public, count.rahasia, count.unverified, count.pengawasan]


def _measures(of: Row, recap: Recap) -> Iterator[Row]:
    for name in _MEASURES:
        yield [*of, name, getattr(recap, name), *_EMPTY]


def _time(at: datetime | None, *, anonim: bool) -> str | None:
    if at is None:
        return None
    return local_day(at).isoformat() if anonim else at.astimezone(JAKARTA).replace(microsecond=0).isoformat()
