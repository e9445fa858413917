"""A reply that was kept counts as of its receipt, as if it had been handled then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.messages import Command
from kawal.domain.names import FINAL, EventKind, Status
from kawal.domain.process.decide import decide, decide_kept, tick
from kawal.domain.process.timers import silence_ending
from kawal.domain.refusals import Refusal
from tests.domain.lives import ADMIN, REPORTER, Life, examples, liaison, local

WAITING: dict[str, Callable[[], Life]] = {
    "held": lambda: Life().do("hold", ADMIN, missing="Di mana?"),
    "asked": lambda: Life().forwarded("A").do("ask", liaison("A"), question="Di mana?"),
    "asked after a follow-up": lambda: Life().forwarded("A").follow_up().do("ask", liaison("A"), question="Di mana?"),
    "finished": lambda: Life().finished("A"),
}


def reply(life: Life, **more: object) -> Command:
    return life.command("reply", REPORTER, text="Di depan kios 12").model_copy(
        update={"idempotency_key": "balasan", **more}
    )


@examples(150)
@given(st.sampled_from(sorted(WAITING)), st.integers(0, 30 * 24), st.integers(0, 60 * 24))
def test_whenever_a_kept_reply_is_handed_on_it_leads_to_what_it_would_have_led_to(
    waits: str, came: int, later: int
) -> None:
    heard, kept = WAITING[waits](), WAITING[waits]()
    received_at = heard.now + timedelta(hours=came)
    now = received_at + timedelta(hours=later)
    heard.until(received_at)
    command = reply(kept, received_at=received_at)
    if heard.status in FINAL and heard.status is not Status.SELESAI:
        with pytest.raises(Refusal):
            decide_kept(kept.state, command, now)
        return
    at_once = decide(heard.state, reply(heard), received_at)
    expected = tick(at_once.state, now)
    decision = decide_kept(kept.state, command, now)
    assert decision.state == expected.state
    assert decision.answer == at_once.answer
    told = [event for event in decision.events if event.kind is EventKind.REPLIED]
    assert [(event.at, event.recorded_at) for event in told] == [(received_at, now)]
    happened = [(event.seq, event.kind, event.at, event.facts) for event in decision.events]
    assert happened == [
        (event.seq, event.kind, event.at, event.facts)
        for event in [*heard.events[len(kept.events) :], *at_once.events, *expected.events]
    ]


def test_what_the_record_holds_by_then_is_not_undone() -> None:
    life = Life().finished("A").until("2022-03-14")
    life.do("nudge", ADMIN, opd="A", how="telepon")
    decision = decide(life.state, reply(life, received_at=local("2022-03-10 10:00")), local("2022-03-15 09:00"))
    assert decision.events[0].at == life.now
    ahead = decide(life.state, reply(life, received_at=local("2023-01-01 10:00")), local("2022-03-15 09:00"))
    assert ahead.events[0].at == local("2022-03-15 09:00")
    assert decision.state.status is Status.PROSES


def test_only_a_silence_makes_the_complaint_look_for_what_was_kept() -> None:
    held = Life().do("hold", ADMIN, missing="Di mana?")
    assert silence_ending(held.state, local("2022-03-21 23:00")) is None
    assert silence_ending(held.state, local("2022-04-01 09:00")) == local("2022-03-22 00:00")
    assert silence_ending(Life().state, local("2022-06-01 09:00")) is None
