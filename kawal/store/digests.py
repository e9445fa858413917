"""One notice for a whole imported file: what of it was added to the Inspectorate's worklist."""

from __future__ import annotations

import json

import asyncpg

from kawal.crypto.encryption import encrypt
from kawal.store.data_keys import DataKeyStore
from kawal.store.notices import Notice

KIND = "import_digest"
NAMED = 50
"""The maximum number of reports that a digest names; the worklist shows them all."""

_OPENED = """
    select c.tracking_id::text as id, e.seq from complaint c
    join event e on e.tracking_id = c.tracking_id and e.kind = 'imported' and e.facts ->> 'source' = $2
    where c.instansi = $1 and c.item_open and e.facts @> '{"item_opened": true}'
    order by c.tracking_id
"""


async def send_digest(pool: asyncpg.Pool, keys: DataKeyStore, instansi: str, source: str) -> int:
    """Notify an agency's Inspectorate once of what a file added to its worklist; return the number of those reports.

    Idempotent by the file: its digest belongs to its first such report, and is found there the second time: then nobody
    is notified, and the number is 0. Raises KeyUnavailable, KeyDestroyed and asyncpg's errors.
    """
    rows = await pool.fetch(_OPENED, instansi, source)
    if not rows:
        return 0
    first = rows[0]
    ids = [row["id"] for row in rows]
    listed = ", ".join(ids[:NAMED]) + (" …" if len(ids) > NAMED else "")
    workflow_id = f"complaint-{first['id']}"
    notice = Notice(
        tracking_id=first["id"],
        workflow_id=workflow_id,
        seq=first["seq"],
        n=0,
        kind=KIND,
        to_role="inspectorate",
        body={"count": len(ids), "text": listed},
    )
    body = encrypt(await keys.key_for(workflow_id), json.dumps(notice.body).encode(), notice.aad)
    # The advisory lock keeps two importers of one file from both finding no digest.
    async with pool.acquire() as conn, conn.transaction():
        await conn.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"digest:{instansi}:{source}")
        sent = await conn.fetchval(
            "select exists (select from outbox o join event e on e.workflow_id = o.workflow_id and e.seq = o.seq"
            " where o.kind = $1 and e.facts ->> 'source' = $2 and e.kind = 'imported')",
            KIND,
            source,
        )
        if sent:
            return 0
        await conn.execute(
            "insert into outbox (workflow_id, seq, tracking_id, n, kind, to_role, channel, body)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
            workflow_id,
            notice.seq,
            notice.tracking_id,
            notice.n,
            notice.kind,
            notice.to_role,
            notice.channel,
            body,
        )
    return len(ids)
