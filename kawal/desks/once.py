"""An act beside the process under an idempotency key: sent twice, by a program or a second press, it is done once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from kawal.base.errors import SystemUnavailable
from kawal.domain.process.commands import check_idempotency_key
from kawal.domain.refusals import Refusal

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.store.done_acts import EarlierAct

T = TypeVar("T")


class KeyedAct(NamedTuple):
    """What is to be done once."""

    account: str
    """Whose key it is."""
    key: str | None
    """Without one it is done however often it is sent."""
    content: str
    """What was asked, in words that are the same for the same."""


class NothingDone(SystemUnavailable):
    """What an act needs is away, and it was given up without a trace: under the same key it may be tried again."""


async def once(complaints: Readings, act: KeyedAct, do: Callable[[], Awaitable[T]]) -> T:
    """Do what was not done before and return its result.

    Raises Refusal: `already_done`, `act_unclear` if it is being done or nobody knows how it ended, `key_reused` where
    something else had the key. After a Refusal of what was to be done, or NothingDone, the key is free again.
    """
    if act.key is None:
        return await do()
    check_idempotency_key(act.key)
    acts = complaints.record.done_acts
    earlier = await acts.begin(act.account, act.key, act.content, complaints.now())
    if earlier is not None:
        raise _refusal(earlier, act.key)
    try:
        result = await do()
    except (Refusal, NothingDone):
        await acts.forget(act.account, act.key)
        raise
    await acts.done(act.account, act.key, complaints.now())
    return result


def _refusal(earlier: EarlierAct, key: str) -> Refusal:
    if not earlier.same:
        return Refusal("key_reused", key=key)
    if earlier.done_at is None:
        return Refusal("act_unclear", at=earlier.begun_at)
    return Refusal("already_done", at=earlier.done_at)
