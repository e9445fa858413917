"""The recorded histories of earlier releases give the same commands again, or complaints under way would wedge."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from stack.connect import data_converter
from tests.histories.lives import LIVES
from tests.histories.splitting import Recorded, split_at, writes_of
from worker import RUNNER, WORKFLOWS
from workflows import steps, turns

FOLDER = Path(__file__).parent
OF_OLD = sorted(FOLDER.glob("*.json"))
"""Runs whose handlers did the commands, under a lock."""
IN_TURN = sorted((FOLDER / "in_turn").glob("*.json"))
SPLIT = sorted((FOLDER / "split").glob("*.json"))
"""Recorded on a record so slow that the task of each write was split, with messages that came meanwhile."""
RECORDED = [*OF_OLD, *IN_TURN, *SPLIT]
SPLITTABLE = [file for file in [*OF_OLD, *IN_TURN] if "in_short_runs" not in file.stem]
"""All but runs that end at a number of events: with those of a split they would have ended elsewhere."""


def name_of(file: Path) -> str:
    return str(file.relative_to(FOLDER).with_suffix(""))


def history_of(file: Path) -> WorkflowHistory:
    return from_events(events_of(file))


def events_of(file: Path) -> list[Recorded]:
    events: list[Recorded] = json.loads(file.read_text())["events"]
    return events


def from_events(events: list[dict[str, Any]]) -> WorkflowHistory:
    workflow_id = events[0]["workflowExecutionStartedEventAttributes"]["workflowId"]
    return WorkflowHistory.from_json(workflow_id, {"events": events})


def replayer() -> Replayer:
    return Replayer(workflows=WORKFLOWS, data_converter=data_converter(None), workflow_runner=RUNNER)


@pytest.mark.parametrize("file", RECORDED, ids=name_of)
async def test_a_recorded_history_gives_the_same_commands_again(file: Path) -> None:
    await replayer().replay_workflow(history_of(file))


@pytest.mark.parametrize("file", SPLITTABLE, ids=name_of)
async def test_a_history_whose_task_was_split_at_any_of_its_writes_gives_the_same_commands_again(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    timers = timers_beside_writes(monkeypatch)
    events = events_of(file)
    await replayer().replay_workflow(from_events(events))
    beside = dict(timers)
    assert bool(beside) is (file in IN_TURN)
    splits = [split_at(events, place, 2, beside.get(activity)) for place, activity in writes_of(events)]
    results = await replayer().replay_workflows(each_of(splits), raise_on_replay_failure=False)
    assert results.replay_failures == {}


async def each_of(histories: list[list[Recorded]]) -> AsyncIterator[WorkflowHistory]:
    for number, events in enumerate(histories):
        # Failures are told by the run's number.
        history = from_events(events)
        history.events[0].workflow_execution_started_event_attributes.original_execution_run_id = f"split-{number}"
        yield history


def timers_beside_writes(monkeypatch: pytest.MonkeyPatch) -> dict[int, int]:
    """Which timer a replayed workflow starts beside which activity, by their numbers in the run."""
    timers: dict[int, int] = {}
    run_step = steps.run_step

    async def noted(*args: Any, **options: Any) -> Any:
        numbers = asyncio.get_running_loop()._curr_seqs  # type: ignore[attr-defined]  # told nowhere else
        timers[numbers.get("activity", 0) + 1] = numbers["timer"]
        return await run_step(*args, **options)

    monkeypatch.setattr(turns, "run_step", noted)
    return timers


@pytest.mark.parametrize("recorded", [OF_OLD, IN_TURN], ids=["of old", "in turn"])
def test_every_life_is_recorded_and_together_they_use_all_that_the_process_uses(recorded: list[Path]) -> None:
    assert {file.stem.rpartition("-")[0] for file in recorded} == set(LIVES)
    kinds = {EventType.Name(event.event_type) for file in recorded for event in history_of(file).events}
    assert kinds >= {
        "EVENT_TYPE_TIMER_FIRED",
        "EVENT_TYPE_TIMER_CANCELED",
        "EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED",
        "EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED",
        "EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED",
        "EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW",
        "EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED",
        "EVENT_TYPE_ACTIVITY_TASK_COMPLETED",
        "EVENT_TYPE_MARKER_RECORDED",
        "EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES",
    }


def test_a_reopened_life_has_more_than_one_run_without_continuing_as_new() -> None:
    files = [file for file in IN_TURN if file.stem.startswith("reopened-")]
    assert len(files) == 2
    for file in files:
        assert history_of(file).events[-1].event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED


async def test_a_history_that_the_process_would_not_make_is_noticed() -> None:
    events = json.loads(next(file for file in IN_TURN if file.stem == "accepted-1").read_text())["events"]
    for event in events:
        if event["eventType"] == "EVENT_TYPE_MARKER_RECORDED":
            event["eventType"] = "EVENT_TYPE_TIMER_STARTED"
            del event["markerRecordedEventAttributes"]
            event["timerStartedEventAttributes"] = {"timerId": "77", "startToFireTimeout": "3s"}
            break
    with pytest.raises(NondeterminismError):
        await replayer().replay_workflow(from_events(events))
