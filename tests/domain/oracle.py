"""Deadlines computed a second time, with numpy's busday functions alone: the reference for the clocks' tests.

Nothing of the domain is imported here. A Reckoning is told what happened to one clock, as local days, and returns the
last day; `replayed` applies the same events to another calendar or limit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np

ONE = timedelta(days=1)


def _day(day: np.datetime64) -> date:
    return date.fromisoformat(str(day))


class Workdays:
    """A working-day calendar: Monday to Friday except the given days."""

    def __init__(self, holidays: Iterable[date]) -> None:
        self._days = np.busdaycalendar(holidays=[np.datetime64(day) for day in holidays])

    def nth(self, after: date, n: int) -> date:
        """Return the n-th working day later than `after` (n of at least 1)."""
        return _day(np.busday_offset(np.datetime64(after), n, roll="backward", busdaycal=self._days))

    def this_or_next(self, day: date) -> date:
        return _day(np.busday_offset(np.datetime64(day), 0, roll="forward", busdaycal=self._days))

    def count(self, after: date, upto: date) -> int:
        """Count the working days later than `after` up to and including `upto`; 0 if there are none."""
        if upto <= after:
            return 0
        return int(np.busday_count(np.datetime64(after + ONE), np.datetime64(upto + ONE), busdaycal=self._days))


class Reckoning:
    """One clock: a limit of working days from a day that does not count, and what moved its end."""

    def __init__(self, workdays: Workdays, start: date, limit: int, cap: int = 10) -> None:
        self.workdays = workdays
        self.end = workdays.nth(start, limit)
        self.left: int | None = None
        self.told: list[tuple[str, date, int]] = []
        self._start, self._cap = start, cap
        self._since: date | None = None
        self._waiting = False
        self._extra = 0
        self.waited = 0

    @property
    def last_day(self) -> date | None:
        """The last day; None while the clock is paused."""
        return self.end if self.left is None else None

    @property
    def waits_until(self) -> date | None:
        """The day at whose end waiting for the reporter has used up its days."""
        if self.left is None or not self._waiting or self._since is None:
            return None
        unused = self._cap - self.waited
        return self.workdays.nth(self._since, unused) if unused > 0 else self._since

    def wait(self, day: date) -> None:
        """Wait for the reporter from that day, unless the days of waiting are used up."""
        if self.left is None and self.waited < self._cap:
            self._stand_still(day, waiting=True)
            self.told.append(("wait", day, 0))

    def answered(self, day: date) -> None:
        """End the waiting: the reporter has answered, or the days of waiting ran out before."""
        if self.left is not None and self._waiting and self._since is not None:
            ended = min(day, self.waits_until or day)
            self.waited += self.workdays.count(self._since, ended)
            self._run(ended, 0)
            self.told.append(("answered", ended, 0))

    def stop(self, day: date) -> None:
        self.answered(day)
        self._stand_still(day, waiting=False)
        self.told.append(("stop", day, 0))

    def run_again(self, day: date, least: int = 3) -> None:
        self._run(day, least)
        self.told.append(("run_again", day, least))

    def extend(self, days: int) -> None:
        """Extend by that many working days; while the clock is paused they move the end that it will have."""
        if self.left is None:
            self.end = self.workdays.nth(self.end, days)
        else:
            self._extra += days
        self.told.append(("extend", self._start, days))

    def replayed(self, workdays: Workdays, limit: int) -> Reckoning:
        """Return the same events on the same days, with another calendar and limit."""
        other = Reckoning(workdays, self._start, limit, cap=10_000)
        for what, day, number in self.told:
            if what == "extend":
                other.extend(number)
            elif what == "run_again":
                other.run_again(day, number)
            else:
                getattr(other, what)(day)
        return other

    def cap_again(self, cap: int = 10) -> None:
        """Restore the cap after a replay, which repeats each waiting as it was, so that later ones are capped again."""
        self._cap = cap

    def _stand_still(self, day: date, waiting: bool) -> None:
        self.left = self.workdays.count(day, self.end)
        self._since, self._waiting = day, waiting

    def _run(self, day: date, least: int) -> None:
        left = max(self.left or 0, least)
        self.end = self.workdays.nth(day, left) if left else self.workdays.this_or_next(day)
        self.left = None
        if self._extra:
            self.end, self._extra = self.workdays.nth(self.end, self._extra), 0
