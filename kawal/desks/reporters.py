"""Speaking for a reporter who is present or calls: the front desk passes on a reply, a verdict, or what to conceal.

The desk asks for the access code, or for a contact without being shown the one on record, and never speaks on a report
on which the same person acted as an official. The reporter is told at once, by every contact there is. Source: the
project's own policy [P], rule "Who speaks for a reporter". In the same way it changes an access code that was lost or
that others have come to know.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel

from kawal.client.complaints import Complaints
from kawal.client.reading import Readings
from kawal.client.reporter_access import ReporterAccess
from kawal.desks.arguments import ChangeCode
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.calendar import local_day
from kawal.domain.messages import Actor, Answer, Behalf, Command
from kawal.domain.names import Channel, CommandName, Spokesman
from kawal.domain.persons import ACTING, person_of
from kawal.domain.process.command_parser import parse
from kawal.domain.process.commands import check_idempotency_key
from kawal.domain.refusals import Refusal
from kawal.wording.links import report_access

STAMP_MOST_DAYS = 14
"""How many days back the stamp of a paper may be that is registered now."""


class Recognition(BaseModel):
    """How the desk knows that it is the reporter, and on what paper the act rests, if on any."""

    code: str | None = None
    contact: str | None = None
    stamp: date | None = None
    grounds: str | None = None
    """Why a paper of an earlier day is registered only now."""


class ReporterDesk:
    """Gives reporters' commands at the front desk; everything raises Refusal, which is on record too."""

    def __init__(self, complaints: Complaints) -> None:
        """Work through the client of a running system."""
        self._complaints = complaints

    async def speak(
        self,
        tracking_id: str,
        name: CommandName,
        actor: Actor,
        arguments: dict[str, Any],
        idempotency_key: str,
        known: Recognition,
        *,
        if_seq: int | None = None,
    ) -> Answer:
        """Give a reporter's command for the reporter; the same `idempotency_key` has the same answer.

        `if_seq` is the last event that the desk saw; what is kept because the engine is away counts without it.
        """
        check_idempotency_key(idempotency_key)
        # Another agency's desk is refused before it learns whose contact is on record.
        agency = await self._complaints.record.complaint_rows.agency_of(tracking_id)
        await self._complaints.authority.authorise(actor, Act.SPEAK, agency)
        async with self._complaints.authority.refusals(actor, Act.SPEAK, tracking_id):
            await check_recognised(self._complaints, tracking_id, actor, known)
            behalf = self._behalf(known)
        command = Command(
            name=name,
            actor=actor,
            arguments=arguments,
            idempotency_key=idempotency_key,
            behalf=behalf,
            if_seq=if_seq,
        )
        parse(command)
        return await self._complaints.of_reporters.send(tracking_id, command, Channel.WALK_IN)

    def _behalf(self, known: Recognition) -> Behalf:
        today = local_day(self._complaints.now())
        if known.stamp is not None and not today - timedelta(days=STAMP_MOST_DAYS) <= known.stamp <= today:
            raise Refusal("stamp_out_of_reach", most=STAMP_MOST_DAYS)
        if known.stamp is not None and known.stamp < today and not (known.grounds or "").strip():
            raise Refusal("stamp_needs_grounds")
        return Behalf(via=Spokesman.DESK, stamp=known.stamp, grounds=known.grounds)


class NewCode(BaseModel):
    """A report's new access code: the old one and every link made of it have ended."""

    tracking_id: str
    secret: str
    link: str | None
    """None where the public address is not known."""


async def change_code(desk: Desk, given: ChangeCode) -> NewCode:
    """Change a reporter's access code for the reporter, who gets the new one; raises Refusal, itself on record."""
    complaints, number = desk.complaints, given.tracking_id
    agency = await complaints.record.complaint_rows.agency_of(number)
    await complaints.authority.authorise(desk.actor, Act.CHANGE_CODE, agency)
    async with complaints.authority.refusals(desk.actor, Act.CHANGE_CODE, number):
        known = Recognition(code=given.access_code, contact=given.contact)
        await check_recognised(complaints, number, desk.actor, known)
    secret = await ReporterAccess(complaints).change_code(number, complaints.now(), desk.actor)
    return NewCode(**report_access(complaints.settings.public_url, number, secret)._asdict())


async def check_recognised(complaints: Readings, tracking_id: str, actor: Actor, known: Recognition) -> None:
    """Refuse an act for a reporter who was not recognised, and by somebody who acted on the report themselves."""
    await _must_know(complaints, tracking_id, known)
    await _must_not_have_acted(complaints, tracking_id, actor)


async def _must_know(complaints: Readings, tracking_id: str, known: Recognition) -> None:
    if not await complaints.has(tracking_id):
        raise Refusal("unknown_complaint", tracking=tracking_id[:20])
    access = ReporterAccess(complaints)
    if known.code is not None and await access.has_secret(tracking_id, known.code):
        return
    if known.contact is not None and await access.has_contact(tracking_id, known.contact):
        return
    raise Refusal("code_or_contact")


async def _must_not_have_acted(complaints: Readings, tracking_id: str, actor: Actor) -> None:
    if person_of(actor.account) in await complaints.ledger.acted(tracking_id, ACTING):
        raise Refusal("acted_on_it")
