"""When the key service with the master key goes away, complaints without a cached key wait, and then go on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from kawal.base.errors import SystemUnavailable
from kawal.desks.key_rotation import KeyRotation
from kawal.domain.names import EventKind, Role, workflow_id
from tests.crypto.key_service import NAME, KeyService
from tests.workflows.conftest import Opening
from tests.workflows.life import eventually, january


@pytest.fixture
async def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[KeyService]:
    """Yield a key service that this installation uses from its first start."""
    service = KeyService(tmp_path)
    await service.come()
    for name, value in service.environment.items():
        monkeypatch.setenv(name, value)
    yield service
    await service.go()


async def test_its_outage_holds_up_only_what_needs_it_with_an_alarm_and_nothing_is_lost(
    service: KeyService, open_office: Opening, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_office(max_cached_workflows=0) as office:
        waiting, other = await office.receive(), await office.receive()
        with structlog.testing.capture_logs() as lines, caplog.at_level(logging.ERROR):
            await service.go()
            # Only now: while the service stops, a worker could still fetch the key again.
            office.complaints.system.keys.forget(workflow_id(waiting.tracking_id))
            with pytest.raises(SystemUnavailable):
                await waiting.verify()
            moving = asyncio.create_task(office.virtual.advance(waiting.handle(), timedelta(days=5)))
            await other.until(january(14), 1)
            assert await other.event(EventKind.BREACHED)
            await service.come()
        alarms = [line for line in lines if line["event"] == "data_keys_do_not_open"]
        assert [(line["owner"], line["log_level"]) for line in alarms] == [(workflow_id(waiting.tracking_id), "error")]
        await asyncio.wait_for(moving, 60)
        await eventually(lambda: waiting.events(EventKind.BREACHED), 60)
        await waiting.verify()


async def test_a_rotation_there_is_followed_while_complaints_go_on(service: KeyService, open_office: Opening) -> None:
    async with open_office() as office:
        case = await office.receive()
        keys = office.complaints.system.keys
        service.rotate()
        rotation = KeyRotation(office.complaints, batch=1)
        outcome = await rotation.rotate_master(await office.complaints.actor(Role.ADMIN, "Ani"))
        assert (outcome.master_key, outcome.ended) == (f"transit:{NAME}:v2", True)
        service.versions[0] = service.versions[1]  # the first version no longer exists
        keys.forget(workflow_id(case.tracking_id))
        await case.verify()
        assert (await office.receive()).tracking_id
