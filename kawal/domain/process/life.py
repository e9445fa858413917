"""What a run of a complaint's workflow begins with, and what it shows: the wire between client and workflow."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from kawal.domain.checks import CheckResult
from kawal.domain.messages import Actor, Event, Report
from kawal.domain.names import EventKind, Role, Status
from kawal.domain.policy import Rules
from kawal.domain.process.state import State

WORKFLOW_NAME = "Complaint"
NO_BEGINNING = "NoBeginning"
"""The type of the failure of a run that was started with nothing to begin from."""

NOT_OURS = "NotOurs"
"""The type of the failure of what was asked to read a payload that none of the owner's keys sealed."""

TIMELINE_LIMIT = 1_000
"""Entries that the running workflow keeps for its timeline query; the whole record stands in PostgreSQL."""


class Begin(BaseModel):
    """A report as accepted by the inbox: what the first run starts from."""

    tracking_id: str
    instansi: str
    report: Report
    actor: Actor
    rules: Rules
    received_at: datetime | None = None
    """When the inbox made it safe; None: when the workflow starts. What happened while the engine was down counts."""
    key: str | None = None


class TimelineEntry(BaseModel):
    """One line of the timeline query: the process record without anybody's words."""

    seq: int
    at: datetime
    kind: EventKind
    status: Status
    role: Role
    opd: str | None = None


def timeline_of(events: list[Event]) -> list[TimelineEntry]:
    """The timeline's lines for events of the record."""
    return [
        TimelineEntry(
            seq=event.seq, at=event.at, kind=event.kind, status=event.status, role=event.actor.role, opd=event.actor.opd
        )
        for event in events
    ]


class Life(BaseModel):
    """The input of every run: a beginning, or the state that an earlier run left.

    Time is the workflow's plus `offset`; `starts_at` sets that offset so that this run begins at a given instant (a
    rerun of a past year, a reopening in virtual time). Live runs leave both alone.
    """

    begin: Begin | None = None
    state: State | None = None
    timeline: list[TimelineEntry] = Field(default_factory=list)
    offset: timedelta = timedelta()
    starts_at: datetime | None = None
    advice: CheckResult | None = None
    reopening: bool = False
    """Started together with the command that reopens an ended complaint."""
    events_per_run: int | None = None
    """Continue as new after so many history events; None: when the server suggests it."""
    in_turn: bool = False
    """The main coroutine does all commands, in turn. Whoever starts a run sets it; runs begun before it existed have
    their handlers do them, under a lock, and go over to it by continuing as new."""


class End(BaseModel):
    """What a complaint's workflow returns when it is over."""

    tracking_id: str
    status: Status
    last_seq: int
