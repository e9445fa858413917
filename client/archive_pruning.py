"""Destroying archived histories whose years are over: who may, of which agency, and all of it on record."""

from __future__ import annotations

from client.complaints import Complaints
from client.refused import record_refused_act
from domain.messages import Actor
from domain.names import Role
from domain.refusals import Refusal
from store.archive_retention import ArchiveRetention, Pruned

PRUNERS = (Role.ADMIN, Role.INSPECTORATE, Role.AUDITOR)
_COMMAND = "archives --prune"


async def prune_archives(complaints: Complaints, instansi: str, actor: Actor) -> Pruned:
    """Destroy the bodies of an agency's archived histories whose time is over; raises Refusal, which is on record too.

    What is destroyed, and by whom, stands in the access log, in the same transaction.
    """
    refusal = None
    if actor.role not in PRUNERS:
        refusal = Refusal("wrong_role", command=_COMMAND, role=actor.role, allowed=", ".join(PRUNERS))
    elif actor.instansi not in (None, instansi):
        refusal = Refusal("wrong_instansi", instansi=instansi, actor=actor.instansi)
    if refusal is not None:
        await record_refused_act(complaints.access_log, _COMMAND, actor, refusal, complaints.now())
        raise refusal
    return await ArchiveRetention(complaints.pool).prune(actor, instansi, complaints.access_log, complaints.now())
