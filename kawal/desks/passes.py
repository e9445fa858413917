"""Issuing passes to officials and revoking them: who may, both on record in the access log."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import Field

from kawal.client.reading import Readings
from kawal.desks.arguments import AccessNumber, IssuePass
from kawal.desks.table import Desk
from kawal.desks.tokens import Revocation
from kawal.domain.access import OFFICIALS, Act
from kawal.domain.grants import GRANTS
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.refusals import Refusal


class NewPass(Actor):
    """A pass for an official, with its text, which is shown only this once."""

    id: int
    expires_at: datetime
    text: str = Field(serialization_alias="pass")


async def issue(desk: Desk, given: IssuePass) -> NewPass:
    """Issue a pass to an official of an agency that exists; raises Refusal."""
    check_holder(given.role)
    complaints = desk.complaints
    instansi = given.instansi or desk.named
    await complaints.check_instansi(instansi)
    holder = await complaints.actor(given.role, given.name, given.opd, instansi)
    expires_at = complaints.now() + timedelta(days=given.days)
    number, text = await PassOffice(complaints).issue(desk.actor, holder, expires_at)
    return NewPass(**holder.model_dump(), id=number, expires_at=expires_at, text=text)


async def revoke(desk: Desk, given: AccessNumber) -> Revocation:
    """End a pass for good; raises Refusal."""
    await PassOffice(desk.complaints).revoke(desk.actor, given.number)
    return Revocation(id=given.number)


def check_holder(role: Role) -> None:
    """Refuse a role that cannot use a pass."""
    if role not in OFFICIALS:
        raise Refusal("no_pass_for", role=role, allowed=", ".join(OFFICIALS))


def check_granted(by: Role, role: Role) -> None:
    """Refuse a role that whoever issues the pass could not grant a person: a pass is let in as that role."""
    granted = GRANTS.get(by, ())
    if role not in granted:
        raise Refusal("not_yours_to_grant", role=role, allowed=", ".join(granted) or "–")


class PassOffice:
    """Issues and revokes passes."""

    def __init__(self, complaints: Readings) -> None:
        """Work through the client of a running system."""
        self._complaints = complaints
        self._passes = complaints.record.passes

    async def issue(self, by: Actor, holder: Actor, expires_at: datetime) -> tuple[int, str]:
        """Issue a pass to an official; return its number and its text, which is shown only this once.

        Raises Refusal where the holder's role cannot use one, and (itself on record) where `by` may not.
        """
        check_holder(holder.role)
        await self._complaints.authority.authorise(by, Act.ISSUE_PASS, holder.instansi)
        async with self._complaints.authority.refusals(by, Act.ISSUE_PASS):
            check_granted(by.role, holder.role)
        number, text = await self._passes.issue(holder, expires_at)
        # On record before it is shown: a pass whose entry could not be written is known to nobody.
        facts = {"act": "pass_issued", "pass": number, "account": holder.account, "role": str(holder.role)}
        told = facts | {"expires_at": expires_at.isoformat()}
        await self._complaints.authority.done(by, Act.ISSUE_PASS, told)
        return number, text

    async def revoke(self, by: Actor, number: int) -> None:
        """End a pass for good; raises Refusal (itself on record) where `by` may not, or there is no such valid pass."""
        found = await self._passes.find(number)
        if found is None:
            raise Refusal("no_such_pass", number=number)
        await self._complaints.authority.authorise(by, Act.REVOKE_PASS, found.instansi)
        if not await self._passes.revoke(number):
            raise Refusal("no_such_pass", number=number)
        told = {"act": "pass_revoked", "pass": number, "account": found.account}
        await self._complaints.authority.done(by, Act.REVOKE_PASS, told)
