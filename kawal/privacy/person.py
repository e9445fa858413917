"""Finds a person's complaints by any of their contacts, so that requests to hand out or erase data can be answered.

Each agency answers for its own complaints. Who asks, and for what, is put on record before anything is shown or done;
the contact itself is not, for it would be a name in the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from kawal.client.complaints import Complaints
from kawal.domain.access import Act, may
from kawal.domain.erasure import Basis, stated_ground
from kawal.domain.messages import Actor
from kawal.domain.refusals import Refusal
from kawal.privacy.erasure import Eraser, Objects, Outcome
from kawal.store.supports import Support
from kawal.store.tray_erasure import erase_sent_by


class PersonRequest(NamedTuple):
    """Whose complaints are asked for, by which contacts, and for what, in the words of the official who asks."""

    emails: Sequence[str]
    phones: Sequence[str]
    said: str


def asked_for(emails: Sequence[str], phones: Sequence[str], said: str) -> PersonRequest:
    """Return whose complaints are asked for, without empty contacts; raises Refusal where no contact is left."""
    asked = PersonRequest([one for one in emails if one.strip()], [one for one in phones if one.strip()], said)
    if not (asked.emails or asked.phones):
        raise Refusal("person_unnamed")
    return asked


class Persons:
    """Finds the data held about a person, and erases them."""

    def __init__(self, complaints: Complaints, objects: Objects) -> None:
        """Work through the client of a running system."""
        self._system = connected = complaints.system
        self._authority = complaints.authority
        self._contacts = connected.contacts
        self._backfill = connected.backfill
        self._supports = connected.supports
        self._erasing = Eraser(connected, objects)

    async def found(self, asked: PersonRequest, actor: Actor, act: Act) -> list[str]:
        """Return the person's complaints in the actor's agency, the oldest first, for one of the acts; each on record.

        Reports from before contacts were noted are noted first. Raises Refusal, itself on record.
        """
        said = await self._allowed(asked, actor, act)
        await self._backfill.run()
        reports = await self._contacts.reports_of(asked.emails, asked.phones, actor.instansi)
        for tracking_id in (*reports,) or (None,):
            facts = {"command": str(act), "via": "cli", "identity": True, "found": len(reports)}
            await self._authority.done(actor, act, facts, words={"purpose": said}, tracking_id=tracking_id)
        return reports

    async def would_erase(self, asked: PersonRequest, actor: Actor) -> list[Outcome]:
        """Return what `erase` would do now; nothing is changed."""
        reports = await self.found(asked, actor, Act.ERASE_PERSON)
        return [await self._erasing.look(tracking_id) for tracking_id in reports]

    async def erase(self, asked: PersonRequest, actor: Actor, basis: Basis) -> list[Outcome]:
        """Erase all of the person's complaints that may be erased; report each that may not, on record.

        What an earlier erasure left half done is finished first. Raises Refusal, SystemUnavailable, and the errors of
        database and storage; a repeated call continues.
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

    async def erase_letters(self, asked: PersonRequest, actor: Actor, basis: Basis) -> int:
        """Delete the person's letters in the trays of the actor's agency, on record; return how many.

        Those that name a report which is not erased stay with it. Raises Refusal, itself on record.
        """
        said = await self._allowed(asked, actor, Act.ERASE_PERSON)
        letters = await erase_sent_by(
            self._system.pool,
            self._system.keys,
            [*asked.emails, *asked.phones],
            actor.instansi,
            actor.account,
            datetime.now(UTC),
            undecided=basis is not Basis.NOT_NEEDED,
        )
        if letters:
            facts = {"command": str(Act.ERASE_PERSON), "via": "cli", "letters": letters}
            await self._authority.done(actor, Act.ERASE_PERSON, facts, words={"purpose": said})
        return letters

    async def supports(self, asked: PersonRequest, actor: Actor) -> list[Support]:
        """Return the supports with any of the addresses, of reports of the actor's agency; on record if there are any.

        Raises Refusal, itself on record.
        """
        said = await self._allowed(asked, actor, Act.EXPORT_PERSON)
        found = await self._supports.of_address(asked.emails, actor.instansi)
        await self._supports_on_record(actor, Act.EXPORT_PERSON, len(found), said)
        return found

    async def erase_supports(self, asked: PersonRequest, actor: Actor) -> int:
        """End the supports with any of the addresses and delete these, on record; return how many.

        Raises Refusal, itself on record.
        """
        said = await self._allowed(asked, actor, Act.ERASE_PERSON)
        ended = await self._supports.erase_address(asked.emails, actor.instansi, datetime.now(UTC))
        await self._supports_on_record(actor, Act.ERASE_PERSON, len(ended), said)
        return len(ended)

    async def _supports_on_record(self, actor: Actor, act: Act, count: int, said: str) -> None:
        if count:
            facts = {"command": str(act), "via": "cli", "supports": count}
            await self._authority.done(actor, act, facts, words={"purpose": said})

    async def _allowed(self, asked: PersonRequest, actor: Actor, act: Act) -> str:
        """Return what is asked for in the form in which it is recorded; refuse, on record, whoever may not."""
        async with self._authority.refusals(actor, act):
            refusal = may(actor, act, purpose=asked.said)
            if refusal is not None:
                raise refusal
            return stated_ground(asked.said)
