"""`kawal whatif`: what other limits would have made of a period's reports, as on `/pimpinan/andai`."""

from __future__ import annotations

import asyncio
import csv
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from kawal.cli.terminal.dates import show_day
from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.faults import UsageError
from kawal.cli.terminal.files import read_file
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.model_table import write_models
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.cli.wording.labels import EVENTS, ROLES, label
from kawal.domain.names import CommandName
from kawal.domain.policy import Policy, limit_rule, load_policy
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.what_if import ASKED_LIMITS, changed_limits, mark_of
from kawal.domain.what_if_figures import OF_OPD, Side, WhatIfFigure
from kawal.wording.dates import show_days
from kawal.wording.explanations import said_rule
from kawal.wording.what_if_words import FIGURES, STATES

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.desks.what_if import WhatIfResult
    from kawal.store.what_if import WhatIf
    from kawal.store.what_if_reports import WhatIfRow

_EVERY = 1.0
"""Seconds between two looks at how far a computation is."""


class _Reader(NamedTuple):
    """Who reads, as far as their scope goes, and of which agency."""

    seen: Readings
    instansi: str


async def _reader(operator: Operator, complaints: Readings) -> _Reader:
    from kawal.desks.table import Desk
    from kawal.domain.access import Act

    actor = await operator.actor(complaints)
    instansi = await Desk(complaints, actor, operator.instansi()).authorised(Act.ASK_WHAT_IF)
    return _Reader(complaints.seen_by(actor), instansi)


def list_asked(operator: Operator) -> None:
    """List what the agency has asked, the newest first."""

    async def work(complaints: Readings) -> list[WhatIf]:
        seen, instansi = await _reader(operator, complaints)
        return await seen.record.what_ifs.all(instansi)

    columns = ("what_if_number", "what_if_days", "what_if_as_of", "what_if_by", "state")
    write_models(operator, operator.with_record(work), columns, lambda one: _row(operator, one))


def _row(operator: Operator, one: WhatIf) -> list[str]:
    lang, asked = operator.lang, one.question
    days, by = show_days(asked.first, asked.last, lang), label(ROLES, one.asked_role, lang)
    return [str(one.number), days, show_day(asked.as_of, lang), by, _state(operator, one)]


def _state(operator: Operator, one: WhatIf) -> str:
    state = label(STATES, one.state, operator.lang)
    return f"{state}, {one.percent} %" if one.unfinished else state


def show_answer(operator: Operator, *, number: int, wait: bool) -> None:
    """Show how far a computation is, or what it found; with `wait` once it has ended."""

    async def work(complaints: Readings) -> tuple[WhatIf, Policy]:
        from kawal.desks.what_if import asked_of, policy_in_force

        seen, instansi = await _reader(operator, complaints)
        asked, told = await asked_of(seen, instansi, number), -1
        while wait and asked.unfinished:
            if asked.percent != told:
                told = asked.percent
                operator.note(operator.say("what_if_progress", percent=told))
            await asyncio.sleep(_EVERY)
            asked = await asked_of(seen, instansi, number)
        return asked, await policy_in_force(complaints, instansi)

    asked, now = operator.with_record(work)
    if operator.json:
        from kawal.reports.what_if_render import answer_json

        how_far = {"number": asked.number, "state": asked.state, "percent": asked.percent}
        operator.write_json(how_far | answer_json(asked))
        return
    _tell_question(operator, asked, now)
    if str(asked.state) == "done":
        _tell_figures(operator, asked)


def _tell_question(operator: Operator, asked: WhatIf, now: Policy) -> None:
    lang, question = operator.lang, asked.question
    days, day = show_days(question.first, question.last, lang), show_day(question.as_of, lang)
    operator.write(operator.say("what_if_of", days=days, day=day, state=_state(operator, asked)))
    changed = changed_limits(question.policy, now)
    for row in changed:
        rule = said_rule(limit_rule(question.policy, row.limit), lang)
        was = getattr(now, row.limit)
        operator.write("  " + operator.say("what_if_limit", name=rule.name, now=was, asked=rule.limit, unit=rule.unit))
    if not changed:
        operator.write("  " + operator.say("what_if_in_force"))


def _tell_figures(operator: Operator, asked: WhatIf) -> None:
    lang, sums = operator.lang, asked.sums
    columns = ("what_if_figure", "what_if_was", "what_if_would", "what_if_difference")
    totals = ((label(FIGURES, figure, lang), *sums.counts(figure)) for figure in WhatIfFigure)
    write_table(columns, ([name, str(was), str(would), _difference(was, would)] for name, was, would in totals), lang)
    if sums.opds:
        operator.write("")
        rows = ([code, *(_both(*sums.counts(figure, code)) for figure in OF_OPD)] for code in sums.opds_by_change)
        write_table(("opd", *(f"what_if {figure}" for figure in OF_OPD)), rows, lang)
    if sums.untold:
        operator.write(operator.say("what_if_untold", count=sums.untold))
    if sums.left_out:
        steps = sorted(sums.left_out.items(), key=lambda pair: (-pair[1], pair[0]))
        said = ", ".join(
            f"{label(EVENTS, TRANSITIONS[CommandName(name)].event, lang)} {times}" for name, times in steps
        )
        operator.write(operator.say("what_if_left_out", steps=said))
    operator.note(operator.say("what_if_note"))


def _difference(was: int, would: int) -> str:
    return "0" if was == would else f"{would - was:+}"


def _both(was: int, would: int) -> str:
    return str(was) if was == would else f"{was} → {would}"


def list_rows(operator: Operator, *, number: int, figure: WhatIfFigure, side: Side, opd: str | None) -> None:
    """Write the reports behind a figure as CSV, the latest first: numbers, times of receipt (UTC) and figures alone."""
    if opd is not None and figure not in OF_OPD:
        raise UsageError("what_if_figure", known=", ".join(OF_OPD))

    async def work(complaints: Readings) -> list[WhatIfRow]:
        from kawal.desks.what_if import asked_of
        from kawal.store.what_if_reports import what_if_page

        seen, instansi = await _reader(operator, complaints)
        asked, mark = await asked_of(seen, instansi, number), mark_of(figure, opd and opd.upper())
        found, after = await what_if_page(seen.pool, asked.number, side, mark)
        while after is not None:
            page = await what_if_page(seen.pool, asked.number, side, mark, after)
            found.extend(page.rows)
            after = page.after
        return found

    rows = operator.with_record(work)
    if operator.json:
        operator.write_json([row.model_dump(mode="json") for row in rows])
        return
    writer = csv.writer(sys.stdout)
    writer.writerow(("number", "received_at", "was", "would"))
    writer.writerows((row.number, row.received_at.isoformat(), " ".join(row.was), _marks(row.would)) for row in rows)


def _marks(would: list[str] | None) -> str:
    return "" if would is None else " ".join(would)


def _limits(_: Operator, given: dict[str, Any]) -> dict[str, Any]:
    """Return the limits of the file, if one is named, besides those that were typed; raises UsageError."""
    path = given["policy_file"]
    if path is None:
        return {}
    policies = read_file(path, load_policy)
    if len(policies) != 1:
        raise UsageError("what_if_policies", path=path, count=len(policies))
    return {row.limit: getattr(policies[0], row.limit) for row in ASKED_LIMITS if given[row.limit] is None}


def _tell_asked(operator: Operator, done: WhatIfResult) -> None:
    state = label(STATES, done.state, operator.lang)
    operator.write(operator.say("what_if_asked", number=done.number, state=state))


def _tell_cancelled(operator: Operator, done: WhatIfResult) -> None:
    state = label(STATES, done.state, operator.lang)
    operator.write(operator.say("what_if_cancelled", number=done.number, state=state))


_NUMBER = Field("number", kind=int, default=REQUIRED, help_key="whatif number")

SPECS = (
    *desk_specs(
        "whatif",
        {
            "ask": Form(
                _tell_asked,
                typed=OptionLayout({"first": "--from", "last": "--to"}),
                instead=(Field("policy_file", "--policy", help_key="whatif policy_file"),),
                read=_limits,
            ),
            "cancel": Form(_tell_cancelled, typed=OptionLayout(places=frozenset({"number"}))),
        },
    ),
    Spec("list", list_asked),
    Spec("show", show_answer, [_NUMBER, Field("wait", "--wait", bool, default=False, help_key="whatif wait")]),
    Spec(
        "rows",
        list_rows,
        [
            _NUMBER,
            Field("figure", "--figure", WhatIfFigure, default=WhatIfFigure.RECKONED, help_key="whatif figure"),
            Field("side", "--side", Side, default=Side.WOULD, help_key="whatif side"),
            Field("opd", "--opd", help_key="whatif opd"),
        ],
    ),
)
