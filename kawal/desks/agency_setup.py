"""An agency's first set-up: who it is, which steps are over, and its end; on record."""

from __future__ import annotations

from pydantic import BaseModel

from kawal.desks.agency_arguments import DescribeAgency, FinishSetup, SettleStep
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.agency_setup import SetupStep, StepWord
from kawal.domain.government import KINDS, is_area_of
from kawal.domain.names import Role
from kawal.domain.persons import person_of
from kawal.domain.refusals import Refusal
from kawal.store.directory import Instansi


class DescribedAgency(Instansi):
    """The agency as it is called from now on."""

    role: int | None = None
    """The number of the role in which whoever entered it acts for it; None: it is the one that it was before."""


class SettledStep(BaseModel):
    """A step that is over."""

    instansi: str
    step: SetupStep
    word: StepWord


async def describe(desk: Desk, given: DescribeAgency) -> DescribedAgency:
    """Say who the agency is; under another code the example is replaced by an agency of one's own.

    A replaced example is out of use and keeps what it has. Whoever replaces it becomes the new agency's admin.
    """
    instansi = await desk.authorised(Act.SET_UP)
    now = await desk.complaints.directory.instansi(instansi)
    async with desk.complaints.authority.refusals(desk.actor, Act.SET_UP):
        if given.area is not None and not is_area_of(given.kind, given.area):
            raise Refusal("agency_area", area=given.area, kind=KINDS[given.kind])
        if given.code != instansi:
            if now is None or not now.example:
                raise Refusal("agency_code_stays", instansi=instansi)
            return await _replace(desk, instansi, given)
    await desk.complaints.record.agency_setup.describe(given.code, given.name, given.kind, given.area)
    await _told(desk, given, "agency_described")
    return _described(given)


async def settle(desk: Desk, given: SettleStep) -> SettledStep:
    """Note that a step of the first set-up is over; it can be done again at any time."""
    instansi = await desk.authorised(Act.SET_UP)
    await desk.complaints.record.agency_setup.settle(instansi, given.step, given.word)
    told = {"what": "setup_step", "instansi": instansi, "step": str(given.step), "word": str(given.word)}
    await desk.complaints.authority.done(desk.actor, Act.SET_UP, told)
    return SettledStep(instansi=instansi, step=given.step, word=given.word)


async def finish(desk: Desk, given: FinishSetup) -> Instansi:  # noqa: ARG001 - the form of a handler
    """Finish the first set-up: what the agency has is its own, and no page calls it an example any more."""
    instansi = await desk.authorised(Act.SET_UP)
    await desk.complaints.record.agency_setup.finish(instansi)
    await desk.complaints.authority.done(desk.actor, Act.SET_UP, {"what": "setup_finished", "instansi": instansi})
    found = await desk.complaints.directory.instansi(instansi)
    if found is None:
        raise Refusal("unknown_instansi", instansi=instansi, known="–")
    return found


async def _replace(desk: Desk, example: str, given: DescribeAgency) -> DescribedAgency:
    if desk.actor.deputy_for is not None:
        raise Refusal("agency_by_deputy")
    directory, record = desk.complaints.directory, desk.complaints.record
    taken = {one.code for one in await directory.opds(None)}
    if given.code in taken or not await record.agency_setup.replace_example(example, _described(given)):
        raise Refusal("agency_code_taken", instansi=given.code)
    await _told(desk, given, "agency_entered")
    return _described(given, await _become_admin(desk, given.code))


async def _become_admin(desk: Desk, instansi: str) -> int | None:
    """Let whoever signed in and entered the agency be its admin; return the role's number."""
    people = desk.complaints.record.people
    person = await people.find(person_of(desk.actor.account))
    if person is None:
        return None  # named at the command line: an account arises with each act
    number = await people.grant(person, Role.ADMIN, instansi, None, None, desk.actor.account, desk.complaints.now())
    facts = {
        "act": "role_granted",
        "held": number,
        "person": person.id,
        "role": str(Role.ADMIN),
        "agency": instansi,
    }
    await desk.complaints.authority.done(desk.actor, Act.SET_UP, facts)
    return number


def _described(given: DescribeAgency, role: int | None = None) -> DescribedAgency:
    return DescribedAgency(**given.model_dump(), active=True, set_up=False, role=role)


async def _told(desk: Desk, given: DescribeAgency, what: str) -> None:
    told = {"what": what, "instansi": given.code, "kind": str(given.kind), "area": given.area}
    await desk.complaints.authority.done(desk.actor, Act.SET_UP, told, words={"name": given.name})
