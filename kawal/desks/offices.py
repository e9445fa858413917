"""Offices' addresses and the agency's OPDs: set by its admin, on record."""

from __future__ import annotations

from pydantic import BaseModel

from kawal.desks.arguments import ImportOpds, NameOpd, Office, OfficeChoice, OpdCode, SetOffice
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.refusals import Refusal
from kawal.store.directory import OfficeAddress, Opd


class RemovedOffice(BaseModel):
    """An office of an agency, whose address was removed."""

    instansi: str
    office: Office
    opd: str | None


async def set_office(desk: Desk, given: SetOffice) -> OfficeAddress:
    """Set where an office receives its notices, replacing the previous address."""
    instansi = await desk.authorised(Act.SET_OFFICE)
    await _check_office(desk, instansi, given)
    await desk.complaints.directory.set_office_email(instansi, given.office, given.email, given.opd)
    told = {"what": "office_set", "instansi": instansi, "office": str(given.office), "opd": given.opd}
    await desk.complaints.authority.done(desk.actor, Act.SET_OFFICE, told, words={"email": given.email})
    return OfficeAddress(instansi=instansi, office=given.office, opd=given.opd, email=given.email)


async def remove_office(desk: Desk, given: OfficeChoice) -> RemovedOffice:
    """Remove an office's address; refuse if it had none."""
    instansi = await desk.authorised(Act.REMOVE_OFFICE)
    await _check_office(desk, instansi, given)
    if not await desk.complaints.directory.remove_office_email(instansi, given.office, given.opd):
        raise Refusal("no_office", office="/".join(filter(None, (given.office, given.opd))))
    told = {"what": "office_removed", "instansi": instansi, "office": str(given.office), "opd": given.opd}
    await desk.complaints.authority.done(desk.actor, Act.REMOVE_OFFICE, told)
    return RemovedOffice(instansi=instansi, office=given.office, opd=given.opd)


async def add_opd(desk: Desk, given: NameOpd) -> Opd:
    """Add an OPD; refuse if the agency has one of that code, in use or not."""
    instansi = await desk.authorised(Act.ADD_OPD)
    if given.code == instansi or not await desk.complaints.directory.add_opd(instansi, given.code, given.name):
        raise Refusal("opd_exists", opd=given.code, instansi=instansi)
    told = {"what": "opd_added", "instansi": instansi, "opd": given.code}
    await desk.complaints.authority.done(desk.actor, Act.ADD_OPD, told, words={"name": given.name})
    return Opd(instansi=instansi, code=given.code, name=given.name, active=True)


async def import_opds(desk: Desk, given: ImportOpds) -> list[Opd]:
    """Add many OPDs: all of them, or none if the agency has one of the codes or one stands twice in the list."""
    instansi = await desk.authorised(Act.IMPORT_OPDS)
    names = {one.code: one.name for one in given.opds}
    twice = {one.code for one in given.opds if [other.code for other in given.opds].count(one.code) > 1}
    async with desk.complaints.authority.refusals(desk.actor, Act.IMPORT_OPDS):
        there = {one.code for one in await desk.complaints.directory.opds(instansi)} | {instansi}
        refused = sorted(twice | (names.keys() & there))
        if refused or not await desk.complaints.directory.add_opds(instansi, names):
            raise Refusal("opds_refused", opds=", ".join(refused or names), instansi=instansi)
    told = {"what": "opds_added", "instansi": instansi, "opds": list(names)}
    await desk.complaints.authority.done(desk.actor, Act.IMPORT_OPDS, told, words={"names": list(names.values())})
    return [Opd(instansi=instansi, code=code, name=name, active=True) for code, name in names.items()]


async def rename_opd(desk: Desk, given: NameOpd) -> Opd:
    """Give an OPD another name; its code stays, because the record refers to it."""
    instansi = await desk.authorised(Act.RENAME_OPD)
    opd = await desk.opd(instansi, given.code)
    await desk.complaints.directory.rename_opd(instansi, given.code, given.name)
    told = {"what": "opd_renamed", "instansi": instansi, "opd": given.code}
    words = {"name": given.name, "before": opd.name}
    await desk.complaints.authority.done(desk.actor, Act.RENAME_OPD, told, words=words)
    return opd.model_copy(update={"name": given.name})


async def deactivate_opd(desk: Desk, given: OpdCode) -> Opd:
    """Take an OPD out of use: it gets no new reports and keeps those that it has."""
    return await _set_active(desk, given.code, Act.DEACTIVATE_OPD, "opd_deactivated", active=False)


async def activate_opd(desk: Desk, given: OpdCode) -> Opd:
    """Take an OPD into use again."""
    return await _set_active(desk, given.code, Act.ACTIVATE_OPD, "opd_activated", active=True)


async def _set_active(desk: Desk, code: str, act: Act, what: str, *, active: bool) -> Opd:
    instansi = await desk.authorised(act)
    opd = await desk.opd(instansi, code)
    await desk.complaints.directory.set_opd_active(instansi, code, active=active)
    await desk.complaints.authority.done(desk.actor, act, {"what": what, "instansi": instansi, "opd": code})
    return opd.model_copy(update={"active": active})


async def _check_office(desk: Desk, instansi: str, given: OfficeChoice) -> None:
    if (given.office is Office.LIAISON) != (given.opd is not None):
        raise Refusal("office_opd")
    if given.opd is not None:
        await desk.opd(instansi, given.opd)
