"""Decisions: the events that a command or the passing of time causes, or the reason why it is refused.

    begin(...)                  the first event of a complaint
    decide(state, command, now) the events of one command, or Refusal
    tick(state, now)            the events of every clock that has run out by now

Pure: `now` comes from the workflow, and the given state is not changed; a Decision contains the state afterwards.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from kawal.domain.access import may_command
from kawal.domain.messages import Actor, Answer, Command, Event, Report, acting_facts
from kawal.domain.names import REPORTERS_COMMANDS, CommandName, EventKind, Role, Status
from kawal.domain.policy import Rules
from kawal.domain.process import clocks
from kawal.domain.process.command_parser import parse
from kawal.domain.process.commands import ParsedCommand, digest_of
from kawal.domain.process.event_content import on_behalf
from kawal.domain.process.evolve import evolve, first_state, remember
from kawal.domain.process.meanwhile import changed_meanwhile
from kawal.domain.process.state import State
from kawal.domain.process.timers import CERTAIN, Due, Silence, earliest_due
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.refusals import Refusal

CLOCKWORK = Actor(role=Role.SYSTEM, account="kawal")
"""The complaint's own clocks, as an actor."""

UNREADABLE = "unreadable"
"""The account of an unknown sender, in the event that records the refusal of an unreadable command."""

ATTEMPTS_AT_TIME = 10_000
"""No complaint has so many things due at once; more means that an event does not consume its cause."""


class Decision(NamedTuple):
    """Events to record, and the state after them; `answer` is the answer to a command's sender."""

    events: list[Event]
    state: State
    answer: Answer | None = None


def begin(
    report: Report,
    tracking_id: str,
    instansi: str,
    rules: Rules,
    actor: Actor,
    received_at: datetime,
    idempotency_key: str | None = None,
    recorded_at: datetime | None = None,
) -> Decision:
    """Return the start of a complaint: the local day of receipt is day 0 of its verify clock."""
    facts = {
        "tracking_id": tracking_id,
        "instansi": instansi,
        "channel": str(report.channel),
        "anonim": report.anonim,
        "rahasia": report.rahasia,
        "class": report.proposed_class and str(report.proposed_class),
        "category": report.category,
        "chosen_opd": report.chosen_opd,
        "occurred_on": report.occurred_on,
        "rules": rules.model_dump(mode="json"),
        **acting_facts(actor),
    }
    words = report.model_dump(mode="json", include={"title", "text", "place", "reporter", "external_id", "attachments"})
    event = Event(
        seq=1,
        at=received_at,
        recorded_at=recorded_at or received_at,
        kind=EventKind.STARTED,
        actor=actor,
        status=Status.BELUM_DIVERIFIKASI,
        facts=facts,
        words=words,
    )
    if idempotency_key:
        event.idempotency_key, event.digest = (
            idempotency_key,
            digest_of(Command(name="start", actor=actor, arguments={}, idempotency_key=idempotency_key)),
        )
        event.answer = Answer(tracking_id=tracking_id, status=event.status, at=received_at, first_seq=1, last_seq=1)
    state = first_state(event)
    event.facts["deadlines"] = deadlines_of(state)
    return Decision([event], state, event.answer)


def decide(state: State, command: Command, now: datetime, silence: Silence = CERTAIN) -> Decision:
    """Apply one command and whatever becomes due at once by its effects, or raise Refusal with the reason.

    The caller has let time pass first (`tick`), so that a deadline which ran out before the command is handled before
    it. A reporter's command that was kept counts as of its receipt, unless the record already extends beyond that.
    """
    parsed = parse(command)
    at = now
    if command.received_at is not None and _counts_from_its_receipt(parsed):
        at = min(max(command.received_at, state.last_at), now)
    check(state, parsed, at)
    after = state.fork()
    event = act(after, parsed, at, now)
    moved, _ = pass_time(after, now, silence)
    return Decision([event, *moved], after, event.answer)


def _counts_from_its_receipt(parsed: ParsedCommand) -> bool:
    """Tell whether a command counts from when it was made safe: what the reporter said, and any reply.

    A verdict that an official gives from the tray counts when it is given: what an OPD then owes gets its whole time.
    """
    if parsed.command.behalf is not None:
        return parsed.name is CommandName.REPLY
    return parsed.name in REPORTERS_COMMANDS


def decide_kept(state: State, kept: Command, now: datetime, silence: Silence = CERTAIN) -> Decision:
    """Decide a kept command before letting time pass: what was due by its receipt, it, and what is due by now."""
    before = tick(state, min(kept.received_at or now, now), silence)
    decision = decide(before.state, kept, now, silence)
    return Decision([*before.events, *decision.events], decision.state, decision.answer)


def act(state: State, parsed: ParsedCommand, at: datetime, recorded_at: datetime, **more: Any) -> Event:
    """Execute a command that passed `check`, in place, and return its event; `more` are additional facts."""
    command = parsed.command
    row = TRANSITIONS[parsed.name]
    facts, words = row.written(state, parsed)
    spoken, grounds = on_behalf(command)
    event = happen(state, row.event, command.actor, at, recorded_at, {**facts, **spoken, **more}, {**words, **grounds})
    event.idempotency_key, event.digest = command.idempotency_key, digest_of(command)
    event.answer = Answer(
        tracking_id=state.tracking_id, status=event.status, at=event.at, first_seq=event.seq, last_seq=event.seq
    )
    remember(state, event)
    return event


def happen(
    state: State,
    kind: EventKind,
    actor: Actor,
    at: datetime,
    recorded_at: datetime,
    facts: dict[str, Any],
    words: dict[str, Any],
) -> Event:
    """Apply an event, in place, and return it with the deadlines that it moved."""
    event = _next_event(state, kind, actor, at, recorded_at, facts, words)
    before = deadlines_of(state)
    evolve(state, event)
    _stamp(event, state, before)
    return event


def tick(state: State, now: datetime, silence: Silence = CERTAIN) -> Decision:
    """Let time pass up to now: reminders, breaches, rungs, lapses and closings, each at its own instant, in order."""
    after = state.fork()
    return Decision(pass_time(after, now, silence)[0], after)


def pass_time(
    after: State, now: datetime, silence: Silence, first: Due | None = None
) -> tuple[list[Event], Due | None]:
    """Let time pass in place; return what it brought, and what comes first after `now`, if anything does.

    Whoever has asked already names what comes first (`earliest_due`).
    """
    events: list[Event] = []
    due = first or earliest_due(after, silence)
    for _ in range(ATTEMPTS_AT_TIME):
        if due is None or due.at > now:
            return events, due
        events.append(happen(after, due.kind, CLOCKWORK, due.at, now, due.facts, {}))
        due = earliest_due(after, silence)
    raise RuntimeError(f"complaint {after.tracking_id}: time does not come to rest")


def refused(state: State, actor: Actor, name: str, refusal: Refusal, now: datetime) -> Decision:
    """Return the record of a signal that was refused or could not be read; nothing else changes."""
    after = state.fork()
    event = _next_event(
        after, EventKind.REFUSED, actor, now, now, {"command": name[:40], "code": refusal.code}, refusal.details
    )
    evolve(after, event)
    event.status = after.status
    return Decision([event], after)


def check(state: State, parsed: ParsedCommand, now: datetime) -> None:
    """Check what the table says (`refusal_by_table`), then the row's further conditions; raise Refusal."""
    refusal = refusal_by_table(state, parsed)
    if refusal is not None:
        raise refusal
    for guard in TRANSITIONS[parsed.name].guards:
        guard(state, parsed, now)


def refusal_by_table(state: State, parsed: ParsedCommand) -> Refusal | None:
    """Return why the role or agency may not give a command, what changed since its sender looked, or the wrong status.

    In this order: a stranger is not told what happened, and who missed a colleague's act is told of that rather than of
    the status that it left.
    """
    refusal = may_command(
        parsed.command.actor,
        parsed.name,
        state.instansi,
        state.status,
        taken_over=state.taken_over,
        behalf=parsed.command.behalf,
    )
    if refusal is None or refusal.code == "wrong_status":
        return changed_meanwhile(state, parsed) or refusal
    return refusal


def _next_event(
    state: State,
    kind: EventKind,
    actor: Actor,
    at: datetime,
    recorded_at: datetime,
    facts: dict[str, Any],
    words: dict[str, Any],
) -> Event:
    return Event(
        seq=state.last_seq + 1,
        # Time never goes backwards within a complaint, even if a deadline was moved into the past.
        at=max(at, state.last_at),
        recorded_at=max(recorded_at, state.last_at),
        kind=kind,
        actor=actor,
        status=state.status,
        facts={**facts, **acting_facts(actor)},
        words=words,
    )


def _stamp(event: Event, after: State, before: dict[str, str]) -> None:
    """Record the status after the event, and each deadline that it set, paused, ended or moved (and from when)."""
    event.status = after.status
    now = deadlines_of(after)
    changed = {key: day for key, day in now.items() if before.get(key) != day}
    ended = {key: "ended" for key in before if key not in now}
    moved = {key: before[key] for key in changed if key in before}
    if changed or ended:
        event.facts["deadlines"] = changed | ended
    if moved:
        event.facts["deadlines_before"] = moved


def deadlines_of(state: State) -> dict[str, str]:
    """Return each running clock with the local day at whose end it runs out, or "paused"."""
    calendar = state.rules.calendar
    return {clock.key: str(clocks.last_day(clock, calendar) or "paused") for clock in state.running_clocks()}
