"""`kawal replies`: what a reporter said and nobody needs to act on, noted as read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.operator import Operator

if TYPE_CHECKING:
    from kawal.desks.replies import ReplyNote


def _tell_read(operator: Operator, done: ReplyNote) -> None:
    operator.write(operator.say("reply_read", number=done.event, id=done.tracking_id))


SPECS = desk_specs(
    "replies", {"read": Form(_tell_read, typed=OptionLayout(places=frozenset({"tracking_id", "event"})))}
)
