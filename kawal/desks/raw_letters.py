"""Letters as they came, for officials: a list without content, and the letter itself, both on record.

A letter's header names its writer, whatever the report says: so it is read by those who may know the reporter, and
for a stated purpose.
"""

from __future__ import annotations

from typing import Any

from kawal.client.reading import Readings
from kawal.domain.access import Act
from kawal.domain.messages import Actor
from kawal.domain.refusals import Refusal
from kawal.store.erasure_status import erasure_of
from kawal.store.raw_letters import RawLetter, RawLetterLine


class RawLetterDesk:
    """Shows the letters of complaints; everything raises Refusal, which is on record too, and KeyUnavailable."""

    def __init__(self, complaints: Readings, via: str) -> None:
        """Work through the client of a running system; `via` is the channel by which officials come ("cli", "http")."""
        self._complaints = complaints
        self._via = via

    async def list(self, tracking_id: str, actor: Actor, purpose: str | None) -> list[RawLetterLine]:
        """Return a complaint's letters in order: when each came, its size, and what of it was left out."""
        await self._allow(tracking_id, actor, purpose, {"what": "letters"}, identity=False)
        return await self._complaints.seen_by(actor).record.raw_letters.lines(tracking_id)

    async def open(self, tracking_id: str, number: int, actor: Actor, purpose: str | None) -> RawLetter:
        """Return a letter as it came, once its reading is on record; refused where there is none of that number."""
        await self._allow(tracking_id, actor, purpose, {"what": "letter", "letter": number}, identity=True)
        found = await self._complaints.seen_by(actor).record.raw_letters.raw(tracking_id, number)
        if found is None:
            raise Refusal("letter_unknown", tracking=tracking_id, number=number)
        return found

    async def _allow(
        self, tracking_id: str, actor: Actor, purpose: str | None, facts: dict[str, Any], *, identity: bool
    ) -> None:
        await self._complaints.authority.reading(
            actor, Act.READ_LETTER, tracking_id, via=self._via, purpose=purpose, identity=identity, facts=facts
        )
        if await erasure_of(self._complaints.pool, tracking_id) is not None:
            raise Refusal("erased", tracking=tracking_id)
