"""What waits for whoever acts, as a list: a role's own queues, what is late first and then what is due first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kawal.cli.terminal.dates import WIB, show_day
from kawal.cli.terminal.faults import CommandRefusal
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.tables import write_table
from kawal.domain.work_queues import QUEUES_OF, Queue, own_queues
from kawal.wording.catalogues import say
from kawal.wording.labels import label
from kawal.wording.queue_words import WAITS_FOR

if TYPE_CHECKING:
    from kawal.client.own_work import WorkLine
    from kawal.client.queue_views import QueueView
    from kawal.client.reading import Readings
    from kawal.domain.messages import Actor
    from kawal.store.queues import QueueFilters

COLUMNS = ("tracking_id", "due", "waits_for", "opds", "title")


async def work_of(
    complaints: Readings, actor: Actor, filters: QueueFilters, queues: Sequence[Queue], limit: int
) -> list[WorkLine]:
    """Return what waits for an official, in `queues` or else in those that are the role's own to work on.

    Filters look through all queues of the role. Raises Refusal for a queue that is not one of them.
    """
    from kawal.client.own_work import own_work
    from kawal.store.queues import QueueFilters, scope_of

    narrowed = filters != QueueFilters()
    read = tuple(queues) or (QUEUES_OF[actor.role] if narrowed else own_queues(actor.role))
    return await own_work(complaints.seen_by(actor).pool, read, scope_of(actor), filters, limit)


async def view_named(operator: Operator, complaints: Readings, actor: Actor, name: str) -> QueueView:
    """Return what a saved view shows, one's own before one that a colleague shares; notes what of it is gone.

    Raises CommandRefusal where there is none of that name, and for a view of another list than a queue.
    """
    from kawal.client.queue_views import queue_view
    from kawal.desks.saved_views import gone_from, views_of

    views = await views_of(complaints, actor)
    found = next((one for one in views if one.name.casefold() == name.strip().casefold()), None)
    if found is None:
        raise CommandRefusal("no_such_view", name=name, known=", ".join(one.name for one in views) or "–")
    viewed = queue_view(found.address, actor.role)
    if viewed is None:
        raise CommandRefusal("view_of_other_list", name=found.name, address=found.address)
    gone = await gone_from(complaints, actor, found.address)
    if gone is not None:
        operator.note(say(operator.lang, gone))
    return viewed


def tell_work(operator: Operator, lines: Sequence[WorkLine]) -> None:
    """Write the list."""
    if operator.json:
        operator.write_json([line.json() for line in lines])
    elif lines:
        write_table(COLUMNS, (_row(operator, line) for line in lines), operator.lang)
    else:
        operator.write(operator.say("nothing_waits"))


def waits_for(operator: Operator, why: Sequence[str]) -> str:
    """Return in words what a complaint waits for."""
    return "; ".join(dict.fromkeys(label(WAITS_FOR, one, operator.lang) for one in why))


def due_in_words(operator: Operator, one: WorkLine) -> str:
    """Return the last day of what is owed, that it is late or provisional; "–" where nothing is due."""
    late = operator.say("late") if one.line.overdue else ""
    if one.deadline is None:
        return late or "–"
    mark = operator.say("provisional") if one.line.provisional else ""
    return " ".join(filter(None, (late, show_day(_last_day(one.deadline).date(), operator.lang), mark)))


def _row(operator: Operator, one: WorkLine) -> list[str]:
    line = one.line
    why = waits_for(operator, one.why)
    return [
        line.number,
        due_in_words(operator, one),
        f"{why} {operator.say('wedged')}" if line.wedged else why,
        ", ".join(line.opds) or "–",
        line.title or operator.say("withheld" if line.rahasia else "not_public"),
    ]


def _last_day(deadline: datetime) -> datetime:
    """Return an instant of the day at whose end a deadline lies: its column has no room for hours."""
    return (deadline - timedelta(microseconds=1)).astimezone(WIB)
