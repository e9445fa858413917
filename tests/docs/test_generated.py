"""The documentation generated from the code's tables is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.generate import pages


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_a_generated_page_is_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == pages()[path], "run `python -m docs.generate`"
