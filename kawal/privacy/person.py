"""A person's complaints by any of their contacts, for those who answer their requests: to hand out, and to erase.

Each agency answers for its own complaints. Who asks, and for what, goes on record before anything is shown or done;
the contact itself does not: it would be a name in the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kawal.client.complaints import Complaints
from kawal.domain.access import Act, may
from kawal.domain.erasure import Basis, stated_ground
from kawal.domain.messages import Actor
from kawal.domain.refusals import Refusal
from kawal.privacy.erasing import Erasing, Objects, Outcome


class Asked(NamedTuple):
    """Whose complaints, by which contacts, and for what, in the words of who asks."""

    emails: Sequence[str]
    phones: Sequence[str]
    said: str


def asked_for(emails: Sequence[str], phones: Sequence[str], said: str) -> Asked:
    """Whose complaints are asked for, without contacts that say nothing; raises Refusal where none is left."""
    asked = Asked([one for one in emails if one.strip()], [one for one in phones if one.strip()], said)
    if not (asked.emails or asked.phones):
        raise Refusal("person_unnamed")
    return asked


class Persons:
    """Finds what is held of a person, and erases it."""

    def __init__(self, complaints: Complaints, objects: Objects) -> None:
        """Work through the client of a running system."""
        connected = complaints.system
        self._authority = complaints.authority
        self._contacts = connected.contacts
        self._backfill = connected.backfill
        self._erasing = Erasing(connected, objects)

    async def found(self, asked: Asked, actor: Actor, act: Act) -> list[str]:
        """The person's complaints in the actor's agency, the oldest first, for one of the acts; each goes on record.

        Reports of before contacts were noted are noted first. Raises Refusal, itself on record.
        """
        async with self._authority.refusals(actor, act):
            refusal = may(actor, act, purpose=asked.said)
            if refusal is not None:
                raise refusal
            said = stated_ground(asked.said)
        await self._backfill.run()
        reports = await self._contacts.reports_of(asked.emails, asked.phones, actor.instansi)
        for tracking_id in (*reports,) or (None,):
            facts = {"command": str(act), "via": "cli", "identity": True, "found": len(reports)}
            await self._authority.done(actor, act, facts, words={"purpose": said}, tracking_id=tracking_id)
        return reports

    async def would_erase(self, asked: Asked, actor: Actor) -> list[Outcome]:
        """What `erase` would do now; nothing is changed."""
        reports = await self.found(asked, actor, Act.ERASE_PERSON)
        return [await self._erasing.look(tracking_id) for tracking_id in reports]

    async def erase(self, asked: Asked, actor: Actor, basis: Basis) -> list[Outcome]:
        """Erase all of the person's complaints that may be erased; each that may not is told and goes on record.

        What an earlier erasure left half done is finished first. Raises Refusal, SystemUnavailable, and the errors of
        database and storage; done again it goes on.
        """
        await self._erasing.finish()
        reports = await self.found(asked, actor, Act.ERASE_PERSON)
        outcomes = []
        for tracking_id in reports:
            outcome = await self._erasing.erase(tracking_id, actor, basis, stated_ground(asked.said))
            outcomes.append(outcome)
            if not outcome.erased:
                await self._authority.refused(
                    actor, Act.ERASE_PERSON, outcome.code, tracking_id, possible_from=outcome.possible_from
                )
        return outcomes
