"""`kawal show`: one complaint's present state, and with --explain why each deadline is what it is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from kawal.cli.commands.mend import tell_wedged
from kawal.cli.terminal.advice import tell_advice
from kawal.cli.terminal.answers import reached_in_words
from kawal.cli.terminal.chronicle import note_erasure, note_supporters
from kawal.cli.terminal.dates import show_day, show_deadline, show_instant
from kawal.cli.terminal.language import Lang
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import TRACKING_ID, Field, Spec
from kawal.cli.terminal.tables import write_pairs, write_table
from kawal.cli.wording.labels import CLOSED_BY, COLUMNS, OPD_STATES, ROLES, clock, label, reason, rung
from kawal.client.complaint_details import ComplaintDetails, details_of
from kawal.domain.labels import CHANNELS, CLASSES, STATUSES
from kawal.domain.names import ClockKind
from kawal.wording.labels import left_out_in_words

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.domain.checks import CheckResult
    from kawal.domain.messages import Actor, ClockLine, Snapshot
    from kawal.wording.explanations import ExplanationText


class ComplaintView(NamedTuple):
    """A complaint, and what was asked for besides; None: not asked for, or not available."""

    details: ComplaintDetails
    reasons: list[ExplanationText] | None
    advice: CheckResult | None


def show(operator: Operator, *, tracking_id: str, explain: bool, advice: bool, purpose: str | None) -> None:
    """Show a complaint; raises Refusal for an unknown one."""

    async def advised(complaints: Readings) -> ComplaintView:
        return (await read(complaints))._replace(advice=await _advice(operator, complaints, tracking_id, purpose))

    async def read(complaints: Readings) -> ComplaintView:
        details = await details_of(complaints, tracking_id, _reader(operator))
        return ComplaintView(
            details, await explained(complaints, tracking_id, operator.lang) if explain else None, None
        )

    shown = operator.with_record(advised if advice else read)
    if operator.json:
        operator.write_json(_json(shown, advised=advice))
        return
    details = shown.details
    tell_wedged(operator, [details.wedged] if details.wedged else [])
    write_pairs(_lines(operator, details))
    for follower, replies in details.followers:
        operator.note(operator.say("follower_wrote", id=follower, count=replies))
    note_erasure(operator, details.erased)
    note_supporters(operator, details.supporters)
    if details.letters:
        operator.note(operator.say("tray_waits", count=details.letters))
    operator.write("")
    _tell_clocks(operator, shown)
    if advice:
        tell_advice(operator, shown.advice)


def _reader(operator: Operator) -> Actor | None:
    """Return who reads, as the rules know them; None if nobody was named. No account is made for a reading."""
    who = operator.acting()
    if who is None:
        return None
    from kawal.domain.messages import Actor
    from kawal.domain.names import Role

    return Actor(role=Role(who.role), account="", opd=who.opd, instansi=who.instansi or operator.instansi())


async def _advice(
    operator: Operator, complaints: Readings, tracking_id: str, purpose: str | None
) -> CheckResult | None:
    """Return the advice as far as the actor may know it, the reading put on record first."""
    from kawal.client.advice import Adviser

    actor = await operator.actor_on(complaints, tracking_id)
    return await Adviser(complaints).advice(tracking_id, actor, purpose, "cli")


def _json(shown: ComplaintView, *, advised: bool) -> dict[str, Any]:
    told = shown.details.json()
    if shown.reasons is not None:
        told["explanations"] = [one.model_dump(mode="json") for one in shown.reasons]
    if advised:
        told["advice"] = None if shown.advice is None else shown.advice.model_dump(mode="json")
    return told


def _tell_clocks(operator: Operator, shown: ComplaintView) -> None:
    found = shown.details.found
    if shown.reasons is not None:
        for one in shown.reasons:
            _tell_explanation(operator, one)
    elif found.clocks:
        write_table(
            ("clock", "owed_by", "started_at", "deadline"),
            (_clock_row(operator, line) for line in found.clocks),
            operator.lang,
        )
    if not found.clocks:
        operator.write(operator.say("no_clocks"))


async def explained(complaints: Readings, tracking_id: str, lang: Lang) -> list[ExplanationText]:
    """Return why each open deadline is what it is, its rule named in the reader's language."""
    from kawal.domain.process.projection import explain_clocks
    from kawal.wording.explanations import said_explanation

    state = await complaints.state(tracking_id)
    names = await complaints.rulebook.holiday_names(state.rules.calendar.version)
    return [said_explanation(one, lang) for one in explain_clocks(state, names)]


SPECS = (
    Spec(
        "show",
        show,
        [
            TRACKING_ID,
            Field("explain", "--explain", bool, default=False),
            Field("advice", "--advice", bool, default=False),
            Field("purpose", "--purpose"),
        ],
    ),
)


def _lines(operator: Operator, shown: ComplaintDetails) -> list[tuple[str, str]]:
    found, words, left_out, lang = shown.found, shown.words, shown.left_out or [], operator.lang

    def instant(name: str) -> str:
        at = getattr(found, name)
        return show_instant(at, lang) if at else ""

    def yes(flag: bool) -> str:
        return operator.say("yes") if flag else ""

    withheld = operator.say("withheld" if found.rahasia else "not_public")
    told = {
        "tracking_id": found.tracking_id,
        "instansi": found.instansi,
        "status": label(STATUSES, found.status, lang),
        "title": words.get("title") or withheld,
        "body": words.get("body") or withheld,
        "place": words.get("place") or "",
        "left_out": "; ".join(left_out_in_words(one, lang) for one in left_out),
        "channel": label(CHANNELS, found.channel, lang),
        "report_class": label(CLASSES, found.report_class or "", lang),
        "pengawasan": yes(found.pengawasan),
        "category": found.category or "",
        "anonim": yes(found.anonim),
        "rahasia": yes(found.rahasia),
        **{name: instant(name) for name in ("received_at", "verified_at", "first_forwarded_at")},
        **{name: instant(name) for name in ("first_follow_up_at", "completed_at", "closed_at")},
        "closed_by": label(CLOSED_BY, found.closed_by or "", lang),
        "rating": str(found.rating or ""),
        "main_report": found.main_report or "",
        "reached": "" if shown.reached is None else reached_in_words(operator, shown.reached),
        "goes_on_as": shown.onward or "",
        "continues": shown.before or "",
        "opds": ", ".join(f"{line.code} ({label(OPD_STATES, line.state, lang)})" for line in found.opds),
        "overdue": yes(found.overdue),
        "item": _item(found, operator),
        "versions": f"{found.policy_version}, {found.calendar_version}",
    }
    return [(label(COLUMNS, name, lang), value) for name, value in told.items()]


def _item(found: Snapshot, operator: Operator) -> str:
    if not found.item_open:
        return ""
    since = show_instant(found.item_opened_at, operator.lang)
    return f"{reason(found.item_why or '', operator.lang)}, {since}; {rung(found.level, operator.lang)}"


def _clock_row(operator: Operator, line: ClockLine) -> list[str]:
    lang = operator.lang
    key = f"{line.kind}:{line.opd}" if line.opd else str(line.kind)
    return [
        clock(key, lang),
        label(ROLES, line.owed_by, lang),
        show_instant(line.started_at, lang),
        due(operator, line),
    ]


def due(operator: Operator, line: ClockLine) -> str:
    """Return when a clock runs out, that it is paused, or since when it is late; provisional ones are marked."""
    lang = operator.lang
    if line.breached_at:
        return operator.say("late_since", at=show_deadline(line.breached_at, lang))
    if line.deadline is None:
        from kawal.domain.calendar import local_day

        since = line.paused_since
        return operator.say("paused_since", day=show_day(local_day(since), lang) if since else "–")
    mark = f" {operator.say('provisional')}" if line.provisional else ""
    return show_deadline(line.deadline, lang) + mark


def _tell_explanation(operator: Operator, one: ExplanationText) -> None:
    """Write rule, source, start, what moved it, each excluded day and why, and the deadline."""
    lang = operator.lang
    rule = one.rule
    mark = operator.say("provisional") if one.provisional else ""
    late = "" if one.breached_at is None else operator.say("late_since", at=show_deadline(one.breached_at, lang))
    lines = [
        operator.say("deadline_line", at=show_deadline(one.deadline, lang), mark=mark).strip(),
        late,
        operator.say(
            "date_set_line" if one.clock == ClockKind.INSTRUCTION else "rule_line",
            name=rule.name,
            limit=rule.limit,
            unit=rule.unit,
            starts=rule.starts,
            stops=rule.stops,
        ),
        operator.say("source_line", source=rule.source),
        operator.say("versions_line", policy=one.policy_version, calendar=one.calendar_version),
        operator.say("start_line", at=show_instant(one.started_at, lang), day=show_day(one.day_zero, lang)),
        *(_moved(operator, pause) for pause in one.pauses),
        *_excluded(operator, one),
        "" if one.next_rung is None else operator.say("next_rung_line", rung=_rung(operator, one.next_rung)),
    ]
    operator.write(clock(one.clock, lang))
    for line in filter(None, lines):
        operator.write(f"  {line}")
    operator.write("")


def _excluded(operator: Operator, explained: ExplanationText) -> list[str]:
    lang = operator.lang
    return [operator.say("excluded", day=show_day(one.day, lang), why=one.why) for one in explained.excluded]


def _moved(operator: Operator, pause: Any) -> str:
    lang = operator.lang
    since = show_day(pause.since, lang)
    if pause.days_added is not None:
        return operator.say("extension_line", working_days=pause.days_added, since=since)
    until = operator.say("pause_open") if pause.until is None else show_day(pause.until, lang)
    return operator.say("pause_line", since=since, until=until)


def _rung(operator: Operator, text: str) -> str:
    """Return an escalation level as domain.process.projection writes it ("2: 2026-12-01")."""
    from kawal.domain.calendar import end_of

    number, _, day = text.partition(": ")
    return f"{rung(int(number), operator.lang)}, {show_deadline(end_of(date.fromisoformat(day)), operator.lang)}"
