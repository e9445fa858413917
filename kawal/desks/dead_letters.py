"""What was given up and a person has to look at: reports that cannot be started, notices that cannot be delivered.

A report is opened for a purpose, on record. Either is set aside for a reason, which leaves it where it is and out of
the lists; it can be tried again all the same (kawal.desks.retries).
"""

from __future__ import annotations

from pydantic import BaseModel

from kawal.client.reading import Readings, check_tracking
from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import NotAuthentic
from kawal.desks.dead_letter_arguments import SetNoticeAside, SetReportAside
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.messages import Actor
from kawal.domain.refusals import Refusal
from kawal.store.inbox import WaitingReport


async def open_report(
    complaints: Readings, tracking_id: str, actor: Actor, *, purpose: str | None, via: str
) -> WaitingReport:
    """Return an accepted report that was given up, with its reporter, once the reading is on record; raises Refusal."""
    instansi = await _agency_of(complaints, tracking_id)
    said = await complaints.authority.authorise(actor, Act.READ_DEAD_LETTER, instansi, purpose=purpose)
    async with complaints.authority.refusals(actor, Act.READ_DEAD_LETTER, tracking_id):
        if not await complaints.record.dead_letters.is_one(tracking_id):
            raise Refusal("not_given_up", tracking=tracking_id)
        try:
            found = await complaints.record.inbox.find(tracking_id)
        except KeyDestroyed as error:
            raise Refusal("erased", tracking=tracking_id) from error
        except (NotAuthentic, ValueError) as error:
            raise Refusal("dead_letter_unreadable", tracking=tracking_id) from error
    assert found is not None  # noqa: S101 - it was listed
    facts, words = {"identity": True}, {"purpose": said}
    await complaints.authority.found(actor, Act.READ_DEAD_LETTER, tracking_id, via=via, facts=facts, words=words)
    return found


class SetAsideReport(BaseModel):
    """The number of a report that was set aside."""

    set_aside: str


class NoticeResult(BaseModel):
    """The number of a notice that is sent again, or was set aside."""

    notice: int


async def set_report_aside(desk: Desk, given: SetReportAside) -> SetAsideReport:
    """Leave a report that cannot be started where it is, for a reason; raises Refusal."""
    complaints, tracking_id = desk.complaints, given.tracking_id
    instansi = await _agency_of(complaints, tracking_id)
    said = await complaints.authority.authorise(desk.actor, Act.SET_REPORT_ASIDE, instansi, purpose=given.grounds)
    if not await complaints.record.dead_letters.set_aside(tracking_id):
        raise Refusal("not_given_up", tracking=tracking_id)
    told, words = {"what": "inbox_set_aside", "instansi": instansi}, {"grounds": said}
    await complaints.authority.done(desk.actor, Act.SET_REPORT_ASIDE, told, words=words, tracking_id=tracking_id)
    return SetAsideReport(set_aside=tracking_id)


async def set_notice_aside(desk: Desk, given: SetNoticeAside) -> NoticeResult:
    """Leave a notice that cannot be delivered unsent, for a reason; raises Refusal."""
    complaints, number = desk.complaints, given.number
    line = await complaints.record.outbox.line(number)
    if line is None:
        raise Refusal("notice_not_given_up", number=number)
    row = await complaints.snapshot(line.tracking_id)
    said = await complaints.authority.authorise(desk.actor, Act.SET_NOTICE_ASIDE, row.instansi, purpose=given.grounds)
    if not await complaints.record.outbox.set_aside(number):
        raise Refusal("notice_not_given_up", number=number)
    told, words = {"what": "notice_set_aside", "instansi": row.instansi, "notice": number}, {"grounds": said}
    await complaints.authority.done(desk.actor, Act.SET_NOTICE_ASIDE, told, words=words, tracking_id=line.tracking_id)
    return NoticeResult(notice=number)


async def _agency_of(complaints: Readings, tracking_id: str) -> str:
    """Return the agency to which a report was sent; refused for one that was never accepted."""
    check_tracking(tracking_id)
    instansi = (await complaints.record.inbox.agencies_of([tracking_id])).get(tracking_id)
    if instansi is None:
        raise Refusal("unknown_complaint", tracking=tracking_id)
    return instansi
