"""Connections to PostgreSQL: whoever ends is not kept by one that nobody gives back."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from kawal.store.pool import close_pool, open_pool


async def test_a_pool_that_closes_cuts_off_what_is_not_given_back(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kawal.store.pool.CLOSED_WITHIN", timedelta(seconds=0.5))
    pool = await open_pool(database_url)
    held = await pool.acquire()
    await close_pool(pool)
    with pytest.raises(asyncpg.InterfaceError):
        await held.fetchval("select 1")
