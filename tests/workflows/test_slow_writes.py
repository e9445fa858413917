"""A record that is slow splits the engine's tasks; what is replayed later schedules in the same order all the same."""

from __future__ import annotations

import asyncio

import pytest
from temporalio.client import WorkflowHistory

from tests.histories.lives import LIVES
from tests.histories.record import runs_of
from tests.workflows.conftest import Opening
from tests.workflows.slow import SlowWrites, short_tasks, splits_of

SLOW = [name for name in LIVES if name != "long_in_one_run"]
"""All kinds but the longest life, which is also lived in short runs."""


@pytest.mark.timeout(400)
async def test_lives_of_every_kind_replay_though_each_write_is_slow_and_messages_come_meanwhile(
    open_office: Opening,
) -> None:
    slow = SlowWrites()
    with short_tasks():
        async with open_office(interceptors=[slow]) as office:
            slow.client = office.complaints.client
            lives = await asyncio.gather(*(LIVES[name](office) for name in SLOW))
            histories: list[WorkflowHistory] = []
            for case in (case for life in lives for case in life):
                histories += await runs_of(case)
    # Each of them was replayed when the office closed.
    assert sum(map(splits_of, histories)) >= slow.held > 100
