"""Tests that need Debian's packages beside Python; where one is missing they fail."""

from __future__ import annotations

from tests.cli.conftest import alone, english, running

__all__ = ["alone", "english", "running"]
