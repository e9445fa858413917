"""The five indicators, each computed by hand from a few complaints, accounts, entries and reviews."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from kawal.domain.access_kinds import AccessKind
from kawal.domain.calendar import at_local
from kawal.domain.messages import Actor, Event, OpdLine, Snapshot
from kawal.domain.names import EventKind, ReportClass, Role, Status
from kawal.domain.quality import Verdict
from kawal.domain.registers import DecreeText, ItemText, PlanText, entered
from kawal.reports.indicators import IndicatorTable, Part, UnknownInstansi, indicators
from kawal.reports.quality import quality_of
from kawal.reports.recap import recap
from kawal.store.access_log import AccessLog
from kawal.store.accounts import Accounts
from kawal.store.data_keys import DataKeyStore
from kawal.store.ledger import Ledger
from kawal.store.quality import Population, QualityRecord
from kawal.store.registers import Registers
from tests.reports.lives import ACTOR, happened, new, write

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
TODAY = date(2026, 11, 25)
MARCH = Population(instansi="KEPRI", from_day=date(2026, 3, 1), to_day=date(2026, 3, 31))


def parts(table: IndicatorTable, key: str) -> dict[str, tuple[int, int | None]]:
    found = next(one for one in table.indicators if one.key == key)
    return {part.key: (part.count, part.of) for part in found.parts}


async def now(pool: asyncpg.Pool, **asked: Any) -> IndicatorTable:
    given: dict[str, Any] = {"instansi": "KEPRI", "year": 2026, "today": TODAY}
    return await indicators(pool, **given | asked)


async def followed(ledger: Ledger, number: int, opd: str = "PU", **given: Any) -> Snapshot:
    """Record a complaint of March with a final follow-up on the fifth event's day."""
    at = datetime(2026, 3, 2, 3, tzinfo=UTC)
    stood = await write(ledger, new(number, at), happened(at, 1, Status.BELUM_DIVERIFIKASI))
    fields = {
        "status": Status.PROSES,
        "report_class": ReportClass.PENGADUAN,
        "category": "KESEHATAN",
        "verified_at": at,
        "first_forwarded_at": at,
        "first_follow_up_at": at,
        "work_days_to_follow_up": 2,
        "opds": [OpdLine(code=opd, state="final", forwarded_at=at, final_at=at)],
    }
    event = Event(
        seq=2,
        at=at + timedelta(days=2),
        recorded_at=at + timedelta(days=2),
        kind=EventKind.FOLLOWED_UP,
        actor=ACTOR,
        status=Status.PROSES,
        facts={"opd": opd, "final": True, "first": True},
    )
    return await write(ledger, stood.model_copy(update=fields | given), event)


async def test_an_installation_without_anything_has_indicators_of_nothing(pool: asyncpg.Pool) -> None:
    table = await now(pool)
    assert [one.key for one in table.indicators] == ["sk", "activity", "data", "quality", "plan", "recap"]
    assert parts(table, "sk") == {"decree_agencies": (0, 1), "decrees_in_force": (0, None)}
    assert parts(table, "activity")["opds_attended"] == (0, 2)
    assert all(part.percent is None for one in table.indicators for part in one.parts if part.of == 0)
    assert [(one.opd, one.accounts) for one in table.unattended] == [("DINKES", 0), ("PU", 0)]
    with pytest.raises(UnknownInstansi):
        await now(pool, instansi="ANTAH")


async def test_a_decree_counts_while_it_is_in_force(pool: asyncpg.Pool) -> None:
    registers = Registers(pool)
    given = {"number": "SK 1", "decided_on": "2026-01-10", "valid_until": "2026-06-30"}
    first = await registers.add_decree("KEPRI", entered(DecreeText, given), ACTOR, NOW)
    await registers.add_decree("KEPRI", entered(DecreeText, given | {"opd": "PU", "valid_until": None}), ACTOR, NOW)
    assert parts(await now(pool), "sk") == {"decree_agencies": (0, 1), "decrees_in_force": (1, None)}
    for day, agencies, in_force in ((9, 0, 0), (10, 1, 2)):
        then = await now(pool, day=date(2026, 1, day))
        assert parts(then, "sk") == {"decree_agencies": (agencies, 1), "decrees_in_force": (in_force, None)}
    everywhere = await now(pool, instansi=None, day=date(2026, 6, 30))
    assert parts(everywhere, "sk")["decree_agencies"] == (1, 2)
    withdrawn = entered(DecreeText, given | {"withdrawn": True})
    await registers.add_decree("KEPRI", withdrawn, ACTOR, NOW, first)
    assert parts(await now(pool, day=date(2026, 1, 10)), "sk")["decree_agencies"] == (0, 1)


async def test_a_plan_counts_once_submitted_and_its_items_as_they_stood(pool: asyncpg.Pool) -> None:
    registers = Registers(pool)
    plan = await registers.add_plan(
        "KEPRI", entered(PlanText, {"year": 2026, "submitted_on": "2026-02-01"}), ACTOR, NOW
    )
    assert plan is not None
    for place, state, day in (
        (1, "not_begun", "2026-02-01"),
        (2, "not_begun", "2026-02-01"),
        (1, "done", "2026-05-01"),
    ):
        item = entered(ItemText, {"title": "x", "state": state, "on_day": day})
        plan = await registers.add_item(plan, place, item, ACTOR, NOW)
        assert plan is not None
    assert parts(await now(pool), "plan") == {"plan_agencies": (1, 1), "plan_done": (1, 2), "plan_under_way": (0, 2)}
    assert parts(await now(pool, day=date(2026, 4, 30)), "plan")["plan_done"] == (0, 2)
    assert parts(await now(pool, day=date(2026, 1, 31)), "plan")["plan_agencies"] == (0, 1)
    assert parts(await now(pool, year=2025), "plan")["plan_agencies"] == (0, 1)


async def test_an_account_is_active_if_it_was_seen_within_the_month(pool: asyncpg.Pool, keys: DataKeyStore) -> None:
    accounts = Accounts(pool, keys)
    edge = at_local(date(2026, 10, 25), 0)
    await accounts.actor("KEPRI", Role.ADMIN, "Ani", None, edge)
    await accounts.actor("KEPRI", Role.ADMIN, "Adi", None, edge - timedelta(seconds=1))
    await accounts.actor("KEPRI", Role.LIAISON, "Budi", "PU", NOW)
    await accounts.actor("KEPRI", Role.LIAISON, "Cici", "DINKES", NOW - timedelta(days=90))
    await accounts.actor("RIAU", Role.LIAISON, "Dedi", "DINKES", NOW)
    table = await now(pool)
    assert table.since == date(2026, 10, 25)
    assert parts(table, "activity") == {
        "opds_attended": (1, 2),
        "seen_agency_admin": (1, 2),
        "seen_liaison": (1, 2),
        "seen_inspectorate": (0, 0),
        "seen_leadership": (0, 0),
    }
    assert [(one.opd, one.accounts) for one in table.unattended] == [("DINKES", 1)]
    await pool.execute("update opd set active = false where code = 'DINKES' and instansi = 'KEPRI'")
    assert parts(await now(pool), "activity")["opds_attended"] == (1, 1)
    assert parts(await now(pool, instansi=None), "activity")["opds_attended"] == (2, 2)


async def test_activity_of_a_past_month_is_what_the_record_shows(
    pool: asyncpg.Pool, keys: DataKeyStore, ledger: Ledger
) -> None:
    accounts, log = Accounts(pool, keys), AccessLog(pool, keys)
    ani = await accounts.actor("KEPRI", Role.ADMIN, "Ani", None, NOW)
    await accounts.actor("KEPRI", Role.ADMIN, "Adi", None, NOW)
    budi = await accounts.actor("KEPRI", Role.LIAISON, "Budi", "PU", NOW)
    await pool.execute("update account set created_at = '2025-01-01'")
    at = datetime(2026, 3, 2, 3, tzinfo=UTC)
    event = happened(at, 1, Status.BELUM_DIVERIFIKASI).model_copy(update={"actor": ani})
    await write(ledger, new(1, at), event)
    await log.append(AccessKind.READ_REPORT, budi, at)
    then = parts(await now(pool, day=date(2026, 3, 31)), "activity")
    assert (then["seen_agency_admin"], then["seen_liaison"], then["opds_attended"]) == ((1, 2), (1, 1), (1, 2))
    later = parts(await now(pool, day=date(2026, 5, 2)), "activity")
    assert (later["seen_agency_admin"], later["seen_liaison"]) == ((0, 2), (0, 1))
    assert parts(await now(pool, day=date(2024, 12, 31)), "activity")["seen_agency_admin"] == (0, 0)


async def test_management_data_are_complete_if_class_category_and_opd_stand(pool: asyncpg.Pool, ledger: Ledger) -> None:
    await followed(ledger, 1)
    await followed(ledger, 2, category=None, ever_late=True)
    await followed(ledger, 3, opds=[])
    at = datetime(2026, 3, 2, 3, tzinfo=UTC)
    await write(ledger, new(4, at), happened(at, 1, Status.BELUM_DIVERIFIKASI))
    assert parts(await now(pool), "data") == {
        "data_complete": (1, 3),
        "data_class": (3, 3),
        "data_category": (2, 3),
        "data_opd": (2, 3),
        "deadlines_kept": (2, 3),
    }
    assert parts(await now(pool, day=date(2026, 3, 3)), "data")["data_complete"] == (0, 0)
    assert parts(await now(pool), "recap")["ditindaklanjuti"] == (3, 4)


async def test_quality_is_what_reviewers_found_of_the_sample_by_then(
    pool: asyncpg.Pool, keys: DataKeyStore, ledger: Ledger
) -> None:
    for number in range(1, 5):
        await followed(ledger, number)
    record = QualityRecord(pool, keys)
    drawn = await record.draw(MARCH, "lot", "given", 10, ACTOR, NOW)
    assert drawn is not None
    eka, fani = (Actor(role=Role.INSPECTORATE, account=f"inspektorat000{n}") for n in (1, 2))
    for place, reviewer, verdict, day in (
        (1, eka, Verdict.ANSWERS, 1),
        (2, eka, Verdict.PARTLY, 1),
        (1, fani, Verdict.DOES_NOT, 2),
        (2, eka, Verdict.ANSWERS, 3),
    ):
        item = await record.item(drawn.id, place)
        assert item is not None
        await record.add_review(item, reviewer, verdict, "x", NOW + timedelta(days=day))
    third = await record.item(drawn.id, 3)
    assert third is not None
    await pool.execute("update complaint set erased_at = now() where tracking_id = $1", third.tracking_id)
    assert parts(await now(pool), "quality") == {
        "quality_answers": (1, 2),
        "quality_partly": (0, 2),
        "quality_does_not": (1, 2),
        "quality_disputed": (1, 2),
        "quality_reviewed": (2, 3),
        "quality_erased": (1, None),
    }
    for days, answers, partly in ((0, 0, 0), (1, 1, 1), (2, 0, 1)):
        then = await quality_of(pool, instansi=None, year=2026, as_of=NOW + timedelta(days=days))
        assert (then.answers, then.partly) == (answers, partly)
    assert (await quality_of(pool, instansi="RIAU", year=2026)).drawn == 0
    assert (await quality_of(pool, instansi="KEPRI", year=2025)).drawn == 0
    assert (await recap(pool, instansi="KEPRI", year=2026)).quality == await quality_of(
        pool, instansi="KEPRI", year=2026
    )


async def test_a_follow_up_in_two_samples_counts_once(pool: asyncpg.Pool, keys: DataKeyStore, ledger: Ledger) -> None:
    await followed(ledger, 1)
    record = QualityRecord(pool, keys)
    for wanted in (MARCH, MARCH.model_copy(update={"opd": "PU"})):
        drawn = await record.draw(wanted, "lot", "given", 1, ACTOR, NOW)
        assert drawn is not None
        item = await record.item(drawn.id, 1)
        assert item is not None
        verdict = Verdict.PARTLY if wanted.opd else Verdict.DOES_NOT
        await record.add_review(item, ACTOR, verdict, "x", NOW + timedelta(days=drawn.id))
    counted = await quality_of(pool, instansi="KEPRI", year=2026)
    assert (counted.drawn, counted.partly, counted.disputed) == (1, 1, 0)


def test_a_share_has_two_places_and_none_of_nothing() -> None:
    assert Part(key="x", count=2, of=3).percent == Decimal("66.67")
    assert Part(key="x", count=0, of=0).percent is None
    assert Part(key="x", count=7).percent is None
