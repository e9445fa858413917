"""Recording of the histories that `test_replay` replays: `python -m tests.histories.record in_turn|slow [LIFE …]`.

`in_turn` records lives as they are, `slow` the same with messages that arrive while each event is being written. The
histories beside this file are of runs whose handlers executed the commands themselves, under a lock: no such runs are
started any more, and those in progress must replay. Histories are recorded again only after a deliberate change; a new
life is recorded by its name, and the others stay.

A change of the process with which these no longer replay would wedge complaints in progress: it needs
`workflow.patched`, not new recordings. The payloads are stored decrypted (the people in them are invented), so that
replaying needs no keys and a reader sees what happened.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.client import WorkflowHistory

from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.crypto.codec import ComplaintCodec
from kawal.crypto.master_keys import ensure_master_key
from kawal.embedded.servers import embedded
from kawal.embedded.virtual_time import VirtualTime
from kawal.store.setup import prepare_database
from kawal.system import open_system
from tests.histories.lives import LIVES
from tests.workflows.life import Case, Office
from tests.workflows.slow import SlowWrites
from worker import make_worker

FOLDER = Path(__file__).parent


async def record(kind: str, names: Collection[str]) -> None:
    """Run these lives again on servers of their own and store the history of every run."""
    slow = SlowWrites()
    slowly: dict[str, Any] = {"interceptors": [slow]} if kind == "slow" else {}
    with tempfile.TemporaryDirectory(prefix="kw") as folder:
        settings = Settings(home=Path(folder), cache=Settings.from_env(os.environ).cache)
        master = ensure_master_key(settings.home / "keys" / "master.key")
        async with embedded(settings, virtual_time=True) as endpoints:
            await prepare_database(endpoints.database_url, master)
            async with open_system(settings, endpoints=endpoints, master=master) as connected:
                virtual = VirtualTime(connected.client)
                moved = connected.but(client=virtual.client)
                slow.client = moved.client
                async with make_worker(moved, **slowly):
                    office, codec = Office(Complaints(moved), virtual), ComplaintCodec(connected.keys)
                    await _record_all(FOLDER / kind, names, office, codec)


async def _record_all(folder: Path, names: Collection[str], office: Office, codec: ComplaintCodec) -> None:
    for name in names:
        histories = [history for case in await LIVES[name](office) for history in await runs_of(case)]
        for number, history in enumerate(histories, 1):
            text = (await opened(history, codec)).to_json()
            (folder / f"{name}-{number}.json").write_text(text + "\n")
            print(f"{name}-{number}: {len(history.events)} events")


async def runs_of(case: Case) -> list[WorkflowHistory]:
    """Return the histories of all runs of a complaint, the oldest first."""
    client = case.office.complaints.client
    runs = [run async for run in client.list_workflows(f"WorkflowId = 'complaint-{case.tracking_id}'")]
    handles = [client.get_workflow_handle(run.id, run_id=run.run_id) for run in runs]
    histories = [await handle.fetch_history() for handle in handles]
    return sorted(histories, key=lambda history: history.events[0].task_id)


async def opened(history: WorkflowHistory, codec: ComplaintCodec) -> WorkflowHistory:
    """Return the same history with its payloads decrypted, without the machine; changes the given one.

    Identities and stack traces contain which host and process recorded it, and where its source is.
    """
    for message in (part for event in history.events for part in within(event)):
        if isinstance(message, Payload):
            (clear,) = await codec.decode([message])
            clear.data = without_trace(clear.data)
            message.CopyFrom(clear)
        elif isinstance(message, TaskQueue) and message.normal_name:
            message.name = "sticky"
        elif "identity" in message.DESCRIPTOR.fields_by_name:
            message.identity = "recorder"  # type: ignore[attr-defined]
    return history


def without_trace(data: bytes) -> bytes:
    """Return the content of a failure's encrypted attributes, without the stack trace."""
    if not data.startswith(b"{") or b'"stack_trace"' not in data:
        return data
    return json.dumps(json.loads(data) | {"stack_trace": ""}).encode()


def within(message: Message) -> Iterator[Message]:
    """Yield a message and every message within it, at any depth; nothing within a payload."""
    yield message
    if isinstance(message, Payload):
        return
    for field, value in message.ListFields():
        if field.message_type is not None:
            for part in _parts(field, value):
                if isinstance(part, Message):
                    yield from within(part)


def _parts(field: Any, value: Any) -> list[Any]:
    if field.message_type.GetOptions().map_entry:
        return list(value.values())
    return [value] if isinstance(value, Message) else list(value)


if __name__ == "__main__":
    kind, chosen = sys.argv[1], sys.argv[2:] or LIVES
    (FOLDER / kind).mkdir(exist_ok=True)
    for one in chosen:
        for old in (FOLDER / kind).glob(f"{one}-*.json"):
            old.unlink()
    asyncio.run(record(kind, chosen))
