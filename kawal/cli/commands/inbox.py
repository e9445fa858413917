"""`kawal inbox`: accepted reports not on record, the worst first; `kawal reconcile`: differences."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from kawal.cli.commands.complaint_list import LIMIT
from kawal.cli.commands.mend import tell_wedged
from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.desk_table import desk_act
from kawal.cli.terminal.faults import UsageError
from kawal.cli.terminal.language import Lang
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.cli.terminal.tray_lines import tell_late
from kawal.cli.wording.labels import FINDINGS, INBOX_STATES, label
from kawal.wording.labels import inbox_reason

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints
    from kawal.client.reading import Readings
    from kawal.desks.dead_letters import SetAsideReport
    from kawal.desks.retries import RetriedReports
    from kawal.store.inbox import InboxLine
    from kawal.store.reconcile import FindingLine, RoundLine
    from kawal.store.wedged_complaints import WedgedComplaint

    Found = tuple[RoundLine | None, list[FindingLine], list[WedgedComplaint]]

ROUND_MINUTES = 10
"""How long `reconcile --now` waits for its round."""


class InboxState(StrEnum):
    """The state of an accepted report that has not started, or that has a step not on record."""

    UNRECORDED = "unrecorded"
    WAITING = "waiting"
    DEAD = "dead"
    SET_ASIDE = "set_aside"


class InboxAction(StrEnum):
    """The action on them."""

    RETRY = "retry"
    SET_ASIDE = "set-aside"


def inbox(
    operator: Operator,
    *,
    inbox_action: InboxAction | None,
    inbox_number: str | None,
    inbox_state: InboxState | None,
    all_dead: bool,
    grounds: str | None,
    limit: int,
) -> None:
    """List what has not started, have it tried again, or set it aside."""
    wrong = (
        (inbox_action is not None and inbox_state is not None)
        or (inbox_action is None and (inbox_number is not None or all_dead))
        or (inbox_action is InboxAction.RETRY and (inbox_number is None) != all_dead)
        or (inbox_action is InboxAction.SET_ASIDE and (inbox_number is None or all_dead))
        or (inbox_action is not InboxAction.SET_ASIDE and grounds is not None)
    )
    if wrong:
        raise UsageError("inbox_form")
    if inbox_action is None:
        _list(operator, inbox_state, limit)
    elif inbox_action is InboxAction.SET_ASIDE:
        _set_aside(operator, inbox_number or "", grounds)
    else:
        _retry(operator, inbox_number)


def _list(operator: Operator, state: InboxState | None, limit: int) -> None:
    async def work(complaints: Readings) -> tuple[list[InboxLine], int]:
        from kawal.domain.access import Act

        agency, status = await operator.seen_agency(complaints, Act.LIST_WAITING), None if state is None else str(state)
        reports = await complaints.record.inbox.lines(status=status, instansi=agency, limit=limit + 1)
        return reports, await complaints.record.tray.late(complaints.now(), agency)

    lines, late = operator.with_record(work)
    shown = lines[:limit]
    tell_late(operator, late)
    if operator.json:
        operator.write_json([line.model_dump(mode="json") for line in shown])
    elif shown:
        columns = ("tracking_id", "instansi", "channel", "received_at", "state", "attempts", "next_try", "why")
        write_table(columns, (_row(line, operator.lang) for line in shown), operator.lang)
    else:
        operator.write(operator.say("nothing_found"))
    if len(lines) > limit:
        operator.note(operator.say("more_left", shown=limit))


def _row(line: InboxLine, lang: Lang) -> list[str]:
    waits = line.status not in (InboxState.DEAD, InboxState.SET_ASIDE)
    return [
        line.tracking_id,
        line.instansi,
        line.channel,
        show_instant(line.received_at, lang),
        label(INBOX_STATES, line.status, lang),
        str(line.attempts),
        show_instant(line.next_try_at, lang) if waits else "",
        "" if line.last_error is None else inbox_reason(line.last_error, lang),
    ]


def _retry(operator: Operator, tracking_id: str | None) -> None:
    given = {} if tracking_id is None else {"tracking_id": tracking_id}
    retried: RetriedReports = desk_act(operator, "inbox retry", given)
    if operator.json:
        operator.write_json(retried.model_dump())
    else:
        operator.write(operator.say("inbox_retried", count=len(retried.retried)))


def _set_aside(operator: Operator, tracking_id: str, grounds: str | None) -> None:
    aside: SetAsideReport = desk_act(operator, "inbox set-aside", {"tracking_id": tracking_id, "grounds": grounds})
    if operator.json:
        operator.write_json(aside.model_dump())
    else:
        operator.write(operator.say("inbox_set_aside", id=aside.set_aside))


INBOX = Spec(
    "inbox",
    inbox,
    [
        Field("inbox_action", kind=InboxAction),
        Field("inbox_number"),
        Field("inbox_state", "--state", InboxState),
        Field("all_dead", "--all", bool, default=False),
        Field("grounds", "--grounds"),
        LIMIT,
    ],
)


def reconcile(operator: Operator, *, round_now: bool, with_gone: bool, limit: int) -> int:
    """Show what the reconciler found; the exit code is 1 while something is wrong that it could not repair."""

    async def after_a_round(complaints: Complaints) -> Found:
        from kawal.client.rounds import make_round
        from kawal.domain.access import Act

        await operator.seen_agency(complaints, Act.SEE_HEALTH)  # before the round, not only after it
        await make_round(complaints, "Reconcile", "reconcile", timedelta(minutes=ROUND_MINUTES))
        return await look(complaints)

    async def look(complaints: Readings) -> Found:
        from kawal.domain.access import Act

        agency = await operator.seen_agency(complaints, Act.SEE_HEALTH)
        store = complaints.record.reconciliation
        lines = await store.findings(agency, everything=with_gone, limit=limit + 1)
        return await store.last_round(), lines, await complaints.record.wedged.lines(agency)

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
