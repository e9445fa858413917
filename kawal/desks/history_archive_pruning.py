"""Destroying archived histories whose retention is over: who may, for which agency, all of it on record."""

from __future__ import annotations

from kawal.client.reading import Readings
from kawal.domain.access import Act
from kawal.domain.messages import Actor
from kawal.store.history_archive_retention import PruneResult


async def prune_history_archive(complaints: Readings, instansi: str, actor: Actor) -> PruneResult:
    """Destroy the bodies of an agency's archived histories whose retention is over; raises Refusal, on record too.

    What is destroyed, and by whom, is written to the access log in the same transaction.
    """
    await complaints.authority.authorise(actor, Act.PRUNE_HISTORY_ARCHIVE, instansi)
    return await complaints.record.history_archive_retention.prune(
        actor, instansi, complaints.access_log, complaints.now()
    )
