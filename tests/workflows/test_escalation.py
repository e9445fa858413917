"""Late steps: the Inspectorate is told of each once, the rungs climb once each, and what the Inspectorate can do."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kawal.base.errors import SystemUnavailable
from kawal.data import HOLIDAYS, read_text
from kawal.domain.calendar import Holiday, HolidayKind, parse_holidays
from kawal.domain.names import ClockKind, EventKind, Status
from tests.workflows.conftest import Opening
from tests.workflows.conftest import shared_office as office
from tests.workflows.data_keys import key_away
from tests.workflows.life import Case, Office, january, refusal

__all__ = ["office"]


async def rungs(case: Case, key: str | None) -> list[tuple[int, str]]:
    """Return the second and third rungs of a clock's breach (None: of the item's own ladder), each with its day."""
    reached = await case.events(EventKind.RUNG_REACHED)
    return [(event.facts["rung"], event.facts["day"]) for event in reached if event.facts["key"] == key]


async def late(office: Office) -> Case:
    """Forward a report on Monday 10 January; its first follow-up was due on the 17th and it is now the 18th."""
    case = await office.receive()
    await case.forward()
    await case.until(january(18))
    return case


async def test_a_report_not_verified_in_time_reaches_the_inspectorate_at_its_deadline(office: Office) -> None:
    case = await office.receive()
    await case.until(january(13), 23)
    assert not (await case.row()).overdue
    await case.until(january(14), 1)
    breached = await case.event(EventKind.BREACHED)
    assert breached.at == datetime(2022, 1, 13, 17, tzinfo=UTC)
    assert (breached.facts["clock"], breached.facts["owed_by"]) == ("verify", "agency_admin")
    row = await case.row()
    assert (row.overdue, row.ever_late, row.item_open, row.item_why, row.level) == (True, True, True, "breach", 1)
    assert await case.told("item_breached") == ["inspectorate"]


async def test_a_first_follow_up_that_is_late_reaches_the_inspectorate_and_the_opd_is_told(office: Office) -> None:
    case = await late(office)
    breached = await case.event(EventKind.BREACHED)
    assert (breached.facts["key"], breached.facts["day"]) == ("respond:DPUPR", "2022-01-17")
    assert await case.told("breached") == ["liaison/DPUPR", "agency_admin"]
    await case.follow_up()
    row = await case.row()
    assert (row.overdue, row.ever_late, row.item_open) == (False, True, True)


async def test_a_completion_that_is_late_reaches_the_inspectorate(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    await case.follow_up()
    await case.until(january(29), 1)
    breached = await case.event(EventKind.BREACHED)
    assert (breached.facts["key"], breached.facts["day"]) == ("complete", "2022-01-28")


async def test_the_second_and_third_rung_are_reached_once_each(office: Office) -> None:
    case = await office.receive()
    await case.until(date(2022, 4, 1))
    assert await rungs(case, "verify") == [(2, "2022-01-18"), (3, "2022-01-24")]
    assert len(await case.events(EventKind.BREACHED)) == 1
    assert await case.told("rung_two") == ["sekda"]
    assert await case.told("rung_three") == ["gubernur"]
    assert await case.told("ombudsman") == ["reporter"]
    row = await case.row()
    assert (row.level, row.ever_level, row.status) == (3, 3, Status.BELUM_DIVERIFIKASI)


async def test_the_rungs_stop_when_the_step_is_done_after_all(office: Office) -> None:
    case = await late(office)
    await case.follow_up(final=True)
    await case.until(january(31), 1)
    assert await rungs(case, "respond:DPUPR") == []
    await case.inspectorate("resolve", finding="Terlambat sehari")
    assert not (await case.row()).item_open


async def test_an_instruction_stops_the_rungs_and_is_met_by_the_step(office: Office) -> None:
    case = await late(office)
    await case.inspectorate("instruct", to="DPUPR", text="Tindak lanjuti", by="2022-01-21")
    assert await case.deadline(ClockKind.INSTRUCTION) == january(21)
    assert await case.told("instructed") == ["liaison/DPUPR"]
    await case.until(january(21))
    await case.follow_up()
    assert await case.running() == {"complete"}
    await case.until(january(27))
    assert await rungs(case, "respond:DPUPR") == []
    assert not await case.events(EventKind.INSTRUCTION_ENDED)


async def test_a_missed_instruction_lets_the_rungs_go_on_counted_from_its_date(office: Office) -> None:
    case = await late(office)
    await case.inspectorate("instruct", to="DPUPR", text="Tindak lanjuti", by="2022-01-21")
    await case.until(january(28), 1)
    ended = await case.event(EventKind.INSTRUCTION_ENDED)
    assert (ended.facts["met"], ended.facts["day"]) == (False, "2022-01-21")
    assert await rungs(case, "respond:DPUPR") == [(2, "2022-01-26")]
    assert await case.told("instruction_missed") == ["inspectorate"]


async def test_an_instructions_date_lies_within_ten_working_days(office: Office) -> None:
    case = await late(office)
    for by in ("2022-01-17", "2022-02-03"):
        refused = await refusal(case.inspectorate("instruct", to="DPUPR", text="Tindak lanjuti", by=by))
        assert refused.code == "date_out_of_reach"
        assert (refused.details["first"], refused.details["last"]) == ("2022-01-18", "2022-02-02")
    await case.inspectorate("instruct", to="admin", text="Tegur OPD itu", by="2022-02-02")


async def test_the_inspectorate_takes_over_and_its_final_follow_up_completes(office: Office) -> None:
    case = await late(office)
    await case.inspectorate("take_over")
    assert await case.running() == {"complete", "take_over"}
    assert await case.deadline(ClockKind.TAKE_OVER) == date(2022, 2, 8)
    assert (await refusal(case.follow_up())).code == "opd_not_holding"
    assert (await refusal(case.inspectorate("take_over"))).code == "already_taken_over"
    await case.inspectorate("follow_up", text="Kami periksa dan tambal", final=True)
    assert await case.running() == {"auto_close"}
    await case.inspectorate("resolve", finding="DPUPR ditegur")
    await case.reporter("accept", rating=3)
    assert (await case.row()).status is Status.SELESAI


async def test_a_take_over_that_is_late_climbs_like_any_other(office: Office) -> None:
    case = await late(office)
    await case.inspectorate("take_over")
    await case.until(date(2022, 2, 12))
    breaches = [event.facts["key"] for event in await case.events(EventKind.BREACHED)]
    assert breaches == ["respond:DPUPR", "complete", "take_over"]
    assert await rungs(case, "take_over") == [(2, "2022-02-11")]


async def test_an_item_is_not_resolved_while_a_late_step_is_owed(office: Office) -> None:
    case = await late(office)
    refused = await refusal(case.inspectorate("resolve", finding="Selesai"))
    assert (refused.code, refused.details["clocks"]) == ("breach_still_owed", "respond:DPUPR")


async def test_an_item_opened_before_its_time_climbs_from_its_opening(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    await case.liaison("DPUPR", "escalate", why="Pejabat menolak")
    await case.until(january(22))
    assert await rungs(case, None) == [(2, "2022-01-13"), (3, "2022-01-19")]


async def test_a_later_breach_opens_a_resolved_item_again(office: Office) -> None:
    case = await late(office)
    await case.follow_up()
    await case.inspectorate("resolve", finding="Terlambat sehari")
    await case.until(january(29), 1)
    row = await case.row()
    assert (row.item_open, row.level) == (True, 1)
    assert [event.facts["key"] for event in await case.events(EventKind.BREACHED)] == ["respond:DPUPR", "complete"]


async def import_leave(office: Office) -> None:
    """Make 12 January 2022 a day off."""
    new = Holiday(day=january(12), kind=HolidayKind.CUTI_BERSAMA, name="Cuti bersama susulan")
    days = [holiday for holiday in parse_holidays(read_text(HOLIDAYS)) if holiday.day.year == 2022]
    await office.complaints.rulebook.import_calendar("nasional-susulan", [*days, new])


async def test_complaints_that_cannot_be_recomputed_do_not_keep_the_others(open_office: Opening) -> None:
    async with open_office() as office:
        unreadable, case, closing = await office.receive(), await office.receive(), await office.receive()
        await closing.finish()
        # The read model still says that it is open: it ends between the list and the command.
        await closing.reporter("accept")
        await office.complaints.pool.execute(
            "update complaint set status = 'proses', closed_at = null, closed_by = null where tracking_id = $1",
            closing.tracking_id,
        )
        await import_leave(office)
        async with key_away(unreadable):
            with pytest.raises(SystemUnavailable) as raised:
                await office.complaints.recompute("Keputusan bersama 11 Januari 2022")
            assert unreadable.tracking_id in str(raised.value.__cause__)
            assert await case.deadline(ClockKind.VERIFY) == january(14)
        (answer,) = await office.complaints.recompute("Keputusan bersama 11 Januari 2022")
        assert answer.tracking_id == unreadable.tracking_id


async def test_an_imported_calendar_moves_open_deadlines_and_the_old_ones_are_recorded(open_office: Opening) -> None:
    async with open_office() as office:
        case, ended = await office.receive(), await office.receive()
        await ended.admin("archive", reason="Bukan laporan")
        await import_leave(office)
        (answer,) = await office.complaints.recompute("Keputusan bersama 11 Januari 2022")
        assert answer.tracking_id == case.tracking_id
        assert await case.deadline(ClockKind.VERIFY) == january(14)
        recomputed = await case.event(EventKind.RECOMPUTED)
        assert recomputed.facts["deadlines_before"] == {"verify": "2022-01-13"}
        assert recomputed.facts["deadlines"] == {"verify": "2022-01-14"}
        assert recomputed.words["why"] == "Keputusan bersama 11 Januari 2022"
        (explained,) = await office.complaints.explain(case.tracking_id)
        assert [day.day for day in explained.excluded] == [january(12)]
        assert await office.complaints.recompute("sekali lagi") == []
        await case.until(january(15), 1)
        assert (await case.event(EventKind.BREACHED)).facts["day"] == "2022-01-14"
