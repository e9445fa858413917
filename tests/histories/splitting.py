"""A recorded history as it would stand if one of its writes had outlasted the engine's patience with a task."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

Recorded = dict[str, Any]
"""One event of a history, as JSON."""

HEARTBEAT_AFTER = timedelta(seconds=8)
"""When the engine's server is told that a task of ten seconds is still being worked on."""


def writes_of(events: list[Recorded]) -> Iterator[tuple[int, int]]:
    """Each local activity of a history: where its marker stands, and the activity's number in its run."""
    for place, event in enumerate(events):
        marker = event.get("markerRecordedEventAttributes")
        if marker is not None and marker["markerName"] == "core_local_activity":
            (data,) = marker["details"]["data"]["payloads"]
            yield place, int(json.loads(base64.b64decode(data["data"]))["seq"])


def split_at(events: list[Recorded], place: int, heartbeats: int, timer: int | None) -> list[Recorded]:
    """The history with the task of the marker at `place` split so often while its local activity ran.

    `timer` is the number of the timer that ran beside that activity and then stands in the history; None if none did.
    """
    completed = max(n for n in range(place) if _kind(events[n]) == "WORKFLOW_TASK_COMPLETED")
    started = next(n for n in reversed(range(completed)) if _kind(events[n]) == "WORKFLOW_TASK_STARTED")
    scheduled = next(n for n in reversed(range(started)) if _kind(events[n]) == "WORKFLOW_TASK_SCHEDULED")
    before = [] if timer is None else [_timer_started(timer, events[completed])]
    first_id = int(events[place]["eventId"])
    for _ in range(heartbeats):
        piece = [copy.deepcopy(events[n]) for n in (scheduled, started, completed)]
        base = first_id + len(before)
        for number, event in enumerate(piece):
            event["eventId"] = str(base + number)
        piece[1]["workflowTaskStartedEventAttributes"]["scheduledEventId"] = str(base)
        piece[2]["workflowTaskCompletedEventAttributes"] |= {
            "scheduledEventId": str(base),
            "startedEventId": str(base + 1),
        }
        for event in piece:
            event["eventTime"] = _later(event["eventTime"])
        before += piece
    for number, event in enumerate(before):
        event["eventId"] = str(first_id + number)
    after = [] if timer is None else [_timer_canceled(timer, first_id, first_id + len(before) + 1)]
    head, marker, tail = events[:place], events[place], events[place + 1 :]
    return [
        *head,
        *before,
        _moved(marker, first_id, len(before)),
        *after,
        *(_moved(event, first_id, len(before) + len(after)) for event in tail),
    ]


def _kind(event: Recorded) -> str:
    return str(event["eventType"]).removeprefix("EVENT_TYPE_")


def _moved(event: Recorded, first_id: int, by: int) -> Recorded:
    """The event with its number, and every number of an event that it names, moved on from `first_id`."""

    def moved(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: moved(part, key) for key, part in value.items()}
        if isinstance(value, list):
            return [moved(part) for part in value]
        if (name == "eventId" or name.endswith("EventId")) and int(value) >= first_id:
            return str(int(value) + by)
        return value

    changed: Recorded = moved(event)
    return changed


def _later(at: str) -> str:
    day, _, fraction = at.rstrip("Z").partition(".")
    return f"{(datetime.fromisoformat(day) + HEARTBEAT_AFTER).isoformat()}.{fraction or '0'}Z"


def _timer_started(number: int, completed: Recorded) -> Recorded:
    return {
        "eventTime": completed["eventTime"],
        "eventType": "EVENT_TYPE_TIMER_STARTED",
        "timerStartedEventAttributes": {
            "timerId": str(number),
            "startToFireTimeout": "86400s",
            "workflowTaskCompletedEventId": completed["eventId"],
        },
    }


def _timer_canceled(number: int, started_id: int, own_id: int) -> Recorded:
    return {
        "eventId": str(own_id),
        "eventType": "EVENT_TYPE_TIMER_CANCELED",
        "timerCanceledEventAttributes": {"timerId": str(number), "startedEventId": str(started_id)},
    }
