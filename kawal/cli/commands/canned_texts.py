"""`kawal canned`: the texts that an agency keeps for its officials' forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.model_table import of_agency, write_models
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Spec
from kawal.cli.wording.labels import label
from kawal.domain.labels import STATUSES
from kawal.domain.record_labels import COMMANDS

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.desks.canned_texts import CannedTextResult
    from kawal.store.canned_texts import CannedText


def _tell_added(operator: Operator, done: CannedTextResult) -> None:
    operator.write(operator.say("canned_added", number=done.number))


def _tell_changed(operator: Operator, done: CannedTextResult) -> None:
    operator.write(operator.say("canned_changed", number=done.number))


def _tell_removed(operator: Operator, done: CannedTextResult) -> None:
    operator.write(operator.say("canned_removed", number=done.number))


def list_texts(operator: Operator) -> None:
    """List the agency's texts."""

    async def read(complaints: Readings, instansi: str) -> list[CannedText]:
        return await complaints.record.canned_texts.all(instansi)

    columns = ("id", "command", "status", "category", "title", "body")
    write_models(operator, of_agency(operator, read), columns, lambda one: _row(operator, one))


def _row(operator: Operator, one: CannedText) -> list[str]:
    return [
        str(one.number),
        label(COMMANDS, one.command, operator.lang),
        label(STATUSES, one.status or "", operator.lang) or "–",
        one.category or "–",
        one.title,
        one.text,
    ]


SPECS = (
    *desk_specs(
        "canned",
        {
            "add": Form(_tell_added, typed=OptionLayout(places=frozenset({"command"}))),
            "change": Form(_tell_changed, typed=OptionLayout(places=frozenset({"number"}))),
            "remove": Form(_tell_removed, typed=OptionLayout(places=frozenset({"number"}))),
        },
    ),
    Spec("list", list_texts),
)
