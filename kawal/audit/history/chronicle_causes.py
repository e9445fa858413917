"""Finds which workflow events caused each of a complaint's events.

Kawal's events carry the workflow time at which they were decided, and workflow time advances with workflow tasks. So an
event belongs to the task at whose time it was decided. Within a task the writes are in order, and each write belongs to
the update that asked for it, or to what woke the workflow. A write is an activity; in older runs a local one, recorded
by a marker. No payload needs to be decrypted, so this works for an erased complaint, too.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from temporalio.api.enums.v1 import EventType as T
from temporalio.api.history.v1 import HistoryEvent

from kawal.audit.history.chronicle_engine import EngineRun, instant, is_local_activity
from kawal.domain.messages import Event
from kawal.domain.names import EventKind, Role

_WAKING = frozenset(
    {
        T.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
        T.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
        T.EVENT_TYPE_TIMER_FIRED,
        T.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
        T.EVENT_TYPE_ACTIVITY_TASK_FAILED,
        T.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT,
    }
)
"""Events that make the engine schedule a workflow task."""

_WRITES_NOTHING = frozenset({"catch_up", "kept_replies", "heard", "join_main", "check_report"})
"""Activities of a complaint that write no events of it."""

_ROUNDING = timedelta(microseconds=5)
"""The SDK's clock is a float: it may differ from the engine's by this much."""


_CLOCKS_APART = timedelta(minutes=1)
"""A worker's clock may be ahead of the engine's by this much."""


class Cause(NamedTuple):
    """One workflow event that caused an event of the complaint."""

    run_id: str
    event_id: int


class _Write(NamedTuple):
    number: int
    """The number of the workflow event that asks for the write, or records it."""
    update: str
    """The update that it was done for; empty where there is none."""
    more: tuple[int, ...]
    """The numbers of the events that follow from it in the same task: search attributes, the update's answer."""


class _Task:
    """One workflow task: its time, the events that caused it, and what it led to."""

    def __init__(self, begins: datetime, waking: list[HistoryEvent]) -> None:
        self.begins = begins
        self.waking = waking
        self.commands: list[HistoryEvent] = []
        self.writes: list[_Write] = []


def causes(events: Sequence[Event], runs: Sequence[EngineRun]) -> dict[int, list[Cause]]:
    """Return the workflow events behind each event, by event number; none where the run's history no longer exists."""
    found: dict[int, list[Cause]] = {}
    recorded = [event.recorded_at for event in events]
    tasks = [(run, task) for run in runs for task in _tied(run)]
    begins = [task.begins + run.offset - _ROUNDING for run, task in tasks]
    ends: list[datetime | None] = [*begins[1:], None][: len(begins)]
    for (run, task), begin, following in zip(tasks, begins, ends, strict=True):
        first = bisect_left(recorded, begin)
        last = len(events) if following is None else bisect_left(recorded, following)
        if run.closed_at is not None:
            # What was recorded long after a run's end belongs to a run whose history no longer exists.
            last = min(last, bisect_right(recorded, run.closed_at + run.offset + _CLOCKS_APART))
        found |= _explained(list(events[first:last]), task, run)
    return found


def _tasks(events: Sequence[HistoryEvent]) -> Iterator[_Task]:
    """Yield the run's tasks; failed attempts count as one with the attempt that succeeded."""
    waking: list[HistoryEvent] = []
    task: _Task | None = None
    done = True
    for event in events:
        if event.event_type == T.EVENT_TYPE_WORKFLOW_TASK_STARTED:
            if done:
                if task is not None:
                    yield task
                task, waking, done = _Task(instant(event), waking), [], False
        elif event.event_type == T.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
            done = True
        elif event.event_type in _WAKING:
            (waking if done or task is None else task.waking).append(event)
        elif task is not None and done:
            task.commands.append(event)
    if task is not None:
        yield task


def _tied(run: EngineRun) -> list[_Task]:
    """Return the run's tasks with the writes that each asked for and what each write led to, even in a later task."""
    tasks = list(_tasks(run.events))
    woken = {
        one.activity_task_completed_event_attributes.scheduled_event_id: (one, task)
        for task in tasks
        for one in task.waking
        if one.event_type == T.EVENT_TYPE_ACTIVITY_TASK_COMPLETED
    }
    for task in tasks:
        task.writes = list(_writes(task, run, woken))
    return tasks


def _explained(within: list[Event], task: _Task, run: EngineRun) -> dict[int, list[Cause]]:
    """Assign events to a task's writes: batch by batch if there are as many batches as writes, else each to all."""
    batches = [list(batch) for _, batch in groupby(within, key=lambda one: one.recorded_at)]
    if len(batches) == len(task.writes):
        pairs = [(batch, [write]) for batch, write in zip(batches, task.writes, strict=True)]
    else:
        pairs = [(batch, task.writes) for batch in batches]
    accepted = {
        _update_of(one): one.event_id
        for one in run.events
        if one.event_type == T.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
    }
    return {
        event.seq: [Cause(run.run_id, number) for number in _numbers(event, task, writing, accepted)]
        for batch, writing in pairs
        for event in batch
    }


def _numbers(event: Event, task: _Task, writes: list[_Write], accepted: dict[str, int]) -> list[int]:
    begun = [accepted[write.update] for write in writes if write.update in accepted]
    begun = begun or [one.event_id for one in _called_for(event, task.waking)]
    return sorted({*begun, *(number for write in writes for number in (write.number, *write.more))})


def _called_for(event: Event, waking: list[HistoryEvent]) -> list[HistoryEvent]:
    """Return those of the events that woke the workflow that can have caused this event."""
    if event.kind in (EventKind.STARTED, EventKind.IMPORTED):
        meant = {T.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED}
    elif event.actor.role is Role.SYSTEM and event.kind is not EventKind.REFUSED:
        meant = {T.EVENT_TYPE_TIMER_FIRED}
    else:
        meant = {T.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED, T.EVENT_TYPE_ACTIVITY_TASK_COMPLETED}
    return [one for one in waking if one.event_type in meant] or waking


_Woken = Mapping[int, tuple[HistoryEvent, _Task]]
"""The end of each activity and the task that it woke, by the number of the event that asked for the activity."""


def _writes(task: _Task, run: EngineRun, woken: _Woken) -> Iterator[_Write]:
    """Yield the writes of a task in order, each with its update and what follows from it."""
    accepted = ""
    for place, event in enumerate(task.commands):
        if event.event_type == T.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
            accepted = _update_of(event)
        if _is_write(event, run):
            update = next((one.inbound_update.inbound_update_id for one in event.event_group_markers), "") or accepted
            if event.event_type == T.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                ended = woken.get(event.event_id)
                led_to = (ended[0].event_id, *_following(ended[1].commands, update, run)) if ended else ()
            else:
                led_to = tuple(_following(task.commands[place + 1 :], update, run))
            yield _Write(event.event_id, update, led_to)


def _is_write(event: HistoryEvent, run: EngineRun) -> bool:
    if is_local_activity(event):
        failed = event.marker_recorded_event_attributes.HasField("failure")
        return not failed and run.activities.get(event.event_id) not in _WRITES_NOTHING
    scheduled = event.event_type == T.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    return scheduled and run.activities.get(event.event_id) not in _WRITES_NOTHING


def _following(commands: list[HistoryEvent], update: str, run: EngineRun) -> Iterator[int]:
    """Yield the numbers of the search attributes set and the answer given before the next write."""
    for event in commands:
        if _is_write(event, run):
            return
        if event.event_type == T.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES or (
            event.event_type == T.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED and _update_of(event) == update
        ):
            yield event.event_id


def _update_of(event: HistoryEvent) -> str:
    if event.event_type == T.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
        attributes = event.workflow_execution_update_accepted_event_attributes
        return str(attributes.protocol_instance_id or attributes.accepted_request.meta.update_id)
    return str(event.workflow_execution_update_completed_event_attributes.meta.update_id)
