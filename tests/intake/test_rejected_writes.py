"""A report that cannot be recorded raises an alarm for operators, and is recorded once it can be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kawal.client.rounds import make_round
from kawal.domain.messages import Place, Reporter
from kawal.domain.names import workflow_id
from kawal.store.inbox import Inbox
from kawal.store.read_model import public_words
from kawal.store.reconcile import FindingLine, Reconciliation
from tests.database_owner import owner_does
from tests.workflows.life import Office, eventually, refusal, report

WORD = "Kutilangdarat"
REFUSING = "alter table complaint add constraint complaint_uji check (title <> 'Kutilangdarat') not valid"


async def accepted(office: Office, **fields: Any) -> str:
    """Store a report as an earlier release accepted it: this release's checks have not seen it."""
    complaints = office.complaints
    actor = await complaints.actor(fields.pop("role", "adapter"), "web", instansi="KEPRI")
    inbox = Inbox(complaints.pool, complaints.system.keys)
    return (await inbox.accept(report(**fields), "KEPRI", complaints.now(), actor=actor)).tracking_id


async def findings(office: Office) -> list[FindingLine]:
    await make_round(office.complaints, "Reconcile", "reconcile", timedelta(minutes=2))
    return await Reconciliation(office.complaints.pool).findings()


async def test_a_start_that_the_database_refuses_is_seen_at_once_and_gone_once_it_is_recorded(office: Office) -> None:
    pool = office.complaints.pool
    inbox = Inbox(pool, office.complaints.system.keys)
    await owner_does(pool, REFUSING)
    number = await accepted(office, title=WORD)

    async def alarmed() -> Any:
        return [line for line in await inbox.lines() if line.status == "unrecorded"]

    (line,) = await eventually(alarmed)
    assert (line.tracking_id, line.last_error) == (number, "bad_state:complaint_uji")
    assert (await inbox.lines())[0] == line, "it stands before all others"
    assert await inbox.lines(status="dead") == []
    (found,) = await findings(office)
    assert (found.tracking_id, found.kind) == (number, "unrecorded")
    assert (found.facts["seq"], found.facts["reason"]) == (1, "bad_state:complaint_uji")
    assert WORD not in str(await pool.fetch("select * from unrecorded"))

    await owner_does(pool, "alter table complaint drop constraint complaint_uji")
    virtual = office.virtual
    await virtual.advance(virtual.client.get_workflow_handle(workflow_id(number)), timedelta(minutes=2))
    await eventually(lambda: office.complaints.ledger.snapshot(number))
    assert await inbox.lines() == []
    assert await findings(office) == []
    assert await pool.fetch("select * from unrecorded") == []


async def test_a_later_step_that_the_database_refuses_is_an_alarm_too(office: Office) -> None:
    pool = office.complaints.pool
    case = await office.receive()
    await owner_does(
        pool, "alter table complaint add constraint complaint_uji check (title <> 'Jalan berlubang') not valid"
    )
    assert (await refusal(case.verify())).code == "event_conflict"
    (line,) = await Inbox(pool, office.complaints.system.keys).lines()
    assert (line.tracking_id, line.status, line.last_error) == (
        case.tracking_id, "unrecorded", "bad_state:complaint_uji",
    )  # fmt: skip
    await owner_does(pool, "alter table complaint drop constraint complaint_uji")
    await case.verify()
    assert await Inbox(pool, office.complaints.system.keys).lines() == []


async def test_half_a_point_that_was_accepted_before_is_recorded_without_it(office: Office) -> None:
    number = await accepted(office, place=Place(text="Jalan Bintan", latitude=0.9186))
    row = await eventually(lambda: office.complaints.ledger.snapshot(number))
    assert row.last_seq >= 1
    (started, *_) = await office.complaints.history(number)
    assert started.words["place"]["latitude"] == 0.9186
    assert (public_words([started], rahasia=False, reporter=Reporter()) or {})["latitude"] is None
