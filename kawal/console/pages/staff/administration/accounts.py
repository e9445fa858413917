"""`/kelola/akun`: who can sign in, as what and until when: invited, given roles, links and deputies.

Everything that gives somebody access asks for a recent sign-in; what takes it away does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.public.receipt import qr_picture_of
from kawal.console.pages.staff.administration.outcomes import PATH, done_on
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import (
    Fields,
    FormAct,
    FormOutcome,
    agency_of,
    chosen_number,
    day_of,
    done,
    page_with_forms,
    performed,
    result_of,
)
from kawal.desks.accounts import LinkMade, link_refusal
from kawal.domain.access import Act
from kawal.domain.calendar import local_day
from kawal.domain.grants import GRANTS, may_grant
from kawal.domain.msgids import Sayable, msgid, verbatim
from kawal.store.deputies import Deputyship
from kawal.store.people import Person, RoleGrant
from kawal.web.problems import Problem

ACCOUNTS = f"{PATH}/akun"

_NOBODY = msgid("Your agency has nobody with this address. The list shows who is entered.")


class HeldLine(NamedTuple):
    """A role that somebody holds in the agency, and why whoever reads may not end it."""

    grant: RoleGrant
    over: bool
    """The last day has passed."""
    refused: Sayable | None


class PersonLine(NamedTuple):
    """Somebody of the agency with their roles."""

    person: Person
    roles: Sequence[HeldLine]

    @property
    def path(self) -> str:
        """The address of the person's page."""
        return f"{ACCOUNTS}/{self.person.id}"


async def people_of(request: Request, signed: SignedIn) -> list[PersonLine]:
    """Return everybody who holds or held a role in the agency, in the order of their names."""
    complaints, agency = complaints_of(request), agency_of(signed)
    today = local_day(complaints.now())
    held: dict[str, list[HeldLine]] = {}
    for one in await complaints.record.people.grants(agency):
        lines = held.setdefault(one.person, [])
        if one.ended_at is None:
            refusal = may_grant(signed.actor, one.actor.role, one.actor.instansi, one.person)
            over = one.until is not None and one.until < today
            lines.append(HeldLine(one, over, None if refusal is None else refusal.sentence))
    everybody = await complaints.record.people.all()
    known = [PersonLine(person, held[person.id]) for person in everybody if person.id in held]
    return sorted(known, key=lambda line: line.person.name.casefold())


async def _deputies(request: Request, signed: SignedIn) -> list[Deputyship]:
    complaints, agency = complaints_of(request), agency_of(signed)
    found = await complaints.record.deputies.all(local_day(complaints.now()))
    return [one for one in found if one.actor.instansi == agency]


async def role_choices(request: Request, signed: SignedIn) -> dict[str, Any]:
    """Return what forms offer: the roles that one may give, and the OPDs in use."""
    opds = await complaints_of(request).directory.opds(agency_of(signed))
    return {
        "grantable": GRANTS.get(signed.actor.role, ()),
        "opds": [one for one in opds if one.active],
        "today": local_day(complaints_of(request).now()),
        "done": done_on(request),
    }


async def show_people(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show everybody of the agency, and the form that invites."""
    values = {
        "people": await people_of(request, signed),
        "deputies": await _deputies(request, signed),
        "told": told,
        **await role_choices(request, signed),
    }
    return staff_page(request, signed, "staff/administration/people.html", values, status=told.status)


async def show_person(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show somebody's roles and deputies, and what can be done about them."""
    people = await people_of(request, signed)
    line = _line(request, people)
    link = await link_refusal(complaints_of(request), signed.actor, line.person.id)
    values = {
        "one": line,
        "link_refused": None if link is None else link.sentence,
        "others": [one for one in people if one.person.id != line.person.id and any(not r.over for r in one.roles)],
        "deputies": [one for one in await _deputies(request, signed) if line.person.id in (one.absent, one.deputy)],
        "told": told,
        **await role_choices(request, signed),
    }
    return staff_page(request, signed, "staff/administration/person.html", values, status=told.status)


def _line(request: Request, people: Sequence[PersonLine]) -> PersonLine:
    asked = request.path_params["person"]
    found = next((one for one in people if one.person.id == asked), None)
    if found is None:
        raise Problem(404, "no_such_person", _NOBODY)
    return found


# --- What forms do ---------------------------------------------------------------------------------------------------


class WayBack(NamedTuple):
    """Where one goes from the page with a link."""

    path: str
    name: Sayable


def inviting(back: WayBack | None = None) -> FormAct:
    """Return what the invitation's form does; from the page with the link one goes `back`, by default to the person."""

    async def invite(request: Request, signed: SignedIn, fields: Fields) -> Response:
        given = {"name": fields.get("nama", "").strip() or " ", "login": fields.get("masuk", "").strip() or " "}
        made = await result_of(request, signed, "account invite", given | _role(fields))
        return _show_link(request, signed, made, given["name"], back)

    return invite


async def _link(request: Request, signed: SignedIn, _: Fields) -> Response:
    line = _line(request, await people_of(request, signed))
    made = await result_of(request, signed, "account link", {"login": line.person.login})
    return _show_link(request, signed, made, line.person.name)


def _show_link(request: Request, signed: SignedIn, made: LinkMade, name: str, back: WayBack | None = None) -> Response:
    """Show a one-time link: this once, for the database keeps only its hash."""
    values = {
        "made": made,
        "name": name,
        "qr": qr_picture_of(made.link),
        "back": back or WayBack(f"{ACCOUNTS}/{made.person}", verbatim(name)),
    }
    return staff_page(request, signed, "staff/administration/link.html", values)


async def _grant(request: Request, signed: SignedIn, fields: Fields) -> Response:
    line = _line(request, await people_of(request, signed))
    given = {"login": line.person.login} | _role(fields)
    await performed(request, signed, "account grant", given)
    return done(line.path, "peran")


async def _end_role(request: Request, signed: SignedIn, fields: Fields) -> Response:
    await performed(request, signed, "account end-role", {"number": chosen_number(fields)})
    return done(f"{ACCOUNTS}/{request.path_params['person']}", "akhir")


async def _name_deputy(request: Request, signed: SignedIn, fields: Fields) -> Response:
    given = {
        "number": chosen_number(fields),
        "login": fields.get("wakil", "").strip() or " ",
        "first": day_of(fields, "dari"),
        "last": day_of(fields, "sampai"),
    }
    await performed(request, signed, "deputy name", given)
    return done(f"{ACCOUNTS}/{request.path_params['person']}", "pengganti")


async def _end_deputy(request: Request, signed: SignedIn, fields: Fields) -> Response:
    await performed(request, signed, "deputy end", {"number": chosen_number(fields)})
    return done(f"{ACCOUNTS}/{request.path_params['person']}", "pengganti-akhir")


def _role(fields: Fields) -> dict[str, Any]:
    return {"role": fields.get("peran", ""), "opd": fields.get("opd", ""), "until": day_of(fields, "sampai")}


ON_PERSON: dict[str, FormAct] = {
    "peran": _grant,
    "peran-akhiri": _end_role,
    "tautan": _link,
    "pengganti": _name_deputy,
    "pengganti-akhiri": _end_deputy,
}

ROUTES = [
    *page_with_forms(ACCOUNTS, Act.INVITE_PERSON, show_people, {"undang": inviting()}),
    *page_with_forms(f"{ACCOUNTS}/{{person}}", Act.INVITE_PERSON, show_person, ON_PERSON),
]
