"""What a page says may be done is what the rules do, for every state, actor and command."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given

from kawal.domain.messages import Actor, Command
from kawal.domain.names import CommandName
from kawal.domain.process.command_parser import parse
from kawal.domain.process.decide import check, tick
from kawal.domain.process.forecast import LOOKED_AHEAD, foreseen
from kawal.domain.process.permissions import Arguments, best_chance, permissions, refusal_of
from kawal.domain.process.state import State
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.refusals import Refusal
from tests.domain.catalogue import arguments
from tests.domain.lives import ADMIN, INSPECTORATE, REPORTER, SYSTEM, Life, examples, liaison, local
from tests.domain.test_properties import begins, lived, steps

C = CommandName
Script = list[tuple[int, int, int]]
_A_DAY = timedelta(days=1)


@given(begins, steps)
@examples(5)
def test_what_is_permitted_can_be_done_and_what_is_refused_cannot_whatever_the_arguments(
    at: str, script: Script
) -> None:
    life = lived(at, script)
    for actor in (ADMIN, INSPECTORATE, REPORTER, SYSTEM, liaison("A")):
        for name, permission in permissions(life.state, actor, life.now).items():
            tried = [*arguments(name, life.state, life.now), best_chance(life.state, name, life.now)]
            outcomes = [_refused(life, name, actor, given) for given in tried]
            if permission.refusal is None:
                assert None in outcomes, (name, actor.role)
            else:
                assert None not in outcomes, (name, actor.role, permission.refusal)


def _refused(life: Life, name: CommandName, actor: Actor, given: Arguments) -> str | None:
    command = Command(name=name, actor=actor, arguments=given, idempotency_key="k")
    try:
        check(life.state, parse(command), life.now)
    except Refusal as refusal:
        return refusal.code
    return None


@given(begins, steps)
@examples(5)
def test_a_permission_lasts_until_the_instant_that_is_named_and_not_longer(at: str, script: Script) -> None:
    life = lived(at, script)
    for actor in (ADMIN, INSPECTORATE, liaison("A")):
        for name, permission in permissions(life.state, actor, life.now).items():
            if permission.changes_at is None:
                continue
            before, after = _around(life, permission.changes_at)
            assert (refusal_of(before, actor, name, life.now) is None) == (permission.refusal is None)
            assert (refusal_of(after, actor, name, permission.changes_at) is None) != (permission.refusal is None)


def _around(life: Life, instant: datetime) -> tuple[State, State]:
    """Return the state at the last thing that happens by itself before an instant, and that at it."""
    before = tick(life.state, life.now).state
    for coming in foreseen(before, life.now):
        if coming.at >= instant:
            return before, coming.state
        before = coming.state
    raise AssertionError("the instant is foreseen")


@given(begins, steps)
@examples(5)
def test_what_is_foreseen_is_what_then_happens(at: str, script: Script) -> None:
    life = lived(at, script)
    ahead = [one for one, _ in zip(foreseen(life.state, life.now), range(LOOKED_AHEAD), strict=False)]
    assert all(earlier.at < later.at for earlier, later in pairwise(ahead))
    assert all(one.events for one in ahead)
    if ahead:
        events = [event for one in ahead for event in one.events]
        happened = tick(life.state, ahead[-1].at).events
        due_now = len(happened) - len(events)
        assert [(e.kind, e.at, e.facts) for e in happened[due_now:]] == [(e.kind, e.at, e.facts) for e in events]


def test_every_command_of_the_table_is_answered_for() -> None:
    assert list(permissions(Life().state, ADMIN, Life().now)) == list(TRANSITIONS)


def test_an_extension_can_be_asked_for_until_completion_is_late() -> None:
    life = Life().forwarded("A")
    extend = permissions(life.state, liaison("A"), life.now)[C.EXTEND]
    assert extend.refusal is None
    assert extend.changes_at == local(f"{life.day('complete')} 00:00") + _A_DAY


def test_a_question_can_be_asked_again_once_the_open_one_has_lapsed() -> None:
    life = Life().forwarded("A").do("ask", liaison("A"), question="Di mana?")
    ask = permissions(life.state, liaison("A"), life.now)[C.ASK]
    assert ask.refusal is not None
    assert ask.refusal.code == "question_open"
    assert ask.changes_at == local(f"{life.day('question')} 00:00") + _A_DAY


def test_what_the_table_gives_to_another_role_no_time_changes() -> None:
    life = Life().forwarded("A")
    verify = permissions(life.state, liaison("A"), life.now)[C.VERIFY]
    assert verify.refusal is not None
    assert (verify.refusal.code, verify.changes_at) == ("wrong_role", None)
