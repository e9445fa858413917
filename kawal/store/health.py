"""What the database knows of how the system stands: what waits and since when, and what was done last. Real time."""

from __future__ import annotations

from datetime import datetime

import asyncpg
from pydantic import BaseModel

from kawal.store.log import Source, sealed_up_to


class RecordHealth(BaseModel):
    """How the record stands; times are UTC, by the database's clock. None: there is none."""

    now: datetime
    report_waits_since: datetime | None
    """When the oldest report was accepted that its workflow was not started for."""
    reply_waits_since: datetime | None
    notice_due_since: datetime | None
    """When the notice was to be sent that has waited longest for it."""
    notices_failed: int
    message_due_since: datetime | None
    message_fault: str | None
    """Why the message still waits that was to go out first of those whose last try failed."""
    last_message_at: datetime | None
    """When a gateway took the latest message of the last thousand."""
    last_letter_at: datetime | None
    """When the latest letter of the last thousand notices was sent."""
    unsealed_since: datetime | None
    """When the oldest event was recorded that is in no sealed head yet."""
    round_ended_at: datetime | None
    """When the reconciler's last round ended."""
    findings: int
    """How many of its findings are neither gone nor repaired."""


_HEALTH = """
    select now() as now,
        (select min(accepted_at) from inbox where status = 'waiting') as report_waits_since,
        (select min(accepted_at) from inbox_reply where status = 'waiting') as reply_waits_since,
        (select min(next_try_at) from outbox where status = 'pending') as notice_due_since,
        (select count(*) from outbox where status = 'failed') as notices_failed,
        (select min(next_try_at) from outgoing_message where status = 'pending') as message_due_since,
        (select last_error from outgoing_message where status = 'pending' and last_error <> 'quiet_hours'
            order by next_try_at limit 1) as message_fault,
        (select max(accepted_at) from (select accepted_at from outgoing_message order by id desc limit 1000) as latest)
            as last_message_at,
        (select max(sent_at) from (select sent_at from outbox order by id desc limit 1000) as latest) as last_letter_at,
        (select recorded_at from event where position > $1 order by position limit 1) as unsealed_since,
        (select max(ended_at) from (select ended_at from reconcile_round order by id desc limit 10) as latest)
            as round_ended_at,
        (select count(*) from reconcile_finding where gone_at is null and repaired_at is null) as findings
"""


async def record_health(pool: asyncpg.Pool) -> RecordHealth:
    """Return how the record stands now."""
    async with pool.acquire() as conn:
        return RecordHealth(**dict(await conn.fetchrow(_HEALTH, await sealed_up_to(conn, Source.EVENT))))
