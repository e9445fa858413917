"""Who may see attachments."""

from __future__ import annotations

from typing import Any

import pytest

from domain.messages import OpdLine, Snapshot
from domain.names import Channel, Role, Status
from intake.attachments.seeing import may_see
from tests.store.lives import NOON


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


@pytest.mark.parametrize(
    ("role", "opd", "seen", "may"),
    [
        (Role.ADMIN, None, complaint(rahasia=True), True),
        (Role.INSPECTORATE, None, complaint(rahasia=True), True),
        (Role.AUDITOR, None, complaint(rahasia=True), True),
        (Role.LIAISON, "DPUPR", complaint(), True),
        (Role.LIAISON, "DPUPR", complaint(rahasia=True), True),
        (Role.LIAISON, "DPUPR", complaint("returned"), True),
        (Role.LIAISON, "DPUPR", complaint("returned", rahasia=True), False),
        (Role.LIAISON, "DPUPR", complaint("withdrawn", rahasia=True), False),
        (Role.LIAISON, "DPUPR", complaint("taken_over", rahasia=True), True),
        (Role.LIAISON, "DINKES", complaint(), False),
        (Role.LIAISON, None, complaint(), False),
        (Role.LEADERSHIP, None, complaint(ever_level=1), False),
        (Role.LEADERSHIP, None, complaint(ever_level=2), True),
        (Role.NATIONAL, None, complaint(), False),
        (Role.REPORTER, None, complaint(), False),
        (Role.ADAPTER, None, complaint(), False),
        (Role.SYSTEM, None, complaint(), False),
    ],
)
def test_who_may_see(role: Role, opd: str | None, seen: Snapshot, may: bool) -> None:
    assert may_see(role, opd, seen) is may
