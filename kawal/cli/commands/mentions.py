"""`kawal mention`: notes that name whoever acts, and that they were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Spec
from kawal.cli.terminal.tables import write_table
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
    if operator.json:
        operator.write_json([one.model_dump(mode="json") for one in mentions])
    elif mentions:
        write_table(("tracking_id", "note", "at", "by"), (_row(operator, one) for one in mentions), operator.lang)
    else:
        operator.write(operator.say("nothing_found"))


def _row(operator: Operator, one: WaitingMention) -> list[str]:
    who = " ".join(filter(None, (one.name, label(ROLES, one.role, operator.lang), one.opd)))
    return [one.tracking_id, str(one.note), show_instant(one.at, operator.lang), who]


SPECS = (
    *desk_specs("mention", {"read": Form(_tell_read, typed=OptionLayout(places=frozenset({"tracking_id", "note"})))}),
    Spec("list", list_mentions),
)
