"""Searching complaints by words: public ones by their text, for anyone; the others on record.

A report that is not public (not verified; supervised; rahasia, found by the blind index, or before an official decided
on it by looking into it) is found only by those who oversee its agency's complaints and state a purpose; the search
itself, each report it finds, and every refusal are in the access log.
"""

from __future__ import annotations

from kawal.client.reading import Readings
from kawal.domain.access import Act, may, stated
from kawal.domain.messages import Actor
from kawal.domain.refusals import Refusal
from kawal.store.word_search import FoundComplaint

WORDS_LIMIT = 500
"""The most characters of a search."""


class ComplaintSearch:
    """Finds complaints of an installation."""

    def __init__(self, complaints: Readings) -> None:
        """Look in the record of an installation."""
        self._complaints = complaints
        self._authority = complaints.authority
        self._search = complaints.record.word_search
        self._index = complaints.record.blind_index
        self._undecided = complaints.record.undecided_reports

    async def public(self, words: str, instansi: str | None, most: int) -> list[FoundComplaint]:
        """Return public complaints with all of the words, the best match first, of one agency or of all; for anyone."""
        return await self._search.public(_asked(words), instansi, most)

    async def withheld(
        self, words: str, actor: Actor, purpose: str | None, most: int, via: str
    ) -> list[FoundComplaint]:
        """Return complaints of the actor's agency with all of the words that are not public, latest first; on record.

        Raises Refusal, itself on record.
        """
        async with self._authority.refusals(actor, Act.FIND):
            asked, said = _asked(words), _allowed(actor, purpose)
        instansi = actor.instansi or await self._complaints.default_instansi()
        numbers = await self._index.with_all_words(instansi, asked, most)
        numbers += await self._undecided.with_all_words(instansi, asked, most)
        numbers += await self._search.unpublished(asked, instansi, most)
        found = (await self._search.these(numbers, instansi))[:most]
        told = {"words": asked, "purpose": said}
        for one in (*found,) or (None,):
            number = None if one is None else one.tracking_id
            facts = {"found": len(found)}
            await self._authority.found(actor, Act.FIND, number, via=via, facts=facts, words=told)
        return found


def _allowed(actor: Actor, purpose: str | None) -> str:
    said = stated(purpose)
    refusal = may(actor, Act.FIND, purpose=said)
    if refusal is not None:
        raise refusal
    return said or ""


def _asked(words: str) -> str:
    if not words.strip() or len(words) > WORDS_LIMIT or "\x00" in words:
        raise Refusal("search_words", most=WORDS_LIMIT)
    return words.encode("utf-8", "replace").decode()
