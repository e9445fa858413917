"""Who a visitor of the demo may be: one person for each role, invented, and signed in without proof."""

from __future__ import annotations

from typing import NamedTuple

from kawal.client.complaints import Complaints
from kawal.domain.msgids import Message, msgid
from kawal.domain.names import Role
from kawal.domain.process.decide import CLOCKWORK
from kawal.wording.labels import role_in_words


class DemoPerson(NamedTuple):
    """A person of the demo; `login` names them in its forms."""

    login: str
    name: str
    role: Role
    what: Message
    """What one can try in this role."""
    opd: str | None = None

    def role_in_words(self, lang: str) -> str:
        """Return the role as people read it."""
        return role_in_words(self.role, self.opd, None, lang)


PEOPLE = (
    DemoPerson("admin", "Ratna Permata", Role.ADMIN, msgid("verify new reports, decide, administer")),
    DemoPerson("opd", "Bayu Pratama", Role.LIAISON, msgid("what the own OPD owes"), opd="DISKOMINFO"),
    DemoPerson("inspektorat", "Hasan Basri", Role.INSPECTORATE, msgid("what came before the Inspectorate")),
    DemoPerson("loket", "Sari Melati", Role.DESK, msgid("reports of whoever is present or calls")),
    DemoPerson("pimpinan", "Zulkifli Rahman", Role.LEADERSHIP, msgid("the year, and what came up to the top")),
    DemoPerson("auditor", "Yohana Sitorus", Role.AUDITOR, msgid("the record, and its proof")),
    DemoPerson("nasional", "Tirta Wijaya", Role.NATIONAL, msgid("who has access, and the deadlines' rules")),
)


_OFFICES = (Role.ADMIN, Role.INSPECTORATE, "sekda", "gubernur")
"""Which offices get letters, besides each OPD's liaison."""


async def enter_people(complaints: Complaints, instansi: str) -> None:
    """Enter them all with their roles in an agency (the national admin is no agency's), and where offices are told."""
    people, at = complaints.record.people, complaints.now()
    for one in PEOPLE:
        person = await people.enter(one.name, one.login)
        agency = None if one.role is Role.NATIONAL else instansi
        await people.grant(person, one.role, agency, one.opd, None, CLOCKWORK.account, at)
    await complaints.record.agency_setup.finish(instansi)  # else each page would call it an example besides a demo
    directory = complaints.directory
    for office in _OFFICES:
        await directory.set_office_email(instansi, office, f"{office}@demo.invalid")
    for opd in await directory.opds(instansi):
        await directory.set_office_email(instansi, Role.LIAISON, f"{opd.code.lower()}@demo.invalid", opd.code)
