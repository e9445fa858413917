"""However the sums up to a day are put together, they are the sums of all the days before it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from kawal.reports.kept_sums import FIGURES, SumsQuery, kept_sums
from kawal.store.ledger import Ledger
from tests.database_owner import owner_does
from tests.reports.lives import Lives

AXES = ("channel", "opd", "follow_up")
DAYS = [
    *(date(2021, 12, 1) + timedelta(days=n) for n in range(0, 430, 5)),
    date(2022, 1, 1), date(2022, 1, 16), date(2022, 1, 17), date(2022, 7, 16), date(2022, 7, 17), date(2022, 12, 31),
    date(2024, 2, 29), date.min, date(9999, 8, 20), date.max,
]  # fmt: skip
YEAR, QUARTER = (date(2022, 1, 1), date(2022, 12, 1)), (date(2022, 4, 1), date(2022, 6, 1))


@pytest.fixture
async def folded(pool: asyncpg.Pool, ledger: Ledger) -> asyncpg.Pool:
    """Return a database whose tally holds all changes but the last ones, which are pending."""
    lives = Lives(ledger, 7)
    for number in range(1, 41):
        await lives.live(number)
    await owner_does(pool, "select setval(pg_get_serial_sequence('recap_pending', 'id'), 4095)")
    for number in range(41, 51):
        await lives.live(number)
    return pool


async def added_up(pool: asyncpg.Pool, columns: tuple[str, ...], query: SumsQuery) -> dict[Any, list[int]]:
    statement, arguments = kept_sums(columns, query)
    return grouped(await pool.fetch(statement, *arguments), columns)


async def day_by_day(pool: asyncpg.Pool, columns: tuple[str, ...], query: SumsQuery) -> dict[Any, list[int]]:
    kept = "select grain, axis, day, instansi, month, value, publicity, {} from".format(", ".join(FIGURES))
    rows = await pool.fetch(f"{kept} recap_tally where grain = 'day' union all {kept} recap_pending")
    asked = [
        row
        for row in rows
        if row["axis"] in query.axes
        and query.first <= row["month"] <= query.last
        and query.instansi in (None, row["instansi"])
        and (query.before is None or row["day"] < query.before)
    ]
    return grouped(asked, columns)


def grouped(rows: list[Any], columns: tuple[str, ...]) -> dict[Any, list[int]]:
    lines: dict[Any, list[int]] = defaultdict(lambda: [0] * len(FIGURES))
    for row in rows:
        key = tuple(row[name] for name in columns)
        lines[key] = [have + row[name] for have, name in zip(lines[key], FIGURES, strict=True)]
    return {key: figures for key, figures in lines.items() if any(figures)}


@pytest.mark.parametrize("columns", [("axis", "value", "publicity"), ("axis", "month", "value")])
@pytest.mark.parametrize("months", [YEAR, QUARTER])
async def test_the_sums_up_to_any_day_are_those_of_all_days_before_it(
    folded: asyncpg.Pool, columns: tuple[str, ...], months: tuple[date, date]
) -> None:
    assert await folded.fetchval("select count(*) > 0 from recap_pending")
    for instansi in ("KEPRI", None):
        for before in (None, *DAYS):
            query = SumsQuery(AXES, *months, instansi, before)
            assert await added_up(folded, columns, query) == await day_by_day(folded, columns, query), query
        assert await added_up(folded, columns, query)
