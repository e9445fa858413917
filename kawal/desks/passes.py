"""Giving officials passes and ending them: who may, and both on record in the access log."""

from __future__ import annotations

from datetime import datetime

from kawal.client.complaints import Complaints
from kawal.client.refused import check_role, record_refused_act
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.refusals import Refusal
from kawal.store.access_log import AccessKind
from kawal.store.passes import Passes

ISSUERS = (Role.ADMIN, Role.INSPECTORATE)
"""Who may issue and revoke passes, each within the agency in which the role is held."""

HOLDERS = (Role.ADMIN, Role.LIAISON, Role.INSPECTORATE, Role.AUDITOR, Role.LEADERSHIP, Role.NATIONAL)
"""Who may hold one: officials. Reporters have their tracking secret, adapters their token."""


def check_holder(role: Role) -> None:
    """Refuse a role that has no use for a pass."""
    if role not in HOLDERS:
        raise Refusal("no_pass_for", role=role, allowed=", ".join(HOLDERS))


class PassOffice:
    """Issues and revokes passes."""

    def __init__(self, complaints: Complaints) -> None:
        """Work through the client of a running system."""
        self._complaints = complaints
        self._passes = Passes(complaints.pool, complaints.connection.keys)

    async def issue(self, by: Actor, holder: Actor, expires_at: datetime) -> tuple[int, str]:
        """Make a pass for an official; its number and its text, told this once.

        Raises Refusal where the holder's role has no use for one, and (itself on record) where `by` may not.
        """
        check_holder(holder.role)
        await self._check(by, "pass_issue", holder.instansi)
        number, text = await self._passes.issue(holder, expires_at)
        # On record before it is told: a pass whose entry could not be written is known to nobody.
        facts = {"act": "pass_issued", "pass": number, "account": holder.account, "role": str(holder.role)}
        await self._record(by, facts | {"expires_at": expires_at.isoformat()})
        return number, text

    async def revoke(self, by: Actor, number: int) -> None:
        """End a pass for good; raises Refusal (itself on record) where `by` may not, or none of that number holds."""
        found = await self._passes.find(number)
        if found is None:
            raise Refusal("no_such_pass", number=number)
        await self._check(by, "pass_revoke", found.instansi)
        if not await self._passes.revoke(number):
            raise Refusal("no_such_pass", number=number)
        await self._record(by, {"act": "pass_revoked", "pass": number, "account": found.account})

    async def _check(self, by: Actor, command: str, instansi: str | None) -> None:
        log, now = self._complaints.access_log, self._complaints.now()
        await check_role(log, command, by, ISSUERS, now)
        if by.instansi != instansi:
            refusal = Refusal("pass_elsewhere", instansi=instansi or "–", actor=by.instansi)
            await record_refused_act(log, command, by, refusal, now)
            raise refusal

    async def _record(self, by: Actor, facts: dict[str, object]) -> None:
        await self._complaints.access_log.append(AccessKind.ADMINISTERED, by, self._complaints.now(), facts=facts)
