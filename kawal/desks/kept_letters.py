"""Letters that were only kept: read by those who oversee their agency, discarded by its admin, both on record.

Before a letter is read, nobody knows who wrote it and about whom: so it is read for a stated purpose, like a rahasia
report.
"""

from __future__ import annotations

from typing import Any

from kawal.client.reading import Readings
from kawal.domain.access import Act
from kawal.domain.messages import Actor
from kawal.store.kept_letters import KeptLetter


class LetterDesk:
    """Opens and discards kept letters; everything raises Refusal, which is on record too."""

    def __init__(self, complaints: Readings) -> None:
        """Work through the client of a running system."""
        self._authority = complaints.authority
        self._letters = complaints.record.kept_letters

    async def open(self, number: int, actor: Actor, purpose: str | None, via: str) -> bytes | None:
        """Return the raw letter, once its reading is on record; None if none of that number is kept."""
        line = await self._letters.find(number)
        if line is None:
            return None
        said = await self._authority.authorise(actor, Act.OPEN_LETTER, line.instansi, purpose=purpose)
        await self._on_record(actor, Act.OPEN_LETTER, line, {"what": "kept_letter", "via": via}, said)
        return await self._letters.raw(number)

    async def discard(self, number: int, actor: Actor, grounds: str | None) -> bool:
        """Delete a letter for good; return False if none of that number is kept."""
        line = await self._letters.find(number)
        if line is None:
            return False
        said = await self._authority.authorise(actor, Act.DISCARD_LETTER, line.instansi, purpose=grounds)
        await self._on_record(actor, Act.DISCARD_LETTER, line, {"what": "letter_discarded"}, said)
        return await self._letters.discard(number)

    async def _on_record(self, actor: Actor, act: Act, line: KeptLetter, facts: dict[str, Any], purpose: str) -> None:
        told = facts | {"letter": line.letter, "instansi": line.instansi, "why": str(line.why)}
        await self._authority.done(actor, act, told, words={"purpose": purpose})
