"""What whoever verifies a report is advised: its workflow keeps it, so that the engine is asked.

Likenesses to reports that are not public are for those who oversee them, and each to a rahasia one goes on record.
"""

from __future__ import annotations

from kawal.client.complaints import Complaints
from kawal.domain.access import Act, may
from kawal.domain.checks import CheckResult, SimilarReport
from kawal.domain.messages import Actor


class Adviser:
    """Gives the advice on complaints of a running system."""

    def __init__(self, complaints: Complaints) -> None:
        """Work through the client of a running system."""
        self._complaints = complaints
        self._authority = complaints.authority
        self._search = complaints.system.word_search

    async def advice(self, tracking_id: str, actor: Actor | None, via: str) -> CheckResult | None:
        """Return the suggestion for the verifying admin; only overseers get similar complaints that are not public.

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

    async def _public_among(self, likes: list[SimilarReport]) -> list[SimilarReport]:
        public = await self._search.public_among([like.tracking_id for like in likes])
        return [like for like in likes if like.tracking_id in public and not like.rahasia]
