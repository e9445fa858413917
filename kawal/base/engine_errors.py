"""The engine's errors, known without its SDK: where that was never imported, nothing of it can have been raised."""

from __future__ import annotations

import sys

ABOUT_THE_CALL = frozenset({"INVALID_ARGUMENT", "OUT_OF_RANGE"})
"""Names of the engine's answers that are about what was asked: asked again they are the same."""

_SDK = "temporalio.service"


def engine_error() -> type[Exception]:
    """Return the class of the engine's answers that are errors, and import the SDK for it."""
    from temporalio.service import RPCError

    return RPCError


def engine_status(error: BaseException) -> str | None:
    """Return the name of the status that the engine answered with; None for an error that is not the engine's."""
    if _SDK not in sys.modules or not isinstance(error, engine_error()):
        return None
    return str(error.status.name)  # type: ignore[attr-defined]  # an RPCError
