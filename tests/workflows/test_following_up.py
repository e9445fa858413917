"""From the forward to the final follow-ups: several OPDs, returns, questions, extensions, another class."""

from __future__ import annotations

from datetime import date

from kawal.domain.names import ClockKind, EventKind, Status
from tests.workflows.conftest import shared_office as office
from tests.workflows.life import Office, january, refusal

__all__ = ["office"]


async def test_a_report_with_several_opds_is_in_process_at_the_first_follow_up_and_complete_at_the_last_final(
    office: Office,
) -> None:
    case = await office.receive()
    await case.forward("DPUPR", "DISHUB")
    assert await case.running() == {"respond:DPUPR", "respond:DISHUB", "complete"}
    await case.follow_up("DPUPR")
    assert (await case.row()).status is Status.PROSES
    assert await case.running() == {"respond:DISHUB", "complete"}
    await case.follow_up("DPUPR", final=True)
    assert await case.running() == {"respond:DISHUB", "complete"}
    assert (await refusal(case.reporter("accept"))).code == "no_final_stands"
    await case.until(january(12))
    await case.follow_up("DISHUB", final=True)
    assert await case.running() == {"auto_close"}
    row = await case.row()
    assert row.completed_at == (await case.events())[-1].at
    assert row.work_days_to_follow_up == 0
    assert [line.code for line in row.opds if line.state == "final"] == ["DPUPR", "DISHUB"]


async def test_a_report_that_every_opd_returned_owes_a_forward_and_keeps_its_completion_clock(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    await case.liaison("DPUPR", "receive")
    await case.until(january(12))
    await case.liaison("DPUPR", "return", reason="Jalan itu wewenang Dishub")
    assert (await case.row()).status is Status.BELUM_DITINDAKLANJUTI
    assert await case.deadline(ClockKind.FORWARD) == january(17)
    assert await case.deadline(ClockKind.COMPLETE) == january(28)
    assert await case.told("returned") == ["agency_admin"]
    await case.admin("forward", opds=["DISHUB"])
    assert await case.deadline(ClockKind.RESPOND, "DISHUB") == january(19)
    assert await case.deadline(ClockKind.COMPLETE) == january(28)
    assert await case.running() == {"respond:DISHUB", "complete"}


async def test_an_opd_that_returned_a_report_may_be_sent_it_again(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    await case.liaison("DPUPR", "return", reason="Bukan jalan provinsi")
    await case.admin("forward", opds=["DPUPR"], note="Jalan provinsi menurut SK")
    await case.follow_up(final=True)
    assert await case.running() == {"auto_close"}


async def test_an_opd_is_withdrawn_with_grounds_and_the_others_go_on(office: Office) -> None:
    case = await office.receive()
    await case.forward("DPUPR", "DISHUB")
    await case.admin("withdraw", opd="DISHUB", grounds="Cukup DPUPR")
    assert await case.running() == {"respond:DPUPR", "complete"}
    assert await case.told("withdrawn") == ["liaison/DISHUB"]
    refused = await refusal(case.liaison("DISHUB", "follow_up", text="Sudah", final=True))
    assert refused.code == "opd_not_holding"
    assert refused.details["holding"] == "DPUPR"


async def test_a_question_pauses_until_its_answer(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    await case.until(january(12))
    await case.liaison("DPUPR", "ask", question="Di dekat toko apa?")
    assert await case.deadline(ClockKind.RESPOND, "DPUPR") is None
    assert await case.deadline(ClockKind.COMPLETE) is None
    assert await case.deadline(ClockKind.QUESTION) == january(26)
    assert (await refusal(case.admin("ask", question="Sejak kapan?"))).code == "question_open"
    await case.until(january(14))
    await case.reporter("reply", text="Di depan toko Makmur")
    assert await case.deadline(ClockKind.RESPOND, "DPUPR") == january(19)  # 3 days were left
    assert await case.deadline(ClockKind.COMPLETE) == date(2022, 2, 2)  # 12 days were left
    assert await case.told("replied") == ["liaison/DPUPR"]


async def test_an_unanswered_question_lapses_while_an_opd_has_not_followed_up(office: Office) -> None:
    case = await office.receive()
    await case.forward("DPUPR", "DISHUB")
    await case.follow_up("DPUPR", final=True)
    await case.until(january(12))
    await case.liaison("DISHUB", "ask", question="Di dekat toko apa?")
    await case.until(january(27), 1)
    lapsed = await case.event(EventKind.QUESTION_LAPSED)
    assert lapsed.facts["day"] == "2022-01-26"
    assert (await case.row()).status is Status.PROSES
    assert await case.deadline(ClockKind.RESPOND, "DISHUB") == january(31)


async def test_an_unanswered_question_ends_a_report_that_every_opd_has_followed_up(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    await case.follow_up()
    await case.admin("ask", question="Apakah lubangnya sudah tertutup?")
    await case.until(january(25), 1)
    row = await case.row()
    assert (row.status, row.closed_by) == (Status.SELESAI, "question")
    assert (await case.event(EventKind.AUTO_CLOSED)).facts["day"] == "2022-01-24"
    assert await case.told("closed_unanswered") == ["reporter"]


async def test_an_extension_is_asked_by_the_liaison_and_granted_once_by_the_admin(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    assert (await refusal(case.admin("grant"))).code == "no_extension_pending"
    refused = await refusal(case.liaison("DPUPR", "extend", days=6, grounds="Aspal belum datang"))
    assert (refused.code, refused.details["most"]) == ("too_many_days", "5")
    await case.liaison("DPUPR", "extend", days=5, grounds="Aspal belum datang")
    assert await case.told("extension_asked") == ["agency_admin"]
    await case.admin("grant")
    assert await case.deadline(ClockKind.COMPLETE) == date(2022, 2, 7)  # 28 Jan and five, Imlek between
    granted = await case.event(EventKind.EXTENSION_GRANTED)
    assert granted.facts["deadlines_before"] == {"complete": "2022-01-28"}
    assert granted.facts["deadlines"] == {"complete": "2022-02-07"}
    assert (await refusal(case.liaison("DPUPR", "extend", days=1, grounds="Lagi"))).code == "extension_used"


async def test_an_extension_may_be_refused_with_grounds_and_asked_again(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    await case.liaison("DPUPR", "extend", days=5, grounds="Aspal belum datang")
    await case.admin("refuse_extension", grounds="Aspal ada di gudang")
    assert await case.deadline(ClockKind.COMPLETE) == january(28)
    assert await case.told("extension_refused") == ["liaison/DPUPR"]
    await case.liaison("DPUPR", "extend", days=2, grounds="Hujan")


async def test_an_undecided_extension_lapses_at_the_deadline(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    await case.follow_up()
    await case.liaison("DPUPR", "extend", days=5, grounds="Aspal belum datang")
    await case.until(january(29), 1)
    kinds = await case.kinds()
    assert kinds.index(EventKind.EXTENSION_LAPSED) == kinds.index(EventKind.BREACHED) - 1
    assert (await refusal(case.admin("grant"))).code == "no_extension_pending"


async def test_another_class_moves_the_completion_deadline_from_the_same_start(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    await case.until(january(12))
    await case.reclassify("aspirasi")
    assert await case.deadline(ClockKind.COMPLETE) == january(17)
    await case.reclassify("pengaduan", pengawasan=True)
    assert await case.deadline(ClockKind.COMPLETE) == date(2022, 4, 7)
    assert (await case.row()).item_why == "pengawasan"
    assert await case.told("supervised") == ["inspectorate"]


async def test_a_class_whose_deadline_has_passed_is_late_at_the_moment_of_the_change(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    await case.follow_up()
    await case.until(january(20))
    await case.reclassify("aspirasi")
    breached = await case.event(EventKind.BREACHED)
    assert breached.facts["nominal"].startswith("2022-01-17T17:00")
    assert breached.facts["day0"] == "2022-01-20"


async def test_a_nudge_stands_on_record_and_changes_nothing(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    before = await case.state()
    await case.admin("nudge", opd="DPUPR", how="Ditelepon, akan dikerjakan Kamis")
    nudged = await case.event(EventKind.NUDGED)
    assert nudged.words == {"how": "Ditelepon, akan dikerjakan Kamis"}
    assert (await case.state()).clocks == before.clocks
    assert await case.told("nudged") == ["liaison/DPUPR"]


async def test_whoever_owes_is_reminded_at_half_and_on_the_last_day(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    await case.until(january(17), 23)
    reminders = [event.facts for event in await case.events(EventKind.REMINDED) if event.facts["clock"] == "respond"]
    assert [facts["which"] for facts in reminders] == ["half", "last"]
    assert await case.told("reminder_last") == ["liaison/DPUPR"]
