"""The recorded histories of earlier releases give the same commands again; otherwise running complaints would wedge."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from kawal.base.engine_connection import data_converter
from tests.histories.lives import LIVES
from tests.histories.splitting import Recorded, split_at, writes_of
from workflows.registry import RUNNER, WORKFLOWS

FOLDER = Path(__file__).parent
OF_OLD = sorted(FOLDER.glob("*.json"))
"""Runs whose handlers executed the commands, under a lock."""
IN_TURN = sorted((FOLDER / "in_turn").glob("*.json"))
SLOW = sorted((FOLDER / "slow").glob("*.json"))
"""Recorded with messages that arrived while each event was being written."""
RECORDED = [*OF_OLD, *IN_TURN, *SLOW]
SPLITTABLE = [file for file in OF_OLD if "in_short_runs" not in file.stem]
"""The runs with local activities except those that end at a number of events, which a split would increase."""


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


@pytest.mark.slow
@pytest.mark.parametrize("file", RECORDED, ids=name_of)
async def test_a_recorded_history_gives_the_same_commands_again(file: Path) -> None:
    await replayer().replay_workflow(history_of(file))


@pytest.mark.slow
@pytest.mark.parametrize("file", SPLITTABLE, ids=name_of)
async def test_a_history_whose_task_was_split_at_any_of_its_writes_gives_the_same_commands_again(file: Path) -> None:
    events = events_of(file)
    splits = [split_at(events, place, 2) for place in writes_of(events)]
    assert splits
    results = await replayer().replay_workflows(each_of(splits), raise_on_replay_failure=False)
    assert results.replay_failures == {}


@pytest.mark.parametrize("file", [*IN_TURN, *SLOW], ids=name_of)
def test_what_is_done_in_turn_has_no_task_that_could_be_split(file: Path) -> None:
    assert list(writes_of(events_of(file))) == []


async def each_of(histories: list[list[Recorded]]) -> AsyncIterator[WorkflowHistory]:
    for number, events in enumerate(histories):
        # Failures are reported by the run's number.
        history = from_events(events)
        history.events[0].workflow_execution_started_event_attributes.original_execution_run_id = f"split-{number}"
        yield history


@pytest.mark.parametrize("recorded", [OF_OLD, IN_TURN], ids=["of old", "in turn"])
def test_every_life_is_recorded_and_together_they_use_all_that_the_process_uses(recorded: list[Path]) -> None:
    assert {file.stem.rpartition("-")[0] for file in recorded} == set(LIVES)
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
    files = [file for file in IN_TURN if file.stem.startswith("reopened-")]
    assert len(files) == 2
    for file in files:
        assert history_of(file).events[-1].event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED


async def test_a_history_that_the_process_would_not_make_is_noticed() -> None:
    events = json.loads(next(file for file in OF_OLD if file.name == "accepted-1.json").read_text())["events"]
    for event in events:
        if event["eventType"] == "EVENT_TYPE_MARKER_RECORDED":
            event["eventType"] = "EVENT_TYPE_TIMER_STARTED"
            del event["markerRecordedEventAttributes"]
            event["timerStartedEventAttributes"] = {"timerId": "77", "startToFireTimeout": "3s"}
            break
    with pytest.raises(NondeterminismError):
        await replayer().replay_workflow(from_events(events))
