"""Two people on one report: what the second did not see is told, whichever way the command goes."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from kawal.domain.messages import Answer
from kawal.domain.names import EventKind, Role
from kawal.domain.refusals import Refusal
from kawal.wording.catalogues import say
from tests.workflows.life import VERIFYING, Case, Office, refusal

PROGRESS = {"text": "Lubang ditambal hari ini.", "final": False}
RACES = 20


async def sent(case: Case, command: str, name: str, seen: int, opd: str | None = None, **arguments: object) -> Answer:
    """Send a command as somebody of that name who saw the report at that event."""
    complaints = case.office.complaints
    role = Role.ADMIN if opd is None else Role.LIAISON
    actor = await complaints.actor(role, name, opd, instansi="KEPRI")
    return await complaints.send(case.tracking_id, command, actor, arguments, if_seq=seen)


async def test_the_second_of_two_liaisons_is_told_the_firsts_name_and_only_the_access_log_knows(office: Office) -> None:
    case = await office.receive()
    await case.forward("DPUPR", "DISHUB")
    seen = (await case.row()).last_seq
    await sent(case, "follow_up", "Budi", seen, "DPUPR", **PROGRESS)
    refused = await refusal(sent(case, "follow_up", "Citra", seen, "DISHUB", **PROGRESS))
    assert refused.code == "changed_meanwhile"
    assert refused.details["name"] == "Budi"
    assert "Budi (DPUPR) menindaklanjuti laporan ini" in say("id", refused.sentence)
    assert len(await case.events(EventKind.FOLLOWED_UP)) == 1
    entries = [entry async for entry in office.complaints.access_log.entries(case.tracking_id)]
    (entry,) = [entry for entry in entries if entry.kind == "refused"]
    assert entry.facts["code"] == "changed_meanwhile"
    assert "Budi" not in str(entry)
    await sent(case, "follow_up", "Citra", int(refused.details["seq"]), "DISHUB", **PROGRESS)


async def test_a_command_sent_again_gets_its_first_answer_whatever_has_happened_since(office: Office) -> None:
    case, complaints = await office.receive(), office.complaints
    await case.forward("DPUPR")
    seen, budi = (await case.row()).last_seq, await case.person(Role.LIAISON, "DPUPR")
    first = await complaints.send(case.tracking_id, "follow_up", budi, PROGRESS, "once", if_seq=seen)
    await case.reporter("reply", text="Masih berlubang")
    for said in (seen, seen + 1, None, 1):
        assert await complaints.send(case.tracking_id, "follow_up", budi, PROGRESS, "once", if_seq=said) == first


async def test_who_looks_again_after_a_refusal_may_send_the_same_form_again(office: Office) -> None:
    case, complaints = await office.receive(), office.complaints
    admin = await case.person(Role.ADMIN)
    await case.reporter("reply", text="Lengkapnya Jalan Bincen nomor 5")
    refused = await refusal(complaints.send(case.tracking_id, "verify", admin, VERIFYING, "form", if_seq=1))
    seen = int(refused.details["seq"])
    answer = await complaints.send(case.tracking_id, "verify", admin, VERIFYING, "form", if_seq=seen)
    assert answer.first_seq == seen + 1


async def test_who_looked_before_a_report_ended_is_told_who_ended_it(office: Office) -> None:
    case = await office.receive()
    await sent(case, "archive", "Dewi", 1, reason="Ganda")
    await case.handle().result()
    refused = await refusal(sent(case, "archive", "Rina", 1, reason="Ganda"))
    assert refused.code == "changed_meanwhile"
    assert refused.details["name"] == "Dewi"
    assert (await refusal(sent(case, "archive", "Rina", 2, reason="Ganda"))).code == "ended"


async def test_a_reopening_after_the_end_is_checked_against_what_was_seen(office: Office) -> None:
    case = await office.receive()
    await case.close()
    await case.later(timedelta(days=31))
    await case.handle().result()
    last = (await case.row()).last_seq
    assert (await refusal(sent(case, "reopen", "Dewi", last - 3, grounds="x"))).code == "changed_meanwhile"
    await sent(case, "reopen", "Dewi", last, grounds="x")


async def test_the_clocks_own_work_between_looking_and_deciding_refuses_nothing(office: Office) -> None:
    case = await office.receive()
    await case.later(timedelta(days=9))
    await sent(case, "verify", "Dewi", 1, **VERIFYING)
    kinds = await case.kinds()
    assert EventKind.BREACHED in kinds[: kinds.index(EventKind.VERIFIED)]


async def test_two_people_at_once_never_both_act_on_what_they_saw_and_the_second_is_told(office: Office) -> None:
    case = await office.receive()
    await case.forward("DPUPR")
    for number in range(RACES):
        seen = (await case.row()).last_seq
        outcomes = await asyncio.gather(
            sent(case, "follow_up", "Budi", seen, "DPUPR", **PROGRESS),
            sent(case, "follow_up", "Citra", seen, "DPUPR", **PROGRESS),
            return_exceptions=True,
        )
        told = [one for one in outcomes if isinstance(one, Refusal)]
        assert [one.code for one in told] == ["changed_meanwhile"]
        assert told[0].details["name"] in ("Budi", "Citra")
        assert len(await case.events(EventKind.FOLLOWED_UP)) == number + 1
