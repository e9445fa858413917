"""Retrying what was given up: accepted reports that are dead letters, and notices; on record."""

from __future__ import annotations

from pydantic import BaseModel

from kawal.desks.dead_letter_arguments import NoticeNumber, RetryReports
from kawal.desks.dead_letters import NoticeResult
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.refusals import Refusal


class RetriedReports(BaseModel):
    """The numbers of the reports that are tried again."""

    retried: list[str]


async def retry_reports(desk: Desk, given: RetryReports) -> RetriedReports:
    """Have an accepted report, or every dead letter of the agency, tried again; refused where that report waits not."""
    instansi = await desk.authorised(Act.RETRY_INBOX)
    retried = await desk.complaints.record.inbox.retry(given.tracking_id, instansi)
    if given.tracking_id is not None and not retried:
        raise Refusal("not_in_inbox", tracking=given.tracking_id)
    if retried:
        told = {"what": "inbox_retried", "instansi": instansi, "reports": retried}
        await desk.complaints.authority.done(desk.actor, Act.RETRY_INBOX, told)
    return RetriedReports(retried=retried)


async def resend_notice(desk: Desk, given: NoticeNumber) -> NoticeResult:
    """Send a notice again that was not sent or failed; refused where there is no such notice."""
    complaints, outbox = desk.complaints, desk.complaints.record.outbox
    line = await outbox.line(given.number)
    if line is None:
        raise Refusal("notice_not_again", number=given.number)
    row = await complaints.snapshot(line.tracking_id)
    await complaints.authority.authorise(desk.actor, Act.RESEND_NOTICE, row.instansi)
    if not await outbox.send_again(given.number):
        raise Refusal("notice_not_again", number=given.number)
    told = {"what": "notice_resent", "instansi": row.instansi, "notice": given.number, "report": line.tracking_id}
    await complaints.authority.done(desk.actor, Act.RESEND_NOTICE, told)
    return NoticeResult(notice=given.number)
