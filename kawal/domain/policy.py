"""The limits of every clock, as dated rule sets, and the source of each rule.

A complaint keeps the rule set in force on the local day it was received. RULES is the only place that says what each
limit is nationally, when its clock starts and stops, and which source gives it; docs/policy.md shows the same table.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from typing import Annotated, NamedTuple

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from kawal.domain.calendar import Calendar
from kawal.domain.limit_names import NAMES
from kawal.domain.msgids import Message, Sayable, msgid, sentence
from kawal.domain.names import ClockKind, ReportClass
from kawal.domain.validation_messages import UnreadableFile, first_fault

WORKING = msgid("working days")
CALENDAR_DAYS = msgid("calendar days")
YEARS = msgid("years")

S = msgid(
    "[S] Permenpan RB 62/2018 ch. VI (as presented by Diskominfo Nganjuk); App Store page of SP4N-LAPOR!; FAQ of "
    "blog.lapor.go.id"
)
P = msgid("Kawal's own policy [P]")
SP = sentence(msgid("{source}; its start: {own}"), source=S, own=P)


class RuleRow(NamedTuple):
    """A line of RULES: `limit` names the Policy field, `national` is its value as published or first set."""

    limit: str
    clock: ClockKind | None
    national: int
    unit: Message
    starts: Message
    stops: Message
    source: Sayable


# fmt: off
RULES = (
    RuleRow("verify", ClockKind.VERIFY, 3, WORKING, msgid("received"), msgid("forwarded, handled, archived, passed on"), S),
    RuleRow("forward_again", ClockKind.FORWARD, 3, WORKING, msgid("no OPD holds it"), msgid("forwarded again"), P),
    RuleRow("respond", ClockKind.RESPOND, 5, WORKING, msgid("forwarded"), msgid("that OPD's first follow-up"), S),
    RuleRow("complete_permintaan_informasi", ClockKind.COMPLETE, 5, WORKING, msgid("forwarded"), msgid(
"no step is owed and a final follow-up stands"
), SP),
    RuleRow("complete_aspirasi", ClockKind.COMPLETE, 5, WORKING, msgid("forwarded"), msgid(
"no step is owed and a final follow-up stands"
), SP),
    RuleRow("complete_pengaduan", ClockKind.COMPLETE, 14, WORKING, msgid("forwarded"), msgid(
"no step is owed and a final follow-up stands"
), SP),
    RuleRow("complete_pengawasan", ClockKind.COMPLETE, 60, WORKING, msgid("forwarded"), msgid(
"no step is owed and a final follow-up stands"
), SP),
    RuleRow("auto_close", ClockKind.AUTO_CLOSE, 10, WORKING, msgid(
"no step is owed and a final follow-up stands"
), msgid("accepted or disputed by the reporter"), S),
    RuleRow("hold", ClockKind.HOLD, 10, WORKING, msgid("held"), msgid("completed by the reporter, verified"), SP),
    RuleRow("question", ClockKind.QUESTION, 10, WORKING, msgid("question asked"), msgid("answered by the reporter"), S),
    RuleRow("instruct_max", ClockKind.INSTRUCTION, 10, WORKING, msgid("the Inspectorate's instruction"), msgid("that step is done"), P),
    RuleRow("take_over", ClockKind.TAKE_OVER, 14, WORKING, msgid("taken over by the Inspectorate"), msgid("its final follow-up"), P),
    RuleRow("aftercare_days", ClockKind.AFTERCARE, 30, CALENDAR_DAYS, msgid("closed"), msgid("its time is over"), P),
    RuleRow("pause_cap", None, 10, WORKING, msgid("waiting for the reporter"), msgid("sum of all pauses of a clock"), P),
    RuleRow("extension_max", None, 5, WORKING, msgid("the completion deadline"), msgid("once only"), P),
    RuleRow("resume_min", None, 3, WORKING, msgid("completion runs again"), msgid("least time that is left"), P),
    RuleRow("rung_two", None, 3, WORKING, msgid("deadline missed"), msgid("reaches the Sekretaris Daerah"), P),
    RuleRow("rung_three", None, 7, WORKING, msgid("deadline missed"), msgid("reaches the head of the region"), P),
    RuleRow("history_archive_years", None, 10, YEARS, msgid("the complaint has ended"), msgid("the archived histories' bodies may be destroyed"), P),
)
# fmt: on
"""Every limit with its clock (None: a limit without its own clock), start, stop and source."""

Days = Annotated[int, Field(ge=1, le=366)]
Years = Annotated[int, Field(ge=1, le=100)]


class Policy(BaseModel):
    """A dated rule set; limits are working days except `aftercare_days` (calendar days) and `history_archive_years`.

    `basis` is the regulation in force; with `carried_on` that regulation's own deadlines are not known and those of its
    predecessor remain in use.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(min_length=1, max_length=60)
    effective_from: date
    basis: str = Field(default="", max_length=200)
    carried_on: bool = False
    verify: Days = 3
    respond: Days = 5
    forward_again: Days = 3
    complete_permintaan_informasi: Days = 5
    complete_aspirasi: Days = 5
    complete_pengaduan: Days = 14
    complete_pengawasan: Days = 60
    auto_close: Days = 10
    hold: Days = 10
    question: Days = 10
    pause_cap: Days = 10
    take_over: Days = 14
    instruct_max: Days = 10
    extension_max: Days = 5
    resume_min: Days = 3
    rung_two: Days = 3
    rung_three: Days = 7
    aftercare_days: Days = 30
    # Rules that a complaint took along before the history archive had its name call it `archive_years`.
    history_archive_years: Years = Field(
        default=10, validation_alias=AliasChoices("history_archive_years", "archive_years")
    )

    def completion(self, cls: ReportClass, pengawasan: bool) -> int:
        """Return the working days from forwarding to completion; `pengawasan` matters for a pengaduan only."""
        limit: int = getattr(self, _completion_limit(cls, pengawasan))
        return limit


class Rules(BaseModel):
    """The rules in a complaint's state: the rule set of its day of receipt, and the calendar for its deadlines."""

    policy: Policy
    calendar: Calendar


class Rule(BaseModel):
    """A rule as it is shown to people who look at a deadline."""

    name: Message
    limit: int
    unit: Message
    """Working days (hari kerja), calendar days (hari kalender) or years (tahun)."""
    starts: Message
    stops: Message
    source: Sayable
    """The public source, or the statement that it is Kawal's own policy."""


def rule_of(policy: Policy, clock: ClockKind, cls: ReportClass | None, pengawasan: bool) -> Rule:
    """Return the rule by which `policy` limits that clock for a report of that class.

    Raises ValueError for the completion clock of a report that has no class yet.
    """
    if clock is ClockKind.COMPLETE:
        if cls is None:
            raise ValueError("a completion clock needs the report's class")
        return limit_rule(policy, _completion_limit(cls, pengawasan))
    return limit_rule(policy, next(row.limit for row in RULES if row.clock is clock))


def limit_rule(policy: Policy, limit: str) -> Rule:
    """Return the rule behind one limit, named as the Policy's field; raises KeyError for an unknown name."""
    row = _ROWS[limit]
    days: int = getattr(policy, limit)
    return Rule(
        name=NAMES[limit],
        limit=days,
        unit=row.unit,
        starts=row.starts,
        stops=row.stops,
        source=_source(policy, row, days),
    )


def policy_on(policies: Sequence[Policy], day: date) -> Policy:
    """Return the rule set in force on that local day: the latest to have come into effect by then.

    Of two with the same date the later in the sequence corrects the earlier and applies. Raises ValueError if the first
    one is later than `day`.
    """
    begun = [policy for policy in policies if policy.effective_from <= day]
    if not begun:
        raise UnreadableFile(sentence(msgid("no policy is in force on {day}"), day=day))
    latest = max(policy.effective_from for policy in begun)
    return [policy for policy in begun if policy.effective_from == latest][-1]


def load_policy(toml_text: str) -> list[Policy]:
    """Read rule sets from a file of `[[policy]]` tables whose keys are the fields of Policy, sorted by date.

    An omitted limit has its national value. Raises ValueError naming the invalid rule set and key.
    """
    try:
        content = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFile(sentence(msgid("not valid TOML: {error}"), error=error)) from error
    tables = content.pop("policy", None)
    if content:
        raise UnreadableFile(sentence(msgid("unknown key: {key}"), key=next(iter(content))))
    if not isinstance(tables, list) or not tables:
        raise UnreadableFile(msgid("no [[policy]] in the file"))
    policies = [_parse_policy(number, table) for number, table in enumerate(tables, start=1)]
    versions = [policy.version for policy in policies]
    for version in versions:
        if versions.count(version) > 1:
            raise UnreadableFile(sentence(msgid("version {version} occurs twice"), version=version))
    return sorted(policies, key=lambda policy: policy.effective_from)


_ROWS = {row.limit: row for row in RULES}


def _completion_limit(cls: ReportClass, pengawasan: bool) -> str:
    if cls is ReportClass.PENGADUAN and pengawasan:
        return "complete_pengawasan"
    return f"complete_{cls.value}"


def _source(policy: Policy, row: RuleRow, days: int) -> Sayable:
    if days != row.national:
        # A changed limit must not be shown as if the national source had set it.
        changed = msgid("set to {days} by policy {version}; it was {national}: {source}")
        return sentence(changed, days=days, version=policy.version, national=row.national, source=row.source)
    if policy.carried_on and row.source != P:
        carried_on = msgid("{source}; carried on under {basis}, whose deadlines are not known")
        return sentence(carried_on, source=row.source, basis=policy.basis)
    return row.source


def _parse_policy(number: int, table: object) -> Policy:
    try:
        return Policy.model_validate(table)
    except ValidationError as error:
        name = table.get("version", number) if isinstance(table, dict) else number
        raise UnreadableFile(
            sentence(msgid("[[policy]] {name}, {fault}"), name=name, fault=first_fault(error))
        ) from error
