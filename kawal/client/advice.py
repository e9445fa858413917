"""What whoever verifies a report is advised, read from the record: neither the engine nor a worker is asked.

It tells of the report's words, so that it is a reading like others, on record before anything is shown. Likenesses to
reports that are not public are for those who oversee them, and each to a rahasia one goes on record.
"""

from __future__ import annotations

from kawal.client.reading import Readings
from kawal.domain.access import Act, may
from kawal.domain.checks import CheckResult, SimilarReport
from kawal.domain.messages import Actor, Place, Snapshot
from kawal.store.advice import advice_of
from kawal.store.similar_reports import ComparedReport, public_likenesses


class Adviser:
    """Gives the advice on complaints."""

    def __init__(self, readings: Readings) -> None:
        """Read the record, or through the client of a running system."""
        self._readings = readings
        self._authority = readings.authority

    async def advice(self, tracking_id: str, actor: Actor, purpose: str | None, via: str) -> CheckResult | None:
        """Return the advice for the verifying admin; only overseers get similar complaints that are not public.

        Of a rahasia report for a purpose only. Each likeness to a rahasia report goes on record, too. None where there
        is no advice (yet). Raises Refusal, itself on record.
        """
        row = await self._authority.reading(actor, Act.READ_ADVICE, tracking_id, via=via, purpose=purpose)
        advice = await advice_of(self._readings.seen_by(actor).pool, tracking_id)
        if advice is None or not advice.similar:
            return advice
        if may(actor, Act.SEE_LIKENESSES, row.instansi) is not None:
            return advice.model_copy(update={"similar": await self._public_ones(row)})
        for like in advice.similar:
            if like.rahasia:
                await self._authority.found(
                    actor, Act.SEE_LIKENESSES, like.tracking_id, via=via, facts={"of": tracking_id}
                )
        return advice

    async def _public_ones(self, row: Snapshot) -> list[SimilarReport]:
        """Return likenesses as anybody could find them: also their distances tell no more than the public knows."""
        words = (await self._readings.history(row.tracking_id))[0].words
        text, place = (
            f"{words.get('title', '')}\n{words.get('text', '')}",
            Place.model_validate(words.get("place") or {}),
        )
        compared = ComparedReport(row.instansi, row.tracking_id, text, place, row.received_at)
        async with self._readings.pool.acquire() as conn:
            return await public_likenesses(conn, compared)
