"""Commands to try on a state: for every command sensible arguments by everyone who might give it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from kawal.domain.calendar import local_day
from kawal.domain.messages import Actor, Command
from kawal.domain.names import CommandName, Role
from kawal.domain.policy import Rules
from kawal.domain.process.command_parser import parse
from kawal.domain.process.decide import check
from kawal.domain.process.state import State
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.refusals import Refusal
from tests.domain.lives import ADAPTER, ADMIN, AGENCY, INSPECTORATE, NATIONAL, REPORTER, RULES, SYSTEM, liaison

OPDS = ("A", "B", "C")
OTHERS = tuple(Actor(role=role, account=role) for role in (Role.AUDITOR, Role.LEADERSHIP, Role.NATIONAL))
EVERYONE = (ADMIN, REPORTER, INSPECTORATE, SYSTEM, ADAPTER, *OTHERS, *(liaison(opd) for opd in OPDS))

DAYS_FEWER_OFF = 3
OTHER_RULES = Rules(
    policy=RULES.policy.model_copy(update={"version": "ralat", "respond": 4, "complete_pengaduan": 10}),
    calendar=NATIONAL.model_copy(
        update={"version": "lain", "off": {**NATIONAL.off, 2022: NATIONAL.off[2022][:-DAYS_FEWER_OFF]}}
    ),
)

Arguments = dict[str, Any]


def arguments(name: CommandName, state: State, now: datetime) -> Iterator[Arguments]:
    """Yield well-formed arguments for a command, a few of each that matter to the rules."""
    day = local_day(now)
    classes = [("pengaduan", False), ("pengaduan", True), ("aspirasi", False)]
    choices: dict[CommandName, list[Arguments]] = {
        CommandName.VERIFY: [{"title": "t", "class": c, "category": "k", "pengawasan": p} for c, p in classes],
        CommandName.HOLD: [{"missing": "lokasi"}],
        CommandName.REPLY: [{"text": "ini"}],
        CommandName.ARCHIVE: [{"reason": "r"}],
        CommandName.PASS_ON: [{"agency": "Pusat"}],
        CommandName.MERGE: [{"main": "7654321"}],
        CommandName.FORWARD: [{"opds": ["A"]}, {"opds": ["B"]}, {"opds": ["A", "B"]}, {"opds": ["C"]}],
        CommandName.HANDLE: [{}, {"title": "t", "class": "pengaduan", "category": "k", "pengawasan": False}],
        CommandName.RETURN: [{"reason": "r"}],
        CommandName.WITHDRAW: [{"opd": opd, "grounds": "g"} for opd in (*OPDS, AGENCY)],
        CommandName.ASK: [{"question": "q"}],
        CommandName.FOLLOW_UP: [{"text": "t", "final": final} for final in (False, True)],
        CommandName.EXTEND: [{"days": days, "grounds": "g"} for days in (1, 5)],
        CommandName.REFUSE_EXTENSION: [{"grounds": "g"}],
        CommandName.ACCEPT: [{}, {"rating": 3}],
        CommandName.DISPUTE: [{"why": "w"}],
        CommandName.CLOSE: [{"grounds": "g"}],
        CommandName.RATE: [{"rating": 4}],
        CommandName.CONCEAL: [{"anonim": True}, {"anonim": True, "rahasia": True}],
        CommandName.REOPEN: [{"grounds": "g"}],
        CommandName.RECLASSIFY: [{"class": c, "pengawasan": p} for c, p in classes],
        CommandName.ESCALATE: [{"why": "w"}],
        CommandName.INSTRUCT: [
            {"to": to, "text": "t", "by": str(day + timedelta(days=ahead))}
            for to in ("admin", "A", "B", AGENCY)
            for ahead in (0, 6)
        ],
        CommandName.RESOLVE: [{"finding": "f"}],
        CommandName.NUDGE: [{"opd": "A", "how": "telepon"}],
        CommandName.RECOMPUTE: [{"rules": rules.model_dump(mode="json"), "why": "w"} for rules in (RULES, OTHER_RULES)],
        CommandName.ATTACH: [
            {"follower": "7654321", "received_at": state.received_at.isoformat(), "instansi": state.instansi}
        ],
    }
    yield from choices.get(name, [{}])


def allowed(state: State, now: datetime, key: str) -> list[Command]:
    """Return every command of the catalogue that the rules allow now."""
    found = []
    for name in CommandName:
        for given in arguments(name, state, now):
            for actor in EVERYONE:
                # Roles that the table excludes are tried in test_commands; parsing for them all takes most of the time.
                if actor.role not in {*TRANSITIONS[name].who, Role.INSPECTORATE}:
                    continue
                command = Command(name=name, actor=actor, arguments=given, idempotency_key=key)
                try:
                    check(state, parse(command), now)
                except Refusal:
                    continue
                found.append(command)
    return found
