"""A complaint whose key is unavailable waits, alone and visibly, and goes on when the key is back."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import pytest

from kawal.base.errors import SystemUnavailable
from kawal.crypto.master_keys import KeyUnavailable
from kawal.domain.names import EventKind, workflow_id
from tests.workflows.conftest import Opening
from tests.workflows.data_keys import key_away
from tests.workflows.life import eventually, january


async def test_only_the_complaint_without_its_key_waits_with_an_alarm_and_it_goes_on_when_the_key_is_back(
    open_office: Opening, caplog: pytest.LogCaptureFixture
) -> None:
    # Without a cache every task reads its whole history, as in a worker that has just started.
    async with open_office(max_cached_workflows=0) as office:
        waiting, other = await office.receive(), await office.receive()

        async def alarm() -> bool:
            return any(
                record.levelno >= logging.ERROR
                and record.exc_info
                and isinstance(record.exc_info[1], KeyUnavailable)
                and workflow_id(waiting.tracking_id) in str(record.exc_info[1])
                for record in caplog.records
            )

        async with key_away(waiting):
            with pytest.raises(SystemUnavailable):
                await waiting.verify()
            moving = asyncio.create_task(office.virtual.advance(waiting.handle(), timedelta(days=5)))
            await eventually(alarm)
            await other.until(january(14), 1)
            assert await other.event(EventKind.BREACHED)
            assert await office.complaints.pool.fetchval(
                "select last_seq from complaint where tracking_id = $1", waiting.tracking_id
            ) == len([EventKind.STARTED])
        assert await asyncio.wait_for(moving, 60)
        await eventually(lambda: waiting.events(EventKind.BREACHED), 60)
        await waiting.verify()
        assert (await waiting.event(EventKind.BREACHED)).facts["day"] == "2022-01-13"
