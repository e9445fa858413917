"""What an actor may do to a complaint now, command by command; why not; and when that changes by itself.

Nothing is decided here: the table of transitions is asked with the arguments that give each command its best chance.
So a refusal is never one of arguments, and what is permitted can be done with some.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from kawal.domain.calendar import local_day
from kawal.domain.messages import Actor, Command
from kawal.domain.names import CommandName, ReportClass
from kawal.domain.process.command_parser import parse
from kawal.domain.process.commands import ParsedCommand
from kawal.domain.process.decide import check, tick
from kawal.domain.process.forecast import LOOKED_AHEAD, ComingInstant, foreseen
from kawal.domain.process.state import INSPECTORATE_OWNER, State
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.refusals import Refusal

_NOBODY = "–"
_ANOTHER = ("1000000", "1000001")
_NOT_THE_ACTORS = frozenset({"wrong_role", "wrong_instansi"})
"""Refusals that no passing of time changes."""

Arguments = dict[str, Any]


class Permission(NamedTuple):
    """Whether a command may be given now, and until or from when that is so if nobody acts."""

    name: CommandName
    refusal: Refusal | None
    """Why not; None if it may be given."""
    changes_at: datetime | None = None
    """When the clocks alone end or begin the permission (UTC); None if they do not, as far as one looks ahead."""


def permissions(
    state: State,
    actor: Actor,
    now: datetime,
    coming: Iterable[ComingInstant] | None = None,
    names: Iterable[CommandName] = TRANSITIONS,
) -> dict[CommandName, Permission]:
    """Return the permission for every command of the table, in its order, or for those named, at an instant (UTC).

    Whoever has reckoned already what the clocks bring (`foreseen`) gives it.
    """
    current, tries = tick(state, now).state, _Tries(actor)
    found = {name: Permission(name, tries.refusal_of(current, name, now)) for name in names}
    open_ones = {name for name, one in found.items() if not (one.refusal and one.refusal.code in _NOT_THE_ACTORS)}
    for instant in islice(foreseen(current, now) if coming is None else coming, LOOKED_AHEAD):
        for name in tuple(open_ones):
            if (tries.refusal_of(instant.state, name, instant.at) is None) != (found[name].refusal is None):
                found[name] = found[name]._replace(changes_at=instant.at)
                open_ones.discard(name)
        if not open_ones:
            break
    return found


def refusal_of(state: State, actor: Actor, name: CommandName, now: datetime) -> Refusal | None:
    """Return why the rules do not allow a command, whatever its arguments; None if they allow it with some."""
    return _Tries(actor).refusal_of(state, name, now)


class _Tries:
    """An actor's commands, each tried with its best chance; one whose arguments have not changed is parsed once."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._parsed: dict[CommandName, ParsedCommand] = {}

    def refusal_of(self, state: State, name: CommandName, now: datetime) -> Refusal | None:
        try:
            check(state, self._command(name, best_chance(state, name, now)), now)
        except Refusal as refusal:
            return refusal
        return None

    def _command(self, name: CommandName, given: Arguments) -> ParsedCommand:
        known = self._parsed.get(name)
        if known is None or known.command.arguments != given:
            known = parse(Command(name=name, actor=self._actor, arguments=given, idempotency_key="?"))
            self._parsed[name] = known
        return known


def best_chance(state: State, name: CommandName, now: datetime) -> Arguments:
    """Return well-formed arguments that the rules refuse only if they refuse all others too."""
    chosen = _CHOSEN.get(name)
    return {} if chosen is None else chosen(state, now)


def _words(*fields: str) -> Callable[[State, datetime], Arguments]:
    return lambda _state, _now: dict.fromkeys(fields, _NOBODY)


def _holding(state: State, *states: str) -> str:
    """Return somebody who holds the report in such a way; a take-over cannot be withdrawn, so it comes last."""
    codes = [code for code, owner in state.owners.items() if owner.state in states]
    return min(codes, key=lambda code: code == INSPECTORATE_OWNER, default=_NOBODY)


def _another(state: State) -> str:
    return next(number for number in _ANOTHER if number != state.tracking_id)


_DECIDED: Arguments = {"title": _NOBODY, "class": ReportClass.PENGADUAN, "category": _NOBODY}

C = CommandName
_CHOSEN: dict[CommandName, Callable[[State, datetime], Arguments]] = {
    C.VERIFY: lambda _state, _now: _DECIDED,
    C.HOLD: _words("missing"),
    C.REPLY: _words("text"),
    C.ARCHIVE: _words("reason"),
    C.PASS_ON: _words("agency"),
    C.MERGE: lambda state, _now: {"main": _another(state)},
    C.FORWARD: lambda _state, _now: {"opds": [_NOBODY]},
    C.HANDLE: lambda state, _now: _DECIDED if state.verified_at is None else {},
    C.RETURN: _words("reason"),
    C.WITHDRAW: lambda state, _now: {"opd": _holding(state, "owes"), "grounds": _NOBODY},
    C.ASK: _words("question"),
    C.FOLLOW_UP: _words("text"),
    C.EXTEND: lambda _state, _now: {"days": 1, "grounds": _NOBODY},
    C.REFUSE_EXTENSION: _words("grounds"),
    C.DISPUTE: _words("why"),
    C.CLOSE: _words("grounds"),
    C.RATE: lambda _state, _now: {"rating": 5},
    C.CONCEAL: lambda _state, _now: {"anonim": True, "rahasia": True},
    C.REOPEN: _words("grounds"),
    C.RECLASSIFY: lambda _state, _now: {"class": ReportClass.PENGADUAN},
    C.ESCALATE: _words("why"),
    C.INSTRUCT: lambda _state, now: {"to": "admin", "text": _NOBODY, "by": str(local_day(now))},
    C.RESOLVE: _words("finding"),
    C.NUDGE: lambda state, _now: {"opd": _holding(state, "owes", "final"), "how": _NOBODY},
    C.RECOMPUTE: lambda state, _now: {"rules": state.rules, "why": _NOBODY},
    C.ATTACH: lambda state, _now: {
        "follower": _another(state),
        "received_at": state.received_at,
        "instansi": state.instansi,
    },
}
