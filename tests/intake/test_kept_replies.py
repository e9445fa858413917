"""Replies accepted while the engine is down: each reaches its complaint once, in order of arrival."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from kawal.client.complaints import Complaints
from kawal.client.replies import ReplyRelay
from kawal.domain.names import Channel, EventKind, Role
from kawal.domain.refusals import Refusal
from kawal.intake.service import IntakeService
from tests.intake.test_relay import RETENTION, own_engine
from tests.workflows.life import eventually, report
from worker import make_worker


async def test_replies_taken_while_the_engine_is_away_arrive_once_and_in_order(home: Path) -> None:
    async with own_engine(home) as (connected, server):
        complaints = Complaints(connected)
        service = IntakeService(complaints)
        async with make_worker(connected):
            adapter = await complaints.actor(Role.ADAPTER, "web")
            case = (await complaints.start(report(), adapter)).tracking_id
        await server.stop()
        for text, key in (("satu", "k-1"), ("dua", "k-2"), ("satu", "k-1"), ("tiga", "k-3")):
            await service.reply(case, text, channel=Channel.EMAIL, idempotency_key=key)
        assert await connected.pool.fetchval("select count(*) from inbox_reply where status = 'waiting'") == 3
        with pytest.raises(Refusal, match=r"foto\.jpg"):
            await service.reply(case, "empat", ["foto.jpg"], channel=Channel.EMAIL, idempotency_key="k-4")
        broken = await connected.pool.fetchval("select min(id) from inbox_reply")
        await connected.pool.execute("update inbox_reply set body = $2 where id = $1", broken, b"rusak" * 20)
        await server.start(connected.settings.namespace, retention=RETENTION)
        async with make_worker(connected):
            relays = [asyncio.create_task(ReplyRelay(complaints).run()) for _ in range(3)]
            try:

                async def all_done() -> bool:
                    return not await connected.pool.fetchval("select count(*) from inbox_reply where done_at is null")

                await eventually(all_done, seconds=90)
            finally:
                for relay in relays:
                    relay.cancel()
                await asyncio.gather(*relays, return_exceptions=True)
        replies = [event for event in await complaints.history(case) if event.kind is EventKind.REPLIED]
        assert [event.words["text"] for event in replies] == ["dua", "tiga"]
        row = await connected.pool.fetchrow("select status, last_error from inbox_reply where id = $1", broken)
        assert tuple(row) == ("refused", "unreadable")
