"""Who may do what, and see what of a complaint."""

from __future__ import annotations

from typing import Any

import pytest

from kawal.domain.access import PURPOSE_LIMIT, RIGHTS, Act, Purpose, Subject, may, may_know_reporter, stated
from kawal.domain.messages import Actor, OpdLine, Snapshot
from kawal.domain.names import Channel, CommandName, Role, Status
from kawal.domain.process.state import INSPECTORATE_OWNER
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.refusals import Refusal
from tests.store.lives import NOON

ATTACHMENTS, CHRONICLE, WORDS = Act.READ_ATTACHMENTS, Act.READ_CHRONICLE, Act.READ_EVENTS
READINGS = [act for act, right in RIGHTS.items() if right.of is Subject.COMPLAINT and right.matter is not None]


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


def refused(role: Role, opd: str | None, seen: Snapshot, matter: Act, **more: Any) -> str | None:
    """Return the code of the refusal; None if it is allowed. Read for a purpose unless `more` says otherwise."""
    actor = Actor(role=role, account="someone", opd=opd, instansi=more.pop("instansi", "KEPRI"))
    refusal = may(actor, matter, seen, **{"identity": False, "purpose": "Pemeriksaan", **more})
    return None if refusal is None else refusal.code


@pytest.mark.parametrize("role", [Role.ADMIN, Role.INSPECTORATE, Role.AUDITOR])
@pytest.mark.parametrize("matter", [one for one in READINGS if one is not Act.READ_NOTICE])
def test_overseers_see_everything(role: Role, matter: Act) -> None:
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
def test_a_liaison_sees_what_its_opd_was_given(opd: str | None, seen: Snapshot, matter: Act, may: bool) -> None:
    assert refused(Role.LIAISON, opd, seen, matter) == (None if may else "words_not_of_opd")


def test_the_leadership_sees_the_files_of_what_came_up_to_it() -> None:
    assert refused(Role.LEADERSHIP, None, complaint(ever_level=2), ATTACHMENTS) is None
    assert refused(Role.LEADERSHIP, None, complaint(ever_level=1), ATTACHMENTS) == "words_not_come_up"
    assert refused(Role.LEADERSHIP, None, complaint(ever_level=2), WORDS) == "words_not_yours"


@pytest.mark.parametrize("role", [Role.NATIONAL, Role.REPORTER, Role.ADAPTER, Role.SYSTEM])
@pytest.mark.parametrize("matter", READINGS)
def test_nobody_else_sees_anything(role: Role, matter: Act) -> None:
    assert refused(role, None, complaint(ever_level=3), matter) == "words_not_yours"


def test_a_whole_life_is_for_overseers_alone() -> None:
    assert refused(Role.LIAISON, "DPUPR", complaint(), CHRONICLE) == "words_not_yours"
    assert refused(Role.LIAISON, "DPUPR", complaint(), Act.TAKE_CASE_FILE) == "words_not_yours"


def test_a_role_counts_in_its_own_agency_and_everywhere_if_in_none() -> None:
    assert refused(Role.AUDITOR, None, complaint(), CHRONICLE, instansi="BATAM") == "wrong_instansi"
    assert refused(Role.AUDITOR, None, complaint(), CHRONICLE, instansi=None) is None


def test_a_rahasia_report_and_an_identity_need_a_purpose() -> None:
    assert refused(Role.AUDITOR, None, complaint(), WORDS, purpose=None) is None
    assert refused(Role.AUDITOR, None, complaint(rahasia=True), WORDS, purpose=None) == "purpose_needed"
    assert refused(Role.AUDITOR, None, complaint(), WORDS, purpose=None, identity=True) == "purpose_needed"
    assert refused(Role.AUDITOR, None, complaint(), Act.TAKE_CASE_FILE, purpose=None) == "purpose_needed"


def test_the_reporter_of_an_anonim_report_is_known_to_overseers_alone() -> None:
    assert refused(Role.LIAISON, "DPUPR", complaint(anonim=True), WORDS, identity=True) == "identity_not_yours"
    assert refused(Role.LIAISON, "DPUPR", complaint(), WORDS, identity=True) is None
    assert may_know_reporter(Role.AUDITOR, anonim=True)


def test_a_purpose_is_kept_readable_and_short() -> None:
    assert stated("  untuk \n sidang\x00 ") == "untuk sidang?"
    assert stated(None) is stated(" \t") is None
    assert stated("x" * PURPOSE_LIMIT) is not None
    with pytest.raises(Refusal, match="at most 500"):
        stated("x" * 1_000_000)


def test_a_receipt_needs_no_purpose_since_nothing_in_it_can_be_read() -> None:
    secret = complaint(rahasia=True)
    assert refused(Role.AUDITOR, None, secret, Act.TAKE_RECEIPT, purpose=None) is None
    assert refused(Role.LIAISON, "DPUPR", secret, Act.TAKE_RECEIPT) == "words_not_yours"
    assert refused(Role.REPORTER, None, secret, Act.TAKE_RECEIPT, addressed=True, purpose=None) is None


def test_a_notice_is_read_by_whom_it_was_written_to_and_else_by_admin_and_auditor_alone() -> None:
    secret = complaint(rahasia=True)
    for role in (Role.ADMIN, Role.AUDITOR):
        assert refused(role, None, secret, Act.READ_NOTICE) is None
        assert refused(role, None, secret, Act.READ_NOTICE, purpose=None) == "purpose_needed"
    for role in (Role.INSPECTORATE, Role.LIAISON, Role.REPORTER):
        assert refused(role, "DPUPR", secret, Act.READ_NOTICE) == "words_not_yours"
        assert refused(role, "DPUPR", secret, Act.READ_NOTICE, addressed=True, purpose=None) is None
    assert refused(Role.ADMIN, None, secret, Act.READ_NOTICE, addressed=True, instansi="BATAM") == "wrong_instansi"


# --- Acts of the desks -----------------------------------------------------------------------------------------------


def official(role: Role, instansi: str | None = "KEPRI") -> Actor:
    return Actor(role=role, account="someone", opd="DPUPR" if role is Role.LIAISON else None, instansi=instansi)


def code(refusal: Refusal | None) -> str | None:
    return None if refusal is None else refusal.code


def test_the_desk_reads_words_and_files_of_what_it_registered_and_adds_files_and_to_no_others() -> None:
    desk, row = official(Role.DESK), complaint()
    for act in (Act.READ_EVENTS, Act.READ_ATTACHMENTS):
        assert may(desk, act, row, registered=True) is None
        assert code(may(desk, act, row)) == "words_not_registered"
        secret = complaint(rahasia=True)
        assert code(may(desk, act, secret, registered=True)) == "purpose_needed"
        assert code(may(desk, act, secret, registered=True, purpose="Salin", identity=True)) == "identity_not_yours"
    assert code(may(desk, Act.READ_NOTES, row, registered=True)) == "words_not_yours"
    assert may(desk, Act.ATTACH, row, registered=True) is None
    assert code(may(desk, Act.ATTACH, row)) == "words_not_registered"


@pytest.mark.parametrize("act", Act)
def test_every_act_has_a_row_and_whoever_is_not_in_it_is_refused(act: Act) -> None:
    right = RIGHTS[act]
    about = {Subject.COMPLAINT: complaint(ever_level=3), Subject.INSTALLATION: None}.get(right.of, "KEPRI")
    for role in Role:
        refused = may(official(role), act, about, purpose="Pemeriksaan", registered=True)
        wanted = "words_not_yours" if right.matter is not None else "wrong_role"
        assert code(refused) == (None if role in right.who else wanted)


@pytest.mark.parametrize(
    "act", [act for act, right in RIGHTS.items() if right.of in (Subject.AGENCY, Subject.OWN_AGENCY)]
)
def test_what_is_an_agencys_is_done_by_its_own(act: Act) -> None:
    right = RIGHTS[act]
    own = right.of is Subject.OWN_AGENCY
    assert code(may(official(right.who[0], "BATAM"), act, "KEPRI", purpose="x")) == (
        "pass_elsewhere" if own else "wrong_instansi"
    )
    # An actor of no agency acts in each, but issues no pass in one.
    assert code(may(official(right.who[0], None), act, "KEPRI", purpose="x")) == ("pass_elsewhere" if own else None)


@pytest.mark.parametrize("act", [act for act, right in RIGHTS.items() if right.purpose is Purpose.ALWAYS])
def test_what_needs_a_purpose_is_refused_without_one(act: Act) -> None:
    right = RIGHTS[act]
    about = complaint() if right.of is Subject.COMPLAINT else "KEPRI"
    assert code(may(official(right.who[0]), act, about)) == "purpose_needed"


@pytest.mark.parametrize("name", CommandName)
def test_a_commands_right_is_its_row_of_the_transitions(name: CommandName) -> None:
    row = TRANSITIONS[name]
    for role in Role:
        for status in Status:
            refused = code(may(official(role), name, complaint().model_copy(update={"status": status})))
            allowed = None if status in row.statuses else "wrong_status"
            assert refused == (allowed if role in row.who else "wrong_role")
        assert role not in row.who or code(may(official(role, "BATAM"), name, complaint())) == "wrong_instansi"


def test_the_inspectorate_does_the_admins_part_of_what_it_took_over() -> None:
    taken = complaint()
    taken.opds.append(OpdLine(code=INSPECTORATE_OWNER, state="owes", forwarded_at=NOON))
    inspector = official(Role.INSPECTORATE)
    assert code(may(inspector, CommandName.FOLLOW_UP, complaint())) == "wrong_role"
    assert may(inspector, CommandName.FOLLOW_UP, taken) is None
    assert code(may(inspector, CommandName.CLOSE, taken)) == "wrong_role"
