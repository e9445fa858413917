"""Without a complaint's key nobody can send it anything through the engine, neither in plain text nor by copying."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from temporalio import activity
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.client import (
    AsyncActivityHandle,
    Client,
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowHistory,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)
from temporalio.common import RawValue, WorkflowIDConflictPolicy
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError
from temporalio.worker import Worker

from activities.registry import every_activity
from kawal.audit.history.chronicle_engine import EngineRuns
from kawal.client.workflow_start import INBOX_ID
from kawal.crypto.codec import ENCRYPTED, ComplaintCodec
from kawal.domain.messages import Actor, Command
from kawal.domain.names import EventKind, Role, Status, workflow_id
from kawal.domain.process.run_input import NO_BEGINNING, NOT_OURS, WORKFLOW_NAME, Begin, RunInput
from kawal.domain.refusals import Refusal
from kawal.operate.upkeep import engine_side
from kawal.store.history_archive import HistoryArchive
from kawal.store.inbox import Inbox
from tests.workflows.conftest import Opening
from tests.workflows.conftest import shared_office as office
from tests.workflows.life import VERIFYING, Case, Office, eventually, report
from workflows.complaint import WRITE_AGAIN_AFTER, ComplaintWorkflow
from workflows.registry import WORKFLOWS

__all__ = ["office"]

INVENTED = Actor(role=Role.ADMIN, account="adm-invented", name="Petugas Karangan", instansi="KEPRI")
UNKNOWN = "9999999"
SYSTEMS = [one for one in WORKFLOWS if one is not ComplaintWorkflow]
ENDS_WITHIN = 20.0


def connected(office: Office, converter: DataConverter) -> Any:
    """Connect as a process does that knows where the engine is, and nothing else."""
    connection = office.complaints.system
    return Client.connect(
        connection.endpoints.temporal_address, namespace=connection.client.namespace, data_converter=converter
    )


@pytest.fixture
async def stranger(office: Office) -> Client:
    client: Client = await connected(office, pydantic_data_converter)
    return client


def queue_of(office: Office) -> str:
    return office.complaints.settings.task_queue


def forged(name: str = "verify", **arguments: Any) -> Command:
    return Command(
        name=name, actor=INVENTED, arguments=arguments or VERIFYING, idempotency_key=f"forged-{uuid.uuid4()}"
    )


def in_the_clear(value: Any) -> Payload:
    return pydantic_data_converter.payload_converter.to_payload(value)


async def encrypted_for(office: Office, owner: str, value: Any) -> Payload:
    codec = ComplaintCodec(office.complaints.system.keys, owner)
    (payload,) = await codec.encode([in_the_clear(value)])
    return payload


def of(client: Client, case: Case) -> WorkflowHandle[Any, Any]:
    return client.get_workflow_handle(workflow_id(case.tracking_id))


async def commands_in(case: Case) -> list[Payload]:
    """Return the encrypted commands that the engine shows to anybody in a complaint's history."""
    history = await case.handle().fetch_history()
    return [
        payload
        for event in history.events
        for payload in event.workflow_execution_update_accepted_event_attributes.accepted_request.input.args.payloads
    ]


def input_of(history: WorkflowHistory) -> Payload:
    return history.events[0].workflow_execution_started_event_attributes.input.payloads[0]


async def recorded_by(office: Office, account: str) -> int:
    return int(await office.complaints.pool.fetchval("select count(*) from event where actor_account = $1", account))


async def every_event(office: Office) -> int:
    return int(await office.complaints.pool.fetchval("select count(*) from event"))


async def refuses(handle: WorkflowHandle[Any, Any], command: Any) -> None:
    """Check that the update is refused, in encrypted words: without a key the reason cannot even be read."""
    with pytest.raises((WorkflowUpdateFailedError, KeyError), match=f"failed|{ENCRYPTED.decode()}"):
        await handle.execute_update("verify", command)


async def refused(case: Case, number: int) -> None:
    """Check that so many refusals are recorded, none with an actor that a stranger named, and the complaint goes on."""

    async def there() -> list[Any]:
        events = await case.events(EventKind.REFUSED)
        return events if len(events) == number else []

    for event in await eventually(there):
        assert event.facts["code"] == "unreadable"
        assert (event.actor.role, event.actor.account) == (Role.SYSTEM, "unreadable")


async def goes_on(case: Case) -> None:
    assert (await case.row()).status is Status.BELUM_DIVERIFIKASI
    await case.verify()
    assert (await case.row()).status is Status.BELUM_DITINDAKLANJUTI
    assert await recorded_by(case.office, INVENTED.account) == 0


async def until_recorded(case: Case) -> None:
    """Wait until the start is recorded."""
    pool = case.office.complaints.pool
    has_started = "select exists (select from event where tracking_id = $1)"
    await eventually(lambda: pool.fetchval(has_started, case.tracking_id))


async def has_happened(case: Case, kind: EventType.ValueType, times: int = 1) -> bool:
    history = await case.handle().fetch_history()
    return len([event for event in history.events if event.event_type == kind]) >= times


async def ends(handle: WorkflowHandle[Any, Any], kind: str = NOT_OURS) -> WorkflowHistory:
    """Check that the run ends by itself at once, without a failed task; its failure needs no key to be read."""
    with pytest.raises(WorkflowFailureError) as caught:
        await asyncio.wait_for(handle.result(), ENDS_WITHIN)
    assert isinstance(caught.value.cause, ApplicationError)
    assert caught.value.cause.type == kind
    history = await handle.fetch_history()
    kinds = {event.event_type for event in history.events}
    assert EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED not in kinds
    assert EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED not in kinds
    assert EventType.EVENT_TYPE_MARKER_RECORDED not in kinds
    return history


# --- Commands to a complaint -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("converter", [DataConverter.default, pydantic_data_converter], ids=["default", "pydantic"])
async def test_a_command_in_the_clear_is_refused_and_recorded_and_the_complaint_goes_on(
    office: Office, converter: DataConverter
) -> None:
    case = await office.receive()
    handle = of(await connected(office, converter), case)
    command = json.loads(forged().model_dump_json())
    await refuses(handle, command)
    await handle.signal("verify", command)
    await handle.signal("polish", command)
    await handle.signal("verify", args=[command, command])
    events = await eventually(lambda: _refusals(case, 4))
    assert [event.facts["code"] for event in events] == ["unreadable", "unreadable", "unreadable", "malformed"]
    assert {event.actor.account for event in events} == {"unreadable"}
    await goes_on(case)


async def _refusals(case: Case, number: int) -> list[Any]:
    events = await case.events(EventKind.REFUSED)
    return events if len(events) >= number else []


async def test_a_real_command_copied_from_one_complaint_does_nothing_in_another(
    office: Office, stranger: Client
) -> None:
    source, target = await office.receive(), await office.receive()
    await source.verify()
    (copied,) = await commands_in(source)
    assert copied.metadata["encoding"] == ENCRYPTED
    await refuses(of(stranger, target), RawValue(copied))
    await of(stranger, target).signal("verify", RawValue(copied))
    await refused(target, 2)
    await goes_on(target)


async def test_a_command_that_the_systems_key_encrypted_does_nothing_in_a_complaint(
    office: Office, stranger: Client
) -> None:
    case = await office.receive()
    encrypted = await encrypted_for(office, "system", forged())
    await refuses(of(stranger, case), RawValue(encrypted))
    await of(stranger, case).signal("verify", RawValue(encrypted))
    await refused(case, 2)
    await goes_on(case)


async def test_a_command_of_a_complaint_sent_to_it_again_is_done_once(office: Office, stranger: Client) -> None:
    case = await office.receive()
    await case.verify()
    before = len(await case.events())
    (copied,) = await commands_in(case)
    await of(stranger, case).signal("verify", RawValue(copied))
    await of(stranger, case).execute_update("verify", RawValue(copied), id="again", result_type=RawValue)
    await of(stranger, case).signal("forward", RawValue(copied))
    await eventually(lambda: _refusals(case, 1))
    assert [event.facts["code"] for event in (await case.events())[before:]] == ["malformed"]


async def test_what_was_encrypted_by_the_complaints_key_before_it_was_rotated_is_still_its_own(
    office: Office, stranger: Client
) -> None:
    case = await office.receive()
    encrypted = await encrypted_for(office, workflow_id(case.tracking_id), await case.command("verify", **VERIFYING))
    connection = office.complaints.system
    async with connection.pool.acquire() as conn, conn.transaction():
        await connection.keys.rotate(conn, workflow_id(case.tracking_id))
    connection.keys.forget(workflow_id(case.tracking_id))
    await of(stranger, case).signal("verify", RawValue(encrypted))
    await eventually(lambda: case.events(EventKind.VERIFIED))


async def test_a_stranger_who_asks_is_told_nothing_that_opens_without_a_key(office: Office, stranger: Client) -> None:
    case = await office.receive()
    for query in ("state", "timeline", "deadlines", "advice", "now"):
        answer: RawValue = await of(stranger, case).query(query, result_type=RawValue)
        assert answer.payload.metadata["encoding"] == ENCRYPTED
        assert b"Bincen" not in answer.payload.SerializeToString()
        with pytest.raises(WorkflowQueryFailedError):
            await of(stranger, case).query(query, forged())
    described = await of(stranger, case).describe()
    with pytest.raises(KeyError):
        await described.memo()
    await goes_on(case)


# --- Runs that a stranger starts -------------------------------------------------------------------------------------


def invented_life(rules: Any, tracking_id: str = UNKNOWN) -> RunInput:
    return RunInput(
        begin=Begin(
            tracking_id=tracking_id, instansi="KEPRI", report=report(), actor=INVENTED, rules=rules, idempotency_key="k"
        )
    )


async def test_a_start_under_a_number_of_nobody_ends_its_run_and_nothing_is_recorded(
    office: Office, stranger: Client
) -> None:
    case = await office.receive()
    life = invented_life((await case.state()).rules)
    others = input_of(await case.handle().fetch_history())
    given: dict[str, Sequence[Any]] = {
        "a life": [life],
        "a life twice": [life, life],
        "null": [None],
        "words": ["verify"],
        "another complaint's life": [RawValue(others)],
        "the system's words": [RawValue(await encrypted_for(office, "system", life))],
        "rubbish": [RawValue(Payload(metadata={"encoding": ENCRYPTED}, data=b"rubbish"))],
        "no encoding": [RawValue(Payload(data=b"\xff"))],
    }
    for name in (f"complaint-{UNKNOWN}", "complaint-", "anything"):
        for kind, arguments in given.items():
            if name == "anything" and kind == "the system's words":
                continue  # under this name they are the system's own, which no stranger has
            handle = await stranger.start_workflow(
                WORKFLOW_NAME, args=arguments, id=name, task_queue=queue_of(office), memo={"inbox": 1}
            )
            await ends(handle)
    assert await recorded_by(office, INVENTED.account) == 0
    assert not await office.complaints.pool.fetchval(
        "select exists (select from event where tracking_id = $1)", UNKNOWN
    )
    await goes_on(case)


async def test_a_start_with_nothing_ends_its_run_and_whatever_was_asked_of_it(office: Office, stranger: Client) -> None:
    recorded = await every_event(office)
    for name in ("anything", f"complaint-{UNKNOWN}"):
        await ends(await stranger.start_workflow(WORKFLOW_NAME, id=name, task_queue=queue_of(office)), NO_BEGINNING)
        signalled = await stranger.start_workflow(
            WORKFLOW_NAME, id=name, task_queue=queue_of(office), start_signal="verify", start_signal_args=[forged()]
        )
        await ends(signalled, NO_BEGINNING)
        operation: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            WORKFLOW_NAME, id=name, task_queue=queue_of(office), id_conflict_policy=WorkflowIDConflictPolicy.FAIL
        )
        with pytest.raises((WorkflowUpdateFailedError, RPCError)):
            await stranger.execute_update_with_start_workflow("catch_up", start_workflow_operation=operation)
        await ends(stranger.get_workflow_handle(name), NO_BEGINNING)
    assert await every_event(office) == recorded


async def test_a_command_that_comes_with_a_strangers_start_has_no_effect(office: Office, stranger: Client) -> None:
    running, ended = await office.receive(), await office.receive()
    await ended.close()
    await ended.until((await ended.state()).last_at.date().replace(year=2023))
    before = [len(await case.events()) for case in (running, ended)]
    life = invented_life((await running.state()).rules)
    for number in (UNKNOWN, ended.tracking_id):
        operation: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            WORKFLOW_NAME,
            life,
            id=workflow_id(number),
            task_queue=queue_of(office),
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
        with pytest.raises((WorkflowUpdateFailedError, RPCError)):
            await stranger.execute_update_with_start_workflow("verify", forged(), start_workflow_operation=operation)
        await ends(stranger.get_workflow_handle(workflow_id(number)))
        signalled = await stranger.start_workflow(
            WORKFLOW_NAME,
            life,
            id=workflow_id(number),
            task_queue=queue_of(office),
            start_signal="verify",
            start_signal_args=[forged()],
        )
        await ends(signalled)
    assert before == [len(await case.events()) for case in (running, ended)]
    assert await recorded_by(office, INVENTED.account) == 0
    await goes_on(running)


async def test_a_complaint_that_a_stranger_started_instead_of_its_own_is_reopened_all_the_same(
    office: Office, stranger: Client
) -> None:
    case = await office.receive()
    await case.close()
    await case.until((await case.state()).last_at.date().replace(year=2023))
    life = invented_life((await case.state()).rules, case.tracking_id)
    await ends(
        await stranger.start_workflow(
            WORKFLOW_NAME, life, id=workflow_id(case.tracking_id), task_queue=queue_of(office)
        )
    )
    await case.reopen_at((await case.state()).last_at.date())
    assert (await case.row()).status is Status.PROSES


async def test_a_report_whose_number_a_stranger_started_first_is_started_all_the_same(
    office: Office, stranger: Client
) -> None:
    complaints = office.complaints
    adapter = await complaints.actor(Role.ADAPTER, "web", instansi="KEPRI")
    inbox = Inbox(complaints.pool, complaints.system.keys)
    waiting = await inbox.accept(report(), "KEPRI", datetime.now(UTC), actor=adapter)
    squatting = await stranger.start_workflow(
        WORKFLOW_NAME, id=waiting.workflow_id, task_queue=queue_of(office), memo={INBOX_ID: waiting.inbox_id}
    )
    await ends(squatting, NO_BEGINNING)
    assert await complaints.starting.start_waiting() == 1
    case = Case(office, waiting.tracking_id)
    await until_recorded(case)
    await goes_on(case)


async def test_a_strangers_run_does_not_hide_a_complaints_own_runs(office: Office, stranger: Client) -> None:
    case = await office.receive()
    await of(stranger, case).terminate("by a stranger")
    odd = {"starts_at": "kemarin", "offset": "lama"}
    await ends(
        await stranger.start_workflow(WORKFLOW_NAME, odd, id=workflow_id(case.tracking_id), task_queue=queue_of(office))
    )
    connection = office.complaints.system
    codec = ComplaintCodec(connection.keys, workflow_id(case.tracking_id))
    runs = EngineRuns(connection.client, HistoryArchive(connection.pool), codec)

    async def both() -> list[str | None]:
        closings = [run.closing for run in await runs.of(case.tracking_id)]
        return closings if len(closings) > 1 else []

    assert await eventually(both) == ["terminated", "failed"]


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda one: str(one.__name__))
async def test_a_workflow_of_no_complaint_that_is_started_with_anything_ends_and_does_nothing(
    office: Office, stranger: Client, system: Any
) -> None:
    name: str = system.__temporal_workflow_definition.name
    case = await office.receive()
    given: dict[str, Any] = {
        "JSON": {"stage": "history_archive"},
        "null": None,
        "a complaint's words": RawValue(input_of(await case.handle().fetch_history())),
    }
    for argument in given.values():
        await ends(await stranger.start_workflow(name, argument, id=f"{name}-1", task_queue=queue_of(office)))


async def test_the_input_of_a_complaint_is_no_input_of_a_workflow_that_runs_under_another_name(
    office: Office, stranger: Client
) -> None:
    source, target = await office.receive(), await office.receive()
    life = RawValue(input_of(await source.handle().fetch_history()))
    await of(stranger, target).terminate("by a stranger")
    await ends(
        await stranger.start_workflow(
            WORKFLOW_NAME, life, id=workflow_id(target.tracking_id), task_queue=queue_of(office)
        )
    )
    assert await target.kinds() == [EventKind.STARTED]


# --- Activities ------------------------------------------------------------------------------------------------------


Answering = Callable[[AsyncActivityHandle], Awaitable[None]]
ANSWERS: dict[str, Answering] = {
    "a write's, in the clear": lambda asked: asked.complete([]),
    "advice in the clear": lambda asked: asked.complete({"completeness": []}),
    "null": lambda asked: asked.complete(None),
    "nothing at all": lambda asked: asked.complete(),
}


@activity.defn(dynamic=True)
async def fail(_arguments: Sequence[RawValue]) -> None:
    """Fail as an activity of ours may, unencrypted."""
    raise ApplicationError("no", "unknown_opd", {"opd": "X"}, type="Refused", non_retryable=True)


def ours(office: Office, *, but: str = "") -> Worker:
    """Return a worker that runs every activity, or all but one."""
    connection = office.complaints.system
    activities = [one for one in every_activity(connection, engine_side(connection)) if one.__name__ != but]
    return Worker(connection.client, task_queue=connection.settings.task_queue, activities=activities)


async def asked_for(office: Office, case: Case, name: str) -> AsyncActivityHandle:
    """Return an activity of a complaint that has not been answered, as a stranger can get hold of it."""
    client = await connected(office, pydantic_data_converter)

    async def asked() -> AsyncActivityHandle | None:
        described = await of(client, case).describe()
        return next(
            (
                client.get_async_activity_handle(
                    workflow_id=described.id, run_id=described.run_id, activity_id=pending.activity_id
                )
                for pending in described.raw_description.pending_activities
                if pending.activity_type.name == name
            ),
            None,
        )

    handle: AsyncActivityHandle = await eventually(asked)
    return handle


async def test_a_strangers_answer_for_a_write_is_none_and_it_is_asked_for_again(open_office: Opening) -> None:
    async with open_office(no_remote_activities=True) as office:
        cases = await asyncio.gather(*(office.receive() for _ in ANSWERS))
        for case, answer in zip(cases, ANSWERS.values(), strict=True):
            await answer(await asked_for(office, case, "verify"))
        for case in cases:
            await eventually(partial(has_happened, case, EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, times=2))
        assert await every_event(office) == 0
        async with ours(office):
            for case in cases:
                await until_recorded(case)
                await goes_on(case)
                assert await case.kinds() == [EventKind.STARTED, EventKind.VERIFIED]


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
async def test_a_strangers_answer_for_advice_is_none_and_the_complaint_goes_on(
    open_office: Opening, answer: Answering
) -> None:
    async with (
        open_office(no_remote_activities=True) as office,
        ours(office, but="check_report"),
    ):
        case = await office.receive()
        await answer(await asked_for(office, case, "check_report"))
        assert await case.handle().query("advice") is None
        await goes_on(case)
        assert (await case.handle().describe()).status is WorkflowExecutionStatus.RUNNING


async def test_a_stranger_who_fails_a_write_holds_the_complaint_up_for_a_minute_and_no_longer(
    open_office: Opening,
) -> None:
    async with open_office(no_remote_activities=True) as office:
        client = await connected(office, pydantic_data_converter)
        async with Worker(client, task_queue=queue_of(office), activities=[fail]):
            case = await office.receive()
            await eventually(lambda: has_happened(case, EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED))
        async with ours(office):
            await office.virtual.advance(case.handle(), 2 * WRITE_AGAIN_AFTER)
            await until_recorded(case)
            await goes_on(case)


async def test_a_stranger_who_fails_an_activity_does_not_end_the_complaint(open_office: Opening) -> None:
    async with open_office(no_remote_activities=True) as office:
        async with ours(office):
            case, main = await office.receive(), await office.receive()
            await case.verify()
            await main.verify()
        client = await connected(office, pydantic_data_converter)
        async with Worker(client, task_queue=queue_of(office), activities=[fail]):
            with pytest.raises(Refusal) as caught:
                await case.admin("merge", main=main.tracking_id)
        assert caught.value.code == "main_away"
        assert (await case.row()).status is Status.BELUM_DITINDAKLANJUTI
        assert (await case.handle().describe()).status is WorkflowExecutionStatus.RUNNING
