"""Definitions that schema.sql and Python share: rows passed to the database by position, and the recap's figures."""

from __future__ import annotations

import asyncpg
import pytest

from kawal.domain.process.spans import OpdStanding
from kawal.domain.recap import Recap
from kawal.domain.work_figures import WorkCount
from kawal.store.notices import NoticeRow
from kawal.store.stored_events import COLUMNS, StoredEvent

LINE = ("grain", "axis", "day", "instansi", "month", "value", "publicity")


async def columns(pool: asyncpg.Pool, kind: str) -> tuple[str, ...]:
    """Return the columns of a table or a row type, in their order."""
    names = "select attname from pg_attribute where attrelid = to_regclass($1) and attnum > 0 order by attnum"
    return tuple(row["attname"] for row in await pool.fetch(names, kind))


@pytest.mark.parametrize(("kind", "row"), [("new_event", StoredEvent._fields), ("new_notice", NoticeRow._fields)])
async def test_a_row_has_the_fields_of_its_type_in_their_order(
    pool: asyncpg.Pool, kind: str, row: tuple[str, ...]
) -> None:
    assert await columns(pool, kind) == row


async def test_an_event_is_inserted_as_it_comes_and_the_table_adds_its_position(pool: asyncpg.Pool) -> None:
    assert await columns(pool, "event") == (*StoredEvent._fields, "position")
    assert StoredEvent._fields == COLUMNS


async def test_a_notice_has_the_columns_of_the_outbox_after_its_number(pool: asyncpg.Pool) -> None:
    assert (await columns(pool, "outbox"))[1:10] == NoticeRow._fields


async def test_a_line_of_kept_sums_is_its_place_and_the_figures(pool: asyncpg.Pool) -> None:
    assert await columns(pool, "recap_tally") == (*LINE, *Recap.model_fields)
    assert await columns(pool, "recap_pending") == (*LINE, *Recap.model_fields, "id")
    line = ("grain", "axis", "day", "instansi", "month", "opd", "value")
    assert await columns(pool, "work_tally") == (*line, *WorkCount.figures())
    assert await columns(pool, "work_pending") == (*line, *WorkCount.figures(), "id")
    assert await columns(pool, "opd_standing") == OpdStanding._fields
