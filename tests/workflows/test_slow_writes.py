"""Commands, signals and queries that arrive while an event is being written: a replay schedules in the same order."""

from __future__ import annotations

import asyncio

from tests.histories.lives import LIVES
from tests.workflows.conftest import Opening
from tests.workflows.slow import SlowWrites


async def test_lives_of_every_kind_replay_though_messages_come_during_each_write(open_office: Opening) -> None:
    slow = SlowWrites()
    async with open_office(interceptors=[slow]) as office:
        slow.client = office.complaints.client
        await asyncio.gather(*(live(office) for live in LIVES.values()))
    # Each of them was replayed when the office closed.
    assert slow.held > 100
