"""The outbox: each notice is sent once, and delays nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from kawal.domain.messages import Batch
from kawal.store.data_keys import DataKeyStore
from kawal.store.inbox import Inbox
from kawal.store.ledger import Ledger
from kawal.store.notices import Notice
from kawal.store.outbox import NoticeStatus, Outbox
from tests.store.lives import NOON, report, started

SOON = timedelta(minutes=1)


@pytest.fixture
def outbox(pool: asyncpg.Pool, keys: DataKeyStore) -> Outbox:
    return Outbox(pool, keys)


@pytest.fixture
async def noticed(inbox: Inbox, ledger: Ledger) -> tuple[Batch, list[Notice]]:
    batch = started(await inbox.accept(report(), "KEPRI", NOON), report())
    notices = [
        Notice(
            tracking_id=batch.after.tracking_id,
            workflow_id=batch.workflow_id,
            seq=1,
            n=n,
            kind="received",
            to_role="reporter",
            body={"text": f"laporan diterima {n}"},
        )
        for n in range(4)
    ]
    await ledger.record(batch, notices)
    return batch, notices


async def test_notices_come_out_as_they_went_in_and_each_to_one_sender_only(
    outbox: Outbox, noticed: tuple[Batch, list[Notice]]
) -> None:
    claims = await asyncio.gather(*(outbox.claim(1, SOON) for _ in range(6)))
    found = [one for claim in claims for one in claim]
    assert sorted((one.notice for one in found), key=lambda notice: notice.n) == noticed[1]
    assert {one.attempts for one in found} == {1}
    assert await outbox.claim(9, SOON) == []


async def test_a_notice_is_sent_tried_again_failed_or_has_nowhere_to_go(
    outbox: Outbox, noticed: tuple[Batch, list[Notice]]
) -> None:
    assert noticed
    sent, retried, failed, unsent = (one.id for one in await outbox.claim(4, SOON))
    await outbox.mark_sent(sent)
    await outbox.mark_retry(retried, "421", timedelta())
    await outbox.mark_failed(failed, "550")
    await outbox.mark_not_sent(unsent, "no_smtp")
    await outbox.mark_retry(sent, "too late", timedelta())
    assert {line.id: line.status for line in await outbox.lines()} == {
        sent: NoticeStatus.SENT,
        retried: NoticeStatus.PENDING,
        failed: NoticeStatus.FAILED,
        unsent: NoticeStatus.NOT_SENT,
    }
    assert [one.id for one in await outbox.claim(9, SOON)] == [retried]
    assert await outbox.send_again() == 2
    assert {one.id for one in await outbox.claim(9, SOON)} == {failed, unsent}
    assert [line.id for line in await outbox.lines(status=NoticeStatus.SENT)] == [sent]


async def test_a_body_stands_encrypted_and_an_erased_complaints_notice_is_never_sent(
    pool: asyncpg.Pool, keys: DataKeyStore, outbox: Outbox, noticed: tuple[Batch, list[Notice]]
) -> None:
    batch, notices = noticed
    body = await pool.fetchval("select body from outbox where n = 0")
    assert b"diterima" not in body
    line = (await outbox.lines())[-1]
    assert await outbox.notice(line.id) == notices[0]
    async with pool.acquire() as conn:
        await keys.destroy(conn, batch.workflow_id, "Petugas", "permintaan")
    assert await outbox.claim(9, SOON) == []
    assert {one.status for one in await outbox.lines()} == {NoticeStatus.NOT_SENT}
    assert await outbox.notice(line.id) is None


async def test_a_notice_to_a_follower_is_encrypted_with_the_followers_own_key(
    pool: asyncpg.Pool, inbox: Inbox, keys: DataKeyStore, ledger: Ledger, outbox: Outbox
) -> None:
    main = started(await inbox.accept(report(), "KEPRI", NOON), report())
    follower = await inbox.accept(report(), "KEPRI", NOON)
    erased = await inbox.accept(report(), "KEPRI", NOON)
    async with pool.acquire() as conn:
        await keys.destroy(conn, erased.workflow_id, "Petugas", "permintaan")
    told = [
        Notice(
            tracking_id=one.tracking_id,
            workflow_id=main.workflow_id,
            seq=1,
            n=n,
            kind="followed_up",
            to_role="reporter",
        )
        for n, one in enumerate((follower, erased))
    ]
    await ledger.record(main, told)
    async with pool.acquire() as conn:
        await keys.destroy(conn, main.workflow_id, "Petugas", "permintaan")
    assert [one.notice for one in await outbox.claim(9, SOON)] == [told[0]]
    (unsent,) = await outbox.lines(status=NoticeStatus.NOT_SENT)
    assert (unsent.tracking_id, unsent.last_error) == (erased.tracking_id, "erased")
