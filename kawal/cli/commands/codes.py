"""`kawal code`: the front desk changes a reporter's access code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.operator import Operator

if TYPE_CHECKING:
    from kawal.desks.reporters import NewCode


def _tell_changed(operator: Operator, new: NewCode) -> None:
    operator.write(operator.say("code_changed", id=new.tracking_id))
    operator.write(operator.say("access_code", code=new.secret))
    if new.link is not None:
        operator.write(operator.say("access_link", link=new.link))


SPECS = desk_specs(
    "code",
    {
        "change": Form(
            _tell_changed, typed=OptionLayout(places=frozenset({"tracking_id"}), flags={"access_code": "--code"})
        )
    },
)
