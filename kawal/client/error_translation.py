"""The Python client's edge: it raises only Refusal and SystemUnavailable, never a driver's own error."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

import asyncpg

from kawal.base.engine_errors import engine_status
from kawal.base.error_redaction import words_of
from kawal.base.errors import SystemUnavailable
from kawal.base.log import log
from kawal.base.unavailable import SENTENCES, Part, as_unavailable
from kawal.domain.refusals import Refusal

S = TypeVar("S")
T = TypeVar("T")
P = ParamSpec("P")


def at_the_edge(
    method: Callable[Concatenate[S, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[S, P], Coroutine[Any, Any, T]]:
    """Make a method raise only Refusal and SystemUnavailable, whatever the layers below raise."""

    @functools.wraps(method)
    async def told(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await method(self, *args, **kwargs)
        except (Refusal, SystemUnavailable):
            raise
        except Exception as error:
            for_callers = as_unavailable(error) or _of_a_driver(error)
            if for_callers is None:
                raise
            raise for_callers from error

    return told


def _of_a_driver(error: Exception) -> SystemUnavailable | None:
    """Log a driver's error about the statement itself as our own fault; the caller sees it as an outage."""
    if engine_status(error) is not None:
        part = Part.ENGINE
    elif isinstance(error, (asyncpg.PostgresError, asyncpg.InterfaceError)):
        part = Part.DATABASE
    else:
        return None
    log.error("client_failed", part=part, what=words_of(error)[:200])
    return SystemUnavailable(SENTENCES[part])
