"""`kawal inbox`: accepted reports not on record, the worst first, and kept letters; `kawal reconcile`: differences."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from kawal.cli.commands.complaint_list import LIMIT
from kawal.cli.commands.letters import discard_letter, open_letter, write_letters
from kawal.cli.commands.mend import tell_wedged, wedged_now
from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.faults import CommandRefusal, UsageError
from kawal.cli.terminal.language import Lang
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.cli.wording.labels import FINDINGS, INBOX_REASONS, INBOX_STATES, label

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints
    from kawal.client.reading import Readings
    from kawal.store.inbox import InboxLine
    from kawal.store.kept_letters import KeptLetter
    from kawal.store.reconcile import FindingLine, RoundLine
    from kawal.store.wedged_complaints import WedgedComplaint

    Found = tuple[RoundLine | None, list[FindingLine], list[WedgedComplaint]]

ROUND_MINUTES = 10
"""How long `reconcile --now` waits for its round."""


class InboxState(StrEnum):
    """The state of an accepted report that has not started, or that has a step not on record; a letter may be kept."""

    UNRECORDED = "unrecorded"
    WAITING = "waiting"
    DEAD = "dead"
    KEPT = "kept"


class InboxAction(StrEnum):
    """The actions on them."""

    RETRY = "retry"
    OPEN = "open"
    DISCARD = "discard"


def inbox(
    operator: Operator,
    *,
    inbox_action: InboxAction | None,
    inbox_number: str | None,
    inbox_state: InboxState | None,
    all_dead: bool,
    output: str | None,
    purpose: str | None,
    limit: int,
) -> None:
    """List what has not started and which letters are kept, or do something about one."""
    of_letters = inbox_action in (InboxAction.OPEN, InboxAction.DISCARD)
    wrong = (
        (inbox_action is not None and inbox_state is not None)
        or (inbox_action is None and (inbox_number is not None or all_dead))
        or (inbox_action is InboxAction.RETRY and (inbox_number is None) != all_dead)
        or (of_letters and all_dead)
        or (output is not None and inbox_action is not InboxAction.OPEN)
        or (purpose is not None and not of_letters)
    )
    if wrong:
        raise UsageError("inbox_form")
    match inbox_action:
        case None:
            _list(operator, inbox_state, limit)
        case InboxAction.RETRY:
            _retry(operator, inbox_number)
        case InboxAction.OPEN:
            open_letter(operator, inbox_number, output, purpose)
        case InboxAction.DISCARD:
            discard_letter(operator, inbox_number, purpose)


def _list(operator: Operator, state: InboxState | None, limit: int) -> None:
    async def work(complaints: Readings) -> tuple[list[InboxLine], list[KeptLetter]]:

        reports, letters = [], []
        if state is not InboxState.KEPT:
            reports = await complaints.record.inbox.lines(status=None if state is None else str(state), limit=limit + 1)
        if state in (None, InboxState.KEPT):
            letters = await complaints.record.kept_letters.lines(limit=limit + 1, instansi=operator.instansi())
        return reports, letters

    lines, letters = operator.with_record(work)
    shown, kept = lines[:limit], letters[:limit]
    if operator.json:
        told = [line.model_dump(mode="json") for line in shown]
        operator.write_json(told + [line.model_dump(mode="json") | {"status": "kept"} for line in kept])
    elif not shown and not kept:
        operator.write(operator.say("nothing_found"))
    else:
        if shown:
            columns = ("tracking_id", "instansi", "channel", "received_at", "state", "attempts", "next_try", "why")
            write_table(columns, (_row(line, operator.lang) for line in shown), operator.lang)
        if kept:
            write_letters(operator, kept)
    if len(lines) > limit or len(letters) > limit:
        operator.note(operator.say("more_left", shown=limit))


def _row(line: InboxLine, lang: Lang) -> list[str]:
    waits = line.status != InboxState.DEAD
    return [
        line.tracking_id,
        line.instansi,
        line.channel,
        show_instant(line.received_at, lang),
        label(INBOX_STATES, line.status, lang),
        str(line.attempts),
        show_instant(line.next_try_at, lang) if waits else "",
        reason_in_words(line.last_error, lang),
    ]


def reason_in_words(reason: str | None, lang: Lang) -> str:
    """Return why a report has not started or is not on record, in words; without words, the code."""
    if reason is None:
        return ""
    code, _, detail = reason.partition(":")
    return f"{label(INBOX_REASONS, code, lang)}{f' ({detail})' if detail else ''}"


def _retry(operator: Operator, tracking_id: str | None) -> None:
    async def work(complaints: Readings) -> list[str]:
        from kawal.desks.retries import retry_inbox

        actor = await operator.actor(complaints)
        instansi = await operator.agency_of(complaints, actor)
        return await retry_inbox(complaints, instansi, tracking_id, actor)

    retried = operator.with_record(work)
    if tracking_id is not None and not retried:
        raise CommandRefusal("not_in_inbox", id=tracking_id)
    if operator.json:
        operator.write_json({"retried": retried})
    else:
        operator.write(operator.say("inbox_retried", count=len(retried)))


INBOX = Spec(
    "inbox",
    inbox,
    [
        Field("inbox_action", kind=InboxAction),
        Field("inbox_number"),
        Field("inbox_state", "--state", InboxState),
        Field("all_dead", "--all", bool, default=False),
        Field("output", "--output"),
        Field("purpose", "--purpose"),
        LIMIT,
    ],
)


def reconcile(operator: Operator, *, round_now: bool, with_gone: bool, limit: int) -> int:
    """Show what the reconciler found; the exit code is 1 while something is wrong that it could not repair."""

    async def after_a_round(complaints: Complaints) -> Found:
        from kawal.client.rounds import make_round

        await make_round(complaints, "Reconcile", "reconcile", timedelta(minutes=ROUND_MINUTES))
        return await look(complaints)

    async def look(complaints: Readings) -> Found:
        store = complaints.record.reconciliation
        lines = await store.findings(everything=with_gone, limit=limit + 1)
        return await store.last_round(), lines, await wedged_now(complaints, operator)

    last, lines, wedged = operator.with_system(after_a_round) if round_now else operator.with_record(look)
    shown = lines[:limit]
    if operator.json:
        operator.write_json(
            {
                "last_round": None if last is None else last.model_dump(mode="json"),
                "findings": [line.model_dump(mode="json") for line in shown],
            }
        )
    else:
        _write_round(operator, last)
        if shown:
            columns = ("tracking_id", "finding", "facts", "first_seen", "last_seen", "state")
            write_table(columns, (_finding_row(operator, line) for line in shown), operator.lang)
    tell_wedged(operator, wedged)
    if len(lines) > limit:
        operator.note(operator.say("more_left", shown=limit))
    return int(any(line.gone_at is None and line.repaired_at is None for line in lines))


def _write_round(operator: Operator, last: RoundLine | None) -> None:
    if last is None or last.ended_at is None:
        operator.write(operator.say("no_round"))
        return
    operator.write(
        operator.say(
            "last_round",
            at=show_instant(last.ended_at, operator.lang),
            looked=last.looked_at,
            found=last.found,
            repaired=last.repaired,
        )
    )


def _finding_row(operator: Operator, line: FindingLine) -> list[str]:
    how = "finding_gone" if line.gone_at else "finding_repaired" if line.repaired_at else "finding_open"
    return [
        line.tracking_id,
        label(FINDINGS, str(line.kind), operator.lang),
        _facts(line.facts),
        show_instant(line.first_seen_at, operator.lang),
        show_instant(line.last_seen_at, operator.lang),
        operator.say(how),
    ]


def _facts(facts: dict[str, Any]) -> str:
    return ", ".join(f"{name}={_plain(value)}" for name, value in sorted(facts.items()))


def _plain(value: Any) -> str:
    return "+".join(map(str, value)) if isinstance(value, list) else str(value)


RECONCILE = Spec(
    "reconcile",
    reconcile,
    [
        Field("round_now", "--now", bool, default=False),
        Field("with_gone", "--all", bool, default=False),
        LIMIT,
    ],
)

SPECS = (INBOX, RECONCILE)
