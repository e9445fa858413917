"""Which server runs on a home."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kawal.base.errors import SystemUnavailable
from kawal.base.settings import Settings
from kawal.embedded.server_choice import choose_server, grants_virtual_time, remember_server
from kawal.embedded.setup import prepare
from kawal.embedded.temporal_binary import ServerBinary, built_server, may_skip_time, server_on_path

CACHE = Settings.from_env(os.environ).cache


def put_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch, version_line: str) -> None:
    """Put a `temporal` on PATH that reports its version and can do nothing else."""
    folder.mkdir(parents=True)
    command = folder / "temporal"
    command.write_text(f"#!/bin/sh\n[ \"$1\" = --version ] && echo '{version_line}' || exit 9\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


async def test_temporal_on_path_is_taken_for_real_time(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_on_path(home / "bin", monkeypatch, "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)")
    settings = Settings(home=home, cache=CACHE, lang="en")
    chosen = await choose_server(settings, virtual_time=False)
    assert chosen == ServerBinary("cli", home / "bin" / "temporal", "1.29.1")
    assert "PATH" in await prepare(settings, virtual_time=False)


@pytest.mark.usefixtures("built")
async def test_an_old_server_on_path_is_not_trusted_with_virtual_time(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_path(home / "bin", monkeypatch, "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)")
    chosen = await choose_server(Settings(home=home, cache=CACHE), virtual_time=True)
    assert chosen.kind == "server"


@pytest.mark.usefixtures("built")
async def test_a_new_server_on_path_that_fails_its_trial_is_not_trusted_with_virtual_time(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_path(home / "bin", monkeypatch, "temporal version 9.9.9 (Server 9.9.9, UI 9.9.9)")
    chosen = await choose_server(Settings(home=home, cache=CACHE), virtual_time=True)
    assert chosen.kind == "server"


@pytest.mark.usefixtures("built")
async def test_a_home_stays_with_the_built_server_that_wrote_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=home, cache=CACHE)
    built = built_server(settings)
    remember_server(home, built)
    put_on_path(home / "bin", monkeypatch, "temporal version 9.9.9 (Server 9.9.9, UI 9.9.9)")
    assert await choose_server(settings, virtual_time=False) == built


@pytest.mark.usefixtures("built")
async def test_data_of_a_newer_server_are_not_opened_with_an_older_one(home: Path) -> None:
    remember_server(home, ServerBinary("server", Path("x"), "99.0.0"))
    with pytest.raises(SystemUnavailable, match=r"99\.0\.0"):
        await choose_server(Settings(home=home, cache=CACHE), virtual_time=False)


@pytest.mark.usefixtures("built")
async def test_the_built_server_grants_virtual_time(home: Path) -> None:
    assert await grants_virtual_time(built_server(Settings(home=home, cache=CACHE)))


def test_a_command_that_hides_its_version_is_no_server(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_on_path(home / "bin", monkeypatch, "some other temporal")
    assert server_on_path() is None


def test_versions_are_compared_as_numbers() -> None:
    assert may_skip_time(ServerBinary("cli", Path("x"), "1.100.0"))
    assert not may_skip_time(ServerBinary("cli", Path("x"), "1.4.0"))


async def test_an_external_cluster_needs_no_server_of_ours(home: Path) -> None:
    line = await prepare(Settings(home=home, cache=home, temporal_address="temporal.example:7233"), virtual_time=False)
    assert "temporal.example:7233" in line
