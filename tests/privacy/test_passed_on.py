"""Erasing a report that was passed on to another agency of this installation."""

from __future__ import annotations

from datetime import UTC, datetime

from kawal.domain.names import Status
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.intake.handover import HandoverRelay
from kawal.privacy.erasure import Eraser
from kawal.store.erasure_list import ErasureEntry
from tests.workflows.life import Case, Office


async def listed(_entry: ErasureEntry) -> None:
    """Add an erasure to no list."""


async def passed_on(office: Office) -> tuple[Case, HandoverRelay]:
    """Return a report that was passed on to an agency of this installation, and the relay that hands it over."""
    complaints = office.complaints
    await complaints.pool.execute("insert into instansi (code, name) values ('BATAM', 'Kota Batam')")
    case = await office.receive()
    await case.admin("pass_on", agency="BATAM")
    return case, HandoverRelay(complaints, attachments_of(office))


def attachments_of(office: Office) -> Attachments:
    connected = office.complaints.system
    return Attachments(connected, AttachmentSettings.from_env(connected.settings.home))


async def erase(office: Office, case: Case) -> None:
    entry = ErasureEntry(
        tracking_id=case.tracking_id, at=datetime.now(UTC), role="agency_admin", account="admin0001", ground="request"
    )
    assert await office.complaints.record.erasures.erase(entry, listed)


async def test_what_is_erased_before_it_is_handed_over_goes_on_nowhere(office: Office) -> None:
    case, relay = await passed_on(office)
    await erase(office, case)
    assert await relay.hand_over() == 0
    assert await office.complaints.pool.fetchval("select count(*) from inbox") == 1
    handover = await office.complaints.record.handovers.of(case.tracking_id)
    assert handover is not None
    assert handover.started_as is None


async def test_what_is_erased_between_reading_and_storing_goes_on_nowhere(office: Office) -> None:
    case, _ = await passed_on(office)
    complaints = office.complaints
    waiting = await complaints.record.inbox.find(case.tracking_id)
    assert waiting is not None
    actor = waiting.actor
    assert actor is not None
    await erase(office, case)
    started = await complaints.record.handovers.start(
        case.tracking_id, waiting.report, "BATAM", waiting.received_at, actor, datetime.now(UTC)
    )
    assert started is None
    assert await complaints.pool.fetchval("select count(*) from inbox") == 1


async def test_erasing_the_first_one_later_leaves_the_one_as_which_it_goes_on(office: Office) -> None:
    case, relay = await passed_on(office)
    assert await relay.hand_over() == 1
    await erase(office, case)
    await relay.hand_over()
    handover = await office.complaints.record.handovers.of(case.tracking_id)
    assert handover is not None
    assert handover.started_as is not None
    second = await office.complaints.record.inbox.find(handover.started_as)
    assert second is not None
    assert second.report.text
    assert (await case.row()).status is Status.BUKAN_WEWENANG


async def test_who_looks_at_either_is_told_of_the_other_until_that_is_erased(office: Office) -> None:
    case, relay = await passed_on(office)
    complaints = office.complaints
    eraser = Eraser(complaints.system, attachments_of(office))
    assert (await eraser.look(case.tracking_id)).goes_on_as is None, "nobody has looked yet"
    await relay.hand_over()
    first = await eraser.look(case.tracking_id)
    assert first.goes_on_as is not None
    assert (first.goes_on_as.agency, first.continues) == ("Kota Batam", None)
    second = await eraser.look(first.goes_on_as.tracking_id)
    assert second.goes_on_as is None
    assert second.continues is not None
    assert second.continues.tracking_id == case.tracking_id
    await erase(office, case)
    assert (await eraser.look(first.goes_on_as.tracking_id)).continues is None
