"""Every run of a complaint's workflow with its history: from the engine, or from the history archive once the engine
has deleted it.

Both sources give the same bytes, so a reader cannot tell which one was used. Of the payloads only those are decrypted
that name a local activity or set a run's clock; nothing that people wrote is.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from google.protobuf import json_format
from pydantic import TypeAdapter
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import History, HistoryEvent
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from kawal.base.unavailable import Part, unavailable
from kawal.client.closed_runs import CLOSINGS, ClosedRuns
from kawal.crypto.codec import UNDECODABLE, ComplaintCodec
from kawal.domain.names import workflow_id
from kawal.store.history_archive import HistoryArchive, HistoryArchiveDamaged

LOCAL_ACTIVITY = "core_local_activity"
"""The marker by which the Temporal SDK records a local activity."""

ENGINE_SECONDS = 8
"""How long `known` waits for the engine."""

_AN_OFFSET = TypeAdapter(timedelta)
_AN_INSTANT = TypeAdapter(datetime)


class EngineRun(NamedTuple):
    """One run with what the engine recorded of it."""

    run_id: str
    events: Sequence[HistoryEvent]
    kept: str = "whole"
    """whole | pruned (archived, its body gone by retention) | damaged (not what was archived) | lost (nowhere)"""
    closing: str | None = None
    """How it closed; None while it runs, and where nothing is known."""
    started_at: datetime | None = None
    closed_at: datetime | None = None
    activities: dict[int, str] = {}  # noqa: RUF012 - never changed
    """The activity that each event asks for or records, by event number; markers that cannot be decrypted are
    missing.
    """
    offset: timedelta = timedelta()
    """By how much the complaint's own time differs from the engine's in this run: zero except in reruns and tests."""


class KnownRuns(NamedTuple):
    """The runs that are known now, and where their histories come from."""

    runs: list[EngineRun]
    archived: frozenset[str]
    """The ids of those that the history archive has."""
    engine_away: bool
    """Whether the engine did not answer, so that what it alone has is missing."""


class EngineRuns:
    """Finds the runs of complaints' workflows."""

    def __init__(self, client: Client, history_archive: HistoryArchive, codec: ComplaintCodec) -> None:
        """Ask `client` and `history_archive`; decrypt with `codec`, whose owner is the complaint.

        A marker names its activity in the clear, as the SDK writes it. A run's input is trusted only if it was
        encrypted for this complaint: anyone with access to the engine can start a run.
        """
        self._client = client
        self._history_archive = history_archive
        self._codec = codec
        self._engine = ClosedRuns(client)

    async def of(self, tracking_id: str) -> list[EngineRun]:
        """Return all runs of a complaint, the earliest first; raises the errors that `unavailable` recognises."""
        return await self._completed(tracking_id, await self._archived(tracking_id))

    async def known(self, tracking_id: str) -> KnownRuns:
        """Return the runs as far as they can be had now: those of the history archive where the engine is away."""
        archived = await self._archived(tracking_id)
        named = frozenset(run.run_id for run in archived)
        try:
            async with asyncio.timeout(ENGINE_SECONDS):
                return KnownRuns(await self._completed(tracking_id, archived), named, engine_away=False)
        except Exception as error:
            if unavailable(error) not in (Part.ENGINE, Part.MACHINE):
                raise
        return KnownRuns(_in_order(archived), named, engine_away=True)

    async def _completed(self, tracking_id: str, archived: Sequence[EngineRun]) -> list[EngineRun]:
        """Return the archived runs with those that only the engine has, and those that nobody has any more."""
        found = {run.run_id: run for run in archived}
        for run_id in await self._known_to_the_engine(workflow_id(tracking_id)):
            if run_id not in found or found[run_id].kept == "damaged":
                history = await self._engine.events(workflow_id(tracking_id), run_id)
                if history is not None and history.events:
                    found[run_id] = await self._opened(run_id, history.events)
        for before in {_continues(run) for run in found.values()} - found.keys() - {""}:
            found[before] = EngineRun(before, (), kept="lost")
        return _in_order(found.values())

    async def _archived(self, tracking_id: str) -> list[EngineRun]:
        return [await self._from_history_archive(n) async for n in self._history_archive.numbers([tracking_id])]

    async def _from_history_archive(self, n: int) -> EngineRun:
        try:
            run = await self._history_archive.run(n)
        except HistoryArchiveDamaged as damaged:
            return EngineRun(damaged.run_id, (), kept="damaged")
        if run is None:
            raise LookupError(f"archived history {n} is gone")
        if run.history is None:
            return EngineRun(run.run_id, (), "pruned", run.close_status, run.started_at, run.closed_at)
        return await self._opened(run.run_id, json_format.Parse(run.history, History()).events)

    async def _known_to_the_engine(self, workflow: str) -> set[str]:
        """Return the ids of the runs that the engine still has; its list may lag, so the newest run is added."""
        try:
            listed = {run.run_id async for run in self._client.list_workflows(f"WorkflowId = '{workflow}'")}
            newest = await self._client.get_workflow_handle(workflow).describe()
            return listed | {newest.run_id}
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return set()
            raise

    async def _opened(self, run_id: str, events: Sequence[HistoryEvent]) -> EngineRun:
        closing = CLOSINGS.get(events[-1].event_type)
        return EngineRun(
            run_id,
            events,
            closing=closing,
            started_at=instant(events[0]),
            closed_at=instant(events[-1]) if closing else None,
            activities=await self._activities(events),
            offset=await self._offset(events),
        )

    async def _activities(self, events: Sequence[HistoryEvent]) -> dict[int, str]:
        encrypted = {
            event.event_id: event.marker_recorded_event_attributes.details["data"].payloads[0]
            for event in events
            if is_local_activity(event) and event.marker_recorded_event_attributes.details["data"].payloads
        }
        told = zip(encrypted, await self._read(list(encrypted.values()), self._codec), strict=True)
        asked_for = {
            event.event_id: event.activity_task_scheduled_event_attributes.activity_type.name
            for event in events
            if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
        }
        return asked_for | {number: str(one["activity_type"]) for number, one in told if one and "activity_type" in one}

    async def _offset(self, events: Sequence[HistoryEvent]) -> timedelta:
        """Return the clock offset in the run's input; zero where it is erased or was not written by Kawal."""
        given = events[0].workflow_execution_started_event_attributes.input.payloads
        (run_input,) = await self._read(given[:1], self._codec.of_its_owner()) if given else [None]
        if not run_input:
            return timedelta()
        if run_input.get("starts_at"):
            first = next((one for one in events if one.event_type == _TASK_STARTED), events[0])
            return _AN_INSTANT.validate_python(run_input["starts_at"]) - instant(first)
        return _AN_OFFSET.validate_python(run_input.get("offset") or 0)

    async def _read(self, payloads: Sequence[Payload], codec: ComplaintCodec) -> list[dict[str, Any] | None]:
        """Return the contents of JSON payloads; None for each that cannot be decrypted or is not JSON."""
        return [_object(payload) for payload in await codec.decode(list(payloads))]


def _in_order(runs: Iterable[EngineRun]) -> list[EngineRun]:
    return sorted(runs, key=lambda run: (run.started_at or datetime.min.replace(tzinfo=UTC), run.run_id))


def is_local_activity(event: HistoryEvent) -> bool:
    """Tell whether an event records a local activity."""
    return event.event_type == _MARKER and event.marker_recorded_event_attributes.marker_name == LOCAL_ACTIVITY


def instant(event: HistoryEvent) -> datetime:
    """Return when the event happened according to the engine (UTC)."""
    return event.event_time.ToDatetime(UTC)


_MARKER = EventType.EVENT_TYPE_MARKER_RECORDED
_TASK_STARTED = EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED


def _continues(run: EngineRun) -> str:
    """Return the id of the run that this one continues; empty where it continues none."""
    if not run.events:
        return ""
    return str(run.events[0].workflow_execution_started_event_attributes.continued_execution_run_id)


def _object(payload: Payload) -> dict[str, Any] | None:
    if payload.metadata.get("encoding") == UNDECODABLE:
        return None
    try:
        read = json.loads(payload.data)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None
