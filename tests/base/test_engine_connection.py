"""Connecting to servers that are elsewhere, or not running."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from kawal.base.endpoints import Endpoints, running_endpoints
from kawal.base.engine_connection import connect_temporal
from kawal.base.errors import SystemUnavailable
from kawal.base.settings import Settings
from kawal.embedded.servers import embedded
from kawal.wording.catalogues import say

NOWHERE = "127.0.0.1:1"


async def test_an_engine_that_does_not_answer_is_unavailable_in_both_languages() -> None:
    with pytest.raises(SystemUnavailable) as caught:
        await connect_temporal(Endpoints(temporal_address=NOWHERE, database_url="x", namespace="kawal"), None)
    assert "make up" in say("id", caught.value.sentence)
    assert "does not answer" in say("en", caught.value.sentence)


async def test_a_database_that_does_not_answer_is_unavailable(home: Path) -> None:
    with pytest.raises(SystemUnavailable, match="DATABASE_URL"):
        async with embedded(Settings(home=home, database_url="postgresql://nobody@127.0.0.1:1/none")):
            pass


async def test_external_servers_are_used_where_both_are_named(
    temporal_server: Endpoints, namespace: str, database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal_server.temporal_address)
    settings = Settings(
        home=home,
        database_url=database_url,
        temporal_address=temporal_server.temporal_address,
        namespace=namespace,
    )
    assert running_endpoints(settings).external_temporal
    client = await connect_temporal(settings, None)
    assert client.namespace == namespace
    async with embedded(settings) as endpoints:
        assert endpoints.temporal_address == temporal_server.temporal_address
        connection = await asyncpg.connect(endpoints.database_url)
        await connection.close()
    assert not (home / "temporal").exists()
    assert not (home / "postgres").exists()
