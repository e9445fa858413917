"""Descriptions of errors for logs and screens, without rows and without submitted values.

PostgreSQL's errors quote the refused row ("Failing row contains …"), errors about values repeat the value, and so do
pydantic's validation errors. Those rows and values contain what people wrote.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator

import asyncpg
from pydantic import ValidationError

_ABOUT_VALUES = "22"
"""The class of PostgreSQL's errors whose message repeats the offending value."""


def words_of(error: BaseException) -> str:
    """Return the error in one line, prefixed with its class name, without rows and values."""
    kind = type(error).__name__
    match error:
        case asyncpg.PostgresError():
            sqlstate, named = error.sqlstate or "", getattr(error, "constraint_name", None)
            if sqlstate.startswith(_ABOUT_VALUES):
                return f"{kind}: SQLSTATE {sqlstate}"
            said = str(error.args[0]) if error.args else ""
            return f"{kind}: constraint {named}" if named else f"{kind}: {said}"
        case asyncpg.DataError():
            return f"{kind}: an argument has another type than the query takes"
        case ValidationError():
            faults = (f"{'.'.join(map(str, one['loc']))} ({one['type']})" for one in error.errors(include_input=False))
            return f"{kind}: {error.title}: {', '.join(faults)}"
    return f"{kind}: {error}" if str(error) else kind


def traceback_of(error: BaseException) -> str:
    """Return the error's traceback and the errors that caused it, each described by `words_of`."""
    return "\n".join(_lines(error, set()))


def _lines(error: BaseException, told: set[int]) -> Iterator[str]:
    told.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in told:
        yield from _lines(before, told)
        yield "which led to:"
    yield "Traceback (most recent call last):"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip()
    yield words_of(error)
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            if id(one) not in told:
                yield from _lines(one, told)
