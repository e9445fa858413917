"""The clock of an installation: the machine's own, or, in a demo, one that stands elsewhere in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """The time in which complaints live; sessions, deliveries and signatures are always the machine's."""

    def __init__(self, ahead: timedelta | None = None) -> None:
        """Stand `ahead` of the machine's clock, which may be negative; None: it is the machine's clock."""
        self.ahead = ahead

    def now(self) -> datetime:
        """Return the time (UTC)."""
        return datetime.now(UTC) + (self.ahead or timedelta())

    def run_start(self) -> datetime | None:
        """Return when a complaint's run that is started now has to begin; None where that is the engine's own now."""
        return None if self.ahead is None else self.now()
