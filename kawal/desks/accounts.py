"""People and their roles: entered, granted, ended; and the one-time links by which they set up how to sign in."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel

from kawal.client.reading import Readings
from kawal.desks.account_arguments import GrantRole, HeldRoleNumber, InvitePerson, PersonChoice, RoleChoice
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.calendar import local_day
from kawal.domain.grants import may_grant, may_link
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.refusals import Refusal
from kawal.store.people import LoginTaken, Person

LINK_PATH = "/masuk/tautan/"

_WITHOUT_AGENCY = (Role.NATIONAL, Role.AUDITOR)
"""Roles that may be held in no agency, and so in all."""


class LinkMade(BaseModel):
    """A one-time link, shown only now."""

    person: str | None
    login: str | None
    link: str
    expires_at: datetime


class RoleGranted(BaseModel):
    """A role that somebody holds from now on."""

    number: int
    person: str
    role: Role
    opd: str | None
    instansi: str | None
    until: date | None


class Invitation(RoleGranted, LinkMade):
    """Somebody who was entered, with the first role and the link."""

    person: str
    login: str


class RoleEnd(BaseModel):
    """A role that somebody holds no longer."""

    number: int


async def invite(desk: Desk, given: InvitePerson) -> Invitation:
    """Enter a person with a first role and make their link; raises Refusal, itself on record."""
    complaints, people = desk.complaints, desk.complaints.record.people
    instansi = await _checked(desk, given, Act.INVITE_PERSON, to="")
    async with complaints.authority.refusals(desk.actor, Act.INVITE_PERSON):
        try:
            person = await people.enter(given.name, given.login)
        except LoginTaken:
            raise Refusal("login_taken") from None
    granted = await _granted(desk, person, given, instansi, Act.INVITE_PERSON)
    made = await make_link(desk, person, Act.INVITE_PERSON)
    return Invitation(**made.model_dump() | granted.model_dump())


async def grant(desk: Desk, given: GrantRole) -> RoleGranted:
    """Let somebody hold a further role, or one of theirs until another day; raises Refusal, itself on record."""
    person = await known(desk, given.login)
    instansi = await _checked(desk, given, Act.GRANT_ROLE, to=person.id)
    return await _granted(desk, person, given, instansi, Act.GRANT_ROLE)


async def end_role(desk: Desk, given: HeldRoleNumber) -> RoleEnd:
    """End a held role, and every deputyship for it; raises Refusal, itself on record."""
    people = desk.complaints.record.people
    held = await people.held(given.number)
    if held is None:
        raise Refusal("no_such_role", number=given.number)
    await desk.complaints.authority.authorise(desk.actor, Act.END_ROLE, held.actor.instansi)
    async with desk.complaints.authority.refusals(desk.actor, Act.END_ROLE):
        _raise(may_grant(desk.actor, held.actor.role, held.actor.instansi, held.person))
        if not await people.end_role(given.number):
            raise Refusal("no_such_role", number=given.number)
    facts = {"act": "role_ended", "held": given.number, "account": held.actor.account}
    await desk.complaints.authority.done(desk.actor, Act.END_ROLE, facts)
    return RoleEnd(number=given.number)


async def link(desk: Desk, given: PersonChoice) -> LinkMade:
    """Make a new link for somebody who lost what they signed in with; raises Refusal, itself on record."""
    person = await known(desk, given.login)
    await desk.complaints.authority.authorise(desk.actor, Act.ISSUE_LINK, desk.actor.instansi)
    async with desk.complaints.authority.refusals(desk.actor, Act.ISSUE_LINK):
        _raise(await link_refusal(desk.complaints, desk.actor, person.id))
    return await make_link(desk, person, Act.ISSUE_LINK)


async def link_refusal(complaints: Readings, by: Actor, person: str) -> Refusal | None:
    """Return why somebody may not let a person in by a link, by what the person holds and stands in for by now."""
    record, today = complaints.record, local_day(complaints.now())
    own = [one.actor for one in await record.people.roles_of(person, today) if one.actor.deputy_for is None]
    standing_in = [one.actor for one in await record.deputies.of(person, today) if one.deputy == person]
    return may_link(by, own, standing_in, person)


async def make_link(desk: Desk, person: Person, act: Act) -> LinkMade:
    """Make a link, on record before it is shown."""
    text, expires_at = await desk.complaints.record.sign_in_links.make(person.id, desk.actor.account)
    facts = {"act": "link_made", "person": person.id, "expires_at": expires_at.isoformat()}
    await desk.complaints.authority.done(desk.actor, act, facts)
    address = link_address(desk.complaints.settings.public_url, desk.complaints.settings.http_port, text)
    return LinkMade(person=person.id, login=person.login, link=address, expires_at=expires_at)


def link_address(public_url: str | None, port: int, token: str) -> str:
    """Return the whole address of a link: where the public reaches the installation, else this machine's own name."""
    return f"{public_url or f'http://localhost:{port}'}{LINK_PATH}{token}"


async def known(desk: Desk, login: str) -> Person:
    """Return the person of a log-in name; refused if nobody has it."""
    person = await desk.complaints.record.people.by_login(login)
    if person is None:
        raise Refusal("no_such_login")
    return person


async def _checked(desk: Desk, given: RoleChoice, act: Act, to: str) -> str | None:
    """Return the agency of a role that the official may grant there; raises Refusal, on record."""
    complaints, role = desk.complaints, given.role
    instansi = given.instansi or desk.named or desk.actor.instansi
    if instansi is None and role not in _WITHOUT_AGENCY:
        instansi = await desk.agency()
    await complaints.check_instansi(instansi)
    await complaints.authority.authorise(desk.actor, act, instansi)
    async with complaints.authority.refusals(desk.actor, act):
        _raise(may_grant(desk.actor, role, instansi, to))
        if (role is Role.LIAISON) != (given.opd is not None):
            raise Refusal("no_opd" if given.opd is None else "opd_not_of_role", role=role)
        if given.opd is not None and instansi is not None:
            await desk.opd(instansi, given.opd)
        if given.until is not None and given.until < local_day(complaints.now()):
            raise Refusal("ends_in_the_past")
    return instansi


async def _granted(desk: Desk, person: Person, given: RoleChoice, instansi: str | None, act: Act) -> RoleGranted:
    complaints = desk.complaints
    number = await complaints.record.people.grant(
        person, given.role, instansi, given.opd, given.until, desk.actor.account, complaints.now()
    )
    facts = {
        "act": "role_granted",
        "held": number,
        "person": person.id,
        "role": str(given.role),
        "opd": given.opd,
        "agency": instansi,
        "until": None if given.until is None else given.until.isoformat(),
    }
    await complaints.authority.done(desk.actor, act, facts)
    told = given.model_dump(include={"role", "opd", "until"})
    return RoleGranted(number=number, person=person.id, instansi=instansi, **told)


def _raise(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise refusal
