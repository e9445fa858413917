"""A running system for the tests of personal data."""

from tests.audit.conftest import office

__all__ = ["office"]
