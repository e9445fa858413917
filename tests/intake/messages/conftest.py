"""The webhooks on real servers, with a tray that records what is put into it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from kawal.api import create_app
from kawal.intake.messages.conversation import Conversation
from kawal.intake.messages.gateways import FILE
from tests.intake.http.conftest import client_of
from tests.intake.messages.gateway_posts import GATEWAYS, RecordingTray
from tests.workflows.life import Office


@pytest.fixture
def tray() -> RecordingTray:
    return RecordingTray()


@pytest.fixture
async def app(office: Office, tray: RecordingTray) -> FastAPI:
    file = office.complaints.settings.home / FILE
    file.touch(mode=0o600)
    file.write_text(GATEWAYS)
    made = create_app(office.complaints, office.complaints.settings)
    conversations = office.complaints.system.conversations
    made.state.conversation = Conversation(made.state.intake, conversations, tray)
    return made


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as opened:
        yield opened
