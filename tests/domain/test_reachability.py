"""How a reporter is told: every kind of contact with every means of sending."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.messages import Reporter
from kawal.domain.reachability import (
    UNREACHABLE,
    ContactKinds,
    Means,
    Reachability,
    SendingMeans,
    contact_kinds,
    reachability,
)

BOTH, EMAIL, PHONE, NONE = (
    ContactKinds(*kinds) for kinds in ((True, True), (True, False), (False, True), (False,) * 2)
)
ALL, MAIL, GATEWAY, NOTHING = (
    SendingMeans(mail, ways) for mail, ways in ((True, ("sms-a", "wa")), (True, ()), (False, ("sms-a",)), (False, ()))
)


@pytest.mark.parametrize(
    ("contacts", "sending", "told"),
    [
        (BOTH, ALL, Reachability(Means.EMAIL)),
        (EMAIL, MAIL, Reachability(Means.EMAIL)),
        (PHONE, ALL, Reachability(Means.TELEPHONE, "sms-a")),
        (PHONE, GATEWAY, Reachability(Means.TELEPHONE, "sms-a")),
        (PHONE, MAIL, Reachability(Means.PAGE, None, "no_gateway")),
        (EMAIL, GATEWAY, Reachability(Means.PAGE, None, "no_mail_server")),
        (BOTH, GATEWAY, Reachability(Means.PAGE, None, "no_mail_server")),
        (BOTH, NOTHING, Reachability(Means.PAGE, None, "no_mail_server")),
        (NONE, ALL, Reachability(Means.PAGE, None, "no_contact")),
    ],
)
def test_an_address_is_written_to_by_mail_a_number_alone_by_a_gateway(
    contacts: ContactKinds, sending: SendingMeans, told: Reachability
) -> None:
    assert reachability(contacts, sending) == told


@given(st.builds(ContactKinds, st.booleans(), st.booleans()), st.builds(SendingMeans, st.booleans(), st.just(("a",))))
def test_whoever_is_told_by_nothing_there_is_a_reason_in_words(contacts: ContactKinds, sending: SendingMeans) -> None:
    found = reachability(contacts, sending)
    assert found.is_told == (found.why is None)
    assert found.why is None or found.why in UNREACHABLE


def test_what_is_no_address_and_no_number_is_no_contact() -> None:
    assert contact_kinds(Reporter(email="siti@example.org", phone="0812 7000 4321")) == BOTH
    assert contact_kinds(Reporter(email="siti", phone="1708")) == NONE
    assert contact_kinds(Reporter(name="Siti")) == NONE
