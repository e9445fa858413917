"""How a report ends: accepted, closed by silence or by the admin, disputed, rated; the aftercare."""

from __future__ import annotations

from datetime import UTC, date, datetime

from kawal.domain.names import ClockKind, EventKind, Status
from tests.workflows.conftest import shared_office as office
from tests.workflows.life import Office, january, refusal

__all__ = ["office"]


async def test_a_complaint_goes_from_intake_to_acceptance_and_ends_after_its_aftercare(office: Office) -> None:
    case = await office.receive()
    await case.verify()
    await case.admin("forward", opds=["DPUPR"])
    await case.liaison("DPUPR", "receive")
    await case.until(january(12))
    await case.follow_up(final=True)
    await case.reporter("accept", rating=5)
    row = await case.row()
    assert (row.status, row.closed_by, row.rating) == (Status.SELESAI, "accept", 5)
    assert row.work_days_to_completion == 2
    assert await case.running() == {"aftercare"}
    await case.until(date(2022, 2, 20))
    assert await case.handle().result() == {
        "tracking_id": case.tracking_id,
        "status": "selesai",
        "last_seq": (await case.row()).last_seq,
    }
    assert (await case.kinds())[-1] is EventKind.AFTERCARE_ENDED
    assert (await case.events())[-1].facts["day"] == "2022-02-11"


async def test_a_report_closes_by_itself_ten_working_days_after_the_final_follow_up(office: Office) -> None:
    case = await office.receive()
    await case.finish()
    assert await case.deadline(ClockKind.AUTO_CLOSE) == january(24)
    await case.until(january(24), 23)
    assert (await case.row()).status is Status.PROSES
    await case.until(january(25), 1)
    closed = await case.event(EventKind.AUTO_CLOSED)
    assert closed.at == datetime(2022, 1, 24, 17, tzinfo=UTC)  # 24:00 in Asia/Jakarta
    assert closed.facts["day"] == "2022-01-24"
    row = await case.row()
    assert (row.status, row.closed_by, row.closed_at) == (Status.SELESAI, "auto_close", closed.at)
    assert row.completed_at == (await case.event(EventKind.FOLLOWED_UP)).at
    assert await case.told("closed_no_reply") == ["reporter"]
    assert await case.deadline(ClockKind.AFTERCARE) == date(2022, 2, 23)


async def test_a_reply_starts_the_ten_days_anew(office: Office) -> None:
    case = await office.receive()
    await case.finish()
    await case.until(january(20))
    await case.reporter("reply", text="Terima kasih, saya lihat dulu")
    assert await case.deadline(ClockKind.AUTO_CLOSE) == date(2022, 2, 4)
    assert (await case.row()).status is Status.PROSES


async def test_a_dispute_voids_the_finals_and_completion_runs_on_with_what_was_left(office: Office) -> None:
    case = await office.receive()
    await case.forward("DPUPR", "DISHUB")
    await case.until(january(12))
    await case.follow_up("DPUPR", final=True)
    await case.follow_up("DISHUB", final=True)
    await case.until(january(20))
    await case.reporter("dispute", why="Masih berlubang")
    row = await case.row()
    assert (row.status, row.completed_at) == (Status.PROSES, None)
    assert [line.state for line in row.opds] == ["owes", "owes"]
    assert await case.running() == {"complete"}
    assert await case.deadline(ClockKind.COMPLETE) == date(2022, 2, 8)  # 12 days were left
    assert await case.told("disputed") == ["liaison/DPUPR", "liaison/DISHUB"]
    assert not row.item_open


async def test_the_second_dispute_opens_the_inspectorates_item(office: Office) -> None:
    case = await office.receive()
    await case.finish()
    await case.reporter("dispute", why="Masih berlubang")
    await case.follow_up(final=True)
    await case.reporter("dispute", why="Tambalannya hanyut")
    row = await case.row()
    assert (row.item_open, row.item_why, row.level) == (True, "second_dispute", 1)
    assert await case.told("second_dispute") == ["inspectorate"]


async def test_the_admin_closes_with_grounds_what_is_in_process(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    assert (await refusal(case.admin("close", grounds="Selesai"))).code == "wrong_status"
    await case.follow_up()
    await case.admin("close", grounds="Pelapor mencabut laporannya")
    row = await case.row()
    assert (row.status, row.closed_by) == (Status.SELESAI, "close")
    assert await case.told("closed") == ["reporter"]


async def test_the_reporter_rates_within_the_aftercare(office: Office) -> None:
    case = await office.receive()
    await case.finish()
    await case.until(january(25), 1)
    await case.reporter("rate", rating=4, words="Cepat")
    assert (await case.row()).rating == 4
    assert (await refusal(case.reporter("rate", rating=6))).code == "malformed"
    await case.reporter("reply", text="Terima kasih")
    assert (await case.row()).status is Status.SELESAI


async def test_after_the_aftercare_rating_is_refused(office: Office) -> None:
    case = await office.receive()
    await case.close()
    await case.until(date(2022, 2, 10), 1)
    assert (await case.handle().result())["status"] == "selesai"
    assert (await refusal(case.reporter("rate", rating=4))).code == "ended"


async def test_an_ended_report_waits_for_the_inspectorate_to_resolve_its_item(office: Office) -> None:
    case = await office.receive()
    await case.verify(pengawasan=True)
    await case.admin("forward", opds=["DPUPR"])
    await case.follow_up(final=True)
    await case.reporter("accept")
    await case.until(date(2022, 3, 1))
    assert (await case.kinds())[-1] is EventKind.AFTERCARE_ENDED
    assert (await case.row()).item_open
    await case.inspectorate("resolve", finding="Tidak terbukti")
    assert (await case.handle().result())["status"] == "selesai"
    assert not (await case.row()).item_open
