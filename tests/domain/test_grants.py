"""Deputies by their days, and who grants which role: rules, tried over everything that may be asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kawal.domain.access import OFFICIALS
from kawal.domain.grants import (
    GRANTS,
    LONGEST_DEPUTYSHIP,
    DeputyRequest,
    may_end_deputy,
    may_grant,
    may_link,
    may_name_deputy,
    stands_in,
)
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.persons import person_of, same_person

PEOPLE = ("a" * 16, "b" * 16, "c" * 16)
DAYS = some.dates(date(2026, 1, 1), date(2026, 12, 31))
TODAY = date(2026, 6, 1)


def holder(person: str, role: Role, instansi: str | None = "KEPRI", deputy_for: str | None = None) -> Actor:
    opd = "DPUPR" if role is Role.LIAISON else None
    return Actor(role=role, account=person + "0" * 16, opd=opd, instansi=instansi, deputy_for=deputy_for)


@given(DAYS, DAYS, DAYS)
def test_a_deputy_stands_in_on_the_days_from_the_first_to_the_last_and_on_no_other(
    first: date, last: date, day: date
) -> None:
    days = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    assert stands_in(first, last, day) is (day in days)


@given(DAYS, DAYS, DAYS)
def test_a_deputy_is_named_only_for_days_that_are_in_order_and_not_over(first: date, last: date, today: date) -> None:
    asked = DeputyRequest(holder(PEOPLE[0], Role.LIAISON), PEOPLE[1], first, last)
    refusal = may_name_deputy(holder(PEOPLE[0], Role.DESK), asked, today)
    possible = first <= last and last >= today and (last - first).days < LONGEST_DEPUTYSHIP
    assert (refusal is None) is possible


@given(
    some.sampled_from(Role), some.sampled_from(Role), some.sampled_from(PEOPLE), some.sampled_from(["KEPRI", "LAIN"])
)
def test_nobody_grants_what_is_not_theirs_and_nobody_anything_to_themselves(
    by: Role, role: Role, to: str, instansi: str
) -> None:
    granter = holder(PEOPLE[0], by)
    allowed = may_grant(granter, role, instansi, to) is None
    if by is Role.SYSTEM:
        assert allowed is (role in OFFICIALS)
    else:
        assert allowed is (role in GRANTS.get(by, ()) and to != PEOPLE[0] and instansi == "KEPRI")
    if allowed and by is Role.ADMIN:
        assert role not in (Role.INSPECTORATE, Role.AUDITOR, Role.NATIONAL)


@given(
    some.lists(some.sampled_from(OFFICIALS), max_size=4),
    some.lists(some.sampled_from(OFFICIALS), max_size=2),
    some.sampled_from([Role.ADMIN, Role.INSPECTORATE, Role.DESK]),
)
def test_whoever_makes_a_link_grants_every_role_that_it_opens(held: list[Role], lent: list[Role], by: Role) -> None:
    own, standing_in = [[holder(PEOPLE[1], role) for role in roles] for roles in (held, lent)]
    allowed = may_link(holder(PEOPLE[0], by), own, standing_in, PEOPLE[1]) is None
    assert allowed is (bool(held) and all(role in GRANTS.get(by, ()) for role in (*held, *lent)))


def test_a_deputy_names_no_deputy_whoever_they_are_otherwise() -> None:
    absent = holder(PEOPLE[0], Role.ADMIN)
    acting = holder(PEOPLE[1], Role.ADMIN, deputy_for=absent.account)
    refusal = may_name_deputy(acting, DeputyRequest(absent, PEOPLE[2], TODAY, TODAY), TODAY)
    assert refusal is not None
    assert refusal.code == "deputy_chain"


@pytest.mark.parametrize(("who", "may"), [(0, True), (1, True), (2, False)])
def test_the_absent_and_the_deputy_end_it_and_no_stranger(who: int, may: bool) -> None:
    absent = holder(PEOPLE[0], Role.LIAISON)
    assert (may_end_deputy(holder(PEOPLE[who], Role.DESK), absent, PEOPLE[1]) is None) is may


def test_accounts_of_one_person_are_told_apart_from_all_others() -> None:
    assert same_person(PEOPLE[0] + "1" * 16, PEOPLE[0] + "2" * 16)
    assert not same_person(PEOPLE[0] + "1" * 16, PEOPLE[1] + "1" * 16)
    assert person_of("kawal") == "kawal"
    assert not same_person("import-berkas", "import-berkas-lain")
