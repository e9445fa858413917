"""Two people on one report: what the second did not see is told, whichever way the command goes."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta

from kawal.domain.messages import Answer
from kawal.domain.names import EventKind, Role
from kawal.domain.refusals import Refusal
from kawal.wording.catalogues import say
from tests.workflows.conftest import shared_office as office
from tests.workflows.life import VERIFYING, Case, Office, refusal

__all__ = ["office"]

PROGRESS = {"text": "Lubang ditambal hari ini.", "final": False}
RACES = int(os.environ.get("KAWAL_RACES", "20"))
"""Twenty in the suite, two hundred in `make test-full`."""


async def sent(case: Case, command: str, name: str, seen: int, opd: str | None = None, **arguments: object) -> Answer:
    """Send a command as somebody of that name who saw the report at that event."""
    complaints = case.office.complaints
    role = Role.ADMIN if opd is None else Role.LIAISON
    actor = await complaints.actor(role, name, opd, instansi="KEPRI")
    return await complaints.send(case.tracking_id, command, actor, arguments, if_seq=seen)


async def test_the_second_is_told_the_firsts_name_and_may_send_the_same_form_again_after_a_look(office: Office) -> None:
    case, complaints = await office.receive(), office.complaints
    await case.forward("DPUPR", "DISHUB")
    seen = (await case.row()).last_seq
    await sent(case, "follow_up", "Budi", seen, "DPUPR", **PROGRESS)
    citra = await complaints.actor(Role.LIAISON, "Citra", "DISHUB", instansi="KEPRI")
    refused = await refusal(complaints.send(case.tracking_id, "follow_up", citra, PROGRESS, "formulir", if_seq=seen))
    assert refused.code == "changed_meanwhile"
    assert refused.details["name"] == "Budi"
    assert "Budi (DPUPR) menindaklanjuti laporan ini" in say("id", refused.sentence)
    assert len(await case.events(EventKind.FOLLOWED_UP)) == 1
    entries = [entry async for entry in complaints.access_log.entries(case.tracking_id) if entry.kind == "refused"]
    assert [entry.facts["code"] for entry in entries] == ["changed_meanwhile"]
    assert "Budi" not in str(entries)

    looked = int(refused.details["seq"])
    first = await complaints.send(case.tracking_id, "follow_up", citra, PROGRESS, "formulir", if_seq=looked)
    await case.reporter("reply", text="Masih berlubang")
    for said in (seen, looked, looked + 1, None):
        answer = await complaints.send(case.tracking_id, "follow_up", citra, PROGRESS, "formulir", if_seq=said)
        assert answer == first


async def test_who_looked_before_a_report_ended_is_told_who_ended_it_and_a_reopening_has_to_have_seen_it(
    office: Office,
) -> None:
    archived, closed = await office.receive(), await office.receive()
    await sent(archived, "archive", "Dewi", 1, reason="Ganda")
    await archived.handle().result()
    refused = await refusal(sent(archived, "archive", "Rina", 1, reason="Ganda"))
    assert refused.code == "changed_meanwhile"
    assert refused.details["name"] == "Dewi"
    assert (await refusal(sent(archived, "archive", "Rina", 2, reason="Ganda"))).code == "ended"

    await closed.close()
    await closed.later(timedelta(days=31))
    await closed.handle().result()
    last = (await closed.row()).last_seq
    assert (await refusal(sent(closed, "reopen", "Dewi", last - 3, grounds="x"))).code == "changed_meanwhile"
    await sent(closed, "reopen", "Dewi", last, grounds="x")


async def test_two_people_at_once_never_both_act_on_what_they_saw_and_the_second_is_told(office: Office) -> None:
    case = await office.receive()
    await case.later(timedelta(days=9))
    await sent(case, "verify", "Dewi", 1, **VERIFYING)  # the clock's own work since then refuses nothing
    kinds = await case.kinds()
    assert EventKind.BREACHED in kinds[: kinds.index(EventKind.VERIFIED)]
    await case.admin("forward", opds=["DPUPR"])
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
