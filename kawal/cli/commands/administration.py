"""`kawal office`, `kawal opd`, `kawal category`: where notices go, the OPDs, and which answers what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.faults import UsageError
from kawal.cli.terminal.files import read_file
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.cli.wording.labels import ROLES, label
from kawal.wording.catalogues import say

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.desks.category_opd import AnsweredBy
    from kawal.desks.offices import RemovedOffice
    from kawal.store.directory import CategoryPlace, OfficeAddress, Opd

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
    """List the offices' addresses, of an agency or all."""

    async def work(complaints: Readings) -> list[OfficeAddress]:
        from kawal.domain.access import Act

        return await complaints.directory.office_emails(await operator.seen_agency(complaints, Act.LIST_OFFICES))

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


def list_categories(operator: Operator) -> None:
    """List who answers which category, where an agency has an entry of its own for it."""

    async def work(complaints: Readings) -> dict[str, list[CategoryPlace]]:
        await operator.check_named(complaints)
        named = operator.instansi()
        agencies = [named] if named else [one.code for one in await complaints.directory.all_instansi()]
        return {agency: list((await complaints.directory.own_places(agency)).values()) for agency in agencies}

    places = operator.with_record(work)
    if operator.json:
        operator.write_json({agency: [one.model_dump() for one in found] for agency, found in places.items()})
    else:
        rows = ([agency, one.category, one.opd or one.outside or "–"] for agency in places for one in places[agency])
        write_table(("instansi", "category", "answered_by"), rows, operator.lang)


def _listed(operator: Operator, given: dict[str, Any]) -> dict[str, Any]:
    """Read a list of OPDs, a code and a name a line; raises UsageError naming the first line with a fault."""
    from kawal.desks.opd_list import read_opds

    listed = read_file(given["opds_file"], lambda text: read_opds(text, "", {}))
    for one in listed:
        if one.fault is not None:
            detail = f"{one.line}: {say(operator.lang, one.fault)}"
            raise UsageError("bad_file", path=given["opds_file"], detail=detail)
    return {"opds": [{"code": one.code, "name": one.name} for one in listed]}


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


def _tell_all(operator: Operator, opds: list[Opd]) -> None:
    for opd in opds:
        _tell(operator, opd)


def _tell_place(operator: Operator, one: AnsweredBy) -> None:
    by = one.opd or one.outside or operator.say("answered_by_nobody")
    operator.write(operator.say("category_answered", category=one.category, by=by))


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
            "import": Form(
                _tell_all,
                typed=OptionLayout(apart={"opds"}),
                instead=(Field("opds_file", default=REQUIRED, help_key="opd file"),),
                read=_listed,
            ),
        },
    ),
    Spec("list", list_opds),
)
CATEGORY = (
    *desk_specs(
        "category",
        {
            "set": Form(_tell_place, typed=OptionLayout(places={"category", "opd"})),
            "unset": Form(_tell_place, typed=OptionLayout(places={"category"})),
        },
    ),
    Spec("list", list_categories),
)
