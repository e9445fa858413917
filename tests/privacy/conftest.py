"""A running system for the tests of what is held of persons."""

from tests.audit.conftest import office

__all__ = ["office"]
