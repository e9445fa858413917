"""The data exchanged between client, workflow, activities and store: plain pydantic models without behaviour.

Fields are only ever added, with defaults, so that stored histories can still be decoded.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import AliasChoices, BaseModel, Field

from kawal.domain.names import Channel, ClockKind, EventKind, ReportClass, Role, Spokesman, Status


class Actor(BaseModel):
    """The actor of a command: a role held within an agency, and for a liaison within an OPD.

    `account` is an opaque id that may be stored in plain-text columns; `name` is personal and stored only encrypted.
    """

    role: Role
    account: str
    opd: str | None = None
    name: str | None = None
    instansi: str | None = None
    """The agency within which the role is held; None: the complaint's own."""
    deputy_for: str | None = None
    """The absent's account, for whom a deputy acts as itself; on record with everything that it does."""
    operator: bool = False
    """Whether whoever runs the machine gave it by the command line, in this name; nobody signed in for it."""


def acting_facts(actor: Actor) -> dict[str, Any]:
    """Return what goes on record of how an actor acts, besides who it is: for whom as a deputy, or by the machine."""
    told: dict[str, Any] = {} if actor.deputy_for is None else {"deputy_for": actor.deputy_for}
    return told | ({"operator": True} if actor.operator else {})


KEY_AS_RECORDED = AliasChoices("idempotency_key", "key")
"""Older payloads call it `key`: they can still be read; it is written under its full name."""


class Behalf(BaseModel):
    """How an official gives a command for its reporter: by what route, and what it rests on."""

    via: Spokesman
    letter_at: datetime | None = None
    """From the tray: when the letter or message was received (UTC)."""
    stamp: date | None = None
    """At the desk: the day on the paper's stamp."""
    grounds: str | None = None
    """Why a paper of an earlier day is registered only now."""


class Command(BaseModel):
    """A command to a complaint; `idempotency_key` is the sender's own name for it."""

    name: str
    actor: Actor
    arguments: dict[str, Any] = Field(default_factory=dict)
    idempotency_key: str = Field(validation_alias=KEY_AS_RECORDED)
    received_at: datetime | None = None
    """For a reporter's command that was kept until it could be delivered: when it was stored. It counts as of then."""
    behalf: Behalf | None = None
    """Set if an official gives a reporter's command; None if its own author does."""
    if_seq: int | None = None
    """As its sender saw it: the number of the last event seen. If what the command rests on has changed since, it is
    refused (domain.process.meanwhile). None: it is given whatever happened."""


class HeardCommands(BaseModel):
    """What a reporter had said before a silence ends something, and whether more may lie in the tray."""

    commands: list[Command] = Field(default_factory=list)
    in_doubt: bool = False


class Answer(BaseModel):
    """The answer to the sender of an accepted command; repeating the command gives the same answer."""

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
    """A command that was carried out before the import, by `opd` if it is a liaison's."""

    name: str
    at: datetime | None = None
    """None: only known to lie between the dated steps around it."""
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
    """Only for an imported report: what had happened to it by then (domain.process.imported_history)."""
    no_receipt: bool = False
    """Its letter is marked as sent by a machine, so its receipt is not acknowledged (RFC 3834, 2)."""


class Event(BaseModel):
    """Something that happened to a complaint, numbered from 1 without gaps through all runs.

    `facts` is the process record and may be stored in plain-text columns; `words` is what people wrote or who the
    reporter is, stored only as ciphertext, with `idempotency_key`, `digest` and `answer`. `at` is the workflow's time
    (UTC);
    `recorded_at` is when the event was added to the complaint's record and differs from `at` for imported history and
    for kept replies.
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
    idempotency_key: str | None = Field(default=None, validation_alias=KEY_AS_RECORDED)
    digest: str | None = None
    answer: Answer | None = None


class ClockLine(BaseModel):
    """An open clock in the read model and the queries: UTC instants; a deadline is the end of a local day."""

    kind: ClockKind
    opd: str | None = None
    owed_by: Role
    started_at: datetime
    deadline: datetime | None
    """None while the clock is paused."""
    paused_since: datetime | None = None
    breached_at: datetime | None = None
    provisional: bool = False
    """The deadline lies in or beyond a year whose calendar is not known yet."""
    rungs: int = 0
    """Rungs of the ladder already reached by this clock's breach: 1 Inspectorate, 2 Sekda, 3 Gubernur."""


class OpdLine(BaseModel):
    """The position of one OPD (or the agency itself, or the Inspectorate after take_over) in the complaint."""

    code: str
    state: str
    """owes | final | returned | withdrawn | taken_over"""
    forwarded_at: datetime
    received_at: datetime | None = None
    first_follow_up_at: datetime | None = None
    final_at: datetime | None = None
    late: bool = False
    """A step that it owed has been late once."""
    overdue: bool = False
    """A step that it owes is past its deadline."""
    follow_up_days: int | None = None
    """Working days from when it got the report to its first follow-up."""
    final_days: int | None = None
    """Likewise to its final follow-up, if that still stands."""


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
    """When the last final follow-up that is still valid was received (which stopped the completion clock)."""
    closed_at: datetime | None = None
    closed_by: str | None = None
    """accept | close | auto_close | question — how it became selesai."""
    work_days_to_follow_up: int | None = None
    work_days_to_completion: int | None = None
    rating: int | None = None
    rated_via: str | None = None
    """desk | tray: through whom the rating was given; None: by the reporter."""
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
    """Clocks of the open item whose late step was done in the end."""
    level: int = 0
    """Highest rung of the open item: 0 none, 1 Inspectorate, 2 Sekda, 3 Gubernur."""
    ever_level: int = 0
    said: str | None = None
    """hold_answer | answer | opd_answer | reply | dispute: what the reporter said that nobody has dealt with yet."""
    said_seq: int | None = None
    """The number of its event."""
    said_at: datetime | None = None
    extension_days: int | None = None
    """Working days that an OPD has asked for and that are not decided on yet."""
    instructed_to: str | None = None
    """Whom the Inspectorate's open instruction addresses: an OPD, or the agency itself."""
    policy_version: str = ""
    calendar_version: str = ""
    last_seq: int = 0


class Batch(BaseModel):
    """What one step writes in one transaction: its events, and the row of the read model after them."""

    workflow_id: str
    events: list[Event]
    after: Snapshot
    followers: list[str] = Field(default_factory=list)
    """Tracking ids of reports merged into this one, whose reporters get the same notices as this one's reporter."""
    main_of: list[str] = Field(default_factory=list)
    """Tracking ids whose main report becomes this one (set when followers are attached)."""
