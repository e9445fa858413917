"""Which rule set and calendar a complaint's deadlines are computed by."""

from __future__ import annotations

from datetime import date

import asyncpg
import pytest

from kawal.data import HOLIDAYS, POLICIES, read_text
from kawal.domain.calendar import Calendar, Holiday, HolidayKind, parse_holidays
from kawal.domain.policy import Policy, load_policy
from kawal.store.rules import NoRules, Rulebook, VersionTaken

DAY = date(2022, 3, 7)
SHIPPED = parse_holidays(read_text(HOLIDAYS))
LEAVE = Holiday(day=date(2022, 9, 23), kind=HolidayKind.LIBUR_DAERAH, name="Hari Jadi Provinsi")


@pytest.fixture
def rulebook(pool: asyncpg.Pool) -> Rulebook:
    return Rulebook(pool)


async def test_a_fresh_installation_has_the_shipped_rules(rulebook: Rulebook) -> None:
    rules = await rulebook.rules_for("KEPRI", DAY)
    assert rules.policy == load_policy(read_text(POLICIES))[0]
    assert rules.calendar == Calendar.from_holidays(rules.calendar.version, SHIPPED)


async def test_the_rule_set_in_force_on_the_day_of_receipt_rules(rulebook: Rulebook) -> None:
    first, second = load_policy(read_text(POLICIES))
    assert (await rulebook.rules_for("KEPRI", second.effective_from)).policy == second
    assert (await rulebook.rules_for("KEPRI", date(2025, 5, 31))).policy == first
    with pytest.raises(NoRules):
        await rulebook.rules_for("KEPRI", date(2018, 12, 31))


async def test_a_correction_replaces_its_rule_set_and_a_newer_one_never_touches_older_complaints(
    rulebook: Rulebook,
) -> None:
    carried = (await rulebook.rules_for("KEPRI", DAY)).policy
    later = Policy(version="baru", effective_from=date(2022, 2, 1), respond=2)
    assert await rulebook.import_policies([later]) == ["baru"]
    assert (await rulebook.rules_newest_for("KEPRI", carried)).policy == carried
    corrected = carried.model_copy(update={"version": "permenpan-62-2018-koreksi", "respond": 6})
    await rulebook.import_policies([corrected])
    assert (await rulebook.rules_newest_for("KEPRI", carried)).policy == corrected
    assert (await rulebook.rules_newest_for("KEPRI", later)).policy == later
    assert (await rulebook.rules_for("KEPRI", date(2022, 1, 31))).policy == corrected


async def test_an_agencys_own_rule_set_goes_before_the_nations(rulebook: Rulebook) -> None:
    national = (await rulebook.rules_for("KEPRI", DAY)).policy
    own = Policy(version="kepri-1", effective_from=date(2022, 3, 1), verify=2)
    await rulebook.import_policies([own], instansi="KEPRI")
    assert (await rulebook.rules_for("KEPRI", DAY)).policy == own
    assert (await rulebook.rules_for("KEPRI", date(2022, 2, 28))).policy == national
    assert (await rulebook.rules_for("LAIN", DAY)).policy == national


async def test_a_what_if_rule_set_stays_as_it_is(rulebook: Rulebook) -> None:
    unknown = Policy(version="andai", effective_from=date(2019, 1, 1), respond=1)
    assert (await rulebook.rules_newest_for("KEPRI", unknown)).policy == unknown


async def test_importing_the_same_again_changes_nothing_and_other_content_is_refused(
    pool: asyncpg.Pool, rulebook: Rulebook
) -> None:
    carried = (await rulebook.rules_for("KEPRI", DAY)).policy
    assert await rulebook.import_policies([carried]) == []
    with pytest.raises(VersionTaken):
        await rulebook.import_policies([carried.model_copy(update={"verify": 9})])
    known = await rulebook.calendar_for("KEPRI")
    assert await rulebook.import_calendar(known.version, SHIPPED) == known
    with pytest.raises(VersionTaken):
        await rulebook.import_calendar(known.version, [*SHIPPED, LEAVE])
    assert await pool.fetchval("select count(*) from calendar_version") == 1


async def test_an_import_replaces_its_years_and_keeps_the_others(rulebook: Rulebook) -> None:
    fixed = [(1, 1), (5, 1), (6, 1), (8, 17), (12, 25)]
    year = [Holiday(day=date(2027, m, d), kind=HolidayKind.LIBUR_NASIONAL, name="Libur") for m, d in fixed]
    before = await rulebook.calendar_for("KEPRI")
    made = await rulebook.import_calendar("nasional-2027-1", year, source="SKB 2027")
    assert made == await rulebook.calendar_for("KEPRI")
    assert made.knows(2027)
    assert {y: made.off[y] for y in before.off} == before.off
    assert (await rulebook.holiday_names("nasional-2027-1"))[date(2027, 5, 1)] == "Libur"


async def test_an_incomplete_national_year_is_refused_and_leaves_nothing(
    pool: asyncpg.Pool, rulebook: Rulebook
) -> None:
    with pytest.raises(ValueError, match="2027"):
        await rulebook.import_calendar("nasional-2027-1", [LEAVE.model_copy(update={"day": date(2027, 9, 24)})])
    assert await pool.fetchval("select count(*) from calendar_version") == 1


async def test_an_agencys_leave_counts_for_it_alone_and_makes_no_year_known(rulebook: Rulebook) -> None:
    future = LEAVE.model_copy(update={"day": date(2031, 9, 24)})
    await rulebook.import_calendar("kepri-1", [LEAVE, future], instansi="KEPRI")
    own, nation = await rulebook.calendar_for("KEPRI"), await rulebook.calendar_for("LAIN")
    assert own.version == f"{nation.version}+kepri-1"
    assert nation.is_working(LEAVE.day)
    assert not own.is_working(LEAVE.day)
    assert not own.knows(2031)
    assert (await rulebook.holiday_names(own.version))[LEAVE.day] == "Hari Jadi Provinsi"
