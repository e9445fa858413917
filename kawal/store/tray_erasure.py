"""Deleting a person's letters from the tray: with a report of theirs, or by who sent them. The lines stay.

A letter that names several reports goes with the last of them that is erased.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from kawal.store.data_keys import DataKeyStore
from kawal.store.tray import Tray

_GONE = """
    update tray_item t
    set body = null, sender = null, sender_mac = null, grounds = null, answerable = false,
        decided_by = case when state = 'waiting' then $3 else decided_by end,
        decided_at = case when state = 'waiting' then $4 else decided_at end,
        state = case when state = 'waiting' then 'erased' else state end
    where body is not null and (state <> 'waiting' or $5) and ({whose})
      and not exists (
          select from tray_item_report r where r.item = t.id and {others}
          and not exists (select from erasure e where e.tracking_id = r.tracking_id))
"""
_OF_REPORT = _GONE.format(
    whose="$2::text is null and (t.tracking_id = $1"
    " or exists (select from tray_item_report r where r.item = t.id and r.tracking_id = $1)"
    " or t.sender_mac = any ($6::bytea[]))",
    others="r.tracking_id <> $1",
)
_OF_SENDER = _GONE.format(
    whose="t.sender_mac = any ($1::bytea[]) and ($2::text is null or t.instansi = $2)", others="true"
)


async def erase_with_report(
    conn: asyncpg.Connection, tracking_id: str, by: str, at: datetime, *, sent_from: Sequence[bytes], undecided: bool
) -> None:
    """Delete the letters that name a report or come from its reporter, whose contacts have the hashes `sent_from`.

    Those about which nobody has decided only if `undecided`. Within the caller's transaction.
    """
    await conn.execute(_OF_REPORT, tracking_id, None, by, at, undecided, list(sent_from))


async def erase_sent_by(
    pool: asyncpg.Pool,
    keys: DataKeyStore,
    contacts: Sequence[str],
    instansi: str | None,
    by: str,
    at: datetime,
    *,
    undecided: bool,
) -> int:
    """Delete the letters that came from any of these addresses and numbers to an agency (None: to any).

    Those that name a report which is not erased stay with it. Returns how many are deleted.
    """
    tray = Tray(pool, keys)
    macs = [await tray.mac_of(one) for one in contacts]
    done = await pool.execute(_OF_SENDER, [mac for mac in macs if mac is not None], instansi, by, at, undecided)
    return int(done.split()[-1])
