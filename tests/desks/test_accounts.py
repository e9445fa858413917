"""People and their roles: who enters whom, who ends what, who stands in for whom; nobody for themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kawal.client.complaints import Complaints
from kawal.desks.table import Desk, perform
from kawal.domain.access_kinds import AccessKind
from kawal.domain.calendar import local_day
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.persons import person_of
from kawal.domain.process.decide import CLOCKWORK
from kawal.domain.refusals import Refusal
from tests.desks.test_table import complaints, refusals
from tests.people import person_with

__all__ = ["complaints"]

TODAY = date(2026, 3, 9)


@pytest.fixture(autouse=True)
def _today(complaints: Complaints) -> None:
    complaints.now = lambda: datetime(2026, 3, 9, 3, tzinfo=UTC)


async def actor_of(complaints: Complaints, role: Role, name: str, opd: str | None = None) -> Actor:
    """Return somebody who is entered and holds the role."""
    person, held = await person_with(complaints, role, name, opd)
    grant = await complaints.record.people.held(held)
    assert grant is not None
    assert person_of(grant.actor.account) == person.id
    return grant.actor


async def refused(complaints: Complaints, by: Actor, command: str, **given: Any) -> str:
    with pytest.raises(Refusal) as refusal:
        await perform(Desk(complaints, by), command, given)
    return refusal.value.code


async def roles(complaints: Complaints, login: str, day: date = TODAY) -> list[tuple[str, str | None]]:
    """Return in which roles a person may act on a day, and for whom as a deputy."""
    person = await complaints.record.people.by_login(login)
    assert person is not None
    found = await complaints.record.people.roles_of(person.id, day)
    return [(str(one.actor.role), one.deputy_for_name) for one in found]


async def test_each_side_enters_its_own_people_and_nobody_those_of_the_other(complaints: Complaints) -> None:
    admin = await actor_of(complaints, Role.ADMIN, "ani")
    apip = await actor_of(complaints, Role.INSPECTORATE, "eka")
    made = await perform(
        Desk(complaints, admin), "account invite", {"name": "Budi", "login": "budi", "role": "liaison", "opd": "DPUPR"}
    )
    assert made.link.startswith("http://localhost:8480/masuk/tautan/")
    await perform(Desk(complaints, apip), "account invite", {"name": "Nurul", "login": "nurul", "role": "auditor"})
    auditor = {"name": "Rani", "login": "rani", "role": "inspectorate"}
    assert await refused(complaints, admin, "account invite", **auditor) == "not_yours_to_grant"
    assert await refused(complaints, apip, "account grant", login="budi", role="desk") == "not_yours_to_grant"
    assert await refused(complaints, admin, "account grant", login="ani", role="desk") == "not_to_oneself"
    assert await refused(complaints, admin, "account grant", login="budi", role="reporter") == "not_grantable"
    again = {"name": "Budi Lain", "login": "BUDI", "role": "desk"}
    assert await refused(complaints, admin, "account invite", **again) == "login_taken"
    assert await roles(complaints, "budi") == [("liaison", None)]
    assert await roles(complaints, "nurul") == [("auditor", None)]
    assert [code for _, code in await refusals(complaints)] == [
        *("not_yours_to_grant", "not_yours_to_grant", "not_to_oneself", "not_grantable", "login_taken")
    ]


async def test_a_link_is_made_by_whoever_grants_all_that_the_person_holds(complaints: Complaints) -> None:
    admin = await actor_of(complaints, Role.ADMIN, "ani")
    await actor_of(complaints, Role.LIAISON, "budi", "DPUPR")
    await actor_of(complaints, Role.INSPECTORATE, "eka")
    made = await perform(Desk(complaints, admin), "account link", {"login": "budi"})
    again = await perform(Desk(complaints, CLOCKWORK), "account link", {"login": "budi"})
    links = complaints.record.sign_in_links
    assert await links.find(made.link.rpartition("/")[2]) is None
    assert await links.find(again.link.rpartition("/")[2]) is not None
    assert await refused(complaints, admin, "account link", login="eka") == "not_yours_to_grant"
    assert await refused(complaints, admin, "account link", login="ani") == "not_to_oneself"
    await actor_of(complaints, Role.INSPECTORATE, "budi")
    assert await refused(complaints, admin, "account link", login="budi") == "not_yours_to_grant"


async def test_a_role_ends_by_itself_or_when_it_is_ended_and_its_deputies_with_it(complaints: Complaints) -> None:
    admin = await actor_of(complaints, Role.ADMIN, "ani")
    await actor_of(complaints, Role.LIAISON, "budi", "DPUPR")
    await actor_of(complaints, Role.DESK, "siti")
    given = {"login": "siti", "role": "liaison", "opd": "DISHUB", "until": "2026-03-31"}
    made = await perform(Desk(complaints, admin), "account grant", given)
    assert await roles(complaints, "siti", date(2026, 3, 31)) == [("desk", None), ("liaison", None)]
    assert await roles(complaints, "siti", date(2026, 4, 1)) == [("desk", None)]
    named = {"number": made.number, "login": "budi", "first": "2026-03-09", "last": "2026-03-20"}
    await perform(Desk(complaints, admin), "deputy name", named)
    assert await roles(complaints, "budi") == [("liaison", None), ("liaison", "siti")]
    await perform(Desk(complaints, admin), "account end-role", {"number": made.number})
    assert await roles(complaints, "budi") == [("liaison", None)]
    assert await refused(complaints, admin, "account end-role", number=made.number) == "no_such_role"
    past = {"login": "siti", "role": "leadership", "until": "2026-03-08"}
    assert await refused(complaints, admin, "account grant", **past) == "ends_in_the_past"


async def test_a_deputy_acts_as_itself_for_the_absent_on_its_days_and_names_none(complaints: Complaints) -> None:
    budi = await actor_of(complaints, Role.LIAISON, "budi", "DPUPR")
    siti = await actor_of(complaints, Role.DESK, "siti")
    await actor_of(complaints, Role.DESK, "tono")
    held = (await complaints.record.people.grants())[0].id
    days = {"first": "2026-03-10", "last": "2026-03-12"}
    named = await perform(Desk(complaints, budi), "deputy name", {"number": held, "login": "siti", **days})
    found = [
        day for day in (TODAY + timedelta(days=n) for n in range(6)) if len(await roles(complaints, "siti", day)) == 2
    ]
    assert found == [date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 12)]
    acting = (await complaints.record.people.roles_of(person_of(siti.account), date(2026, 3, 10)))[1].actor
    assert (acting.role, acting.opd, acting.deputy_for) == (Role.LIAISON, "DPUPR", budi.account)
    assert person_of(acting.account) == person_of(siti.account)
    chained = {"number": held, "login": "tono", **days}
    assert await refused(complaints, acting, "deputy name", **chained) == "deputy_chain"
    assert await refused(complaints, siti, "deputy name", **chained) == "not_yours_to_grant"
    for_oneself = {"number": held, "login": "budi", **days}
    assert await refused(complaints, budi, "deputy name", **for_oneself) == "deputy_is_absent"
    await perform(Desk(complaints, acting), "deputy end", {"number": named.number})
    assert len(await roles(complaints, "siti", date(2026, 3, 10))) == 1
    told = [entry.facts async for entry in complaints.access_log.entries() if entry.kind is AccessKind.ADMINISTERED]
    assert told[-1] == {"act": "deputy_ended", "deputy": named.number, "deputy_for": budi.account}


async def test_an_admin_does_not_make_themselves_a_deputy(complaints: Complaints) -> None:
    admin = await actor_of(complaints, Role.ADMIN, "ani")
    await actor_of(complaints, Role.LIAISON, "budi", "DPUPR")
    held = (await complaints.record.people.grants())[1].id
    given = {"number": held, "login": "ani", "first": str(TODAY), "last": str(TODAY)}
    assert await refused(complaints, admin, "deputy name", **given) == "not_to_oneself"
    assert local_day(complaints.now()) == TODAY


async def test_everybody_of_a_name_is_found_in_every_role_and_two_of_one_name_are_two(complaints: Complaints) -> None:
    people = complaints.record.people
    first, second = await people.enter("Budi Santoso", "budi1"), await people.enter("budi  santoso", "budi2")
    assert first.id != second.id
    for person in (first, second):
        await people.grant(person, Role.DESK, "KEPRI", None, None, "test", complaints.now())
    operator = await complaints.actor(Role.AUDITOR, "Budi Santoso", operator=True)
    assert person_of(operator.account) == first.id
    named = await complaints.accounts.named("Budi Santoso")
    assert {person_of(account) for account in named} == {first.id, second.id}
    assert len(named) == 3


async def test_a_deputy_stands_in_only_as_long_as_it_holds_a_role_of_its_own_in_the_agency(
    complaints: Complaints,
) -> None:
    admin = await actor_of(complaints, Role.ADMIN, "ani")
    budi = await actor_of(complaints, Role.LIAISON, "budi", "DPUPR")
    siti, own = await person_with(complaints, Role.DESK, "siti")
    held = next(one.id for one in await complaints.record.people.grants() if one.actor.account == budi.account)
    named = {"number": held, "login": "siti", "first": TODAY, "last": TODAY + timedelta(days=300)}
    await perform(Desk(complaints, budi), "deputy name", named)
    assert await roles(complaints, "siti") == [("desk", None), ("liaison", "budi")]
    assert any(one.deputy_for for one in (await complaints.record.people.acting("KEPRI", TODAY))[siti.id])
    await perform(Desk(complaints, admin), "account end-role", {"number": own})
    assert await roles(complaints, "siti") == [], "who works here no longer stands in for nobody"
    assert siti.id not in await complaints.record.people.acting("KEPRI", TODAY)


async def test_a_link_opens_no_role_that_its_maker_does_not_grant_not_even_one_held_as_a_deputy_from_tomorrow_on(
    complaints: Complaints,
) -> None:
    admin = await actor_of(complaints, Role.ADMIN, "ani")
    apip = await actor_of(complaints, Role.INSPECTORATE, "eka")
    await actor_of(complaints, Role.LIAISON, "budi", "DPUPR")
    await perform(Desk(complaints, admin), "account link", {"login": "budi"})
    held = next(one.id for one in await complaints.record.people.grants() if one.actor.account == apip.account)
    tomorrow = TODAY + timedelta(days=1)
    named = {"number": held, "login": "budi", "first": tomorrow, "last": tomorrow}
    made = await perform(Desk(complaints, apip), "deputy name", named)
    assert await refused(complaints, admin, "account link", login="budi") == "not_yours_to_grant"
    await perform(Desk(complaints, apip), "deputy end", {"number": made.number})
    await perform(Desk(complaints, admin), "account link", {"login": "budi"})
