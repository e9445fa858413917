"""Deputies: named by the absent or by whoever grants the role, with dates that end by themselves; one step deep."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from kawal.desks.account_arguments import DeputyNumber, NameDeputy
from kawal.desks.accounts import known
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.calendar import local_day
from kawal.domain.grants import DeputyRequest, may_end_deputy, may_name_deputy
from kawal.domain.refusals import Refusal
from kawal.store.people import RoleGrant


class DeputyNamed(BaseModel):
    """A deputyship; days of Asia/Jakarta, both inclusive."""

    number: int
    held_role: int
    deputy: str
    first: date
    last: date


class DeputyEnd(BaseModel):
    """A deputyship that has ended."""

    number: int


async def name_deputy(desk: Desk, given: NameDeputy) -> DeputyNamed:
    """Let somebody stand in for the holder of a role; raises Refusal, itself on record."""
    complaints, record = desk.complaints, desk.complaints.record
    held = await record.people.held(given.number)
    today = local_day(complaints.now())
    if held is None or held.ended_at is not None or (held.until is not None and held.until < today):
        raise Refusal("no_such_role", number=given.number)
    deputy = await known(desk, given.login)
    await complaints.authority.authorise(desk.actor, Act.NAME_DEPUTY, held.actor.instansi)
    async with complaints.authority.refusals(desk.actor, Act.NAME_DEPUTY):
        asked = DeputyRequest(held.actor, deputy.id, given.first, given.last)
        refusal = may_name_deputy(desk.actor, asked, today) or await _from_elsewhere(desk, held, deputy.id)
        if refusal is not None:
            raise refusal
    number = await record.deputies.name(
        held.id, held.actor, deputy, given.first, given.last, desk.actor.account, complaints.now()
    )
    facts = {
        "act": "deputy_named",
        "deputy": number,
        "held": held.id,
        "person": deputy.id,
        "first": given.first.isoformat(),
        "last": given.last.isoformat(),
    }
    await complaints.authority.done(desk.actor, Act.NAME_DEPUTY, facts)
    return DeputyNamed(number=number, held_role=held.id, deputy=deputy.id, first=given.first, last=given.last)


async def end_deputy(desk: Desk, given: DeputyNumber) -> DeputyEnd:
    """End a deputyship before its last day; raises Refusal, itself on record."""
    complaints, deputies = desk.complaints, desk.complaints.record.deputies
    found = await deputies.find(given.number)
    held = None if found is None else await complaints.record.people.held(found.held_role)
    if found is None or held is None:
        raise Refusal("no_such_deputy", number=given.number)
    await complaints.authority.authorise(desk.actor, Act.END_DEPUTY, held.actor.instansi)
    async with complaints.authority.refusals(desk.actor, Act.END_DEPUTY):
        refusal = may_end_deputy(desk.actor, held.actor, found.deputy)
        if refusal is not None:
            raise refusal
        if not await deputies.end(given.number):
            raise Refusal("no_such_deputy", number=given.number)
    await complaints.authority.done(desk.actor, Act.END_DEPUTY, {"act": "deputy_ended", "deputy": given.number})
    return DeputyEnd(number=given.number)


async def _from_elsewhere(desk: Desk, held: RoleGrant, deputy: str) -> Refusal | None:
    """Return the refusal of a deputy who holds no role of their own in the agency."""
    roles = await desk.complaints.record.people.roles_of(deputy, local_day(desk.complaints.now()))
    own = {one.actor.instansi for one in roles if one.actor.deputy_for is None}
    known_here = bool(own) if held.actor.instansi is None else held.actor.instansi in own
    return None if known_here else Refusal("deputy_elsewhere", instansi=held.actor.instansi or "–")
