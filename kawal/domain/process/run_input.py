"""Input and output of a run of a complaint's workflow: the interface between client and workflow."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from kawal.domain.checks import CheckResult
from kawal.domain.messages import KEY_AS_RECORDED, Actor, Event, Report
from kawal.domain.names import EventKind, Role, Status
from kawal.domain.policy import Rules
from kawal.domain.process.state import State
from kawal.domain.process.timers import CERTAIN, Silence

WORKFLOW_NAME = "Complaint"
NO_BEGINNING = "NoBeginning"
"""The failure type of a run that was started with nothing to begin from."""

NOT_OURS = "NotOurs"
"""The failure type of reading a payload that none of the owner's keys encrypted."""

TIMELINE_LIMIT = 1_000
"""Entries that the running workflow keeps for its timeline query; the complete record is in PostgreSQL."""


class Begin(BaseModel):
    """A report as accepted by the inbox: the input of the first run."""

    tracking_id: str
    instansi: str
    report: Report
    actor: Actor
    rules: Rules
    received_at: datetime | None = None
    """When the inbox stored it; None: when the workflow starts. Time during which the engine was down counts."""
    idempotency_key: str | None = Field(default=None, validation_alias=KEY_AS_RECORDED)


class TimelineEntry(BaseModel):
    """A line of the timeline query: the process record without people's texts."""

    seq: int
    at: datetime
    kind: EventKind
    status: Status
    role: Role
    opd: str | None = None


def timeline_of(events: list[Event]) -> list[TimelineEntry]:
    """Return the timeline's lines for events of the record."""
    return [
        TimelineEntry(
            seq=event.seq, at=event.at, kind=event.kind, status=event.status, role=event.actor.role, opd=event.actor.opd
        )
        for event in events
    ]


class RunInput(BaseModel):
    """The input of every run: a report to begin with, or the state that an earlier run left.

    Time is the workflow's plus `offset`; `starts_at` sets that offset so that this run begins at a given instant (a
    rerun of a past year, a reopening in virtual time). Live runs use neither.
    """

    begin: Begin | None = None
    state: State | None = None
    timeline: list[TimelineEntry] = Field(default_factory=list)
    offset: timedelta = timedelta()
    starts_at: datetime | None = None
    advice: CheckResult | None = None
    reopening: bool = False
    """Whether it is started together with the command that reopens an ended complaint."""
    silence: Silence = CERTAIN
    """Whether a letter in the tray made an earlier run wait before the reporter's silence ended something."""
    events_per_run: int | None = None
    """Continue as new after this many history events; None: when the server suggests it."""
    in_turn: bool = False
    """Whether the main coroutine executes all commands, in turn. Set when a run is started; in runs begun before this
    field existed the handlers execute them, under a lock, until the next continue-as-new."""


class End(BaseModel):
    """The result of a complaint's workflow."""

    tracking_id: str
    status: Status
    last_seq: int
