"""`/kelola/alamat`: where each office receives its notices: an address of the office, not of a person."""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.administration.outcomes import PATH, done_on
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import Fields, FormOutcome, agency_of, done, page_with_forms, performed
from kawal.desks.arguments import Office
from kawal.domain.access import Act

ADDRESSES = f"{PATH}/alamat"


class OfficeLine(NamedTuple):
    """An office, and its address."""

    office: Office
    opd: str | None
    opd_name: str | None
    email: str | None
    """None: no address."""

    @property
    def key(self) -> str:
        """What tells the line from the others."""
        return f"{self.office}-{self.opd}" if self.opd else str(self.office)


async def offices_of(request: Request, agency: str) -> list[OfficeLine]:
    """Return every office of the agency that could have an address, those of OPDs out of use only where they have."""
    directory = complaints_of(request).directory
    emails = {(one.office, one.opd): one.email for one in await directory.office_emails(agency)}
    lines = [OfficeLine(one, None, None, emails.get((one, None))) for one in Office if one is not Office.LIAISON]
    liaisons = [
        OfficeLine(Office.LIAISON, opd.code, opd.name, emails.get((Office.LIAISON, opd.code)))
        for opd in await directory.opds(agency)
        if opd.active or (Office.LIAISON, opd.code) in emails
    ]
    return lines + liaisons


async def show_addresses(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show every office with its address."""
    values = {"offices": await offices_of(request, agency_of(signed)), "told": told, "done": done_on(request)}
    return staff_page(request, signed, "staff/administration/addresses.html", values, status=told.status)


async def _set(request: Request, signed: SignedIn, fields: Fields) -> Response:
    given = {**_office(fields), "email": fields.get("email", "").strip() or "–"}
    await performed(request, signed, "office set", given)
    return done(ADDRESSES, "alamat")


async def _remove(request: Request, signed: SignedIn, fields: Fields) -> Response:
    await performed(request, signed, "office remove", _office(fields))
    return done(ADDRESSES, "alamat-hapus")


def _office(fields: Fields) -> dict[str, str]:
    return {"office": fields.get("kantor", ""), "opd": fields.get("opd", "")}


ROUTES = page_with_forms(ADDRESSES, Act.SET_OFFICE, show_addresses, {"simpan": _set, "hapus": _remove})
