"""The registers: entries, corrections and additions, with all earlier revisions kept."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import asyncpg
import pytest

from kawal.domain.refusals import Refusal
from kawal.domain.registers import DecreeText, ItemText, PlanItemState, PlanText, entered
from kawal.store.registers import Registers
from tests.database_owner import is_refused, owner_does
from tests.store.lives import ADMIN, NOON

SK = {"number": "SK 12/2022", "decided_on": "2022-01-10", "valid_until": "2022-12-31", "document_hash": "ab" * 32}
PLAN = {"year": 2022, "submitted_on": "2022-02-01", "opd": "DISHUB"}


@pytest.fixture
def registers(pool: asyncpg.Pool) -> Registers:
    return Registers(pool)


async def test_a_decree_is_read_back_and_a_correction_stands_in_its_place(
    pool: asyncpg.Pool, registers: Registers
) -> None:
    first = await registers.add_decree("KEPRI", entered(DecreeText, SK), ADMIN, NOON)
    assert first is not None
    assert (first.entry, first.revision, first.document_hash) == (1, 1, "ab" * 32)
    other = await registers.add_decree("KEPRI", entered(DecreeText, SK | {"opd": "DISHUB"}), ADMIN, NOON)
    second = await registers.add_decree("KEPRI", entered(DecreeText, SK | {"number": "SK 13"}), ADMIN, NOON, first)
    assert second is not None
    assert (second.entry, second.revision) == (1, 2)
    assert await registers.add_decree("KEPRI", entered(DecreeText, SK), ADMIN, NOON, first) is None
    assert await registers.decrees("KEPRI") == [second, other]
    assert await registers.decrees("BATAM") == []
    assert await pool.fetchval("select count(*) from decree") == 3


async def test_an_item_of_a_plan_goes_on_and_its_past_is_kept(pool: asyncpg.Pool, registers: Registers) -> None:
    plan = await registers.add_plan("KEPRI", entered(PlanText, PLAN), ADMIN, NOON)
    assert plan is not None
    for place, title in ((1, "Melatih penghubung"), (2, "Menyusun SOP")):
        plan = await registers.add_item(plan, place, _item(title), ADMIN, NOON)
        assert plan is not None
    done = await registers.add_item(plan, 1, _item("Melatih penghubung", state="done"), ADMIN, NOON)
    assert done is not None
    assert [(item.place, item.revision, item.state) for item in done.items] == [
        (1, 2, PlanItemState.DONE),
        (2, 1, PlanItemState.NOT_BEGUN),
    ]
    assert await registers.add_item(plan, 1, _item("Melatih penghubung"), ADMIN, NOON) is None
    assert await registers.plans() == [done]
    assert await pool.fetchval("select count(*) from action_item") == 3


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (DecreeText, SK | {"number": " "}),
        (DecreeText, SK | {"valid_until": "2021-12-31"}),
        (DecreeText, SK | {"decided_on": "10 Januari"}),
        (DecreeText, SK | {"document": "x" * 301}),
        (DecreeText, SK | {"document_hash": "zz"}),
        (DecreeText, {"number": "SK 1"}),
        (PlanText, PLAN | {"year": 22}),
        (PlanText, PLAN | {"size": 1}),
        (ItemText, {"title": "x" * 201, "on_day": "2022-02-01"}),
        (ItemText, {"title": "x", "on_day": "2022-02-01", "state": "almost"}),
    ],
)
def test_what_cannot_stand_in_a_register_is_refused(kind: type[Any], given: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as caught:
        entered(kind, given)
    assert caught.value.code in ("malformed", "register_backwards")


def test_a_decree_is_in_force_from_its_first_to_its_last_day() -> None:
    decree = entered(DecreeText, SK)
    days = [date(2022, 1, 9), date(2022, 1, 10), date(2022, 12, 31), date(2023, 1, 1)]
    assert [decree.in_force(day) for day in days] == [False, True, True, False]
    assert entered(DecreeText, SK | {"valid_until": None}).in_force(date(2030, 1, 1))


async def test_a_register_can_only_be_added_to(pool: asyncpg.Pool, registers: Registers) -> None:
    await registers.add_decree("KEPRI", entered(DecreeText, SK), ADMIN, NOON)
    plan = await registers.add_plan("KEPRI", entered(PlanText, PLAN), ADMIN, NOON)
    assert plan is not None
    await registers.add_item(plan, 1, _item("x"), ADMIN, NOON)
    tables = ("decree", "action_plan", "action_item")
    for table, attack in itertools.product(tables, ("delete from {}", "truncate {} cascade")):
        assert await is_refused(asyncpg.RestrictViolationError, owner_does(pool, attack.format(table))), attack.format(
            table
        )


def _item(title: str, **more: str) -> ItemText:
    return entered(ItemText, {"title": title, "on_day": "2022-02-01", **more})
