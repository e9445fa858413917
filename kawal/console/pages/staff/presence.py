"""Who else has a report open: a sentence on its page, told anew while the page is seen."""

from __future__ import annotations

from kawal.client.complaints import Complaints
from kawal.domain.messages import Actor
from kawal.domain.msgids import Sayable, msgid, sentence

_OPEN_TOO = msgid("{name} has this report open too.")


async def also_here(complaints: Complaints, reader: Actor, number: str) -> Sayable | None:
    """Return who of the colleagues has had a report open for longest; None where nobody else has."""
    record = complaints.record
    other = (await record.presences.others([number], reader.account, complaints.now())).get(number)
    return None if other is None else sentence(_OPEN_TOO, name=await record.accounts.name_of(other.account) or "–")
