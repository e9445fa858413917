"""A repeated command has one effect and the same answer, whatever has happened to its complaint by then."""

from __future__ import annotations

import asyncio
from datetime import date, datetime

from activities.event_writer import EventWriter
from kawal.domain.calendar import at_local
from kawal.domain.messages import Answer, Batch, Command
from kawal.domain.names import EventKind, Role, workflow_id
from kawal.domain.process.decide import decide, tick
from kawal.domain.process.projection import snapshot
from tests.workflows.conftest import shared_office as office
from tests.workflows.life import VERIFYING, Case, Office, january, refusal, report

__all__ = ["office"]


async def test_the_same_command_twice_has_one_effect_and_one_answer(office: Office) -> None:
    case = await office.receive()
    first = await case.admin("verify", "kunci-1", **VERIFYING)
    assert await case.admin("verify", "kunci-1", **VERIFYING) == first
    assert len(await case.events(EventKind.VERIFIED)) == 1


async def test_the_same_command_at_the_same_time_has_one_effect(office: Office) -> None:
    case = await office.receive()
    await case.forward()
    answers = await asyncio.gather(
        *(case.liaison("DPUPR", "follow_up", "kunci-1", text="Ditambal", final=False) for _ in range(5))
    )
    assert len({answer.last_seq for answer in answers}) == 1
    assert len(await case.events(EventKind.FOLLOWED_UP)) == 1


async def test_the_same_command_is_answered_alike_when_the_rules_would_by_now_refuse_it(office: Office) -> None:
    case = await office.receive()
    first = await case.admin("verify", "kunci-1", **VERIFYING)
    await case.admin("forward", opds=["DPUPR"])
    await case.follow_up(final=True)
    await case.reporter("accept")
    assert await case.admin("verify", "kunci-1", **VERIFYING) == first


async def test_another_command_under_the_same_key_is_refused(office: Office) -> None:
    case = await office.receive()
    await case.admin("verify", "kunci-1", **VERIFYING)
    others = (
        case.admin("verify", "kunci-1", **{**VERIFYING, "title": "Lain"}),
        case.admin("forward", "kunci-1", opds=["DPUPR"]),
        case.reporter("reply", "kunci-1", text="Halo"),
    )
    for other in others:
        refused = await refusal(other)
        assert (refused.code, refused.details["key"]) == ("key_reused", "kunci-1")


async def test_another_command_under_a_key_is_refused_by_the_workflow_itself(office: Office) -> None:
    case = await office.receive()
    await case.admin("verify", "kunci-1", **VERIFYING)
    command = (await case.command("hold", missing="Alamat")).model_copy(update={"idempotency_key": "kunci-1"})
    await case.handle().signal("hold", command)
    await case.until(january(11))
    assert (await case.event(EventKind.REFUSED)).facts == {"command": "hold", "code": "key_reused"}


async def test_the_same_command_is_answered_alike_after_a_continue_as_new(office: Office) -> None:
    case = await office.receive(events_per_run=20)
    run = (await case.handle().describe()).run_id
    first = await case.admin("verify", "kunci-1", **VERIFYING)
    await case.admin("forward", "kunci-2", opds=["DPUPR"])
    await case.follow_up()
    await case.until(january(12))
    assert (await case.handle().describe()).run_id != run
    command = (await case.command("verify", **VERIFYING)).model_copy(update={"idempotency_key": "kunci-1"})
    assert await case.handle().execute_update("verify", command) == first.model_dump(mode="json")
    assert await case.admin("verify", "kunci-1", **VERIFYING) == first
    assert (await refusal(case.admin("forward", "kunci-2", opds=["DISHUB"]))).code == "key_reused"
    assert len(await case.events(EventKind.VERIFIED)) == 1


async def test_the_same_command_is_answered_alike_after_the_workflows_end_and_after_a_reopening(office: Office) -> None:
    case = await office.receive()
    first = await case.admin("verify", "kunci-1", **VERIFYING)
    await case.admin("forward", opds=["DPUPR"])
    await case.follow_up(final=True)
    accepted = await case.reporter("accept", "kunci-2", rating=5)
    await case.until(date(2022, 3, 1))
    await case.handle().result()
    assert await case.reporter("accept", "kunci-2", rating=5) == accepted
    assert (await refusal(case.reporter("accept", "kunci-2", rating=1))).code == "key_reused"
    await case.reopen_at(date(2022, 3, 7))
    assert await case.admin("verify", "kunci-1", **VERIFYING) == first
    assert len(await case.events(EventKind.VERIFIED)) == 1


async def test_the_same_report_sent_twice_is_one_complaint(office: Office) -> None:
    case = await office.receive(key="laporan-1")
    assert (await office.receive(key="laporan-1")).tracking_id == case.tracking_id
    assert len(await case.events(EventKind.STARTED)) == 1
    first = await office.receive(external_id="wa-77")
    assert (await office.receive(external_id="wa-77")).tracking_id == first.tracking_id


async def test_another_report_under_the_same_key_is_refused(office: Office) -> None:
    await office.receive(key="laporan-2")
    adapter = await office.complaints.actor(Role.ADAPTER, "web")
    other = report(text="Lain sama sekali")
    assert (await refusal(office.complaints.start(other, adapter, "laporan-2"))).code == "key_reused"


async def test_a_report_sent_again_after_its_end_is_not_begun_again(office: Office) -> None:
    case = await office.receive(key="laporan-3")
    await case.admin("archive", reason="Bukan laporan")
    await case.handle().result()
    assert (await office.receive(key="laporan-3")).tracking_id == case.tracking_id
    assert (await case.handle().describe()).status.name == "COMPLETED"
    assert len(await case.events()) == 2


async def written_behind_its_back(case: Case, command: Command | None, at: date | None = None) -> Answer | None:
    """Write the events of a command, or of time up to nine o'clock of a day, without the workflow knowing."""
    state = await case.state()
    now = datetime.fromisoformat(await case.handle().query("now")) if at is None else at_local(at, 9)
    decision = tick(state, now) if command is None else decide(state, command, now)
    batch = Batch(workflow_id=workflow_id(case.tracking_id), events=decision.events, after=snapshot(decision.state))
    complaints = case.office.complaints
    recording = EventWriter(complaints.pool, complaints.ledger, complaints.directory)
    assert await recording.write(batch) == []
    return decision.answer


async def test_what_the_record_holds_already_is_taken_up_and_answered(office: Office) -> None:
    """As when a worker dies between its write to the record and its answer to the engine."""
    case = await office.receive()
    complaints = office.complaints
    command = (await case.command("verify", **VERIFYING)).model_copy(update={"idempotency_key": "kunci-1"})
    written = await written_behind_its_back(case, command)
    answer = await complaints.send(case.tracking_id, "verify", command.actor, command.arguments, "kunci-1")
    assert answer == written
    other = await case.command("escalate", why="Penting")
    await written_behind_its_back(case, other)
    await case.admin("forward", opds=["DPUPR"])
    assert [event.kind for event in await case.events()] == [
        EventKind.STARTED,
        EventKind.VERIFIED,
        EventKind.ESCALATED,
        EventKind.FORWARDED,
    ]
    assert await case.handle().query("state") == (await case.state()).model_dump(mode="json")


async def test_a_deadline_whose_event_the_record_holds_already_fires_once(office: Office) -> None:
    case = await office.receive()
    await case.until(january(13), 9)
    await written_behind_its_back(case, None, at=january(14))
    await case.until(january(14), 9)
    assert len(await case.events(EventKind.BREACHED)) == 1
    assert await case.told("item_breached") == ["inspectorate"]
