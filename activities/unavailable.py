"""Errors for what is unavailable, by the types that waiting workflows know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from temporalio.exceptions import ApplicationError

from kawal.base.unavailable import Part, unavailable

TYPES = {
    Part.DATABASE: ("DatabaseUnavailable", "the database cannot be reached"),
    Part.MACHINE: ("DatabaseUnavailable", "the database cannot be reached"),
    Part.ENGINE: ("EngineUnavailable", "the engine does not answer"),
    Part.KEYS: ("KeyUnavailable", "a key is unavailable"),
    Part.STORAGE: ("StorageUnavailable", "the attachments' store cannot be reached"),
}
"""The error's type, which decides a workflow's retries, and its text."""


@contextmanager
def application_errors() -> Iterator[None]:
    """Raise what is unavailable as an ApplicationError (retryable) of the type that TYPES names."""
    try:
        yield
    except Exception as error:
        part = None if isinstance(error, ApplicationError) else unavailable(error)
        if part is None:
            raise
        name, text = TYPES[part]
        raise ApplicationError(text, type=name) from error
