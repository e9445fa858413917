"""What passes between client, workflow, activities and store: plain pydantic models, no behaviour.

Fields are only ever added, with defaults, so that stored histories keep decoding.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from kawal.domain.names import Channel, ClockKind, EventKind, ReportClass, Role, Status


class Actor(BaseModel):
    """Who acts: a role held within an agency, and for a liaison within an OPD.

    `account` is an opaque id that may stand in clear columns; `name` is personal and goes only into ciphertext.
    """

    role: Role
    account: str
    opd: str | None = None
    name: str | None = None
    instansi: str | None = None
    """The agency within which the role is held; None: the complaint's own."""


class Command(BaseModel):
    """One thing asked of a complaint; `key` is the sender's idempotency key."""

    name: str
    actor: Actor
    arguments: dict[str, Any] = Field(default_factory=dict)
    key: str
    received_at: datetime | None = None
    """Of a reply that was kept until it could be handed on: when it was made safe. It counts as of that instant."""


class Answer(BaseModel):
    """What the sender of an accepted command is told; the same command is told the same again."""

    tracking_id: str
    status: Status
    at: datetime
    first_seq: int
    last_seq: int


class Place(BaseModel):
    """Where it happened: words, and if known a point (WGS 84 degrees)."""

    text: str = ""
    latitude: float | None = None
    longitude: float | None = None


class Reporter(BaseModel):
    """The reporter's identity and contacts: personal data, only ever stored as ciphertext."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    origin: str | None = None


class PastStep(BaseModel):
    """A command that was done before the import; `opd` did it if it is a liaison's."""

    name: str
    at: datetime | None = None
    """None: nobody knows more than that it lies between the dated ones around it."""
    arguments: dict[str, Any] = Field(default_factory=dict)
    opd: str | None = None


class Past(BaseModel):
    """What had happened to a report before it was imported, in order; `source` names the file by a digest."""

    source: str
    steps: list[PastStep] = Field(default_factory=list)


class Report(BaseModel):
    """A report as any channel delivers it, already checked by domain.report.check_report."""

    title: str
    text: str
    channel: Channel
    proposed_class: ReportClass | None = None
    category: str | None = None
    chosen_opd: str | None = None
    anonim: bool = False
    rahasia: bool = False
    place: Place = Field(default_factory=Place)
    occurred_on: str | None = None
    reporter: Reporter = Field(default_factory=Reporter)
    external_id: str | None = None
    attachments: list[str] = Field(default_factory=list)
    past: Past | None = None
    """Only of an imported report: what had happened to it by then (domain.process.imported)."""
    no_receipt: bool = False
    """The letter that it came by bears a machine's marks: that it was received is not answered (RFC 3834, 2)."""


class Event(BaseModel):
    """One thing that happened to a complaint, numbered from 1 without gaps through all runs.

    `facts` is the process record and may stand in clear columns; `words` is what people wrote or who the reporter is,
    only stored as ciphertext, with `key`, `digest` and `answer`. `at` is the workflow's time (UTC); `recorded_at` is
    when the complaint's record learnt of it and differs from `at` for imported history and for what was kept meanwhile.
    """

    seq: int
    at: datetime
    recorded_at: datetime
    kind: EventKind
    actor: Actor
    status: Status
    """The status after this event."""
    facts: dict[str, Any] = Field(default_factory=dict)
    words: dict[str, Any] = Field(default_factory=dict)
    key: str | None = None
    digest: str | None = None
    answer: Answer | None = None


class ClockLine(BaseModel):
    """One open clock as the read model and the queries show it: UTC instants, a deadline being a local day's end."""

    kind: ClockKind
    opd: str | None = None
    owed_by: Role
    started_at: datetime
    deadline: datetime | None
    """None while the clock is paused."""
    paused_since: datetime | None = None
    breached_at: datetime | None = None
    provisional: bool = False
    """The deadline reaches into a year whose calendar is not known yet."""
    rungs: int = 0
    """Rungs of the ladder already reached by this clock's breach: 1 Inspectorate, 2 Sekda, 3 Gubernur."""


class OpdLine(BaseModel):
    """How one OPD (or the agency itself, or the Inspectorate after take_over) stands to the complaint."""

    code: str
    state: str
    """owes | final | returned | withdrawn | taken_over"""
    forwarded_at: datetime
    received_at: datetime | None = None
    first_follow_up_at: datetime | None = None
    final_at: datetime | None = None


class Snapshot(BaseModel):
    """The read model's row for a complaint after an event: derived from the state, never edited by hand."""

    tracking_id: str
    instansi: str
    status: Status
    channel: Channel
    report_class: ReportClass | None
    pengawasan: bool
    category: str | None
    anonim: bool
    rahasia: bool
    received_at: datetime
    verified_at: datetime | None = None
    first_forwarded_at: datetime | None = None
    first_follow_up_at: datetime | None = None
    completed_at: datetime | None = None
    """When the last final follow-up that still stands came in (the completion clock's stop)."""
    closed_at: datetime | None = None
    closed_by: str | None = None
    """accept | close | auto_close | question — how a selesai came about."""
    work_days_to_follow_up: int | None = None
    work_days_to_completion: int | None = None
    rating: int | None = None
    main_report: str | None = None
    opds: list[OpdLine] = Field(default_factory=list)
    clocks: list[ClockLine] = Field(default_factory=list)
    next_deadline: datetime | None = None
    overdue: bool = False
    """A step that an official owes is past its deadline and still owed."""
    ever_late: bool = False
    item_open: bool = False
    """The Inspectorate's item is on its worklist."""
    item_opened_at: datetime | None = None
    item_why: str | None = None
    item_done_late: list[str] = Field(default_factory=list)
    """Clocks of the open item whose late step was done after all."""
    level: int = 0
    """Highest rung of the open item: 0 none, 1 Inspectorate, 2 Sekda, 3 Gubernur."""
    ever_level: int = 0
    policy_version: str = ""
    calendar_version: str = ""
    last_seq: int = 0


class Batch(BaseModel):
    """What one step writes in one transaction: its events, and the row of the read model after them."""

    workflow_id: str
    events: list[Event]
    after: Snapshot
    followers: list[str] = Field(default_factory=list)
    """Tracking ids of reports merged into this one: their reporters are told what this one's reporter is told."""
    main_of: list[str] = Field(default_factory=list)
    """Tracking ids whose main report becomes this one (set when followers are attached)."""
