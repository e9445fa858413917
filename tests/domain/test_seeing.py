"""Who may see what of a complaint."""

from __future__ import annotations

from typing import Any

import pytest

from kawal.domain.messages import Actor, OpdLine, Snapshot
from kawal.domain.names import Channel, Role, Status
from kawal.domain.refusals import Refusal
from kawal.domain.seeing import PURPOSE_LIMIT, Matter, check_reading, may_know_reporter, stated
from tests.store.lives import NOON

ATTACHMENTS, LIFE, WORDS = Matter.ATTACHMENTS, Matter.LIFE, Matter.WORDS


def complaint(state: str = "owes", **changes: Any) -> Snapshot:
    given = {
        "tracking_id": "1234567",
        "instansi": "KEPRI",
        "status": Status.PROSES,
        "channel": Channel.WEB,
        "report_class": None,
        "pengawasan": False,
        "category": None,
        "anonim": False,
        "rahasia": False,
        "received_at": NOON,
        "opds": [OpdLine(code="DPUPR", state=state, forwarded_at=NOON)],
    }
    return Snapshot.model_validate(given | changes)


def refused(role: Role, opd: str | None, seen: Snapshot, matter: Matter, **more: Any) -> str | None:
    """The code of the refusal; None if it is allowed. Read for a purpose unless `more` says otherwise."""
    actor = Actor(role=role, account="someone", opd=opd, instansi=more.pop("instansi", "KEPRI"))
    try:
        check_reading(actor, seen, matter, **{"identity": False, "purpose": "Pemeriksaan", **more})
    except Refusal as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize("role", [Role.ADMIN, Role.INSPECTORATE, Role.AUDITOR])
@pytest.mark.parametrize("matter", [one for one in Matter if one is not Matter.NOTICE])
def test_overseers_see_everything(role: Role, matter: Matter) -> None:
    assert refused(role, None, complaint(rahasia=True, anonim=True), matter, identity=True) is None


@pytest.mark.parametrize("matter", [WORDS, ATTACHMENTS])
@pytest.mark.parametrize(
    ("opd", "seen", "may"),
    [
        ("DPUPR", complaint(), True),
        ("DPUPR", complaint(rahasia=True), True),
        ("DPUPR", complaint("returned"), True),
        ("DPUPR", complaint("returned", rahasia=True), False),
        ("DPUPR", complaint("withdrawn", rahasia=True), False),
        ("DPUPR", complaint("taken_over", rahasia=True), True),
        ("DINKES", complaint(), False),
        (None, complaint(), False),
    ],
)
def test_a_liaison_sees_what_its_opd_was_given(opd: str | None, seen: Snapshot, matter: Matter, may: bool) -> None:
    assert refused(Role.LIAISON, opd, seen, matter) == (None if may else "words_not_of_opd")


def test_the_leadership_sees_the_files_of_what_came_up_to_it() -> None:
    assert refused(Role.LEADERSHIP, None, complaint(ever_level=2), ATTACHMENTS) is None
    assert refused(Role.LEADERSHIP, None, complaint(ever_level=1), ATTACHMENTS) == "words_not_come_up"
    assert refused(Role.LEADERSHIP, None, complaint(ever_level=2), WORDS) == "words_not_yours"


@pytest.mark.parametrize("role", [Role.NATIONAL, Role.REPORTER, Role.ADAPTER, Role.SYSTEM])
@pytest.mark.parametrize("matter", Matter)
def test_nobody_else_sees_anything(role: Role, matter: Matter) -> None:
    assert refused(role, None, complaint(ever_level=3), matter) == "words_not_yours"


def test_a_whole_life_is_for_overseers_alone() -> None:
    assert refused(Role.LIAISON, "DPUPR", complaint(), LIFE) == "words_not_yours"
    assert refused(Role.LIAISON, "DPUPR", complaint(), Matter.CASE_FILE) == "words_not_yours"


def test_a_role_counts_in_its_own_agency_and_everywhere_if_in_none() -> None:
    assert refused(Role.AUDITOR, None, complaint(), LIFE, instansi="BATAM") == "wrong_instansi"
    assert refused(Role.AUDITOR, None, complaint(), LIFE, instansi=None) is None


def test_a_rahasia_report_and_an_identity_need_a_purpose() -> None:
    assert refused(Role.AUDITOR, None, complaint(), WORDS, purpose=None) is None
    assert refused(Role.AUDITOR, None, complaint(rahasia=True), WORDS, purpose=None) == "purpose_needed"
    assert refused(Role.AUDITOR, None, complaint(), WORDS, purpose=None, identity=True) == "purpose_needed"
    assert refused(Role.AUDITOR, None, complaint(), Matter.CASE_FILE, purpose=None) == "purpose_needed"


def test_the_reporter_of_an_anonim_report_is_known_to_overseers_alone() -> None:
    assert refused(Role.LIAISON, "DPUPR", complaint(anonim=True), WORDS, identity=True) == "identity_not_yours"
    assert refused(Role.LIAISON, "DPUPR", complaint(), WORDS, identity=True) is None
    assert may_know_reporter(Role.AUDITOR, complaint(anonim=True))


def test_a_purpose_is_kept_readable_and_short() -> None:
    assert stated("  untuk \n sidang\x00 ") == "untuk sidang?"
    assert stated(None) is stated(" \t") is None
    assert stated("x" * PURPOSE_LIMIT) is not None
    with pytest.raises(Refusal, match="at most 500"):
        stated("x" * 1_000_000)


def test_a_receipt_needs_no_purpose_since_nothing_in_it_can_be_read() -> None:
    secret = complaint(rahasia=True)
    assert refused(Role.AUDITOR, None, secret, Matter.RECEIPT, purpose=None) is None
    assert refused(Role.LIAISON, "DPUPR", secret, Matter.RECEIPT) == "words_not_yours"
    assert refused(Role.REPORTER, None, secret, Matter.RECEIPT, addressed=True, purpose=None) is None


def test_a_notice_is_read_by_whom_it_was_written_to_and_else_by_admin_and_auditor_alone() -> None:
    secret = complaint(rahasia=True)
    for role in (Role.ADMIN, Role.AUDITOR):
        assert refused(role, None, secret, Matter.NOTICE) is None
        assert refused(role, None, secret, Matter.NOTICE, purpose=None) == "purpose_needed"
    for role in (Role.INSPECTORATE, Role.LIAISON, Role.REPORTER):
        assert refused(role, "DPUPR", secret, Matter.NOTICE) == "words_not_yours"
        assert refused(role, "DPUPR", secret, Matter.NOTICE, addressed=True, purpose=None) is None
    assert refused(Role.ADMIN, None, secret, Matter.NOTICE, addressed=True, instansi="BATAM") == "wrong_instansi"
