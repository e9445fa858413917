"""Reopening: during the aftercare in the running workflow, later in a new run that continues where the record ended."""

from __future__ import annotations

from datetime import date, timedelta

from kawal.data import HOLIDAYS, read_text
from kawal.domain.calendar import Holiday, HolidayKind, at_local, local_day, parse_holidays
from kawal.domain.names import ClockKind, EventKind, Role, Status
from tests.workflows.conftest import Opening
from tests.workflows.conftest import shared_office as office
from tests.workflows.life import Case, Office, january, refusal

__all__ = ["office"]

ENDED = date(2022, 3, 1)


async def ended(office: Office) -> Case:
    """Accept a report on its first day, and let its aftercare and its workflow end."""
    case = await office.receive()
    await case.close()
    await case.until(ENDED)
    await case.handle().result()
    return case


async def test_a_report_is_reopened_during_its_aftercare(office: Office) -> None:
    case = await office.receive()
    await case.close()
    await case.until(january(20))
    await case.inspectorate("reopen", grounds="Temuan baru")
    row = await case.row()
    assert (row.status, row.closed_at, row.closed_by) == (Status.PROSES, None, None)
    assert await case.deadline(ClockKind.COMPLETE) == date(2022, 2, 10)
    assert await case.told("to_handle_again") == ["liaison/DPUPR"]
    await case.follow_up(final=True)
    await case.reporter("accept", rating=3)
    assert await case.deadline(ClockKind.AFTERCARE) == date(2022, 2, 19)


async def test_a_report_is_reopened_after_its_workflow_has_ended_with_the_dates_right(office: Office) -> None:
    case = await ended(office)
    before = await case.events()
    answer = await case.reopen_at(date(2022, 3, 7))
    events = await case.events()
    assert events[: len(before)] == before
    assert (answer.first_seq, events[-1].seq) == (len(before) + 1, len(before) + 1)
    assert events[-1].kind is EventKind.REOPENED
    assert timedelta() <= events[-1].at - at_local(date(2022, 3, 7), 9) < timedelta(minutes=1)
    assert await case.deadline(ClockKind.COMPLETE) == date(2022, 3, 25)  # all 14 days were left
    assert len(await case.handle().query("timeline")) == len(events)


async def test_a_reopened_report_goes_on_in_virtual_time_to_its_breach_and_its_second_end(office: Office) -> None:
    case = await ended(office)
    await case.reopen_at(date(2022, 3, 7))
    await case.until(date(2022, 3, 26), 1)
    breached = await case.event(EventKind.BREACHED)
    assert (breached.facts["clock"], breached.facts["day"]) == ("complete", "2022-03-25")
    await case.follow_up(final=True)
    await case.reporter("accept", rating=2)
    await case.inspectorate("resolve", finding="Terlambat karena hujan")
    await case.until(date(2022, 4, 26))
    assert (await case.handle().result())["status"] == "selesai"
    assert (await case.row()).rating == 2
    assert len(await case.events(EventKind.AFTERCARE_ENDED)) == 2


async def test_a_report_may_end_and_be_reopened_more_than_once(office: Office) -> None:
    case = await ended(office)
    for day in (date(2022, 3, 7), date(2022, 5, 16)):
        await case.reopen_at(day)
        assert local_day((await case.events())[-1].at) == day
        await case.follow_up(final=True)
        await case.reporter("accept")
        await case.until(day + timedelta(days=35))
        await case.handle().result()
    assert len(await case.events(EventKind.REOPENED)) == 2


async def test_a_refused_reopening_of_an_ended_report_leaves_no_event_and_its_run_ends(office: Office) -> None:
    case = await ended(office)
    before = await case.events()
    liaison = await case.person(Role.LIAISON, "DPUPR")
    refused = await refusal(
        office.complaints.send(
            case.tracking_id, "reopen", liaison, {"grounds": "Ingin lagi"}, starts_at=at_local(date(2022, 3, 7), 9)
        )
    )
    assert refused.code == "wrong_role"
    assert (await refusal(case.reopen_at(date(2022, 3, 7), grounds=" "))).code == "malformed"
    await case.later(timedelta(minutes=2))
    assert (await case.handle().result())["last_seq"] == len(before)
    assert await case.events() == before
    assert "wrong_role" in await case.refusals_on_record()


async def test_after_a_refused_reopening_a_good_one_still_works(office: Office) -> None:
    case = await ended(office)
    assert (await refusal(case.reopen_at(date(2022, 3, 7), rubbish=1))).code == "malformed"
    liaison = await case.person(Role.LIAISON, "DPUPR")
    starts_at = at_local(date(2022, 3, 7), 9)
    sent = office.complaints.send(case.tracking_id, "reopen", liaison, {"grounds": "Lagi"}, starts_at=starts_at)
    assert (await refusal(sent)).code == "wrong_role"
    await case.reopen_at(date(2022, 3, 7))
    assert (await case.row()).status is Status.PROSES


async def test_what_ended_otherwise_is_not_reopened(office: Office) -> None:
    case = await office.receive()
    await case.admin("archive", reason="Bukan laporan")
    await case.handle().result()
    refused = await refusal(case.reopen_at(january(20)))
    assert (refused.code, refused.details["status"]) == ("ended", "diarsipkan")


async def test_the_same_reopening_sent_twice_happens_once(office: Office) -> None:
    case = await ended(office)
    first = await case.reopen_at(date(2022, 3, 7), key="buka-1")
    assert await case.reopen_at(date(2022, 3, 7), key="buka-1") == first
    assert len(await case.events(EventKind.REOPENED)) == 1


async def test_a_reopened_complaint_is_reckoned_by_the_calendar_that_came_while_it_was_closed(
    open_office: Opening,
) -> None:
    async with open_office() as office:
        case = await office.receive()
        await case.close()
        rulebook = office.complaints.rulebook
        shipped = parse_holidays(read_text(HOLIDAYS))
        more = Holiday(day=date(2022, 1, 20), kind=HolidayKind.LIBUR_NASIONAL, name="Hari tambahan")
        await rulebook.import_calendar("nasional-baru", [one for one in [*shipped, more] if one.day.year == 2022])
        await case.admin("reopen", grounds="masih rusak")
        state = await case.state()
        assert state.rules.calendar.version == "nasional-baru"
        assert (await case.kinds())[-2:] == [EventKind.REOPENED, EventKind.RECOMPUTED]
