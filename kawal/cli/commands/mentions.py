"""`kawal mention`: notes that name whoever acts, and that they were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.model_table import write_models
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Spec
from kawal.cli.wording.labels import ROLES, label

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.desks.mentions import MentionResult, WaitingMention


def _tell_read(operator: Operator, done: MentionResult) -> None:
    operator.write(operator.say("mention_read", number=done.note, id=done.tracking_id))


def list_mentions(operator: Operator) -> None:
    """List the notes that name whoever acts and wait; what they say is read with `kawal note list`."""

    async def work(complaints: Readings) -> list[WaitingMention]:
        from kawal.desks.mentions import waiting_for

        return await waiting_for(complaints, await operator.actor(complaints))

    mentions = operator.with_record(work)
    write_models(operator, mentions, ("tracking_id", "note", "at", "by"), lambda one: _row(operator, one))


def _row(operator: Operator, one: WaitingMention) -> list[str]:
    who = " ".join(filter(None, (one.name, label(ROLES, one.role, operator.lang), one.opd)))
    return [one.tracking_id, str(one.note), show_instant(one.at, operator.lang), who]


SPECS = (
    *desk_specs("mention", {"read": Form(_tell_read, typed=OptionLayout(places=frozenset({"tracking_id", "note"})))}),
    Spec("list", list_mentions),
)
