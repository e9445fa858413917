"""What the client's side refused goes into the access log: a validator's refusal leaves no trace in a history."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from kawal.domain.messages import Actor, Command
from kawal.domain.names import Role
from kawal.domain.process.commands import check_actor, printable
from kawal.domain.process.decide import UNREADABLE
from kawal.domain.refusals import Refusal
from kawal.store.access_log import AccessKind, AccessLog


async def record_refused_command(
    log: AccessLog, tracking_id: str, command: Command, refusal: Refusal, at: datetime
) -> None:
    """Put a refused command on record, what was sent sealed."""
    await log.append(
        AccessKind.REFUSED,
        _presentable(command.actor),
        at,
        tracking_id=printable(tracking_id[:20]),
        facts={"command": printable(command.name[:40]), "code": refusal.code},
        words=dict(refusal.details),
    )


async def record_refused_act(
    log: AccessLog, name: str, actor: Actor, refusal: Refusal, at: datetime, tracking_id: str | None = None
) -> None:
    """Put on record that something else was refused: codes alone, for there may be no complaint to seal words for."""
    facts = {"command": name, "code": refusal.code}
    await log.append(AccessKind.REFUSED, _presentable(actor), at, tracking_id=tracking_id, facts=facts)


@asynccontextmanager
async def refusals_on_record(
    log: AccessLog, name: str, actor: Actor, now: Callable[[], datetime], tracking_id: str | None = None
) -> AsyncIterator[None]:
    """Whatever the block refuses goes on record as a refused act of that name, and is raised."""
    try:
        yield
    except Refusal as refusal:
        await record_refused_act(log, name, actor, refusal, now(), tracking_id)
        raise


async def check_role(
    log: AccessLog, name: str, actor: Actor, allowed: Sequence[Role], at: datetime, instansi: str | None = None
) -> None:
    """Raise Refusal, on record, unless the actor has one of these roles, and in that agency where one is named."""
    refusal = None
    if actor.role not in allowed:
        refusal = Refusal("wrong_role", command=name, role=actor.role, allowed=", ".join(allowed))
    elif instansi is not None and actor.instansi not in (None, instansi):
        refusal = Refusal("wrong_instansi", instansi=instansi, actor=actor.instansi)
    if refusal is not None:
        await record_refused_act(log, name, actor, refusal, at)
        raise refusal


def _presentable(actor: Actor) -> Actor:
    """Whoever was refused, as far as they may stand in the record."""
    try:
        check_actor(actor)
    except Refusal:
        return Actor(role=actor.role, account=UNREADABLE)
    return actor
