"""One running `kawal up` for the session, and a command line without any system."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Kawal, running_on


@pytest.fixture(scope="session")
def running(short_folder: Path) -> Iterator[Kawal]:
    """Yield the command line of a home on which `kawal up` runs for all tests of this folder."""
    with running_on(short_folder / "cli") as kawal:
        yield kawal


@pytest.fixture(scope="session")
def english(running: Kawal) -> Kawal:
    """Return the same system's command line in English."""
    return Kawal(running.home, "en")


@pytest.fixture
def alone(home: Path) -> Kawal:
    """Return the command line of a home on which nothing runs."""
    return Kawal(home)
