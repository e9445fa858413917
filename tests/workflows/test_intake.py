"""From intake to the first forward: verifying, holding, archiving, passing on, handling."""

from __future__ import annotations

from datetime import date

import pytest

from kawal.domain.access_kinds import AccessKind
from kawal.domain.names import ClockKind, EventKind, ReportClass, Role, Status
from kawal.domain.refusals import Refusal
from kawal.store.advice import advice_of
from tests.workflows.conftest import Opening
from tests.workflows.conftest import shared_office as office
from tests.workflows.life import VERIFYING, Office, january, refusal, report

__all__ = ["office"]


async def test_a_new_report_owes_verification_within_three_working_days_and_its_reporter_is_told(
    office: Office,
) -> None:
    case = await office.receive(on=date(2022, 1, 28))
    assert (await case.row()).status is Status.BELUM_DIVERIFIKASI
    assert await case.deadline(ClockKind.VERIFY) == date(2022, 2, 3)  # 1 February is Imlek
    assert await case.told("received") == ["reporter"]
    assert await case.told("new_report") == ["agency_admin"]


async def test_a_held_report_goes_on_with_what_was_left_when_its_reporter_replies(office: Office) -> None:
    case = await office.receive()
    await case.until(january(12))
    await case.admin("hold", missing="Sebutkan nama jalannya")
    assert (await case.row()).status is Status.DITUNDA
    assert await case.deadline(ClockKind.VERIFY) is None
    assert await case.deadline(ClockKind.HOLD) == january(26)
    assert await case.told("held") == ["reporter"]
    await case.until(january(18))
    await case.reporter("reply", text="Jalan Bincen, di depan pasar")
    assert (await case.row()).status is Status.BELUM_DIVERIFIKASI
    assert await case.deadline(ClockKind.VERIFY) == january(19)  # one day was left
    assert await case.running() == {"verify"}


async def test_a_held_report_that_nobody_completes_is_archived_after_ten_working_days_and_ends(office: Office) -> None:
    case = await office.receive()
    await case.admin("hold", missing="Sebutkan nama jalannya")
    await case.until(january(24), 23)
    assert (await case.row()).status is Status.DITUNDA
    await case.until(january(25), 1)
    assert (await case.handle().result())["status"] == "diarsipkan"
    expired = await case.event(EventKind.HOLD_EXPIRED)
    assert expired.facts["day"] == "2022-01-24"
    assert not await case.events(EventKind.BREACHED)
    assert await case.told("hold_expired") == ["reporter"]


async def test_a_held_report_may_be_verified_at_once(office: Office) -> None:
    case = await office.receive()
    await case.admin("hold", missing="Sebutkan nama jalannya")
    await case.verify()
    assert (await case.row()).status is Status.BELUM_DITINDAKLANJUTI
    assert await case.running() == {"verify"}


async def test_an_archived_report_ends_and_takes_nothing_more(office: Office) -> None:
    case = await office.receive()
    await case.admin("archive", reason="Bukan laporan")
    assert (await case.handle().result())["status"] == "diarsipkan"
    assert await case.running() == set()
    assert await case.told("archived") == ["reporter"]
    assert (await refusal(case.verify())).code == "ended"


async def test_a_report_of_another_authority_is_passed_on_even_after_its_forward(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    await case.admin("pass_on", agency="Balai Pelaksanaan Jalan Nasional")
    assert (await case.handle().result())["status"] == "bukan_wewenang"
    assert await case.told("passed_on") == ["reporter"]
    assert await case.told("ended") == ["liaison/DPUPR"]


async def test_after_the_first_follow_up_a_report_is_neither_archived_nor_passed_on(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    await case.follow_up()
    assert (await refusal(case.admin("archive", reason="Bukan laporan"))).code == "wrong_status"
    assert (await refusal(case.admin("pass_on", agency="BPJN"))).code == "wrong_status"


async def test_verifying_keeps_the_verify_clock_running_until_the_forward(office: Office) -> None:
    case = await office.receive()
    await case.verify()
    row = await case.row()
    assert (row.status, row.report_class) == (Status.BELUM_DITINDAKLANJUTI, ReportClass.PENGADUAN)
    assert await case.deadline(ClockKind.VERIFY) == january(13)
    await case.until(january(11))
    await case.admin("forward", opds=["DPUPR"])
    assert await case.running() == {"respond:DPUPR", "complete"}
    assert await case.deadline(ClockKind.RESPOND, "DPUPR") == january(18)
    assert await case.deadline(ClockKind.COMPLETE) == january(31)


async def test_the_agency_handles_an_unverified_report_itself_with_verifys_arguments(office: Office) -> None:
    case = await office.receive()
    await case.admin("handle", note="Kami jawab sendiri", **VERIFYING)
    assert (await case.row()).status is Status.BELUM_DITINDAKLANJUTI
    assert await case.running() == {"respond:KEPRI", "complete"}
    await case.admin("follow_up", text="Jalan itu milik kabupaten; sudah kami sampaikan.", final=True)
    assert (await case.row()).status is Status.PROSES
    assert await case.running() == {"auto_close"}


@pytest.mark.parametrize(("report_class", "day"), [("permintaan_informasi", 17), ("aspirasi", 17), ("pengaduan", 28)])
async def test_the_completion_limit_follows_the_class(office: Office, report_class: str, day: int) -> None:
    case = await office.receive()
    await case.verify(report_class)
    await case.admin("forward", opds=["DPUPR"])
    assert await case.deadline(ClockKind.COMPLETE) == january(day)


async def test_a_berkadar_pengawasan_complaint_is_the_inspectorates_from_its_verification_on(office: Office) -> None:
    case = await office.receive()
    await case.verify(pengawasan=True)
    row = await case.row()
    assert (row.item_open, row.item_why, row.level) == (True, "pengawasan", 1)
    assert await case.told("supervised") == ["inspectorate"]
    await case.admin("forward", opds=["DPUPR"])
    assert await case.deadline(ClockKind.COMPLETE) == date(2022, 4, 7)


async def test_a_report_received_on_a_holiday_counts_from_the_next_working_day(office: Office) -> None:
    case = await office.receive(on=date(2022, 1, 8))  # a Saturday
    assert await case.deadline(ClockKind.VERIFY) == january(12)


async def test_the_admin_is_advised_of_what_is_missing_and_where_it_may_belong(office: Office) -> None:
    case = await office.receive(title="Jalan berlubang", text="Jalan di depan pasar berlubang, aspalnya rusak.")
    await case.verify()
    await case.until(january(11))
    advice = await advice_of(office.complaints.pool, case.tracking_id)
    assert advice is not None
    assert advice.categories


async def test_a_refused_start_is_on_record_without_what_was_sent(open_office: Opening) -> None:
    async with open_office() as office:
        complaints = office.complaints
        admin = await complaints.actor(Role.ADMIN, "Ani")
        adapter = await complaints.actor(Role.ADAPTER, "web")
        for sent, actor, code in (
            (report(), admin, "wrong_role"),
            (report(title=" "), adapter, "malformed"),
            (report(category="RAHASIA SITI"), adapter, "unknown_category"),
        ):
            with pytest.raises(Refusal) as caught:
                await complaints.start(sent, actor)
            assert caught.value.code == code
        entries = [entry async for entry in complaints.access_log.entries()]
        assert [(one.kind, one.tracking_id, one.words) for one in entries] == [(AccessKind.REFUSED, None, {})] * 3
        assert [one.facts["code"] for one in entries] == ["wrong_role", "malformed", "unknown_category"]
        assert {one.facts["command"] for one in entries} == {"start"}
        assert "SITI" not in str(await complaints.pool.fetch("select a::text from access_log a"))
