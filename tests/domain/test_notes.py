"""Who may leave, read and strike a note on a report: written out by hand, side by side."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kawal.domain.access import Act, may
from kawal.domain.messages import Actor, OpdLine, Snapshot
from kawal.domain.names import Channel, Role, Status
from kawal.domain.notes import Audience, Authorship, check_audience, check_strike, may_read_note
from kawal.domain.refusals import Refusal

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)
ANI = Actor(role=Role.ADMIN, account="a1" * 16, instansi="KEPRI")
EKA = Actor(role=Role.INSPECTORATE, account="b1" * 16, instansi="KEPRI")
RANI = Actor(role=Role.AUDITOR, account="c1" * 16, instansi="KEPRI")
SEKDA = Actor(role=Role.LEADERSHIP, account="d1" * 16, instansi="KEPRI")
BUDI = Actor(role=Role.LIAISON, account="e1" * 16, opd="DISHUB", instansi="KEPRI")
WATI = Actor(role=Role.LIAISON, account="f1" * 16, opd="DPUPR", instansi="KEPRI")
GONE = Actor(role=Role.LIAISON, account="91" * 16, opd="DINKES", instansi="KEPRI")
EVERYBODY = {"ani": ANI, "eka": EKA, "rani": RANI, "sekda": SEKDA, "budi": BUDI, "wati": WATI, "gone": GONE}


def complaint(*, level: int = 0) -> Snapshot:
    states = {"DISHUB": "owes", "DPUPR": "final", "DINKES": "returned"}
    return Snapshot(
        tracking_id="1234567",
        instansi="KEPRI",
        status=Status.PROSES,
        channel=Channel.WEB,
        report_class=None,
        pengawasan=False,
        category=None,
        anonim=False,
        rahasia=False,
        received_at=AT,
        opds=[OpdLine(code=code, state=state, forwarded_at=AT) for code, state in states.items()],
        ever_level=level,
    )


@pytest.mark.parametrize(
    ("author", "audience", "readers"),
    [
        (ANI, "own", "ani rani"),
        (ANI, "opds", "ani rani budi wati"),
        (ANI, "inspectorate", "ani eka rani"),
        (BUDI, "own", "budi rani"),
        (BUDI, "opds", "budi rani wati ani"),
        (BUDI, "inspectorate", "budi eka rani"),
        (EKA, "own", "eka rani"),
        (EKA, "opds", "eka rani budi wati ani"),
        (SEKDA, "inspectorate", "sekda eka rani"),
    ],
)
def test_a_note_is_read_by_those_for_whom_it_is_by_its_writer_and_by_auditors(
    author: Actor, audience: str, readers: str
) -> None:
    written = Authorship(author.role, author.opd, author.account)
    found = {
        name for name, reader in EVERYBODY.items() if may_read_note(reader, written, Audience(audience), complaint())
    }
    assert found == set(readers.split())


def test_whoever_has_the_report_may_leave_a_note_and_the_leadership_once_it_came_up() -> None:
    allowed = {name for name, actor in EVERYBODY.items() if may(actor, Act.ADD_NOTE, complaint()) is None}
    assert allowed == {"ani", "eka", "budi", "wati"}
    assert may(SEKDA, Act.ADD_NOTE, complaint(level=2)) is None


def test_the_leadership_writes_to_the_inspectorate_alone() -> None:
    check_audience(SEKDA, Audience.INSPECTORATE)
    with pytest.raises(Refusal) as refused:
        check_audience(SEKDA, Audience.OWN)
    assert refused.value.code == "note_to_inspectorate"


@pytest.mark.parametrize(
    ("actor", "struck", "code"),
    [(ANI, False, None), (ANI, True, "note_struck_already"), (BUDI, False, "note_of_another")],
)
def test_a_note_is_struck_once_by_whoever_wrote_it(actor: Actor, struck: bool, code: str | None) -> None:
    written = Authorship(ANI.role, ANI.opd, ANI.account)
    if code is None:
        check_strike(actor, written, struck=struck)
        return
    with pytest.raises(Refusal) as refused:
        check_strike(actor, written, struck=struck)
    assert refused.value.code == code
