"""Looking for complaints by words: public ones by their text for anyone, the others on record.

A report that is not public (rahasia, found by the blind index; not verified; supervised) is found only by those who
oversee its agency's complaints and say what for; the search itself, each report it finds, and every refusal stand in
the access log.
"""

from __future__ import annotations

from kawal.client.complaints import Complaints
from kawal.domain.access import Act, may, stated
from kawal.domain.checks import CheckResult, Similar
from kawal.domain.messages import Actor
from kawal.domain.refusals import Refusal
from kawal.store.word_search import Found

WORDS_LIMIT = 500
"""Characters that may be searched for."""


class Finding:
    """Finds complaints of a running system."""

    def __init__(self, complaints: Complaints) -> None:
        """Work through the client of a running system."""
        self._complaints = complaints
        self._authority = complaints.authority
        self._search = complaints.system.word_search
        self._index = complaints.system.blind_index

    async def public(self, words: str, instansi: str | None, most: int) -> list[Found]:
        """Public complaints with all of the words, the best first, of one agency or of all; for anyone."""
        return await self._search.public(_asked(words), instansi, most)

    async def withheld(self, words: str, actor: Actor, purpose: str | None, most: int, via: str) -> list[Found]:
        """Complaints of the actor's agency with all of the words that are not public, the latest first; on record.

        Raises Refusal, itself on record.
        """
        async with self._authority.refusals(actor, Act.FIND):
            asked, said = _asked(words), _allowed(actor, purpose)
        instansi = actor.instansi or await self._complaints.default_instansi()
        numbers = await self._index.with_all_words(instansi, asked, most)
        numbers += await self._search.unpublished(asked, instansi, most)
        found = (await self._search.these(numbers, instansi))[:most]
        told = {"words": asked, "purpose": said}
        for one in (*found,) or (None,):
            number = None if one is None else one.tracking_id
            facts = {"found": len(found)}
            await self._authority.found(actor, Act.FIND, number, via=via, facts=facts, words=told)
        return found

    async def advice(self, tracking_id: str, actor: Actor | None, via: str) -> CheckResult | None:
        """What the verifying admin is advised, likenesses to what is not public only for those who oversee it.

        Each one to a rahasia report goes on record. None where there is no advice (client.complaints).
        """
        advice = await self._complaints.advice(tracking_id)
        if advice is None or not advice.similar:
            return advice
        row = await self._complaints.snapshot(tracking_id)
        if actor is None or may(actor, Act.SEE_LIKENESSES, row.instansi) is not None:
            return advice.model_copy(update={"similar": await self._public_among(advice.similar)})
        for like in advice.similar:
            if like.rahasia:
                await self._authority.found(
                    actor, Act.SEE_LIKENESSES, like.tracking_id, via=via, facts={"of": tracking_id}
                )
        return advice

    async def _public_among(self, likes: list[Similar]) -> list[Similar]:
        public = await self._search.public_among([like.tracking_id for like in likes])
        return [like for like in likes if like.tracking_id in public and not like.rahasia]


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
