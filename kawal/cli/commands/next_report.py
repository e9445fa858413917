"""`kawal next`: the most urgent report of the role's queues, what is known of it, and the command lines that come next.

Its words are shown as the role may see them, their reading and that of the advice on record before. A rahasia report is
opened for a purpose only, by the commands that ask for it.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from kawal.cli.catalogue import CLIENT
from kawal.cli.commands.own_queue import due_in_words, waits_for, work_of
from kawal.cli.terminal.advice import tell_advice
from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.faults import CommandRefusal
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, TRACKING_ID, Field, Spec
from kawal.cli.terminal.tables import write_pairs
from kawal.cli.wording.labels import COLUMNS, label
from kawal.domain.labels import CHANNELS, CLASSES, STATUSES
from kawal.domain.names import CommandName, Status
from kawal.domain.work_queues import QUEUES_OF
from kawal.store.queues import QueueFilters

if TYPE_CHECKING:
    from kawal.client.own_work import WorkLine
    from kawal.client.reading import Readings
    from kawal.domain.checks import CheckResult
    from kawal.domain.messages import Actor
    from kawal.domain.names import ReportClass


class NextReport(NamedTuple):
    """The most urgent report, as far as whoever acts may see it."""

    work: WorkLine
    words: dict[str, Any]
    """Title, text and place, as far as they are shown."""
    advice: CheckResult | None
    """On one that is to be verified."""
    commands: list[CommandName]
    """What the rules allow the role now."""
    proposed: ReportClass | None
    """The class that the reporter proposed."""


def show_next(operator: Operator) -> None:
    """Show the report; raises CommandRefusal in a role without a queue."""
    shown = operator.with_record(lambda complaints: _read(operator, complaints))
    if shown is None:
        if operator.json:
            operator.write_json(None)
        else:
            operator.write(operator.say("nothing_waits"))
        return
    lines = list(_command_lines(operator, shown))
    if operator.json:
        told = {"words": shown.words, "advice": shown.advice and shown.advice.model_dump(mode="json")}
        operator.write_json(shown.work.json() | told | {"commands": lines})
        return
    number = shown.work.line.number
    write_pairs(_pairs(operator, shown))
    if shown.work.line.rahasia:
        operator.note(operator.say("next_rahasia", id=number))
    if shown.advice is not None:
        operator.write("")
        tell_advice(operator, shown.advice)
    operator.write("")
    if not lines:
        operator.write(operator.say("next_nothing", id=number))
        return
    operator.write(operator.say("next_comes"))
    for line in lines:
        operator.write(f"  {line}")


async def _read(operator: Operator, complaints: Readings) -> NextReport | None:
    actor = await operator.actor(complaints)
    if actor.role not in QUEUES_OF:
        raise CommandRefusal("no_own_queue")
    found = await work_of(complaints, actor, QueueFilters(), (), 1)
    if not found:
        return None
    work = found[0]
    words = await _words(complaints, actor, work)
    advice, allowed = await _advice(complaints, actor, work), await _allowed(complaints, actor, work)
    sent = None if advice is None else await complaints.record.unverified_reports.report(work.line.number)
    return NextReport(work, words, advice, allowed, sent and sent.proposed_class)


async def _words(complaints: Readings, actor: Actor, work: WorkLine) -> dict[str, Any]:
    """Return the words that the role may see without a purpose, their reading on record first."""
    from kawal.domain.access import Act, may
    from kawal.store.complaint_list import Reader, words_of

    number = work.line.number
    row = await complaints.snapshot(number)
    if work.line.rahasia or may(actor, Act.READ_EVENTS, row) is not None:
        return {} if work.line.title is None else {"title": work.line.title}
    await complaints.authority.reading(actor, Act.READ_EVENTS, number, via="cli")
    return await words_of(complaints.seen_by(actor).pool, number, Reader(actor.instansi, actor.opd))


async def _advice(complaints: Readings, actor: Actor, work: WorkLine) -> CheckResult | None:
    """Return the advice where it can help: on a report that the role may verify."""
    from kawal.client.advice import Adviser
    from kawal.domain.access import Act, may

    line = work.line
    if line.status != Status.BELUM_DIVERIFIKASI or line.rahasia:
        return None
    if may(actor, Act.READ_ADVICE, await complaints.snapshot(line.number)) is not None:
        return None
    return await Adviser(complaints).advice(line.number, actor, None, "cli")


async def _allowed(complaints: Readings, actor: Actor, work: WorkLine) -> list[CommandName]:
    from kawal.domain.process.permissions import refusal_of
    from kawal.domain.process.transitions import TRANSITIONS

    state, now = await complaints.state(work.line.number), complaints.now()
    typed = {entry.name for entry in CLIENT}
    return [
        name
        for name, row in TRANSITIONS.items()
        if actor.role in row.who and name.replace("_", "-") in typed and refusal_of(state, actor, name, now) is None
    ]


def _command_lines(operator: Operator, shown: NextReport) -> Iterator[str]:
    """Yield each allowed command as it is typed, what has to be put in written in capitals."""
    specs = {entry.name: entry for entry in CLIENT}
    acting = "" if operator.as_who is None else f" --as {shlex.quote(operator.as_who)}"
    number = shown.work.line.number
    if CommandName.VERIFY in shown.commands and _plain(shown.advice):
        report_class = "" if shown.proposed else " --class CLASS"
        yield f"kawal verify {number} --suggested 1 --forward{report_class}{acting}"
    for name in shown.commands:
        typed = name.replace("_", "-")
        needed = [field for field in specs[typed].spec().fields if field.default is REQUIRED and field != TRACKING_ID]
        yield " ".join(["kawal", typed, number, *map(_placeholder, needed)]) + acting


def _plain(advice: CheckResult | None) -> bool:
    """Return whether advice can be taken as it is: it names category and OPD, and leaves nothing to be looked at."""
    if advice is None or advice.unsure or advice.pengawasan_hint:
        return False
    return bool(advice.categories and advice.opds)


def _placeholder(field: Field) -> str:
    flag = field.flag or f"--{field.name}"
    return f"{flag} {flag.lstrip('-').upper().replace('-', '_')}"


def _pairs(operator: Operator, shown: NextReport) -> list[tuple[str, str]]:
    line, lang = shown.work.line, operator.lang
    withheld = operator.say("withheld" if line.rahasia else "not_public")
    told = {
        "tracking_id": line.number,
        "status": label(STATUSES, line.status, lang),
        "waits_for": waits_for(operator, shown.work.why),
        "due": due_in_words(operator, shown.work),
        "title": shown.words.get("title") or withheld,
        "body": shown.words.get("body") or "",
        "place": shown.words.get("place") or "",
        "report_class": label(CLASSES, line.report_class or "", lang),
        "category": line.category or "",
        "channel": label(CHANNELS, line.channel, lang),
        "received_at": show_instant(line.received_at, lang),
        "opds": ", ".join(line.opds),
    }
    return [(label(COLUMNS, name, lang), value) for name, value in told.items()]


SPECS = (Spec("next", show_next, acting=True),)
