"""Officials' passes: recognised until they end, and stored only as a hash."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.store.accounts import Accounts
from kawal.store.data_keys import DataKeyStore
from kawal.store.passes import PREFIX, Passes


@pytest.fixture
def passes(pool: asyncpg.Pool, keys: DataKeyStore) -> Passes:
    return Passes(pool, keys)


@pytest.fixture
async def rani(accounts: Accounts) -> Actor:
    return await accounts.actor("KEPRI", Role.AUDITOR, "Rani", None, datetime(2026, 1, 5, tzinfo=UTC))


def in_days(days: float) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


async def test_a_pass_tells_who_holds_it(passes: Passes, rani: Actor) -> None:
    number, text = await passes.issue(rani, in_days(90))
    assert text.startswith(PREFIX)
    assert await passes.who(text) == rani
    listed = await passes.all()
    assert [(one.id, one.account, one.role, one.name) for one in listed] == [
        (number, rani.account, Role.AUDITOR, "Rani")
    ]
    assert await passes.find(number) == listed[0]


async def test_using_one_counts_as_its_holders_activity(passes: Passes, pool: asyncpg.Pool, rani: Actor) -> None:
    _, text = await passes.issue(rani, in_days(90))
    assert await passes.who(text) is not None
    seen, used = await pool.fetchrow(
        "select a.last_seen_at, p.last_used_at from account a join official_pass p on p.account = a.id"
    )
    assert seen == used
    assert seen > datetime(2026, 1, 5, tzinfo=UTC)


async def test_a_revoked_one_is_nobodys(passes: Passes, pool: asyncpg.Pool, keys: DataKeyStore, rani: Actor) -> None:
    number, text = await passes.issue(rani, in_days(90))
    assert await passes.who(text) is not None
    assert await passes.revoke(number)
    assert not await passes.revoke(number)
    assert await passes.who(text) is None
    assert await Passes(pool, keys).who(text) is None


async def test_one_that_has_ended_is_nobodys(pool: asyncpg.Pool, passes: Passes, rani: Actor) -> None:
    number, text = await passes.issue(rani, in_days(1))
    await pool.execute("update official_pass set created_at = now() - interval '9 days', expires_at = now()")
    assert await passes.who(text) is None
    assert (await passes.all())[0].id == number
    with pytest.raises(asyncpg.CheckViolationError):
        await passes.issue(rani, in_days(-1))


async def test_one_of_an_account_that_was_closed_is_nobodys(pool: asyncpg.Pool, passes: Passes, rani: Actor) -> None:
    _, text = await passes.issue(rani, in_days(1))
    await pool.execute("update account set active = false")
    assert await passes.who(text) is None


async def test_what_is_no_pass_is_nobodys(passes: Passes) -> None:
    for text in ("", "x", PREFIX, PREFIX + "a" * 43, "\ud800", "a" * 1_000_000):
        assert await passes.who(text) is None, text[:40]


async def test_its_text_is_stored_nowhere(passes: Passes, pool: asyncpg.Pool, rani: Actor) -> None:
    _, text = await passes.issue(rani, in_days(1))
    row = await pool.fetchrow("select p::text as whole from official_pass p")
    assert text not in row["whole"]
    assert text.encode().hex() not in row["whole"]
