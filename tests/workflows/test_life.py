"""Whole lives through the real engine, in virtual time."""

from __future__ import annotations

from datetime import date

from domain.names import EventKind, Status
from tests.workflows.life import Office


async def test_a_complaint_goes_from_intake_to_acceptance_and_ends_after_its_aftercare(office: Office) -> None:
    case = await office.receive()
    await case.verify()
    await case.admin("forward", opds=["DPUPR"])
    await case.liaison("DPUPR", "receive")
    await case.until(date(2022, 1, 12))
    await case.liaison("DPUPR", "follow_up", text="Lubang ditambal hari ini.", final=True)
    await case.reporter("accept", rating=5)
    state = await case.state()
    assert state.status is Status.SELESAI
    await case.until(date(2022, 2, 20))
    assert (await case.handle().result())["status"] == "selesai"
    assert (await case.kinds())[-1] is EventKind.AFTERCARE_ENDED
