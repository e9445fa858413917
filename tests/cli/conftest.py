"""One running `kawal up` for the session, and a command line without any system."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Kawal, Up


@pytest.fixture(scope="session")
def running(short_folder: Path) -> Iterator[Kawal]:
    """Yield the command line of a home on which `kawal up` runs for all tests of this folder."""
    kawal = Kawal(short_folder / "cli")
    up = Up(kawal)
    try:
        up.wait_until_ready()
        yield kawal
    finally:
        assert up.stop() == 0, up.err.read_text()


@pytest.fixture(scope="session")
def english(running: Kawal) -> Kawal:
    """Return the same system's command line in English."""
    return Kawal(running.home, "en")


@pytest.fixture
def alone(home: Path) -> Kawal:
    """Return the command line of a home on which nothing runs."""
    return Kawal(home)
