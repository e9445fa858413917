"""The console on the adapters' running Kawal."""

from __future__ import annotations

from tests.intake.conftest import office
from tests.workflows.conftest import open_office, open_shared_office

__all__ = ["office", "open_office", "open_shared_office"]
