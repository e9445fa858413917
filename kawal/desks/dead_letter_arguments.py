"""The arguments of the desks' commands about what was given up: dead letters, and notices not delivered."""

from __future__ import annotations

from kawal.desks.arguments import AccessNumber, DeskArguments
from kawal.domain.process.commands import Tracking


class RetryReports(DeskArguments):
    """Which accepted report is tried again; without a number every dead letter of the agency."""

    tracking_id: Tracking | None = None


class SetReportAside(DeskArguments):
    """Which report stays as it is, and why."""

    tracking_id: Tracking
    grounds: str | None = None


class NoticeNumber(AccessNumber):
    """A notice, by its number."""


class SetNoticeAside(NoticeNumber):
    """Which notice stays unsent, and why."""

    grounds: str | None = None
