"""The newest complaints' numbers, as they are offered to whoever types one."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from kawal.store.complaint_list import newest_ids
from kawal.store.inbox import Inbox
from kawal.store.ledger import Ledger
from tests.store.lives import NOON, forwarded, report, started, verified


@pytest.fixture
async def numbers(inbox: Inbox, ledger: Ledger) -> list[str]:
    """Three complaints, the newest first; the second is with DISHUB."""
    batches = []
    for days in range(3):
        filed, at = report(text=f"laporan {days}"), NOON + timedelta(days=days)
        batches.append(started(await inbox.accept(filed, "KEPRI", at), filed, at))
        await ledger.record(batches[-1])
    checked = verified(batches[1])
    await ledger.record(checked)
    await ledger.record(forwarded(checked, "DISHUB"))
    return [batch.after.tracking_id for batch in reversed(batches)]


async def test_the_newest_come_first_and_no_more_than_asked(pool: asyncpg.Pool, numbers: list[str]) -> None:
    assert await newest_ids(pool, "", instansi=None, opd=None, limit=9) == numbers
    assert await newest_ids(pool, "", instansi="KEPRI", opd=None, limit=2) == numbers[:2]


async def test_those_that_begin_otherwise_or_are_anothers_are_left_out(pool: asyncpg.Pool, numbers: list[str]) -> None:
    assert await newest_ids(pool, numbers[2][:6], instansi=None, opd=None, limit=9) == [numbers[2]]
    assert await newest_ids(pool, "%", instansi=None, opd=None, limit=9) == []
    assert await newest_ids(pool, "", instansi="RIAU", opd=None, limit=9) == []
    assert await newest_ids(pool, "", instansi=None, opd="DISHUB", limit=9) == [numbers[1]]
