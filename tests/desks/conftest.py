"""A running Kawal for the desks' commands that complaints hear."""

from tests.intake.conftest import office
from tests.workflows.conftest import open_office, open_shared_office

__all__ = ["office", "open_office", "open_shared_office"]
