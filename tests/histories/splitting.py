"""A recorded history as it would be if one of its writes had outlasted the engine's time limit for a task."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

Recorded = dict[str, Any]
"""One event of a history, as JSON."""

HEARTBEAT_AFTER = timedelta(seconds=8)
"""When the engine's server is told that a task of ten seconds is still in progress."""


def writes_of(events: list[Recorded]) -> Iterator[int]:
    """Yield the position of each local activity's marker in a history."""
    for place, event in enumerate(events):
        marker = event.get("markerRecordedEventAttributes")
        if marker is not None and marker["markerName"] == "core_local_activity":
            yield place


def split_at(events: list[Recorded], place: int, heartbeats: int) -> list[Recorded]:
    """Return the history with the task of the marker at `place` split that often while its local activity ran."""
    completed = max(n for n in range(place) if _kind(events[n]) == "WORKFLOW_TASK_COMPLETED")
    started = next(n for n in reversed(range(completed)) if _kind(events[n]) == "WORKFLOW_TASK_STARTED")
    scheduled = next(n for n in reversed(range(started)) if _kind(events[n]) == "WORKFLOW_TASK_SCHEDULED")
    first_id = int(events[place]["eventId"])
    pieces: list[Recorded] = []
    for _ in range(heartbeats):
        base = first_id + len(pieces)
        piece = [copy.deepcopy(events[n]) for n in (scheduled, started, completed)]
        for number, event in enumerate(piece):
            event |= {"eventId": str(base + number), "eventTime": _later(event["eventTime"])}
        piece[1]["workflowTaskStartedEventAttributes"]["scheduledEventId"] = str(base)
        ids = {"scheduledEventId": str(base), "startedEventId": str(base + 1)}
        piece[2]["workflowTaskCompletedEventAttributes"] |= ids
        pieces += piece
    return [*events[:place], *pieces, *(_moved(event, first_id, len(pieces)) for event in events[place:])]


def _kind(event: Recorded) -> str:
    return str(event["eventType"]).removeprefix("EVENT_TYPE_")


def _moved(event: Recorded, first_id: int, by: int) -> Recorded:
    """Return the event with its number, and every event number that it names, shifted from `first_id` on."""

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
