"""The inbox: one report, one number, one key, whatever is sent again."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from kawal.crypto.master_keys import KeyUnavailable, LocalMasterKey
from kawal.domain.messages import Actor
from kawal.domain.names import Channel, Role
from kawal.proof.chain import canonical_json
from kawal.store.data_keys import DataKeyStore
from kawal.store.inbox import Inbox, InboxConflict
from tests.store.lives import NOON, report

SOON = timedelta(minutes=1)


async def test_an_accepted_report_waits_with_its_number_and_comes_out_as_it_was(inbox: Inbox) -> None:
    actor = Actor(role=Role.ADAPTER, account="adapter00web", name="Portal")
    accepted = await inbox.accept(report(), "KEPRI", NOON, actor=actor)
    assert len(accepted.tracking_id) == 7
    assert accepted.workflow_id == f"complaint-{accepted.tracking_id}"
    (claimed,) = await inbox.claim(10, SOON)
    waiting = await inbox.open(claimed)
    assert (waiting.inbox_id, waiting.tracking_id) == (accepted.inbox_id, accepted.tracking_id)
    assert (waiting.report, waiting.actor, waiting.received_at) == (report(), actor, NOON)


async def test_a_report_sent_again_after_an_update_that_added_a_field_is_the_same(
    inbox: Inbox, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    before = report().model_dump(mode="json", exclude={"no_receipt"})
    accepted = await inbox.accept(report(), "KEPRI", NOON, idempotency_key="k")
    stored = await pool.fetchval("select digest_mac from inbox where id = $1", accepted.inbox_id)
    assert stored == await keys.mac("inbox digest", "KEPRI", canonical_json(before))
    with pytest.raises(InboxConflict):
        await inbox.accept(report(no_receipt=True), "KEPRI", NOON, idempotency_key="k")


async def test_its_key_exists_when_the_number_is_told(inbox: Inbox, keys: DataKeyStore) -> None:
    accepted = await inbox.accept(report(), "KEPRI", NOON)
    assert (await keys.key_for(accepted.workflow_id)).owner == accepted.workflow_id
    with pytest.raises(KeyUnavailable):
        await keys.key_for("complaint-0000000")


async def test_the_same_external_id_on_the_same_channel_is_the_same_report(inbox: Inbox) -> None:
    first = await inbox.accept(report(external_id="A-1"), "KEPRI", NOON)
    again = await inbox.accept(report(external_id="A-1", text="disunting"), "KEPRI", NOON)
    other = await inbox.accept(report(external_id="A-1", channel=Channel.EMAIL), "KEPRI", NOON)
    assert again == first.model_copy(update={"fresh": False})
    assert other.fresh
    assert other.tracking_id != first.tracking_id


async def test_the_same_idempotency_key_gets_the_first_number_and_another_report_under_it_is_refused(
    inbox: Inbox,
) -> None:
    first = await inbox.accept(report(), "KEPRI", NOON, idempotency_key="k")
    assert (await inbox.accept(report(), "KEPRI", NOON, idempotency_key="k")).tracking_id == first.tracking_id
    with pytest.raises(InboxConflict):
        await inbox.accept(report(text="lain"), "KEPRI", NOON, idempotency_key="k")


async def test_many_senders_of_one_report_at_once_make_one_complaint(pool: asyncpg.Pool, inbox: Inbox) -> None:
    found = await asyncio.gather(
        *(inbox.accept(report(external_id="A-1"), "KEPRI", NOON, idempotency_key="k") for _ in range(12))
    )
    assert len({one.tracking_id for one in found}) == 1
    assert sum(one.fresh for one in found) == 1
    assert await pool.fetchval("select count(*) from inbox") == 1
    assert await pool.fetchval("select count(*) from data_key where owner like 'complaint-%'") == 1


async def test_a_tracking_id_is_unique_in_the_installation(pool: asyncpg.Pool, inbox: Inbox) -> None:
    accepted = await inbox.accept(report(), "KEPRI", NOON)
    with pytest.raises(asyncpg.UniqueViolationError):
        await pool.execute(
            "insert into inbox (tracking_id, instansi, channel, digest_mac, data_key_id, body, received_at)"
            " select tracking_id, instansi, channel, digest_mac, data_key_id, body, received_at from inbox"
        )
    assert accepted.fresh


async def test_a_taken_number_is_passed_over(pool: asyncpg.Pool, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter([5, 5, 5, 6])
    monkeypatch.setattr("kawal.store.inbox.secrets.randbelow", lambda _limit: next(numbers))
    first = await inbox.accept(report(), "KEPRI", NOON)
    second = await inbox.accept(report(), "KEPRI", NOON)
    assert (first.tracking_id, second.tracking_id) == ("1000005", "1000006")
    assert await pool.fetchval("select count(*) from inbox") == 2


async def test_an_unknown_agency_leaves_nothing_behind(pool: asyncpg.Pool, inbox: Inbox) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await inbox.accept(report(), "ANTAH", NOON)
    assert await pool.fetchval("select count(*) from data_key where owner like 'complaint-%'") == 0


async def test_two_relays_never_get_the_same_report(inbox: Inbox) -> None:
    for number in range(9):
        await inbox.accept(report(text=str(number)), "KEPRI", NOON)
    claims = await asyncio.gather(*(inbox.claim(3, SOON) for _ in range(4)))
    taken = [one.inbox_id for claim in claims for one in claim]
    assert len(taken) == len(set(taken)) == 9


async def test_a_report_is_tried_again_given_up_or_done(pool: asyncpg.Pool, inbox: Inbox) -> None:
    accepted = await inbox.accept(report(), "KEPRI", NOON)
    await inbox.claim(1, SOON)
    assert await inbox.claim(1, SOON) == []
    await inbox.mark_failed(accepted.inbox_id, "unavailable", timedelta())
    (again,) = await inbox.claim(1, SOON)
    assert again.attempts == 2
    await inbox.mark_failed(accepted.inbox_id, "unavailable", None)
    assert await inbox.claim(1, SOON) == []
    await inbox.mark_started(accepted.inbox_id)
    await inbox.mark_failed(accepted.inbox_id, "late news", timedelta())
    row = await pool.fetchrow("select status, last_error, started_at from inbox")
    assert (row["status"], row["last_error"]) == ("started", None)
    assert row["started_at"] is not None


async def test_another_master_key_opens_nothing_and_says_so(
    pool: asyncpg.Pool, inbox: Inbox, master: LocalMasterKey
) -> None:
    accepted = await inbox.accept(report(), "KEPRI", NOON)
    stranger = DataKeyStore(pool, LocalMasterKey(bytes(32)))
    with pytest.raises(KeyUnavailable, match="master key"):
        await stranger.key_for(accepted.workflow_id)
    assert await DataKeyStore(pool, master).key_for(accepted.workflow_id)
