"""What was found, as a table of models: as JSON where that is asked for, and in words where there is nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.tables import write_table

if TYPE_CHECKING:
    from pydantic import BaseModel

    from kawal.client.reading import Readings

Found = TypeVar("Found", bound="BaseModel")


def write_models(
    operator: Operator, found: Sequence[Found], columns: Sequence[str], row: Callable[[Found], Sequence[str]]
) -> None:
    """Write a row for each of these models under the columns' names (keys of labels.COLUMNS)."""
    if operator.json:
        operator.write_json([one.model_dump(mode="json") for one in found])
    elif found:
        write_table(columns, map(row, found), operator.lang)
    else:
        operator.write(operator.say("nothing_found"))


def of_agency(operator: Operator, read: Callable[[Readings, str], Awaitable[Sequence[Found]]]) -> Sequence[Found]:
    """Return what is read of the agency of `--instansi`, else of the only one; refused for one that does not exist."""

    async def work(complaints: Readings) -> Sequence[Found]:
        await operator.check_named(complaints)
        return await read(complaints, operator.instansi() or await complaints.default_instansi())

    return operator.with_record(work)
