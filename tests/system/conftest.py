"""Tests that need Debian's packages beside Python; where one is missing they fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import alone, english
from tests.cli.running import Kawal, running_on
from tests.intake.conftest import office
from tests.workflows.conftest import open_office

__all__ = ["alone", "english", "office", "open_office", "running"]


@pytest.fixture(scope="session")
def running(short_folder: Path) -> Iterator[Kawal]:
    """Yield the command line of a home on which `kawal up` runs for all tests of this folder."""
    with running_on(short_folder / "system") as kawal:
        yield kawal
