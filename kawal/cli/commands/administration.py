"""`kawal office` and `kawal opd`: where offices take their notices, and the agency's OPDs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.terminal.answers import refuse_in_words
from kawal.cli.terminal.faults import Refused, Usage
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.cli.wording.labels import ROLES, label

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints
    from kawal.desks.administration import Administration, Office
    from kawal.domain.messages import Actor
    from kawal.store.directory import OfficeAddress, Opd

OFFICES = {
    "admin": "agency_admin",
    "agency_admin": "agency_admin",
    "inspectorate": "inspectorate",
    "inspektorat": "inspectorate",
    "sekda": "sekda",
    "gubernur": "gubernur",
    "liaison": "liaison",
    "penghubung": "liaison",
}
"""What may be typed -> the office; a liaison's with its OPD: liaison/DISHUB."""


def set_office(operator: Operator, *, office: str, office_email: str) -> None:
    """Say where an office takes its notices."""
    kind, opd = _office(office)

    async def work(complaints: Complaints) -> None:
        desk, instansi, actor = await _desk(operator, complaints)
        await desk.set_office(instansi, _kind(kind), opd, office_email, actor)

    with refuse_in_words(operator):
        operator.with_system(work)
    operator.write(operator.say("office_set", office=_named(operator, kind, opd), email=office_email.strip()))


def remove_office(operator: Operator, *, office: str) -> None:
    """Take an office's address away."""
    kind, opd = _office(office)

    async def work(complaints: Complaints) -> bool:
        desk, instansi, actor = await _desk(operator, complaints)
        return await desk.remove_office(instansi, _kind(kind), opd, actor)

    if not operator.with_system(work):
        raise Refused("no_office", office=_named(operator, kind, opd))
    operator.write(operator.say("office_removed", office=_named(operator, kind, opd)))


def list_offices(operator: Operator) -> None:
    """List the offices' addresses."""

    async def work(complaints: Complaints) -> list[OfficeAddress]:
        await operator.check_named(complaints)
        return await complaints.directory.office_emails(operator.instansi())

    offices = operator.with_system(work)
    if operator.json:
        operator.write_json([one.model_dump() for one in offices])
    elif offices:
        rows = ([one.instansi, _named(operator, one.office, one.opd), one.email] for one in offices)
        write_table(("instansi", "office", "email"), rows, operator.lang)
    else:
        operator.write(operator.say("nothing_found"))


def add_opd(operator: Operator, *, opd_code: str, opd_name: str) -> None:
    """Add an OPD."""

    async def work(complaints: Complaints) -> Opd:
        desk, instansi, actor = await _desk(operator, complaints)
        return await desk.add_opd(instansi, opd_code.upper(), opd_name, actor)

    with refuse_in_words(operator):
        _tell(operator, operator.with_system(work))


def rename_opd(operator: Operator, *, opd_code: str, opd_name: str) -> None:
    """Give an OPD another name."""

    async def work(complaints: Complaints) -> Opd:
        desk, instansi, actor = await _desk(operator, complaints)
        return await desk.rename_opd(instansi, opd_code.upper(), opd_name, actor)

    with refuse_in_words(operator):
        _tell(operator, operator.with_system(work))


def deactivate_opd(operator: Operator, *, opd_code: str) -> None:
    """Take an OPD out of use."""
    _set_active(operator, opd_code, active=False)
    operator.note(operator.say("opd_still_owes"))


def activate_opd(operator: Operator, *, opd_code: str) -> None:
    """Take an OPD into use again."""
    _set_active(operator, opd_code, active=True)


def list_opds(operator: Operator) -> None:
    """List the OPDs, those out of use too."""

    async def work(complaints: Complaints) -> list[Opd]:
        await operator.check_named(complaints)
        named = operator.instansi()
        agencies = [named] if named else [one.code for one in await complaints.directory.all_instansi()]
        return [opd for agency in agencies for opd in await complaints.directory.opds(agency)]

    opds = operator.with_system(work)
    if operator.json:
        operator.write_json([one.model_dump() for one in opds])
    else:
        columns = ("instansi", "opd", "name", "state")
        write_table(columns, ([one.instansi, one.code, one.name, _use(operator, one)] for one in opds), operator.lang)


_CODE = Field("opd_code", default=REQUIRED)
_NAME = Field("opd_name", default=REQUIRED)
_OFFICE = Field("office", default=REQUIRED)

OFFICE = (
    Spec("set", set_office, [_OFFICE, Field("office_email", default=REQUIRED)]),
    Spec("remove", remove_office, [_OFFICE]),
    Spec("list", list_offices),
)
OPD = (
    Spec("add", add_opd, [_CODE, _NAME]),
    Spec("rename", rename_opd, [_CODE, _NAME]),
    Spec("deactivate", deactivate_opd, [_CODE]),
    Spec("activate", activate_opd, [_CODE]),
    Spec("list", list_opds),
)


async def _desk(operator: Operator, complaints: Complaints) -> tuple[Administration, str, Actor]:
    from kawal.desks.administration import Administration

    actor = await operator.actor(complaints)
    return Administration(complaints), await operator.agency_of(complaints, actor), actor


def _set_active(operator: Operator, code: str, *, active: bool) -> None:
    async def work(complaints: Complaints) -> Opd:
        desk, instansi, actor = await _desk(operator, complaints)
        return await desk.set_opd_active(instansi, code.upper(), actor, active=active)

    _tell(operator, operator.with_system(work))


def _office(text: str) -> tuple[str, str | None]:
    """Read `OFFICE` or `liaison/OPD`; raises Usage."""
    name, _, opd = text.strip().partition("/")
    kind = OFFICES.get(name.lower().replace("-", "_"))
    if kind is None:
        raise Usage("office_form", text=text)
    return kind, opd.upper() or None


def _kind(kind: str) -> Office:
    from kawal.desks.administration import Office

    return Office(kind)


def _named(operator: Operator, kind: str, opd: str | None) -> str:
    return label(ROLES, kind, operator.lang) + (f" {opd}" if opd else "")


def _tell(operator: Operator, opd: Opd) -> None:
    if operator.json:
        operator.write_json(opd.model_dump())
    else:
        operator.write(operator.say("opd_stands", opd=opd.code, name=opd.name, state=_use(operator, opd)))


def _use(operator: Operator, opd: Opd) -> str:
    return operator.say("opd_in_use" if opd.active else "opd_out_of_use")
