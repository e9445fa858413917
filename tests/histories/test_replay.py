"""The recorded histories of earlier releases give the same commands again, or complaints under way would wedge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from stack.connect import data_converter
from tests.histories.lives import LIVES
from worker import RUNNER, WORKFLOWS

RECORDED = sorted(Path(__file__).parent.glob("*.json"))


def history_of(file: Path) -> WorkflowHistory:
    return from_events(json.loads(file.read_text())["events"])


def from_events(events: list[dict[str, Any]]) -> WorkflowHistory:
    workflow_id = events[0]["workflowExecutionStartedEventAttributes"]["workflowId"]
    return WorkflowHistory.from_json(workflow_id, {"events": events})


def replayer() -> Replayer:
    return Replayer(workflows=WORKFLOWS, data_converter=data_converter(None), workflow_runner=RUNNER)


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
async def test_a_recorded_history_gives_the_same_commands_again(file: Path) -> None:
    await replayer().replay_workflow(history_of(file))


def test_every_life_is_recorded_and_together_they_use_all_that_the_process_uses() -> None:
    assert {file.stem.rpartition("-")[0] for file in RECORDED} == set(LIVES)
    kinds = {EventType.Name(event.event_type) for file in RECORDED for event in history_of(file).events}
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
    files = [file for file in RECORDED if file.stem.startswith("reopened-")]
    assert len(files) == 2
    for file in files:
        assert history_of(file).events[-1].event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED


async def test_a_history_that_the_process_would_not_make_is_noticed() -> None:
    events = json.loads(next(file for file in RECORDED if file.stem == "accepted-1").read_text())["events"]
    for event in events:
        if event["eventType"] == "EVENT_TYPE_MARKER_RECORDED":
            event["eventType"] = "EVENT_TYPE_TIMER_STARTED"
            del event["markerRecordedEventAttributes"]
            event["timerStartedEventAttributes"] = {"timerId": "77", "startToFireTimeout": "3s"}
            break
    with pytest.raises(NondeterminismError):
        await replayer().replay_workflow(from_events(events))
