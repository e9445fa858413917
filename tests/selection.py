"""Which tests run: all of them, or with `--fast` those that need no server and take less than about half a second."""

from __future__ import annotations

from collections.abc import Sequence

import hypothesis
import pytest

NEEDING_SERVERS = {"temporal_server", "short_folder", "built"}
"""Fixtures that start servers, or give what a test needs to start them itself: all others that do ask for these."""

FEWER_EXAMPLES = 20


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--fast`."""
    parser.addoption("--fast", action="store_true", help="only tests without servers that are not marked slow")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples hypothesis tries, without a limit of time for one: that tells more of the machine."""
    hypothesis.settings.register_profile("kawal", parent=hypothesis.settings(), deadline=None)
    hypothesis.settings.register_profile(
        "fast", parent=hypothesis.settings.get_profile("kawal"), max_examples=FEWER_EXAMPLES
    )
    hypothesis.settings.load_profile("fast" if config.getoption("--fast") else "kawal")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not fast, where only that is asked for."""
    if config.getoption("--fast"):
        left_out = [item for item in items if not _is_fast(item)]
        items[:] = [item for item in items if _is_fast(item)]
        config.hook.pytest_deselected(items=left_out)


def _is_fast(item: pytest.Item) -> bool:
    fixtures: Sequence[str] = getattr(item, "fixturenames", ())
    return NEEDING_SERVERS.isdisjoint(fixtures) and item.get_closest_marker("slow") is None
