"""Which tests run, and in which order.

All of them, or with `--fast` those that need no server and take less than about half a second. Files that take long
come first, so that at the end no process has one of them left while the others have nothing to do.
"""

from __future__ import annotations

import gc
from collections.abc import Generator, Sequence
from pathlib import Path

import hypothesis
import pytest

TESTS = Path(__file__).parent

NEEDING_SERVERS = {"temporal_server", "short_folder", "built"}
"""Fixtures that start servers, or give what a test needs to start them itself: all others that do ask for these."""

FEWER_EXAMPLES = 20

LONGEST = (
    "rerun/test_rerun.py",
    "chaos/test_stalls.py",
    "cli/test_up.py",
    "chaos/test_kill.py",
    "matrix/test_matrix.py",
    "workflows/test_changed_meanwhile.py",
    "cli/test_letters.py",
    "chaos/test_wedged.py",
    "intake/files/test_killed.py",
    "intake/http/test_outages.py",
    "workflows/test_slow_writes.py",
    "intake/test_relay.py",
    "embedded/test_embedded.py",
    "audit/test_mutations.py",
    "cli/test_wheel.py",
    "cli/test_life.py",
    "workflows/test_strangers.py",
    "store/test_public_board.py",
    "workflows/test_long_lives.py",
    "workflows/test_reopening.py",
    "workflows/test_merge.py",
    "system/pages/test_pages.py",
    "system/test_mailboxes.py",
)
"""Files that take half a minute and more, the longest first (`pytest --durations 0`), and those that take a quarter and
would by their names come last; tests/system runs apart."""


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


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests are collected, nor later in what was: to look would be a quarter of the work."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest files first, and leave out what is not fast, where only that is asked for."""
    items.sort(key=_place)
    if config.getoption("--fast"):
        left_out = [item for item in items if not _is_fast(item)]
        items[:] = [item for item in items if _is_fast(item)]
        config.hook.pytest_deselected(items=left_out)


def _is_fast(item: pytest.Item) -> bool:
    fixtures: Sequence[str] = getattr(item, "fixturenames", ())
    return NEEDING_SERVERS.isdisjoint(fixtures) and item.get_closest_marker("slow") is None


def _place(item: pytest.Item) -> int:
    file = item.path.relative_to(TESTS).as_posix()
    return LONGEST.index(file) if file in LONGEST else len(LONGEST)
