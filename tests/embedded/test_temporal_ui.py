"""The Temporal UI runs beside the system if it has been built, and is told where payloads are decrypted."""

from __future__ import annotations

import asyncio
import os
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest
from temporalio.api.enums.v1 import EventType

from kawal.base.engine_connection import connect_temporal
from kawal.base.settings import Settings
from kawal.embedded.servers import embedded
from kawal.embedded.temporal_binary import built_ui

CODEC = "http://127.0.0.1:8480/codec"
CACHE = Settings.from_env(os.environ).cache


async def settings_told(url: str) -> dict[str, Any]:
    """Ask the UI for its settings as soon as it answers."""
    async with asyncio.timeout(30), httpx.AsyncClient() as session:
        while True:
            try:
                told: dict[str, Any] = (await session.get(f"{url}/api/v1/settings")).json()
                return told
            except httpx.ConnectError:
                await asyncio.sleep(0.1)


async def test_the_ui_is_told_where_payloads_are_opened(home: Path) -> None:
    settings = Settings(home=home, cache=CACHE)
    if built_ui(settings) is None:
        pytest.skip("the UI could not be built on this machine")
    async with embedded(settings, ui=True, codec_url=CODEC) as endpoints:
        assert endpoints.ui_url is not None
        told = await settings_told(endpoints.ui_url)
        assert told["Codec"]["Endpoint"] == endpoints.codec_url == CODEC
        assert told["Codec"]["IncludeCredentials"] is True


async def test_the_ui_shows_and_writes_nothing(home: Path) -> None:
    settings = Settings(home=home, cache=CACHE)
    if built_ui(settings) is None:
        pytest.skip("the UI could not be built on this machine")
    async with embedded(settings, ui=True) as endpoints, httpx.AsyncClient() as session:
        assert endpoints.ui_url is not None
        assert (await settings_told(endpoints.ui_url))["DisableWriteActions"] is True
        client = await connect_temporal(endpoints, None)
        await client.start_workflow("sleeper", id="sleeper", task_queue="nobody")
        workflow = f"{endpoints.ui_url}/api/v1/namespaces/{endpoints.namespace}/workflows/sleeper"
        token = (await session.get(f"{endpoints.ui_url}/api/v1/settings")).cookies["_csrf"]
        own = {"X-CSRF-TOKEN": token, "Cookie": f"_csrf={token}"}
        for headers, refused in ((own, HTTPStatus.METHOD_NOT_ALLOWED), ({}, HTTPStatus.BAD_REQUEST)):
            for action in ("signal/verify", "terminate"):
                answer = await session.post(f"{workflow}/{action}", json={}, headers=headers)
                assert answer.status_code == refused
        history = await client.get_workflow_handle("sleeper").fetch_history()
        assert EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED not in {event.event_type for event in history.events}
        assert (await client.get_workflow_handle("sleeper").describe()).close_time is None


async def test_without_a_built_ui_the_system_runs_all_the_same(home: Path, built: Path) -> None:
    settings = Settings(home=home, cache=home / "cache")
    server = settings.cache / built.relative_to(CACHE)
    server.parent.mkdir(parents=True)
    server.symlink_to(built)
    async with embedded(settings, ui=True) as endpoints:
        assert endpoints.ui_url is None
