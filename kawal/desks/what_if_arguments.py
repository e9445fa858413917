"""The arguments of the commands that ask what another policy would have made of an agency's reports."""

from __future__ import annotations

from kawal.desks.arguments import AccessNumber, DeskArguments
from kawal.domain.policy import Days
from kawal.domain.process.commands import Day


class AskWhatIf(DeskArguments):
    """The days of receipt, as of the end of which day it is counted, and limits.

    Days left out are last year's, as of yesterday; limits left out are those in force. Days are local ones
    (Asia/Jakarta); limits are working days but for `aftercare_days` (calendar days).
    """

    first: Day | None = None
    last: Day | None = None
    as_of: Day | None = None
    verify: Days | None = None
    forward_again: Days | None = None
    respond: Days | None = None
    complete_permintaan_informasi: Days | None = None
    complete_aspirasi: Days | None = None
    complete_pengaduan: Days | None = None
    complete_pengawasan: Days | None = None
    auto_close: Days | None = None
    hold: Days | None = None
    question: Days | None = None
    instruct_max: Days | None = None
    take_over: Days | None = None
    aftercare_days: Days | None = None
    pause_cap: Days | None = None
    extension_max: Days | None = None
    resume_min: Days | None = None
    rung_two: Days | None = None
    rung_three: Days | None = None


class WhatIfNumber(AccessNumber):
    """A computation, by its number."""
