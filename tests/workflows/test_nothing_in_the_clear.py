"""Everything sent to the engine is encrypted; logs, metrics and search attributes contain nothing personal."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload, SearchAttributes
from temporalio.api.failure.v1 import Failure
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.runtime import MetricBuffer, Runtime, TelemetryConfig

from kawal.base.endpoints import Endpoints
from kawal.base.logging import configure_logging
from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.crypto.codec import DATA_KEY_ID, ENCRYPTED
from kawal.crypto.master_keys import ensure_master_key
from kawal.domain.messages import Reporter
from kawal.embedded.virtual_time import VirtualTime
from kawal.store.setup import prepare_database
from kawal.system import open_system
from tests.histories.lives import abused, lives_long, merged
from tests.workflows.life import Office
from worker import make_worker
from workflows.complaint import ComplaintWorkflow
from workflows.registry import WORKFLOWS
from workflows.what_if import AnswerWhatIf

PLANTED = (
    *("Siti Aminah", "siti@example.org", "Bincen", "berlubang", "nama jalannya", "Lubang ditambal"),
    *("Zulkifli Tanjungpura", "zulkifli@example.org", "+628117001234", "pungutan berjamaah"),
)
NO_QUESTION = 999
"""Of what-if: one that nobody asked is answered at once."""

RUBBISH = b"rubbish"
"""What the abused life sends itself, as a stranger would."""


class Life:
    """A system that has lived some lives, with everything that it wrote where others may read."""

    def __init__(self, client: Client, metrics: MetricBuffer, logged: io.StringIO) -> None:
        self.client = client
        self.metrics = metrics
        self.logged = logged

    async def histories(self) -> AsyncIterator[tuple[str, Sequence[Message]]]:
        """Yield the type and the events of every run in the namespace."""
        async for run in self.client.list_workflows():
            history = await self.client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history()
            yield run.workflow_type, history.events

    async def descriptions(self) -> list[Message]:
        """Return what the engine's lists and pages show of each run."""
        service, namespace = self.client.workflow_service, self.client.namespace
        found: list[Message] = []
        async for run in self.client.list_workflows():
            asked = DescribeWorkflowExecutionRequest(namespace=namespace)
            asked.execution.workflow_id, asked.execution.run_id = run.id, run.run_id
            found.append(await service.describe_workflow_execution(asked))
        return found


@pytest.fixture(scope="module")
def runtime() -> tuple[Runtime, MetricBuffer]:
    buffer = MetricBuffer(100_000)
    return Runtime(telemetry=TelemetryConfig(metrics=buffer)), buffer


@pytest.fixture
async def life(
    temporal_server: Endpoints,
    namespace: str,
    task_queue: str,
    database_url: str,
    tmp_path: Path,
    runtime: tuple[Runtime, MetricBuffer],
) -> AsyncIterator[Life]:
    """Run lives that are long, merged, abused and rahasia, and a round of everything else that runs."""
    settings = Settings(home=tmp_path, task_queue=task_queue)
    endpoints = temporal_server.model_copy(update={"namespace": namespace, "database_url": database_url})
    master, logged = ensure_master_key(tmp_path / "keys" / "master.key"), io.StringIO()
    await prepare_database(database_url, master)
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    configure_logging(stream=logged, json=True)
    async with open_system(settings, endpoints=endpoints, master=master) as connected:
        client = await Client.connect(
            endpoints.temporal_address,
            namespace=namespace,
            data_converter=connected.client.data_converter,
            runtime=runtime[0],
        )
        virtual = VirtualTime(client)
        moved = connected.but(client=virtual.client)
        async with make_worker(moved):
            office = Office(Complaints(moved), virtual)
            await lives_long(office, events_per_run=30)
            await merged(office)
            await abused(office)
            reporter = Reporter(name="Zulkifli Tanjungpura", email="zulkifli@example.org", phone="+628117001234")
            await office.receive(rahasia=True, title="Ada pungutan berjamaah", reporter=reporter)
            for scheduled in WORKFLOWS:
                if scheduled is not ComplaintWorkflow:
                    run: Any = scheduled
                    asked = [NO_QUESTION] if scheduled is AnswerWhatIf else []
                    await client.execute_workflow(run.run, args=asked, id=scheduled.__name__, task_queue=task_queue)
            yield Life(client, runtime[1], logged)
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


async def test_every_payload_of_every_workflow_is_encrypted_and_names_its_key(life: Life) -> None:
    seen: set[str] = set()
    kinds: set[str] = set()
    async for workflow_type, events in life.histories():
        seen.add(workflow_type)
        for event in events:
            for path, payload in payloads_in(event):
                if is_the_sdks_own(path) or payload.data == RUBBISH:
                    continue
                kinds.add(path.split(".")[0])
                assert payload.metadata["encoding"] == ENCRYPTED, (workflow_type, path)
                assert UUID(payload.metadata[DATA_KEY_ID].decode())
            for failure in failures_in(event):
                assert failure.message == "Encoded failure"
                assert not failure.stack_trace
            assert planted_in(event.SerializeToString()) == []
    assert len(seen) == len(WORKFLOWS)
    assert {
        "workflow_execution_started_event_attributes",
        "workflow_execution_update_accepted_event_attributes",
        "workflow_execution_signaled_event_attributes",
        "workflow_execution_continued_as_new_event_attributes",
        "workflow_execution_completed_event_attributes",
        "activity_task_completed_event_attributes",
        "user_metadata",
    } <= kinds


async def test_memo_search_attributes_lists_logs_and_metrics_hold_no_planted_word(life: Life) -> None:
    descriptions = await life.descriptions()
    assert len(descriptions) > 5
    for description in descriptions:
        assert planted_in(description.SerializeToString()) == []
        for path, payload in payloads_in(description):
            assert payload.metadata["encoding"] == ENCRYPTED, path
    assert "worker_made" in life.logged.getvalue()
    assert planted_in(life.logged.getvalue().encode()) == []
    updates = life.metrics.retrieve_updates()
    assert updates
    assert planted_in(str([(update.metric.name, update.attributes) for update in updates]).encode()) == []


def planted_in(data: bytes) -> list[str]:
    """Return the planted words that bytes contain, in any usual form."""
    return [
        word
        for word in PLANTED
        if any(form in data for form in (word.encode(), word.encode("utf-16-le"), word.encode().hex().encode()))
    ]


def is_the_sdks_own(path: str) -> bool:
    """Return whether it is the SDK's own note in a marker: which local activity, which patch; nothing of ours."""
    return path in {f"marker_recorded_event_attributes.details.{own}.payloads" for own in ("data", "patch-data")}


def payloads_in(message: Message, path: str = "") -> Iterator[tuple[str, Payload]]:
    """Yield every payload within a message except search attributes, which are values of the engine's own."""
    for where, part in parts_of(message, path):
        if isinstance(part, Payload):
            yield where, part
        elif not isinstance(part, SearchAttributes):
            yield from payloads_in(part, where)


def failures_in(message: Message) -> Iterator[Failure]:
    """Yield every failure within a message, and their causes."""
    for _, part in parts_of(message, ""):
        if isinstance(part, Failure):
            yield part
        yield from failures_in(part)


def parts_of(message: Message, path: str) -> Iterator[tuple[str, Message]]:
    for field, value in message.ListFields():
        where = f"{path}.{field.name}".lstrip(".")
        if isinstance(value, Message):
            yield where, value
        elif hasattr(value, "items"):
            yield from ((f"{where}.{key}", part) for key, part in value.items() if isinstance(part, Message))
        elif field.message_type is not None:
            yield from ((where, part) for part in value)
