"""Where a report is, who owes what by when, and what happens if nobody acts: the first sentences of its own page.

Made from the rules alone: the running clocks, their ladders, and what `everything_due` says will happen by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from kawal.domain.calendar import local_day
from kawal.domain.government import head_in
from kawal.domain.msgids import Message, Sayable, Sentence, msgid, sentence
from kawal.domain.names import FINAL, OWED_STEPS, ClockKind, EventKind, Status
from kawal.domain.process import clocks
from kawal.domain.process.state import INSPECTORATE_OWNER, TOP_RUNG, Clock, State
from kawal.domain.process.timers import everything_due
from kawal.wording.weekdays import weekday_of

Names = Mapping[str, str]
"""The names of the agency and its OPDs, by code."""

YOU = msgid("you")
OFFICES: dict[int, Message] = {
    1: msgid("the Inspectorate"),
    2: msgid("the Sekretaris Daerah"),
    3: msgid("the {head}"),
}
"""The rungs of the ladder as they are named within a sentence (`office_at`)."""

_CAPITAL: dict[int, Message] = {
    1: msgid("The Inspectorate has been told."),
    2: msgid("The Sekretaris Daerah has been told."),
    3: msgid("The {head} has been told."),
}

_DUE: dict[ClockKind, Message] = {
    ClockKind.VERIFY: msgid("It will be checked and forwarded by {day} at the latest."),
    ClockKind.FORWARD: msgid("It must be forwarded to the right office by {day} at the latest."),
    ClockKind.RESPOND: msgid("The first follow-up is due by {day} at the latest."),
    ClockKind.COMPLETE: msgid("It must be finished by {day} at the latest."),
    ClockKind.TAKE_OVER: msgid("The Inspectorate must finish it by {day} at the latest."),
}
_WAS_DUE: dict[ClockKind, Message] = {
    ClockKind.VERIFY: msgid("It should have been checked and forwarded by {day}: that is late."),
    ClockKind.FORWARD: msgid("It should have been forwarded to the right office by {day}: that is late."),
    ClockKind.RESPOND: msgid("The first follow-up was due by {day}: it is late."),
    ClockKind.COMPLETE: msgid("It should have been finished by {day}: that is late."),
    ClockKind.TAKE_OVER: msgid("The Inspectorate should have finished it by {day}: that is late."),
}
_DUE_OF = msgid("The first follow-up of {opd} is due by {day} at the latest.")
_WAS_DUE_OF = msgid("The first follow-up of {opd} was due by {day}: it is late.")

_WITH = msgid("Your report is with {who}.")
_ADMIN = msgid("the complaint admin of {agency}")
_IF_MISSED = msgid("If that is missed, the report goes to {office}.")
_CLIMBS = msgid("If nothing is done by {day}, the report goes on to {office}.")
_AT_THE_TOP = msgid("You also have the right to turn to the Ombudsman.")
_IN_HAND = msgid("The Inspectorate has it in hand and decides what comes next.")
_PROVISIONAL_DAY = msgid("{day} (provisional)")
_WHY_PROVISIONAL = msgid("A provisional date may move: the holidays of that year are not known yet.")
_STANDS_STILL = msgid("Until then the offices' time stands still.")


class Standing(NamedTuple):
    """What a report's reporter reads first."""

    lead: list[Sayable]
    """Where it is, who owes what by when, and what then."""
    more: list[Sayable]
    """What else goes on."""
    owing: list[Sayable | str]
    """Who owes the next step; nobody of a report that is final."""
    until: date | None
    """By when; of a late step the day that was missed."""


def office_at(rung: int, names: Names) -> Sayable:
    """Return the office at a rung of the ladder as it is named within a sentence."""
    return sentence(OFFICES[rung], head=head_in(names))


def _has_been_told(rung: int, names: Names) -> Sayable:
    return sentence(_CAPITAL[rung], head=head_in(names))


def standing(state: State, names: Names, main: State | None = None) -> Standing:
    """Return where a report stands; `main` is the report that it was merged into, of the same agency."""
    if state.status is Status.DIGABUNG:
        return _merged(state, names, main)
    if state.status in FINAL:
        return _final(state)
    waiting = _waiting_for_reporter(state, names)
    found = waiting if waiting is not None else _waiting_for_officials(state, names)
    return found._replace(more=[*found.more, *_watched(state, names), *_provisional(state)])


# --- Final ------------------------------------------------------------------------------------------------------------


_ENDED: dict[Status, Message] = {
    Status.DIARSIPKAN: msgid("Your report was archived on {day}."),
    Status.BUKAN_WEWENANG: msgid("Your report was passed to the responsible agency on {day}."),
    Status.DIGABUNG: msgid("Your report was merged on {day} with report {main}, which is about the same matter."),
    Status.SELESAI: msgid("Your report is done since {day}."),
}
_DONE_BY: dict[str, Message] = {
    "accept": msgid("The follow-up was accepted."),
    "close": msgid("The agency closed it and said why."),
    "auto_close": msgid("It was closed because the follow-up was not disputed in time."),
    "question": msgid("It was closed because a question stayed without an answer."),
}
_AFTERCARE = msgid("Until {day} you can still rate it and write to us.")
_AFTERCARE_OVER = msgid("Only the agency or the Inspectorate can open it again now.")
_NOTHING_MORE = msgid("Nothing more is to be done here. For something new, send a new report.")
_MERGED = msgid("You are told of each step of that report.")
_MAIN_WAITS = msgid("That report waits for its own reporter until {day}.")
_ITEM_OPEN = msgid("The Inspectorate still looks into how it was handled.")


def _final(state: State) -> Standing:
    lead: list[Sayable] = [_ended(state)]
    more: list[Sayable] = []
    if state.status is Status.SELESAI:
        lead += [_DONE_BY[state.closed_by]] if state.closed_by in _DONE_BY else []
        aftercare = state.clock(ClockKind.AFTERCARE)
        lead.append(
            _AFTERCARE_OVER if aftercare is None else sentence(_AFTERCARE, day=_day(_last_day(aftercare, state)))
        )
    else:
        lead.append(_NOTHING_MORE)
    if state.item is not None and state.item.open:
        more.append(_ITEM_OPEN)
    return Standing(lead, more, [], None)


def _ended(state: State) -> Sayable:
    closed = local_day(state.closed_at or state.last_at)
    return sentence(_ENDED[state.status], day=_day(closed), main=state.main_report or "")


def _merged(state: State, names: Names, main: State | None) -> Standing:
    """Say where the main report stands; what that asks of its own reporter is no matter of this one's."""
    if main is None:
        return Standing([_ended(state), _MERGED], [], [], None)
    found = standing(main, names)
    if found.owing == [YOU] and found.until is not None:
        waits = sentence(_MAIN_WAITS, day=_day(found.until))
        return found._replace(lead=[_ended(state), waits], more=[], owing=[])
    told = found.lead[:1] if main.status in FINAL else found.lead
    return found._replace(lead=[_ended(state), *told])


# --- Waiting for the reporter -----------------------------------------------------------------------------------------


_HELD = msgid("Your report waits for you: something is missing.")
_SEND_BY = msgid("Please send what is missing by {day}.")
_THEN_ARCHIVED = msgid("Without it, the report is archived.")
_ASKED = msgid("{who} has asked you a question.")
_ANSWER_BY = msgid("Please answer by {day}.")
_THEN_CLOSED = msgid("Without an answer, the report is closed as done.")
_THEN_GOES_ON = msgid("Without an answer, the report goes on with what is known.")
_FINISHED = msgid("{who} says that the work is done.")
_JUDGE_BY = msgid("It is your turn until {day}: accept it or dispute it.")
_THEN_DONE = msgid("If we hear nothing, the report is closed as done.")


def _waiting_for_reporter(state: State, names: Names) -> Standing | None:
    hold, question = state.clock(ClockKind.HOLD), state.clock(ClockKind.QUESTION)
    judging = state.clock(ClockKind.AUTO_CLOSE)
    if hold is not None:
        return _turn(state, hold, _HELD, _SEND_BY, _THEN_ARCHIVED)
    if question is not None:
        asker = state.question.by if state.question else None
        asked = sentence(_ASKED, who=_upper(_who(asker, state, names)))
        found = _turn(state, question, asked, _ANSWER_BY, _THEN_CLOSED if _closes(state) else _THEN_GOES_ON)
        return found._replace(more=_beside_a_question(state, names))
    if judging is not None:
        done = [_upper(_who(owner.code, state, names)) for owner in state.owners.values() if owner.state == "final"]
        return _turn(state, judging, sentence(_FINISHED, who=listed(done)), _JUDGE_BY, _THEN_DONE)
    return None


def _turn(state: State, clock: Clock, where: Sayable, due: Message, then: Message) -> Standing:
    day = _last_day(clock, state)
    return Standing([where, sentence(due, day=_marked(clock, state, day)), then], [], [YOU], day)


def _closes(state: State) -> bool:
    """Tell whether the question's silence ends the report, by what the rules say is due."""
    return any(
        due.kind is EventKind.AUTO_CLOSED and due.facts.get("why") == "unanswered" for due in everything_due(state)
    )


def _beside_a_question(state: State, names: Names) -> list[Sayable]:
    """Return what the officials owe meanwhile."""
    owed = [clock for clock in state.running_clocks() if clock.kind in OWED_STEPS]
    if owed and all(clock.open_pause is not None for clock in owed):
        return [_STANDS_STILL]
    return _waiting_for_officials(state, names).lead if owed else []


# --- Waiting for officials --------------------------------------------------------------------------------------------


_INSTRUCTED = msgid("The Inspectorate has ordered {who} to act by {day} at the latest.")


def _waiting_for_officials(state: State, names: Names) -> Standing:
    owing = _owing(state, names)
    where = sentence(_WITH, who=listed(owing))
    owed = [clock for clock in state.running_clocks() if clock.kind in OWED_STEPS]
    late = [clock for clock in owed if clock.breached_at is not None]
    climbing = [(rung, clock) for clock in late if (rung := clocks.next_rung(clock.ladder, state)) is not None]
    if climbing:
        (number, day), clock = min(climbing, key=lambda found: found[0][1])
        lead = [where, _was_due(clock, state, names), sentence(_CLIMBS, day=_day(day), office=office_at(number, names))]
        return Standing(lead, [_has_been_told(number - 1, names)], owing, _missed_day(clock))
    coming = [clock for clock in owed if clock not in late and clock.open_pause is None]
    instruction = state.clock(ClockKind.INSTRUCTION)
    soonest = min(
        [*coming, *([instruction] if instruction else [])], key=lambda one: _last_day(one, state), default=None
    )
    before = [_was_due(late[0], state, names)] if late else []
    if soonest is not None:
        lead = [where, *before, *_coming(soonest, state, names)]
        return Standing(lead, [], owing, _last_day(soonest, state))
    if late:
        reached = max(clock.ladder.reached if clock.ladder else 1 for clock in late)
        told: list[Sayable] = [_has_been_told(reached, names), _AT_THE_TOP] if reached == TOP_RUNG else [_IN_HAND]
        return Standing([where, *before, *told], [], owing, _missed_day(late[0]))
    return Standing([where, _STANDS_STILL], [], owing, None)


def _coming(clock: Clock, state: State, names: Names) -> list[Sayable]:
    """Return what is due next and what happens if it is missed."""
    day = _last_day(clock, state)
    if clock.kind is not ClockKind.INSTRUCTION:
        # The Inspectorate hears of what is late; of what it owes itself, those above it.
        due = _said_of(clock, state, names, _DUE, _DUE_OF, _marked(clock, state, day))
        inspectorate = state.owners.get(INSPECTORATE_OWNER)
        rung = 2 if inspectorate is not None and inspectorate.state == "owes" else 1
        return [due, sentence(_IF_MISSED, office=office_at(rung, names))]
    to = state.instruction.to if state.instruction else "admin"
    ordered = sentence(_INSTRUCTED, who=_who(None if to == "admin" else to, state, names), day=_day(day))
    held = [one.ladder for one in state.clocks.values() if one.ladder and one.ladder.stopped == "instructed"]
    reached = min((ladder.reached for ladder in held), default=1)
    if reached < TOP_RUNG:
        return [ordered, sentence(_IF_MISSED, office=office_at(reached + 1, names))]
    return [ordered, _AT_THE_TOP]


def _owing(state: State, names: Names) -> list[Sayable | str]:
    """Return those who owe: the OPDs that have the report, or the admin while none has it."""
    codes = [owner.code for owner in state.owners.values() if owner.state == "owes"]
    return [_who(code, state, names) for code in codes] or [_who(None, state, names)]


def listed(offices: Sequence[Sayable | str]) -> Sayable | str:
    """Return several offices as one place of a sentence; their names have commas of their own."""
    found, *others = offices or [""]
    for one in others:
        found = sentence(_NEXT_OFFICE, offices=found, office=one)
    return found


def _who(code: str | None, state: State, names: Names) -> Sayable | str:
    """Return an office's name within a sentence; None is the agency's admin."""
    if code == INSPECTORATE_OWNER:
        return OFFICES[1]
    if code is None:
        return sentence(_ADMIN, agency=names.get(state.instansi, state.instansi))
    return names.get(code, code)


_NEXT_OFFICE = msgid("{offices}; {office}")
_UPPER = {OFFICES[1]: msgid("The Inspectorate")}
_UPPER_ADMIN = msgid("The complaint admin of {agency}")


def _upper(who: Sayable | str) -> Sayable | str:
    """Return an office's name as a sentence begins with it."""
    if isinstance(who, Sentence):
        return Sentence(_UPPER_ADMIN, who.places)
    return _UPPER.get(who, who) if isinstance(who, Message) else who


def _was_due(clock: Clock, state: State, names: Names) -> Sayable:
    return _said_of(clock, state, names, _WAS_DUE, _WAS_DUE_OF, _day(_missed_day(clock)))


def _said_of(
    clock: Clock, state: State, names: Names, table: Mapping[ClockKind, Message], of_one: Message, day: Sayable
) -> Sayable:
    """Say a step; a first follow-up with its OPD where several owe one."""
    several = sum(one.kind is ClockKind.RESPOND for one in state.running_clocks()) > 1
    if clock.kind is ClockKind.RESPOND and several:
        return sentence(of_one, opd=_who(clock.opd, state, names), day=day)
    return sentence(table[clock.kind], day=day)


# --- Days -------------------------------------------------------------------------------------------------------------


def _last_day(clock: Clock, state: State) -> date:
    day = clocks.last_day(clock, state.rules.calendar)
    return local_day(state.last_at) if day is None else day


def _missed_day(clock: Clock) -> date:
    nominal: datetime = clock.nominal or clock.breached_at or clock.started_at
    return local_day(nominal - timedelta(microseconds=1))


def _day(day: date) -> Sentence:
    return weekday_of(day)


def _marked(clock: Clock, state: State, day: date) -> Sentence:
    said = _day(day)
    return sentence(_PROVISIONAL_DAY, day=said) if clocks.is_provisional(clock, state.rules.calendar) else said


def _provisional(state: State) -> list[Sayable]:
    marked = any(clocks.is_provisional(clock, state.rules.calendar) for clock in state.running_clocks())
    return [_WHY_PROVISIONAL] if marked else []


# --- The Inspectorate -------------------------------------------------------------------------------------------------


_WATCHES = msgid("The Inspectorate has it on its list.")
_ITEM_CLIMBS = msgid("If the Inspectorate does nothing by {day}, the report goes to {office}.")


def _watched(state: State, names: Names) -> list[Sayable]:
    """Return what the Inspectorate's item, if it was opened without a breach, adds."""
    if state.item is None or not state.item.open or state.item.ladder is None:
        return []
    rung = clocks.next_rung(state.item.ladder, state)
    if rung is None:
        return [_WATCHES]
    return [_WATCHES, sentence(_ITEM_CLIMBS, day=_day(rung[1]), office=office_at(rung[0], names))]
