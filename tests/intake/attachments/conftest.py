"""Attachments on a real PostgreSQL and a folder, and a report to attach them to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from kawal.base.endpoints import Endpoints
from kawal.base.settings import Settings
from kawal.crypto.master_keys import LocalMasterKey
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.store.inbox import Inbox
from kawal.store.setup import prepare_database
from kawal.system import System, open_system
from tests.store.lives import NOON, report

MASTER = LocalMasterKey(bytes(range(32)))
READER = Actor(role=Role.INSPECTORATE, account="0123456789abcdef", instansi="KEPRI")

Filing = Callable[..., Awaitable[str]]


@pytest.fixture
async def connected(temporal_server: Endpoints, database_url: str, tmp_path: Path) -> AsyncIterator[System]:
    await prepare_database(database_url, MASTER)
    where = temporal_server.model_copy(update={"database_url": database_url})
    async with open_system(Settings(home=tmp_path), endpoints=where, master=MASTER) as opened:
        yield opened


@pytest.fixture
def attachments(connected: System, tmp_path: Path) -> Attachments:
    return Attachments(connected, AttachmentSettings.from_env(tmp_path, {}))


@pytest.fixture
def file_report(connected: System) -> Filing:
    async def filed(**changes: object) -> str:
        return (await Inbox(connected.pool, connected.keys).accept(report(**changes), "KEPRI", NOON)).tracking_id

    return filed


@pytest.fixture
async def tracking_id(file_report: Filing) -> str:
    return await file_report()
