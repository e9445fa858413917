"""Who has which report open: a lease that ends by itself."""

from __future__ import annotations

from datetime import timedelta

import asyncpg

from kawal.store.inbox import Inbox
from kawal.store.ledger import Ledger
from kawal.store.presence import HELD_FOR, Presences
from tests.store.lives import NOON, report, started

ANI, ANI_AS_INSPECTOR, BUDI = "a" * 16 + "1" * 16, "a" * 16 + "2" * 16, "b" * 16 + "1" * 16
A_MOMENT = timedelta(seconds=1)


async def test_a_report_counts_as_open_for_a_minute_after_it_was_last_heard_of(
    pool: asyncpg.Pool, ledger: Ledger, inbox: Inbox
) -> None:
    accepted = await inbox.accept(report(), "KEPRI", NOON)
    await ledger.record(started(accepted, report()))
    number, presences = accepted.tracking_id, Presences(pool)
    await presences.open(number, ANI, NOON)
    assert (await presences.others([number], BUDI, NOON + HELD_FOR - A_MOMENT))[number].account == ANI
    assert await presences.others([number], BUDI, NOON + HELD_FOR) == {}
    # The same person in another role is no colleague; who has had it for longest is named.
    assert await presences.others([number, "9999999"], ANI_AS_INSPECTOR, NOON) == {}
    await presences.open(number, BUDI, NOON + A_MOMENT)
    await presences.open(number, ANI_AS_INSPECTOR, NOON + 2 * A_MOMENT)
    found = (await presences.others([number], "c" * 32, NOON + 2 * A_MOMENT))[number]
    assert (found.account, found.since) == (ANI_AS_INSPECTOR, NOON)
    await presences.leave(number, ANI, "another page")
    assert (await presences.others([number], "c" * 32, NOON + 2 * A_MOMENT))[number].account == ANI_AS_INSPECTOR
    await presences.leave(number, ANI)
    assert (await presences.others([number], "c" * 32, NOON + 2 * A_MOMENT))[number].account == BUDI
    # What ran out goes with the next that is opened.
    await presences.open(number, ANI, NOON + 10 * HELD_FOR)
    assert await pool.fetchval("select count(*) from presence") == 1
