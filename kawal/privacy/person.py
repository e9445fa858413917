"""A person's complaints by any of their contacts, for those who answer their requests: to hand out, and to erase.

Each agency answers for its own complaints. Who asks, and for what, goes on record before anything is shown or done;
the contact itself does not: it would be a name in the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from kawal.client.complaints import Complaints
from kawal.domain.erasure import Basis, check_keeper, stated_ground
from kawal.domain.messages import Actor
from kawal.domain.refusals import Refusal
from kawal.privacy.erasing import Erasing, Objects, Outcome
from kawal.store.access_log import AccessKind
from kawal.store.backfill import Backfill
from kawal.store.contacts import Contacts


class Asked(NamedTuple):
    """Whose complaints, by which contacts, and for what, in the words of who asks."""

    emails: Sequence[str]
    phones: Sequence[str]
    said: str


class Persons:
    """Finds what is held of a person, and erases it."""

    def __init__(self, complaints: Complaints, objects: Objects) -> None:
        """Work through the client of a running system."""
        connected = complaints.connection
        self._complaints = complaints
        self._contacts = Contacts(connected.pool, connected.keys)
        self._backfill = Backfill(connected.pool, connected.keys)
        self._erasing = Erasing(connected, objects)

    async def found(self, asked: Asked, actor: Actor, command: str, kind: AccessKind) -> list[str]:
        """The person's complaints in the actor's agency, the oldest first; each goes on record as `kind`.

        Reports of before contacts were noted are noted first. Raises Refusal, itself on record.
        """
        try:
            check_keeper(actor.role, command)
            said = stated_ground(asked.said)
        except Refusal as refusal:
            await self._record(AccessKind.REFUSED, actor, None, {"command": command, "code": refusal.code}, {})
            raise
        await self._backfill.run()
        reports = await self._contacts.reports_of(asked.emails, asked.phones, actor.instansi)
        for tracking_id in (*reports,) or (None,):
            facts = {"command": command, "via": "cli", "identity": True, "found": len(reports)}
            await self._record(kind, actor, tracking_id, facts, {"purpose": said})
        return reports

    async def would_erase(self, asked: Asked, actor: Actor) -> list[Outcome]:
        """What `erase` would do now; nothing is changed."""
        reports = await self.found(asked, actor, "person_erase", AccessKind.READ_IDENTITY)
        return [await self._erasing.look(tracking_id) for tracking_id in reports]

    async def erase(self, asked: Asked, actor: Actor, basis: Basis) -> list[Outcome]:
        """Erase all of the person's complaints that may be erased; each that may not is told and goes on record.

        What an earlier erasure left half done is finished first. Raises Refusal, SystemUnavailable, and the errors of
        database and storage; done again it goes on.
        """
        await self._erasing.finish()
        reports = await self.found(asked, actor, "person_erase", AccessKind.READ_IDENTITY)
        outcomes = []
        for tracking_id in reports:
            outcome = await self._erasing.erase(tracking_id, actor, basis, stated_ground(asked.said))
            outcomes.append(outcome)
            if not outcome.erased:
                facts = {"command": "person_erase", "code": outcome.code}
                if outcome.possible_from is not None:
                    facts["possible_from"] = outcome.possible_from.isoformat()
                await self._record(AccessKind.REFUSED, actor, tracking_id, facts, {})
        return outcomes

    async def _record(
        self, kind: AccessKind, actor: Actor, tracking_id: str | None, facts: dict[str, Any], words: dict[str, str]
    ) -> None:
        complaints = self._complaints
        await complaints.access_log.append(
            kind, actor, complaints.now(), tracking_id=tracking_id, facts=facts, words=words
        )
