"""The arguments of each command: a small model per command, parsed from a JSON object and refused in plain words.

Limits on text are in characters. Nothing here depends on a complaint's state; that is domain.process.decide.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from typing import Annotated, Any, NamedTuple

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from kawal.domain.messages import Actor, Command
from kawal.domain.msgids import msgid, sentence
from kawal.domain.names import CommandName, ReportClass
from kawal.domain.policy import Rules
from kawal.domain.refusals import Refusal
from kawal.domain.validation_messages import TRACKING, first_fault

TITLE_LIMIT = 150
TEXT_LIMIT = 10_000
NOTE_LIMIT = 2_000
FILES_LIMIT = 20
KEY_LIMIT = 200


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def no_control_characters(text: str) -> str:
    """Raise ValueError for control characters other than tab and line ends."""
    if _CONTROL.search(text):
        raise ValueError("contains control characters")
    return text


def _only_a_date(value: object) -> object:
    # Pydantic would accept seconds since 1970, and a date with an hour, as a day.
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value)):
        raise ValueError("should be a date YYYY-MM-DD")
    return value


def _words(limit: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=limit)


Title = Annotated[str, _words(TITLE_LIMIT), AfterValidator(no_control_characters)]
Text = Annotated[str, _words(TEXT_LIMIT), AfterValidator(no_control_characters)]
Note = Annotated[str, _words(NOTE_LIMIT), AfterValidator(no_control_characters)]
Code = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), AfterValidator(no_control_characters)
]
Category = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(no_control_characters)
]
Tracking = Annotated[str, StringConstraints(strip_whitespace=True, pattern=TRACKING)]
Files = Annotated[list[Code], Field(max_length=FILES_LIMIT)]
Rating = Annotated[int, Field(ge=1, le=5)]
Day = Annotated[date, BeforeValidator(_only_a_date)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=KEY_LIMIT), AfterValidator(no_control_characters)]
_KEY: TypeAdapter[str] = TypeAdapter(Key)
Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(no_control_characters)]


class Arguments(BaseModel):
    """The arguments of one command; unknown ones are refused rather than ignored."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Verify(Arguments):
    """The admin's decision on title, class and category."""

    title: Title
    report_class: ReportClass = Field(alias="class")
    category: Category
    pengawasan: bool = False


class Hold(Arguments):
    """Tunda: what the reporter has to complete."""

    missing: Note


class Reply(Arguments):
    """What the reporter adds, through any channel."""

    text: Text
    files: Files = Field(default_factory=list)


class Archive(Arguments):
    """Arsipkan, with its reason."""

    reason: Note


class PassOn(Arguments):
    """Bukan wewenang: the agency outside that is responsible."""

    agency: Note


class Merge(Arguments):
    """Merge into the main report with this tracking id."""

    main: Tracking


class Forward(Arguments):
    """Send to one or more OPDs, by code."""

    opds: Annotated[list[Code], Field(min_length=1, max_length=20)]
    note: Note | None = None


class Handle(Arguments):
    """Kelola: the agency itself answers; on an unverified report with verify's arguments."""

    note: Note | None = None
    title: Title | None = None
    report_class: ReportClass | None = Field(default=None, alias="class")
    category: Category | None = None
    pengawasan: bool | None = None


class NoArguments(Arguments):
    """No arguments: receive, grant, take_over."""


class Return(Arguments):
    """Misdirected: why this OPD is not responsible."""

    reason: Note
    belongs_to: Code | None = None
    """The OPD that it belongs to, by its code, if the liaison knows."""


class Withdraw(Arguments):
    """Take the report back from an OPD that owes it."""

    opd: Code
    grounds: Note


class Ask(Arguments):
    """A question to the reporter."""

    question: Note


class FollowUp(Arguments):
    """Progress, or with `final` the OPD's final follow-up."""

    text: Text
    final: bool = False
    files: Files = Field(default_factory=list)


class Extend(Arguments):
    """Ask for more working days to complete."""

    days: Annotated[int, Field(ge=1, le=60)]
    grounds: Note


class Grounds(Arguments):
    """Grounds and nothing else: refuse_extension, close, reopen."""

    grounds: Note


class Accept(Arguments):
    """The reporter is satisfied, and may rate 1-5."""

    rating: Rating | None = None


class Reason(Arguments):
    """The reason: dispute and escalate."""

    why: Note


class Rate(Arguments):
    """Satisfaction 1-5, with an optional comment."""

    rating: Rating
    words: Note | None = None


class Conceal(Arguments):
    """What is hidden from now on: the reporter's identity (anonim), the whole content (rahasia), or both."""

    anonim: bool = False
    rahasia: bool = False


class Reclassify(Arguments):
    """Another class; deadlines are recomputed from the same starts."""

    report_class: ReportClass = Field(alias="class")
    pengawasan: bool = False


class Instruct(Arguments):
    """The Inspectorate's order to an OPD or to "admin", to be met by a local date."""

    to: Code
    text: Note
    by: Day


class Resolve(Arguments):
    """What the Inspectorate found."""

    finding: Note


class Nudge(Arguments):
    """The sub-coordinator's direct contact with an OPD, to be recorded."""

    opd: Code
    how: Note


class Recompute(Arguments):
    """A new calendar, or the corrected policy of the day of receipt."""

    rules: Rules
    why: Note


class Attach(Arguments):
    """Ask a main report to accept a follower, together with the follower's own followers."""

    follower: Tracking
    received_at: AwareDatetime
    instansi: Code
    followers: Annotated[list[Tracking], Field(max_length=10_000)] = Field(default_factory=list)


class ParsedCommand(NamedTuple):
    """A command whose name and arguments are well formed; the rules have not been checked yet."""

    name: CommandName
    command: Command
    arguments: Any
    """The model that the command's row names."""


def check_idempotency_key(idempotency_key: str) -> None:
    """Refuse an idempotency key that is empty, longer than KEY_LIMIT, or cannot be recorded."""
    try:
        _KEY.validate_python(idempotency_key)
    except ValidationError as error:
        raise Refusal(
            "malformed", detail=f"idempotency key: 1-{KEY_LIMIT} characters, none of them control characters"
        ) from error


def printable(text: str) -> str:
    """Return a submitted name or number as it can be recorded: no NUL, no line break, no broken Unicode."""
    return "".join(char if char.isprintable() else "?" for char in text)


def check_actor(actor: Actor) -> None:
    """Refuse an actor whose account, OPD, agency or name cannot be recorded."""
    try:
        _ActorLimits.model_validate(actor.model_dump(exclude={"role"}))
    except ValidationError as error:
        raise Refusal("malformed", detail=sentence(msgid("actor.{fault}"), fault=first_fault(error))) from error


class _ActorLimits(BaseModel):
    account: Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(no_control_characters)]
    deputy_for: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern="^[a-z0-9]+$")] | None = None
    opd: Code | None = None
    instansi: Code | None = None
    name: Annotated[str, StringConstraints(max_length=200), AfterValidator(no_control_characters)] | None = None


def digest_of(command: Command) -> str:
    """Return a digest over idempotency key, actor, name and arguments; another command under that key has another."""
    content = {
        # The digests of recorded commands were taken over this name.
        "key": command.idempotency_key,
        "actor": [command.actor.role, command.actor.account, command.actor.opd, command.actor.instansi],
        "name": command.name,
        "arguments": command.arguments,
    }
    if command.actor.deputy_for is not None:
        content["deputy_for"] = command.actor.deputy_for
    if command.behalf is not None:
        content["behalf"] = command.behalf.model_dump(mode="json", exclude_none=True)
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
