"""Queues of work, read by key in the order in which they are worked on; and the lists of the command line.

`queue_page` and `queue_counts` are for whoever works a queue (kawal/domain/work_queues.py): a page costs the same at
any depth, and nothing is counted beyond MOST_COUNTED.

Everybody sees the texts that are public (the view `public_report`). Those of a report that is not verified, or that is
or was berkadar pengawasan, are shown to officials who work on it; those of a rahasia one are shown to nobody here.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel, TypeAdapter

from kawal.domain.checks import Suggestion
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.refusals import Refusal
from kawal.domain.work_queues import QUEUES_OF, Queue, may_open, office_of
from kawal.store.read_model import NO_DATE
from kawal.store.text_queries import typed

MOST_COUNTED = 100
"""A queue's count ends here: it stands for so many or more ("99+")."""

PAGE = 50
"""The lines of a page, unless told."""

LONGEST_PAGE = 200


class Scope(NamedTuple):
    """Whose queues are read: a role, within an agency (None: in all of them), for a liaison within an OPD."""

    role: Role
    instansi: str | None = None
    opd: str | None = None
    account: str | None = None


class QueueFilters(NamedTuple):
    """What of a queue is shown; empty, None or False restricts nothing. Everything given must fit."""

    statuses: tuple[str, ...] = ()
    report_class: str | None = None
    category: str | None = None
    """A main category, or one below it."""
    opd: str | None = None
    """One that owes or has finished."""
    overdue: bool = False
    words: str = ""
    """Of title and text, in any form."""


class Cursor(NamedTuple):
    """Where a page ended: the place of its last line in the queue's order."""

    rank: int
    due: datetime
    received_at: datetime
    number: str

    def encode(self) -> str:
        """Return it as a word for an address; nobody has to understand it."""
        told = [self.rank, self.due.isoformat(), self.received_at.isoformat(), self.number]
        return base64.urlsafe_b64encode(json.dumps(told, separators=(",", ":")).encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, word: str) -> Cursor | None:
        """Return what `encode` gave, None for anything else."""
        try:
            told = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
            rank, due, received_at, number = told
            found = cls(int(rank), datetime.fromisoformat(due), datetime.fromisoformat(received_at), str(number))
        except (ValueError, TypeError, binascii.Error):
            return None
        aware = found.due.tzinfo is not None and found.received_at.tzinfo is not None
        return found if aware and 0 <= found.rank <= _HIGHEST_RANK else None


class QueueLine(BaseModel):
    """A complaint in a queue. Times are UTC; of advice and words only what the reader may see."""

    number: str
    instansi: str
    status: str
    report_class: str | None
    pengawasan: bool
    category: str | None
    channel: str
    anonim: bool
    rahasia: bool
    received_at: datetime
    opds: list[str]
    """Those that owe or have finished, in the order in which they got it."""
    why: list[str]
    """What it waits for there (`QueuePlace.why`)."""
    deadline: datetime | None
    """Of the step that is owed."""
    provisional: bool
    """Whether that extends into a year whose calendar is not known."""
    owed_by: Role | None
    overdue: bool
    level: int
    said: str | None
    """What the reporter said that nobody has dealt with yet: hold_answer, answer, opd_answer, reply, dispute."""
    said_at: datetime | None
    extension_days: int | None
    last_seq: int
    """The complaint's last event: what a form shows it was filled in with (`if_seq`)."""
    wedged: bool
    """Whether its workflow's task fails repeatedly, so that the complaint makes no progress."""
    title: str | None
    """None if the reader may not see it."""
    likenesses: int
    """How many reports may be about the same matter; only to those who oversee them, rahasia ones not counted."""
    pengawasan_hint: bool
    """Whether its words hint at berkadar pengawasan."""
    unsure: bool
    """Whether what is suggested is too close to something else to be taken by itself."""
    suggested_category: Suggestion | None
    suggested_opd: Suggestion | None


class QueuePage(NamedTuple):
    """Lines in the queue's order, and where the next page begins; None: there is no more."""

    lines: list[QueueLine]
    next: Cursor | None


def scope_of(actor: Actor) -> Scope:
    """Return the scope within which an official works."""
    return Scope(actor.role, actor.instansi, actor.opd, actor.account)


async def queue_page(
    source: Any,
    queue: Queue,
    scope: Scope,
    filters: QueueFilters = QueueFilters(),  # noqa: B008 - cannot be changed
    after: Cursor | None = None,
    limit: int = PAGE,
) -> QueuePage:
    """Return a page of a role's queue, after where another ended.

    `source` reads in the same scope (`kawal.store.scoped`); any other finds nothing by words. Refused for a queue that
    is not one of the role's. FINISHED has the latest first.
    """
    if not may_open(scope.role, queue):
        raise Refusal("wrong_role", command="list", role=scope.role, allowed=_allowed(queue))
    from kawal.store.queue_queries import ask

    limit = max(1, min(limit, LONGEST_PAGE))
    matches = await _matches(source, filters.words) if queue is not Queue.FINISHED else None
    statement, values = ask(queue, scope, filters, after, limit + 1, matches)
    rows = await source.fetch(statement, *values)
    return QueuePage(lines_from(rows[:limit]), _key(rows[limit - 1]) if len(rows) > limit else None)


async def _matches(source: Any, words: str) -> list[str] | None:
    """Return the reports of the caller's scope that wait and have all of the words.

    None where no words are asked for, and where so many have them that they are looked for in the queue's order.
    """
    if not words.strip():
        return None
    found: list[str] | None = await source.fetchval("select staff_matches($1)", typed(words))
    return found


def lines_from(rows: Sequence[Mapping[str, Any]]) -> list[QueueLine]:
    """Return the lines that rows of the statements of `queue_queries` hold."""
    return _LINES.validate_python([dict(row) for row in rows])


_LINES = TypeAdapter(list[QueueLine])


async def queue_counts(source: Any, scope: Scope) -> Mapping[Queue, int]:
    """Return how many complaints stand in each of a role's queues, at most MOST_COUNTED; not of what is finished.

    `source` reads in the same scope.
    """
    asked = [queue for queue in QUEUES_OF.get(scope.role, ()) if queue is not Queue.FINISHED]
    rows = await source.fetch(
        _COUNTS,
        [str(queue) for queue in asked],
        [office(scope, queue) for queue in asked],
        scope.instansi,
        MOST_COUNTED,
    )
    return {Queue(row["queue"]): row["n"] for row in rows}


def office(scope: Scope, queue: Queue) -> str:
    """Return whose places of a queue somebody works on."""
    return office_of(Actor(role=scope.role, account="", instansi=scope.instansi, opd=scope.opd), queue)


_HIGHEST_RANK = 3
_COUNTS = """
select a.queue, n.n
from unnest($1::text[], $2::text[]) as a (queue, opd) cross join lateral (
    select count(*)::int as n from (
        select from queue_place q where q.queue = a.queue and q.opd = a.opd
            and ($3::text is null or q.instansi = $3) limit $4) as few) as n
"""


def _key(row: Any) -> Cursor:
    return Cursor(row["rank"], row["due"] or NO_DATE, row["received_at"], row["number"])


def _allowed(queue: Queue) -> str:
    return ", ".join(sorted(role for role, queues in QUEUES_OF.items() if queue in queues))
