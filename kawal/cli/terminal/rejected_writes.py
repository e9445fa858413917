"""The alarm on an operator's lists: reports with a step that is not on record because the database refused it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kawal.cli.terminal.operator import Operator
    from kawal.client.reading import Readings


async def unrecorded(complaints: Readings, operator: Operator) -> int:
    """Return how many there are, of the operator's agency or of all."""

    return await complaints.record.unrecorded.count(operator.instansi())


def warn_of_unrecorded(operator: Operator, number: int) -> None:
    """Warn on standard error, where the list itself cannot show them."""
    if number:
        operator.note(operator.say("not_on_record", count=number))
