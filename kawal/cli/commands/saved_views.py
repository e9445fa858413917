"""`kawal view`: the lists that whoever acts saved with their filters, in the role in which they act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.model_table import write_models
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Spec

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.desks.saved_views import OwnView, ViewResult


def _tell(operator: Operator, done: ViewResult) -> None:
    operator.write(operator.say("view_done", number=done.number))


def list_views(operator: Operator) -> None:
    """List the views of whoever acts, and those that colleagues share in the same role."""

    async def work(complaints: Readings) -> list[OwnView]:
        from kawal.desks.saved_views import views_of

        return await views_of(complaints, await operator.actor(complaints))

    views = operator.with_record(work)
    write_models(operator, views, ("id", "name", "address", "shared"), lambda one: _row(operator, one))


def _row(operator: Operator, one: OwnView) -> list[str]:
    return [str(one.number), one.name, one.address, operator.say("view_shared") if one.shared else "–"]


_NUMBERED = OptionLayout(places=frozenset({"number"}))

SPECS = (
    *desk_specs(
        "view",
        {
            "save": Form(_tell, typed=OptionLayout(places=frozenset({"name", "address"}))),
            "rename": Form(_tell, typed=OptionLayout(places=frozenset({"number", "name"}))),
            "move": Form(_tell, typed=_NUMBERED),
            "remove": Form(_tell, typed=_NUMBERED),
            "share": Form(_tell, typed=_NUMBERED),
        },
    ),
    Spec("list", list_views),
)
