"""`kawal office` and `kawal opd`: where offices receive their notices, and the agency's OPDs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.faults import UsageError
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.cli.wording.labels import ROLES, label

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.desks.offices import RemovedOffice
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
"""Names that may be typed -> the office; a liaison's with its OPD: liaison/DISHUB."""


def list_offices(operator: Operator) -> None:
    """List the offices' addresses."""

    async def work(complaints: Readings) -> list[OfficeAddress]:
        await operator.check_named(complaints)
        return await complaints.directory.office_emails(operator.instansi())

    offices = operator.with_record(work)
    if operator.json:
        operator.write_json([one.model_dump() for one in offices])
    elif offices:
        rows = ([one.instansi, _named(operator, one.office, one.opd), one.email] for one in offices)
        write_table(("instansi", "office", "email"), rows, operator.lang)
    else:
        operator.write(operator.say("nothing_found"))


def list_opds(operator: Operator) -> None:
    """List the OPDs, those out of use too."""

    async def work(complaints: Readings) -> list[Opd]:
        await operator.check_named(complaints)
        named = operator.instansi()
        agencies = [named] if named else [one.code for one in await complaints.directory.all_instansi()]
        return [opd for agency in agencies for opd in await complaints.directory.opds(agency)]

    opds = operator.with_record(work)
    if operator.json:
        operator.write_json([one.model_dump() for one in opds])
    else:
        columns = ("instansi", "opd", "name", "state")
        write_table(columns, ([one.instansi, one.code, one.name, _use(operator, one)] for one in opds), operator.lang)


def _office(_: Operator, given: dict[str, Any]) -> dict[str, Any]:
    """Read `OFFICE` or `liaison/OPD`; raises UsageError."""
    text = given["office"]
    name, _, opd = text.strip().partition("/")
    kind = OFFICES.get(name.lower().replace("-", "_"))
    if kind is None:
        raise UsageError("office_form", text=text)
    return {"office": kind, "opd": opd.upper() or None}


def _tell_set(operator: Operator, one: OfficeAddress) -> None:
    operator.write(operator.say("office_set", office=_named(operator, one.office, one.opd), email=one.email))


def _tell_removed(operator: Operator, one: RemovedOffice) -> None:
    operator.write(operator.say("office_removed", office=_named(operator, one.office, one.opd)))


def _note_owing(operator: Operator, _: Opd, __: Mapping[str, Any]) -> None:
    operator.note(operator.say("opd_still_owes"))


def _named(operator: Operator, kind: str, opd: str | None) -> str:
    return label(ROLES, kind, operator.lang) + (f" {opd}" if opd else "")


def _tell(operator: Operator, opd: Opd) -> None:
    operator.write(operator.say("opd_stands", opd=opd.code, name=opd.name, state=_use(operator, opd)))


def _use(operator: Operator, opd: Opd) -> str:
    return operator.say("opd_in_use" if opd.active else "opd_out_of_use")


_NAMED = OptionLayout(places={"code", "name"})
_INSTEAD = (Field("office", default=REQUIRED, help_key="office office"),)
_APART = frozenset({"office", "opd"})

OFFICE = (
    *desk_specs(
        "office",
        {
            "set": Form(_tell_set, typed=OptionLayout(places={"email"}, apart=_APART), instead=_INSTEAD, read=_office),
            "remove": Form(_tell_removed, typed=OptionLayout(apart=_APART), instead=_INSTEAD, read=_office),
        },
    ),
    Spec("list", list_offices),
)
OPD = (
    *desk_specs(
        "opd",
        {
            "add": Form(_tell, typed=_NAMED),
            "rename": Form(_tell, typed=_NAMED),
            "deactivate": Form(_tell, _note_owing, typed=_NAMED),
            "activate": Form(_tell, typed=_NAMED),
        },
    ),
    Spec("list", list_opds),
)
