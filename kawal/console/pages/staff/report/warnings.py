"""What an official should know before asking a reporter something: whether the reporter will hear of it, and how."""

from __future__ import annotations

from kawal.client.reachability import needs_template, reachability_of
from kawal.client.reading import Readings
from kawal.domain.messages import Snapshot
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.names import CommandName
from kawal.domain.reachability import UNREACHABLE

ASKING = frozenset({CommandName.HOLD, CommandName.ASK})
"""Commands to which the reporter's silence is an answer."""

_NOBODY_HEARS = msgid(
    "The reporter will not hear of this: {why}. Only whoever looks at the report's own page sees it, and the time runs."
)
_ONLY_A_TEMPLATE = msgid(
    "The reporter is told by WhatsApp and has not written for a day: only a template can be sent now, which says that "
    "there is a question, not what it is."
)


async def warnings_of(complaints: Readings, row: Snapshot, command: CommandName) -> list[Sayable]:
    """Return what to consider before a command is given; nothing for one that asks the reporter nothing."""
    if command not in ASKING:
        return []
    reached = await reachability_of(complaints, row.tracking_id)
    if not reached.is_told:
        return [sentence(_NOBODY_HEARS, why=UNREACHABLE[reached.why or "no_contact"])]
    return [_ONLY_A_TEMPLATE] if await needs_template(complaints, row.tracking_id) else []
