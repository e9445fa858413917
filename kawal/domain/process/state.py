"""The state of one complaint: owned by its workflow, and reproduced by folding its events.

Only domain.process.evolve changes it. Plain pydantic, so that continue-as-new and queries can carry it unchanged.
"""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field

from kawal.domain.messages import Answer
from kawal.domain.names import FINAL, Channel, ClockKind, EventKind, ReportClass, Role, Status
from kawal.domain.policy import Rules

INSPECTORATE_OWNER = "INSPEKTORAT"
"""The Inspectorate's code among those who owe, once it has taken a complaint over."""

TOP_RUNG = 3
"""Rungs: 1 Inspectorate, 2 Sekretaris Daerah, 3 Gubernur."""


class Step(BaseModel):
    """Something that moved a clock's deadline: a pause, or an extension of `days` working days.

    `least` is the minimum left when a stopped clock runs again; `waiting` pauses (for the reporter) are capped.
    """

    since: date
    until: date | None = None
    waiting: bool = False
    least: int = 0
    days: int | None = None


class Ladder(BaseModel):
    """The rungs of one breach (or of an item opened without one), counted in working days after `day0`."""

    day0: date
    reached: int = 1
    stopped: str | None = None
    """None while it climbs; else instructed | taken_over | done | final | resolved."""


class Clock(BaseModel):
    """A running or stopped clock; its deadline is computed from its start, its limit and its steps (`clocks`)."""

    kind: ClockKind
    opd: str | None = None
    started_at: datetime
    started_on: date
    limit: int
    """Working days, except for the aftercare: calendar days."""
    fixed_day: date | None = None
    """An instruction's date; it does not move with the calendar."""
    steps: list[Step] = Field(default_factory=list)
    waited_before: int = 0
    """Working days of waiting for the reporter used up in earlier periods of this clock."""
    running: bool = True
    """False once its step was done or void; a paused clock still runs in this sense."""
    breached_at: datetime | None = None
    nominal: datetime | None = None
    """The deadline that a breach missed, as it was then."""
    ladder: Ladder | None = None
    reminded: list[str] = Field(default_factory=list)

    @property
    def key(self) -> str:
        """The key of the clock, one per kind and for respond one per OPD: `respond:DISHUB`."""
        return clock_key(self.kind, self.opd)

    def fork(self) -> Clock:
        """Return a copy that can be changed independently."""
        return self.model_copy(
            update={
                "steps": [step.model_copy() for step in self.steps],
                "ladder": self.ladder and self.ladder.model_copy(),
                "reminded": list(self.reminded),
            }
        )

    @property
    def open_pause(self) -> Step | None:
        """The current pause, if any."""
        pauses = [step for step in self.steps if step.days is None]
        return pauses[-1] if pauses and pauses[-1].until is None else None


def clock_key(kind: ClockKind, opd: str | None = None) -> str:
    """Return the name of a clock within its complaint."""
    return f"{kind}:{opd}" if opd else str(kind)


class Owner(BaseModel):
    """The position of an OPD, the agency itself or the Inspectorate in the complaint."""

    code: str
    state: str = "owes"
    """owes | final | returned | withdrawn | taken_over | handed_on."""
    forwarded_at: datetime
    received_at: datetime | None = None
    first_follow_up_at: datetime | None = None
    final_at: datetime | None = None
    late: bool = False
    """Whether a step that it owed has ever been late."""

    def is_limited_by(self, clock: Clock) -> bool:
        """Return whether it owes the step that a clock limits, by itself or with the others who owe."""
        if self.state != "owes":
            return False
        if clock.kind is ClockKind.RESPOND:
            return clock.opd == self.code
        if clock.kind is ClockKind.TAKE_OVER:
            return self.code == INSPECTORATE_OWNER
        return clock.kind is ClockKind.COMPLETE


class Question(BaseModel):
    """The open question to the reporter; `by` is the asking OPD, None for the agency admin."""

    by: str | None
    asked_at: datetime


class Instruction(BaseModel):
    """The Inspectorate's order: `to` is an OPD or "admin"; `acted` once the addressee has done a step since."""

    to: str
    acted: bool = False


class Item(BaseModel):
    """The complaint's one item on the Inspectorate's worklist."""

    opened_at: datetime
    why: str
    open: bool = True
    level: int = 1
    ladder: Ladder | None = None
    """Its own rungs if it was opened without a breach."""
    done_late: list[str] = Field(default_factory=list)
    """Clocks whose late step was done in the end, while the item was open."""

    def fork(self) -> Item:
        """Return a copy that can be changed independently."""
        return self.model_copy(
            update={"ladder": self.ladder and self.ladder.model_copy(), "done_late": list(self.done_late)}
        )


class ReporterWord(BaseModel):
    """What the reporter said last and nobody has dealt with yet (`reporter_word`)."""

    kind: str
    """hold_answer | answer | opd_answer | reply | dispute."""
    seq: int
    """The number of the event."""
    at: datetime


class DoneCommand(BaseModel):
    """A command already done: repeating it gives this answer again."""

    digest: str
    answer: Answer


class Change(BaseModel):
    """The last event of a kind on which a decision may rest, and who caused it (domain.process.meanwhile)."""

    seq: int
    at: datetime
    role: Role
    opd: str | None = None
    account: str


class State(BaseModel):
    """Everything the rules need to know about one complaint."""

    tracking_id: str
    instansi: str
    channel: Channel
    anonim: bool
    rahasia: bool
    received_at: datetime
    rules: Rules
    status: Status = Status.BELUM_DIVERIFIKASI
    report_class: ReportClass | None = None
    pengawasan: bool = False
    category: str | None = None
    verified_at: datetime | None = None
    held_from: Status | None = None
    """The status to which a held report returns."""
    owners: dict[str, Owner] = Field(default_factory=dict)
    clocks: dict[str, Clock] = Field(default_factory=dict)
    question: Question | None = None
    instruction: Instruction | None = None
    item: Item | None = None
    extension_days: int | None = None
    """Working days asked for and not decided yet."""
    extension_granted: bool = False
    extension_by: str | None = None
    """The person who asked for them."""
    acted: dict[Role, list[str]] = Field(default_factory=dict)
    """Who acted on it as an official, by role: persons, in the order of their first act."""
    followed_up_by: list[str] = Field(default_factory=list)
    """The persons whose follow-ups stand on record."""
    disputes: int = 0
    replied_since_final: bool = False
    """Whether the reporter has replied since the last final follow-up."""
    said: ReporterWord | None = None
    accepted_via: str | None = None
    """desk | tray: through whom the report was accepted; None: by the reporter, or not at all."""
    rating: int | None = None
    rated_via: str | None = None
    """desk | tray: through whom the rating was given; None: by the reporter, or there is none."""
    first_forwarded_at: datetime | None = None
    first_follow_up_at: datetime | None = None
    completed_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    aftercare_over: bool = False
    main_report: str | None = None
    followers: list[str] = Field(default_factory=list)
    ever_late: bool = False
    ever_level: int = 0
    last_seq: int = 0
    last_at: datetime
    done: dict[str, DoneCommand] = Field(default_factory=dict)
    changes: dict[EventKind, Change] = Field(default_factory=dict)
    """What a sender may not have seen: the last event of each kind on which a decision may rest. A run that an earlier
    release continued begins with none, and tells senders of what happened since."""

    @property
    def is_final(self) -> bool:
        """Whether no step is owed any more; a selesai complaint may still be reopened."""
        return self.status in FINAL

    @property
    def is_over(self) -> bool:
        """Whether the workflow may end: final, aftercare over, the Inspectorate's item resolved (rule "The end")."""
        aftercare = self.status is Status.SELESAI and not self.aftercare_over
        return self.is_final and not aftercare and not (self.item and self.item.open)

    @property
    def someone_owes(self) -> bool:
        """Whether some OPD, the agency or the Inspectorate still owes a final follow-up."""
        return any(owner.state == "owes" for owner in self.owners.values())

    @property
    def final_stands(self) -> bool:
        """Whether at least one final follow-up has been posted and is not void."""
        return any(owner.state == "final" for owner in self.owners.values())

    @property
    def taken_over(self) -> bool:
        """Whether the Inspectorate has taken the complaint over from those who owed."""
        owner = self.owners.get(INSPECTORATE_OWNER)
        return owner is not None and owner.state in ("owes", "final")

    def clock(self, kind: ClockKind, opd: str | None = None) -> Clock | None:
        """Return the clock of that name if it runs or is paused; None for a stopped one."""
        found = self.clocks.get(clock_key(kind, opd))
        return found if found and found.running else None

    def running_clocks(self) -> list[Clock]:
        """Return all clocks that run or are paused, in order of their start."""
        return [clock for clock in self.clocks.values() if clock.running]

    def breached_and_owed(self) -> list[Clock]:
        """Return the clocks of late steps that somebody still owes."""
        return [clock for clock in self.running_clocks() if clock.breached_at is not None]

    def fork(self) -> State:
        """Return a copy that can be changed independently; parts that never change in place are shared."""
        return self.model_copy(
            update={
                "owners": {code: owner.model_copy() for code, owner in self.owners.items()},
                "clocks": {key: clock.fork() for key, clock in self.clocks.items()},
                "instruction": self.instruction and self.instruction.model_copy(),
                "item": self.item and self.item.fork(),
                "followers": list(self.followers),
                "acted": {role: list(people) for role, people in self.acted.items()},
                "followed_up_by": list(self.followed_up_by),
                "done": dict(self.done),
                "changes": dict(self.changes),
            }
        )
