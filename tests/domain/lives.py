"""A complaint's life for the tests of the rules: local times, people by name, and a log of everything that happened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from kawal.data import CALENDAR_VERSION, HOLIDAYS, read_text
from kawal.domain.calendar import JAKARTA, Calendar, local_day, parse_holidays
from kawal.domain.messages import Actor, Command, Event, Report, Reporter
from kawal.domain.names import Channel, ClockKind, EventKind, ReportClass, Role, Status
from kawal.domain.policy import Policy, Rules
from kawal.domain.process import clocks
from kawal.domain.process.decide import begin, decide, tick
from kawal.domain.process.state import INSPECTORATE_OWNER, Clock, State, clock_key
from kawal.domain.refusals import Refusal
from kawal.wording.catalogues import say

LISTED = parse_holidays(read_text(HOLIDAYS))
HOLIDAY_DATES = [holiday.day for holiday in LISTED]
NATIONAL = Calendar.from_holidays(CALENDAR_VERSION, LISTED)
RULES = Rules(policy=Policy(version="uji", effective_from=date(2020, 1, 1)), calendar=NATIONAL)

AGENCY = "KEPRI"
TRACKING = "1234560"

ADMIN = Actor(role=Role.ADMIN, account="admin-1")
REPORTER = Actor(role=Role.REPORTER, account="reporter-1")
INSPECTORATE = Actor(role=Role.INSPECTORATE, account="inspector-1")
ADAPTER = Actor(role=Role.ADAPTER, account="web")
SYSTEM = Actor(role=Role.SYSTEM, account="kawal")
REPORT = Report(title="Jalan rusak", text="Lubang di depan pasar", channel=Channel.WEB, reporter=Reporter(name="Ani"))

USUAL_EXAMPLES = 100
"""Hypothesis's own default."""


def examples(number: int) -> settings:
    """Let Hypothesis run this many lives, however slow the machine."""
    scaled = max(1, number * settings().max_examples // USUAL_EXAMPLES)
    return settings(max_examples=scaled, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def liaison(opd: str) -> Actor:
    return Actor(role=Role.LIAISON, account=f"liaison-{opd}", opd=opd)


def local(text: str) -> datetime:
    """Parse a time such as `2022-03-07 09:00` in Asia/Jakarta."""
    return datetime.fromisoformat(text).replace(tzinfo=JAKARTA)


class Life:
    """One complaint. The default start is Monday 7 March 2022, 09:00; no holiday follows until 15 April."""

    def __init__(self, at: str = "2022-03-07 09:00", rules: Rules = RULES) -> None:
        self.now = local(at)
        decision = begin(REPORT, TRACKING, AGENCY, rules, ADAPTER, self.now, "start")
        self.state: State = decision.state
        self.events: list[Event] = list(decision.events)
        self._keys = count(1)

    def until(self, at: str | datetime | date) -> Life:
        """Let time pass to a local time, or to noon of a local day."""
        if isinstance(at, str):
            at = local(at if ":" in at else f"{at} 12:00")
        elif not isinstance(at, datetime):
            at = local(f"{at} 12:00")
        self.now = max(at, self.now)
        decision = tick(self.state, self.now)
        self.events += decision.events
        self.state = decision.state
        return self

    def past_the_end_of(self, day: str | date) -> Life:
        """Let time pass to the first instant after that local day, when its deadlines have run out."""
        return self.until(local(f"{day} 00:00") + timedelta(days=1))

    def do(self, name: str, who: Actor, **arguments: Any) -> Life:
        """Give a command now, which the rules must allow; `report_class` is sent as `class`."""
        self.until(self.now)
        decision = decide(self.state, self.command(name, who, **arguments), self.now)
        self.events += decision.events
        self.state = decision.state
        return self

    def refusal(self, name: str, who: Actor, **arguments: Any) -> str:
        """Give a command that must be refused; return the code of the refusal, nothing having changed."""
        self.until(self.now)
        before = self.state.model_copy(deep=True)
        with pytest.raises(Refusal) as refused:
            decide(self.state, self.command(name, who, **arguments), self.now)
        assert self.state == before
        assert all(say(lang, refused.value.sentence) for lang in ("id", "en"))
        return refused.value.code

    def command(self, name: str, who: Actor, **arguments: Any) -> Command:
        if "report_class" in arguments:
            arguments["class"] = arguments.pop("report_class")
        return Command(name=name, actor=who, arguments=arguments, idempotency_key=f"key-{next(self._keys)}")

    # --- Usual steps --------------------------------------------------------------------------------------------

    def verified(self, report_class: str = "pengaduan", pengawasan: bool = False) -> Life:
        return self.do(
            "verify", ADMIN, title="Jalan", report_class=report_class, category="Jalan", pengawasan=pengawasan
        )

    def forwarded(self, *opds: str, report_class: str = "pengaduan", pengawasan: bool = False) -> Life:
        return self.verified(report_class, pengawasan).do("forward", ADMIN, opds=list(opds or ("A",)))

    def follow_up(self, opd: str = "A", final: bool = False) -> Life:
        return self.do("follow_up", liaison(opd), text="Ditambal", final=final)

    def finished(self, *opds: str) -> Life:
        """Forward to these OPDs, every one of which posts its final follow-up."""
        self.forwarded(*(opds or ("A",)))
        for opd in opds or ("A",):
            self.follow_up(opd, final=True)
        return self

    def closed(self) -> Life:
        return self.finished().do("accept", REPORTER, rating=5)

    # --- What is seen -------------------------------------------------------------------------------------------

    @property
    def status(self) -> Status:
        return self.state.status

    def clock(self, kind: str, opd: str | None = None) -> Clock:
        """Return a clock that runs or is paused; fail if there is none."""
        found = self.state.clock(ClockKind(kind), opd)
        assert found is not None, f"no {kind} clock runs: {self.running()}"
        return found

    def past(self, kind: str, opd: str | None = None) -> Clock:
        """Return a clock whether it runs or has stopped."""
        return self.state.clocks[clock_key(ClockKind(kind), opd)]

    def running(self) -> set[str]:
        return {clock.key for clock in self.state.running_clocks()}

    def day(self, kind: str, opd: str | None = None) -> str:
        """Return the local day at whose end a clock runs out, or "paused"."""
        return str(clocks.last_day(self.clock(kind, opd), self.state.rules.calendar) or "paused")

    def kinds(self) -> list[str]:
        return [str(event.kind) for event in self.events]

    def of_kind(self, kind: str) -> list[Event]:
        return [event for event in self.events if event.kind is EventKind(kind)]

    def days_of(self, kind: str, key: str | None = None) -> list[str]:
        """Return the local days to which the events of a kind (of one clock) belong."""
        chosen = [event for event in self.of_kind(kind) if key is None or event.facts.get("key") == key]
        return [event.facts.get("day") or str(local_day(event.at)) for event in chosen]

    def owes(self) -> set[str]:
        return {code for code, owner in self.state.owners.items() if owner.state == "owes"}

    def rungs(self, key: str | None) -> list[tuple[int, str]]:
        """Return the rungs 2 and 3 of a clock's breaches (None: of the item's own ladder), with their local days."""
        reached = [event for event in self.of_kind("rung_reached") if event.facts["key"] == key]
        return [(event.facts["rung"], event.facts["day"]) for event in reached]


__all__ = [
    "ADMIN",
    "AGENCY",
    "INSPECTORATE",
    "INSPECTORATE_OWNER",
    "NATIONAL",
    "REPORTER",
    "RULES",
    "SYSTEM",
    "Life",
    "ReportClass",
    "examples",
    "liaison",
    "local",
]
