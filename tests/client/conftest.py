"""A running system for the tests of the client's side."""

from tests.workflows.conftest import office, open_office, open_shared_office

__all__ = ["office", "open_office", "open_shared_office"]
