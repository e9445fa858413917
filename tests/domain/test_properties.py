"""What holds for every life: random commands that the rules allow, at random times, over decide, tick and evolve."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.messages import Command, Event
from kawal.domain.names import OWED_STEPS, ClockKind, CommandName, EventKind, Status
from kawal.domain.process import clocks
from kawal.domain.process.decide import decide, tick
from kawal.domain.process.evolve import fold
from kawal.domain.process.obligations import climbing_ladders
from kawal.domain.process.projection import explain_clocks, snapshot
from kawal.domain.process.state import INSPECTORATE_OWNER, State
from kawal.domain.process.timers import next_wake, reason_without_deadline
from kawal.domain.refusals import Refusal
from tests.domain.catalogue import DAYS_FEWER_OFF, EVERYONE, allowed, arguments
from tests.domain.lives import Life, examples

HOURS = (0, 0, 1, 7, 24, 30, 49, 96, 170, 400)
steps = st.lists(
    st.tuples(st.sampled_from(HOURS), st.integers(0, 10_000), st.integers(0, 10_000)), min_size=1, max_size=30
)
begins = st.sampled_from(
    ["2022-03-07 09:00", "2022-03-05 23:59", "2022-04-27 00:00", "2025-12-19 16:30", "2026-12-15 08:00"]
)

ENDINGS = frozenset({"archive", "pass_on", "merge"})
NOISE = frozenset({"attach", "recompute", "nudge", "escalate", "reclassify"})


def choose(commands: list[Command], first: int, second: int) -> Command | None:
    """Choose the command before its arguments, so that having many does not make it likelier; endings seldom."""
    names = sorted({command.name for command in commands})
    seldom = ENDINGS if first % 7 else frozenset()
    names = [name for name in names if name not in seldom and (first % 3 == 0 or name not in NOISE)] or names
    if not names:
        return None
    chosen = [command for command in commands if command.name == names[first % len(names)]]
    return chosen[second % len(chosen)]


def walk(at: str, script: Iterable[tuple[int, int, int]]) -> Iterable[tuple[Life, Command | None]]:
    """Yield a life step by step: time passes, then one of the allowed commands is given."""
    life = Life(at)
    for number, (hours, first, second) in enumerate(script):
        life.until(life.now + timedelta(hours=hours))
        command = choose(allowed(life.state, life.now, f"step-{number}"), first, second)
        if command is not None:
            decision = decide(life.state, command, life.now)
            life.events += decision.events
            life.state = decision.state
        yield life, command
        if life.state.is_over and life.state.status is not Status.SELESAI:
            return


def lived(at: str, script: list[tuple[int, int, int]]) -> Life:
    """Return the same life at its end."""
    return list(walk(at, script))[-1][0]


# --- Impossible states -----------------------------------------------------------------------------------------------


def impossible(state: State) -> list[str]:
    """Return what is wrong with a state, if anything: each line of the process as an invariant."""
    running = {clock.key: clock for clock in state.running_clocks()}
    kinds = {clock.kind for clock in running.values()}
    return [
        what
        for what, holds in {
            **_of_status(state, kinds),
            **_of_owing(state, set(running), kinds),
            **_of_clocks(state),
            **_of_the_item(state),
        }.items()
        if not holds
    ]


def _of_status(state: State, kinds: set[ClockKind]) -> dict[str, bool]:
    status, aftercare = state.status, ClockKind.AFTERCARE in kinds
    return {
        "in a final status only the aftercare runs": not state.is_final or kinds <= {ClockKind.AFTERCARE},
        "the aftercare runs in selesai until it is over": aftercare
        == (status is Status.SELESAI and not state.aftercare_over),
        "a held report has its hold clock and nothing else has": (status is Status.DITUNDA)
        == (ClockKind.HOLD in kinds)
        == (state.held_from is not None),
        "only what was not forwarded is held": status is not Status.DITUNDA or not state.owners,
        "unverified means not verified": status is not Status.BELUM_DIVERIFIKASI or state.verified_at is None,
        "verified and not followed up is belum_ditindaklanjuti": status is not Status.BELUM_DITINDAKLANJUTI
        or (state.verified_at is not None and state.first_follow_up_at is None),
        "in process means followed up": status not in (Status.PROSES, Status.SELESAI)
        or state.first_follow_up_at is not None,
        "closed means with a time": state.is_final == (state.closed_at is not None),
        "selesai says by what": (status is Status.SELESAI) == (state.closed_by is not None),
        "merged names its main report": (status is Status.DIGABUNG) == (state.main_report is not None),
    }


def _of_owing(state: State, keys: set[str], kinds: set[ClockKind]) -> dict[str, bool]:
    if state.is_final:
        return {}
    verified, complete = state.verified_at is not None, ClockKind.COMPLETE in kinds
    due = {
        f"respond:{owner.code}"
        for owner in state.owners.values()
        if owner.state == "owes" and owner.first_follow_up_at is None and owner.code != INSPECTORATE_OWNER
    }
    inspectorate = state.owners.get(INSPECTORATE_OWNER)
    waits = bool(state.owners) and not state.someone_owes and state.final_stands
    nobody = bool(state.owners) and not state.someone_owes and not state.final_stands
    return {
        "verify runs until somebody has the report": (ClockKind.VERIFY in kinds) == (not state.owners),
        "completion runs while somebody owes or a forward is owed": complete
        == (verified and bool(state.owners) and not waits),
        "auto-close runs while nobody owes and a final stands": (ClockKind.AUTO_CLOSE in kinds) == waits,
        "the admin owes a forward while nobody owes and none stands": (ClockKind.FORWARD in kinds) == nobody,
        "each OPD's respond clock runs until its first follow-up": {k for k in keys if k.startswith("respond")} == due,
        "the takeover's clock runs while the Inspectorate owes": (ClockKind.TAKE_OVER in kinds)
        == (inspectorate is not None and inspectorate.state == "owes"),
        "who is waited for has something to judge": not waits or state.status is Status.PROSES,
    }


def _of_clocks(state: State) -> dict[str, bool]:
    running, calendar = state.running_clocks(), state.rules.calendar
    paused = [clock for clock in running if clock.open_pause]
    complete = state.clock(ClockKind.COMPLETE)
    return {
        "a question has its clock": (state.question is None) == (state.clock(ClockKind.QUESTION) is None),
        "an instruction has its clock": (state.instruction is None) == (state.clock(ClockKind.INSTRUCTION) is None),
        "only verify, respond and complete are paused": {clock.kind for clock in paused}
        <= {ClockKind.VERIFY, ClockKind.RESPOND, ClockKind.COMPLETE},
        "a clock pauses only for a hold or a question": not paused
        or state.status is Status.DITUNDA
        or state.question is not None,
        "what is late is not paused": all(clock.breached_at is None for clock in paused),
        "a stopped clock climbs no ladder": all(
            clock.running or clock.ladder is None or clock.ladder.stopped is not None for clock in state.clocks.values()
        ),
        "only steps that an official owes are late": all(
            clock.breached_at is None or clock.kind in OWED_STEPS for clock in state.clocks.values()
        ),
        "an extension is asked for while completion runs in time": state.extension_days is None
        or (complete is not None and complete.breached_at is None),
        "waiting adds up to ten working days at most, and those that a later calendar says were worked": all(
            clocks.waited(clock, calendar) <= state.rules.policy.pause_cap + DAYS_FEWER_OFF
            for clock in state.clocks.values()
        ),
    }


def _of_the_item(state: State) -> dict[str, bool]:
    item = state.item
    levels = [clock.ladder.reached for clock in state.clocks.values() if clock.ladder]
    return {
        "a late step that is owed is on the Inspectorate's worklist": not state.breached_and_owed()
        or (item is not None and item.open),
        "a level lies between the Inspectorate and the Gubernur": all(1 <= level <= 3 for level in levels),
        "the item's level is that of its ladders at least": item is None
        or not item.open
        or all(ladder.reached <= item.level for ladder in climbing_ladders(state)),
        "nothing climbs in a final status": not (state.is_final and climbing_ladders(state)),
        "who was late has been escalated": not state.ever_late or (item is not None and state.ever_level >= 1),
    }


@examples(70)
@given(begins, steps)
def test_no_life_comes_into_an_impossible_state(at: str, script: list[tuple[int, int, int]]) -> None:
    for life, command in walk(at, script):
        assert impossible(life.state) == [], command
        snapshot(life.state)
        assert len(explain_clocks(life.state, {})) == len(life.running())


@examples(45)
@given(begins, steps)
def test_an_open_complaint_always_has_an_armed_deadline_or_a_stated_reason(
    at: str, script: list[tuple[int, int, int]]
) -> None:
    for life, _ in walk(at, script):
        wake, reason = next_wake(life.state), reason_without_deadline(life.state)
        assert wake is None or wake > life.now
        assert (wake is None) != (reason is None) or life.state.is_over


# --- The record ------------------------------------------------------------------------------------------------------


@examples(45)
@given(begins, steps)
def test_the_events_alone_give_the_state_back_also_through_json(at: str, script: list[tuple[int, int, int]]) -> None:
    life = lived(at, script)
    read = [Event.model_validate_json(event.model_dump_json()) for event in life.events]
    assert fold(read) == life.state
    assert State.model_validate_json(life.state.model_dump_json()) == life.state


@examples(45)
@given(begins, steps)
def test_events_are_numbered_without_gaps_and_time_never_runs_back(at: str, script: list[tuple[int, int, int]]) -> None:
    for life, _ in walk(at, script):
        assert [event.seq for event in life.events] == list(range(1, len(life.events) + 1))
        for earlier, later in pairwise(life.events):
            assert earlier.at <= later.at
            assert earlier.recorded_at <= later.recorded_at
        assert all(event.at <= event.recorded_at <= life.now for event in life.events)
        assert life.events[-1].status is life.state.status


# --- Lateness --------------------------------------------------------------------------------------------------------

STARTS_A_PERIOD = frozenset(
    {
        EventKind.FORWARDED,
        EventKind.HANDLED,
        EventKind.RETURNED,
        EventKind.WITHDRAWN,
        EventKind.DISPUTED,
        EventKind.REOPENED,
        EventKind.TAKEN_OVER,
    }
)


@examples(45)
@given(begins, steps)
def test_every_late_step_has_reached_the_inspectorate_and_stays_there_until_it_is_done(
    at: str, script: list[tuple[int, int, int]]
) -> None:
    for life, command in walk(at, script):
        for clock in life.state.running_clocks():
            deadline = clocks.deadline(clock, life.state.rules.calendar)
            if clock.kind in OWED_STEPS and deadline is not None and deadline <= life.now:
                assert clock.breached_at is not None, (clock.key, command)
                assert life.state.item is not None
                assert life.state.item.open


@examples(70)
@given(begins, steps)
def test_a_breach_fires_once_a_period_and_each_of_its_rungs_once(at: str, script: list[tuple[int, int, int]]) -> None:
    life = lived(at, script)
    life.until(life.now + timedelta(days=60))
    for key in {event.facts["key"] for event in life.of_kind("breached")}:
        assert_one_ladder_a_breach(life.events, key)


def assert_one_ladder_a_breach(events: list[Event], key: str) -> None:
    late, began, rungs = False, True, 0
    for event in events:
        began = began or event.kind in STARTS_A_PERIOD
        if event.facts.get("key") != key:
            continue
        if event.kind is EventKind.BREACHED:
            assert began, f"{key} breached twice in one period, at {event.seq}"
            late, began, rungs = True, False, 1
        elif event.kind is EventKind.RUNG_REACHED:
            assert late
            assert event.facts["rung"] == rungs + 1, f"rung out of turn at {event.seq}"
            rungs += 1
    assert rungs <= 3


# --- Determinism -----------------------------------------------------------------------------------------------------


@examples(30)
@given(begins, steps)
def test_equal_states_decide_equally_and_a_decision_leaves_the_given_state_alone(
    at: str, script: list[tuple[int, int, int]]
) -> None:
    for life, _ in walk(at, script):
        before = life.state.model_copy(deep=True)
        again = State.model_validate_json(life.state.model_dump_json())
        for command in allowed(life.state, life.now, "again")[::9]:
            first, second = decide(life.state, command, life.now), decide(again, command, life.now)
            assert first == second
        assert life.state == before == again


@examples(30)
@given(begins, steps)
def test_a_refusal_leaves_the_state_unchanged(at: str, script: list[tuple[int, int, int]]) -> None:
    life = lived(at, script)
    before, refusals = life.state.model_copy(deep=True), 0
    for actor in EVERYONE:
        for name in CommandName:
            for given_arguments in arguments(name, life.state, life.now):
                command = Command(name=name, actor=actor, arguments=given_arguments, idempotency_key="k")
                try:
                    decide(life.state, command, life.now)
                except Refusal:
                    refusals += 1
    assert refusals
    assert life.state == before


@examples(45)
@given(begins, steps, st.integers(1, 40))
def test_time_in_many_pieces_or_in_one_gives_the_same_events_and_state(
    at: str, script: list[tuple[int, int, int]], pieces: int
) -> None:
    life = lived(at, script)
    far = life.now + timedelta(days=45)
    once = tick(life.state, far)
    state, events = life.state, []
    for now in instants(life.now, far, pieces):
        decision = tick(state, now)
        events += decision.events
        state = decision.state
    assert [without_recording(event) for event in events] == [without_recording(event) for event in once.events]
    assert state == once.state


def instants(start: datetime, end: datetime, pieces: int) -> list[datetime]:
    return [start + (end - start) * number / pieces for number in range(pieces)] + [end]


def without_recording(event: Event) -> Event:
    return event.model_copy(update={"recorded_at": event.at})


# --- Never stuck -----------------------------------------------------------------------------------------------------


def ends(state: State, now: datetime, ways: tuple[str, ...]) -> list[str]:
    """Return the commands that end a complaint, taking the first of `ways` that the rules allow."""
    taken: list[str] = []
    for number in range(30):
        decision = tick(state, now)
        state = decision.state
        if state.is_over:
            return taken
        commands = {command.name: command for command in reversed(allowed(state, now, f"end-{number}"))}
        finals = [
            command
            for command in allowed(state, now, f"end-{number}")
            if command.name == "follow_up" and command.arguments["final"] and owes(state, command)
        ]
        if finals and "follow_up" in ways:
            commands["follow_up"] = finals[0]
        else:
            commands.pop("follow_up", None)
        name = next((name for name in ways if name in commands), None)
        if name is None:
            now += timedelta(days=31)
            continue
        taken.append(name)
        state = decide(state, commands[name], now).state
    pytest.fail(f"no end after {taken}: {state.status}, {sorted(state.clocks)}")


def owes(state: State, command: Command) -> bool:
    code = command.actor.opd or (INSPECTORATE_OWNER if command.actor.role == "inspectorate" else state.instansi)
    owner = state.owners.get(code)
    return owner is not None and owner.state == "owes"


@examples(45)
@given(begins, steps)
def test_from_every_state_some_allowed_commands_lead_to_an_end(at: str, script: list[tuple[int, int, int]]) -> None:
    for life, _ in walk(at, script):
        if life.state.last_seq % 3 == 0:
            taken = ends(life.state, life.now, ("archive", "close", "resolve"))
            assert len(taken) <= 2


@examples(30)
@given(begins, steps)
def test_from_every_open_state_follow_up_and_the_reporters_word_lead_to_selesai(
    at: str, script: list[tuple[int, int, int]]
) -> None:
    life = lived(at, script)
    if not life.state.is_final:
        ends(life.state, life.now, ("follow_up", "accept", "verify", "forward", "resolve"))
