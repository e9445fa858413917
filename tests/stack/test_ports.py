"""Servers of several homes on one machine keep out of one another's way."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

from stack.connect import connect_temporal
from stack.embedded import embedded
from stack.settings import Settings
from stack.temporal_config import LOOPBACK, free_ports, is_free, remembered_ports

CACHE = Settings.from_env(os.environ).cache


def test_ports_are_remembered_while_they_are_free(tmp_path: Path) -> None:
    file = tmp_path / "temporal" / "ports.json"
    first = free_ports(file)
    assert len(set(first.as_dict().values())) == len(first.as_dict())
    assert remembered_ports(file) == first
    with socket.create_server((LOOPBACK, first.history)):
        assert not is_free(first.history)
        second = remembered_ports(file)
        assert second != first
    assert remembered_ports(file) == second


async def test_two_homes_that_start_at_once_get_servers_of_their_own(home: Path) -> None:
    async def start_and_mark(name: str, up: asyncio.Barrier) -> str:
        async with embedded(Settings(home=home / name, cache=CACHE)) as endpoints:
            client = await connect_temporal(endpoints, None)
            await up.wait()
            await client.start_workflow("sleeper", id="same-id-everywhere", task_queue="nobody")
            await up.wait()
            return endpoints.temporal_address

    up = asyncio.Barrier(2)
    one, two = await asyncio.gather(start_and_mark("one", up), start_and_mark("two", up))
    assert one != two
