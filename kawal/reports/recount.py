"""The statuses of a recap, counted from the event rows alone: slow, and independent of the sums that it checks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kawal.domain.names import MASUK, Status
from kawal.domain.recap import Recap

_STATUSES = """
select status, count(*) as n from (
    select distinct on (event.workflow_id) event.status
    from event join complaint using (tracking_id)
    where recap_month(complaint.received_at) between make_date($1, 1, 1) and make_date($1, 12, 1)
        and ($2::text is null or complaint.instansi = $2) and ($3::timestamptz is null or event.at <= $3)
    order by event.workflow_id, event.seq desc
) as last group by status
"""


async def recount(source: Any, *, instansi: str | None = None, year: int, as_of: datetime | None = None) -> Recap:
    """Count each complaint's status in its last event up to `as_of` (aware); other figures are left at 0.

    `source` is an asyncpg pool or connection. Takes seconds where there are millions of events.
    """
    rows = await source.fetch(_STATUSES, year, instansi, as_of)
    count = {Status(row["status"]): int(row["n"]) for row in rows}

    def n(status: Status) -> int:
        return count.get(status, 0)

    return Recap(
        masuk=sum(n(status) for status in MASUK),
        selesai=n(Status.SELESAI),
        proses=n(Status.PROSES),
        belum_diverifikasi=n(Status.BELUM_DIVERIFIKASI) + n(Status.DITUNDA),
        belum_ditindaklanjuti=n(Status.BELUM_DITINDAKLANJUTI),
        ditunda=n(Status.DITUNDA),
        diarsipkan=n(Status.DIARSIPKAN),
        bukan_wewenang=n(Status.BUKAN_WEWENANG),
        digabung=n(Status.DIGABUNG),
    )


async def what_happened(source: Any) -> tuple[int, int, int]:
    """Count all events on record, escalations to the Inspectorate, and late steps."""
    row = await source.fetchrow(
        "select count(*) as events, count(*) filter (where (facts ->> 'item_opened')::boolean) as escalations,"
        " count(*) filter (where kind = 'breached') as late from event"
    )
    return row["events"], row["escalations"], row["late"]
