"""Letters that were only kept: read by those who oversee their agency, discarded by its admin, both on record.

Who wrote one, and about whom, nobody knows before: so it is read for a stated purpose, as a rahasia report is.
"""

from __future__ import annotations

from typing import Any

from kawal.client.complaints import Complaints
from kawal.client.refused import check_role, refusals_on_record
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.refusals import Refusal
from kawal.domain.seeing import OVERSEERS, stated
from kawal.store.access_log import AccessKind
from kawal.store.kept_letters import KeptLetter, KeptLetters


class LetterDesk:
    """Opens and discards kept letters; everything raises Refusal, which is on record too."""

    def __init__(self, complaints: Complaints) -> None:
        """Work through the client of a running system."""
        self._complaints = complaints
        self._letters = KeptLetters(complaints.pool, complaints.connection.keys)

    async def open(self, number: int, actor: Actor, purpose: str | None, via: str) -> bytes | None:
        """The raw letter, once its reading is on record; None if none of that number is kept."""
        line = await self._letters.find(number)
        if line is None:
            return None
        said = await self._checked("inbox open", line, actor, OVERSEERS, purpose)
        await self._on_record(AccessKind.READ_IDENTITY, line, actor, {"what": "kept_letter", "via": via}, said)
        return await self._letters.raw(number)

    async def discard(self, number: int, actor: Actor, grounds: str | None) -> bool:
        """Remove a letter for good; False if none of that number is kept."""
        line = await self._letters.find(number)
        if line is None:
            return False
        said = await self._checked("inbox discard", line, actor, (Role.ADMIN,), grounds)
        await self._on_record(AccessKind.ADMINISTERED, line, actor, {"what": "letter_discarded"}, said)
        return await self._letters.discard(number)

    async def _checked(
        self, name: str, line: KeptLetter, actor: Actor, allowed: tuple[Role, ...], said: str | None
    ) -> str:
        complaints = self._complaints
        await check_role(complaints.access_log, name, actor, allowed, complaints.now(), line.instansi)
        async with refusals_on_record(complaints.access_log, name, actor, complaints.now):
            purpose = stated(said)
            if purpose is None:
                raise Refusal("purpose_needed")
        return purpose

    async def _on_record(
        self, kind: AccessKind, line: KeptLetter, actor: Actor, facts: dict[str, Any], purpose: str
    ) -> None:
        complaints = self._complaints
        told = facts | {"letter": line.letter, "instansi": line.instansi, "why": str(line.why)}
        await complaints.access_log.append(kind, actor, complaints.now(), facts=told, words={"purpose": purpose})
