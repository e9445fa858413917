"""Retrying what was given up: accepted reports that are dead letters, and notices; on record."""

from __future__ import annotations

from kawal.client.reading import Readings
from kawal.domain.access import Act
from kawal.domain.messages import Actor


async def retry_inbox(complaints: Readings, instansi: str, tracking_id: str | None, actor: Actor) -> list[str]:
    """Have an accepted report, or every dead letter of the agency, retried; return the numbers of those that are."""
    await complaints.authority.authorise(actor, Act.RETRY_INBOX, instansi)
    retried = await complaints.record.inbox.retry(tracking_id, instansi)
    if retried:
        told = {"what": "inbox_retried", "instansi": instansi, "reports": retried}
        await complaints.authority.done(actor, Act.RETRY_INBOX, told)
    return retried


async def resend_notice(complaints: Readings, number: int, actor: Actor) -> bool:
    """Send a notice again that was not sent or failed; return False if there is no such notice."""
    outbox = complaints.record.outbox
    line = await outbox.line(number)
    if line is None:
        return False
    row = await complaints.snapshot(line.tracking_id)
    await complaints.authority.authorise(actor, Act.RESEND_NOTICE, row.instansi)
    if not await outbox.send_again(number):
        return False
    told = {"what": "notice_resent", "instansi": row.instansi, "notice": number, "report": line.tracking_id}
    await complaints.authority.done(actor, Act.RESEND_NOTICE, told)
    return True
