"""The time that a step has left, in words, and the shape that stands beside them: never a colour alone."""

from __future__ import annotations

from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.time_left import TimeLeft, Urgency
from kawal.wording.weekdays import weekday_of

SHAPES: dict[Urgency, str] = {
    Urgency.LATE: "▲",
    Urgency.TODAY: "◆",
    Urgency.NEXT: "●",
    Urgency.AHEAD: "○",
    Urgency.PAUSED: "‖",
    Urgency.OPEN: "–",
}
"""A sign for each urgency; six that differ in form, for whoever sees no colours and for paper."""

_LATE = msgid("{working_days} late")
_LATE_OVER_DAYS_OFF = msgid("late since the end of {day}")
_TODAY = msgid("today until 24:00 WIB")
_LEFT = msgid("{working_days} left")
_UNTIL_A_DAY_OFF = msgid("until the end of {day}")
_PAUSED = msgid("the clock stands still: the reporter is waited for")
_OPEN = msgid("no day is set")


def time_in_words(left: TimeLeft) -> Sayable:
    """Say how much time is left: "lewat 2 hari kerja", "hari ini pukul 24.00 WIB", "3 hari kerja lagi"."""
    if left.last_day is None:
        return _PAUSED if left.urgency is Urgency.PAUSED else _OPEN
    if left.urgency is Urgency.TODAY:
        return _TODAY
    late = left.urgency is Urgency.LATE
    if left.days == 0:
        return sentence(_LATE_OVER_DAYS_OFF if late else _UNTIL_A_DAY_OFF, day=weekday_of(left.last_day))
    return sentence(_LATE if late else _LEFT, working_days=left.days)
