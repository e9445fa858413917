"""The statements that read a page of a queue: the places in their order first, then what a line shows of each.

A statement has only the conditions that are asked for, so that an index gives the order; values are always parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.work_queues import Queue, office_of
from kawal.store.text_queries import typed

if TYPE_CHECKING:
    from kawal.store.queues import Cursor, QueueFilters, Scope

_ORDER = "rank, due, received_at, tracking_id"

# Who may see the words; and, as far as they tell of the words, the advice.
_READS = {
    Role.ADMIN: "true",
    Role.INSPECTORATE: "true",
    Role.AUDITOR: "true",
    Role.LEADERSHIP: "c.ever_level >= 2",
    Role.LIAISON: "exists (select from complaint_opd r where r.tracking_id = c.tracking_id and r.code::text = {opd})",
    Role.DESK: "exists (select from event e where e.workflow_id = c.workflow_id and e.seq = 1"
    " and e.actor_account = {account})",
}
_OVERSEERS = (Role.ADMIN, Role.INSPECTORATE, Role.AUDITOR)

_LINES = """
line as materialized (
    select {columns}, p.rank, p.due, p.why, p.deadline, p.owed_by::text as owed_by, p.overdue as late,
        {reads} and not c.rahasia and c.erased_at is null and k.tracking_id is null as reads
    from page p join complaint c on c.tracking_id = p.tracking_id
    left join concealment k on k.tracking_id = p.tracking_id and k.rahasia
)
select c.tracking_id::text as number, c.instansi::text as instansi, c.status::text as status,
    c.report_class::text as report_class, c.pengawasan, c.category, c.channel::text as channel, c.anonim, c.rahasia,
    c.received_at, c.rank, c.due, c.why, c.deadline, c.owed_by, c.late as overdue, c.level, c.last_seq,
    c.extension_days, case when d.seq is null then c.said end as said,
    case when d.seq is null then c.said_at end as said_at,
    array(select o.code::text from complaint_opd o where o.tracking_id = c.tracking_id
        and o.state in ('owes', 'final') order by o.place) as opds,
    exists (select from complaint_clock t where t.tracking_id = c.tracking_id and t.provisional
        and t.deadline = c.deadline) as provisional,
    exists (select from reconcile_finding f where f.tracking_id = c.tracking_id and f.kind = 'stuck_task'
        and f.gone_at is null) as wedged,
    {title} as title, {likenesses} as likenesses,
    coalesce(a.pengawasan_hint, false) as pengawasan_hint, coalesce(a.unsure, false) as unsure,
    a.categories -> 0 as suggested_category, a.opds -> 0 as suggested_opd
from line c left join report_advice a on a.tracking_id = c.tracking_id and c.reads
left join reply_read d on d.tracking_id = c.tracking_id and d.seq >= c.said_seq
order by {order}
"""
_LIKENESSES = """(
    select count(*)::int from (
        select l ->> 'tracking_id' as number from jsonb_array_elements(a.likenesses) as l offset 0) as l
    join complaint o on o.tracking_id = l.number and not o.rahasia and o.erased_at is null
    left join concealment h on h.tracking_id = o.tracking_id and h.rahasia where h.tracking_id is null)"""
"""Each is looked up by its number, which is made before: `->>` is not leakproof, so that under row-level security a
number made in the join would be compared with every row."""

_TITLE = "case when c.reads then c.title end"
_TITLE_AT_DESK = """coalesce((select u.title from public_report u where u.tracking_id = c.tracking_id),
    case when c.reads then title_at_desk(c.tracking_id) end)"""
"""The desk reads what is public, and what it registered; its role reads no words of the table."""

_PROCESS = (
    *(
        "tracking_id",
        "workflow_id",
        "instansi",
        "status",
        "report_class",
        "pengawasan",
        "category",
        "channel",
        "anonim",
    ),
    *("rahasia", "received_at", "level", "ever_level", "last_seq", "extension_days", "said", "said_seq", "said_at"),
    "erased_at",
)
_COLUMNS = ", ".join(f"c.{name}" for name in _PROCESS)


# A subquery, not a join: the places are tried in their order until a page is full.
_HAS_WORDS = """(
    select w.search || to_tsvector('indonesian', coalesce(w.place, '')) @@ websearch_to_tsquery('indonesian', {words})
        and not exists (select from concealment k where k.tracking_id = w.tracking_id and k.rahasia)
    from complaint w where w.tracking_id = q.tracking_id)"""


class Parameters:
    """The values of a statement, each named by its place."""

    def __init__(self) -> None:
        """Start without values."""
        self.values: list[Any] = []

    def add(self, value: Any) -> str:
        """Add a value; return how the statement names it."""
        self.values.append(value)
        return f"${len(self.values)}"


def ask(
    queue: Queue,
    scope: Scope,
    filters: QueueFilters,
    after: Cursor | None,
    most: int,
    matches: Sequence[str] | None = None,
) -> tuple[str, list[Any]]:
    """Return the statement of a page of a queue, and its values.

    `matches`: the reports that wait and have the words asked for; None where those are too many to be named.
    """
    given = Parameters()
    if queue is not Queue.FINISHED:
        return _with(_waiting(queue, scope, filters, after, most, given, matches), scope, given)
    if any(filters):
        page = _finished(scope, filters, after, most, given)
    elif scope.role is Role.LIAISON:
        page = _done(scope, after, most, given)
    else:
        page = _closed(scope, after, most, given)
    return _with(page, scope, given, "c.due desc, c.tracking_id desc")


def lines_of(numbers: Sequence[str], scope: Scope) -> tuple[str, list[Any]]:
    """Return the statement that reads the lines of these reports in their order, as far as the scope goes."""
    given = Parameters()
    asked = [_within(scope, given)] if scope.instansi is not None else []
    if scope.role is Role.LIAISON:
        asked.append(f"'sent ' || {given.add(scope.opd)} = any (c.offices)")
    if scope.role is Role.LEADERSHIP:
        asked.append("c.ever_level >= 2")
    page = _as_page("n.place::int", "c.received_at") + (
        f" from unnest({given.add(list(numbers))}::text[]) with ordinality as n (number, place)"
        f" join complaint c on c.tracking_id = n.number where {' and '.join(asked) or 'true'}"
    )
    return _with(page, scope, given)


def marks_of(filters: QueueFilters) -> list[str]:
    """Return the marks of every report that fits these filters (schema.sql, `found_by`); of statuses any may be."""
    marks = [f"class {filters.report_class}"] if filters.report_class is not None else []
    if filters.category is not None:
        marks.append(f"{'leaf' if ' / ' in filters.category else 'main'} {filters.category[:100]}")
    if filters.opd is not None:
        marks.append(f"with {filters.opd}")
    if filters.overdue:
        marks.append("that is late")
    return marks


def _with(
    page: str, scope: Scope, given: Parameters, order: str = "c.rank, c.due, c.received_at, c.tracking_id"
) -> tuple[str, list[Any]]:
    """Return the statement that reads the lines of a page."""
    named = {
        Role.LIAISON: lambda: given.add(scope.opd),
        Role.DESK: lambda: given.add(scope.account),
    }
    own = named[scope.role]() if scope.role in named else ""
    lines = _LINES.format(
        likenesses=_LIKENESSES if scope.role in _OVERSEERS else "0",
        columns=_COLUMNS if scope.role is Role.DESK else f"{_COLUMNS}, c.title",
        title=_TITLE_AT_DESK if scope.role is Role.DESK else _TITLE,
        reads=_READS.get(scope.role, "false").format(opd=own, account=own),
        order=order,
    )
    return f"with page as materialized ({page}), {lines}", given.values


def _within(scope: Scope, given: Parameters) -> str:
    return f"c.instansi = {given.add(scope.instansi)}"


def _waiting(
    queue: Queue,
    scope: Scope,
    filters: QueueFilters,
    after: Cursor | None,
    most: int,
    given: Parameters,
    matches: Sequence[str] | None,
) -> str:
    office = office_of(Actor(role=scope.role, account="", instansi=scope.instansi, opd=scope.opd), queue)
    asked = [f"q.queue = {given.add(str(queue))}", f"q.opd = {given.add(office)}"]
    if scope.instansi is not None:
        asked.append(f"q.instansi = {given.add(scope.instansi)}")
    asked += _filtered(filters, given, matches)
    if after is not None:
        key = ", ".join(given.add(value) for value in (after.rank, after.due, after.received_at))
        asked.append(f"(q.rank, q.due, q.received_at, q.tracking_id::text) > ({key}, {given.add(after.number)}::text)")
    # The keys first, which the index alone gives: however many places the filters leave out, no table is read for them.
    return (
        "select q.tracking_id, q.rank, q.due, q.received_at, q.why, q.deadline, q.owed_by, q.overdue from ("  # noqa: S608
        f"select q.tracking_id, q.queue, q.opd from queue_place q where {' and '.join(asked)}"
        f" order by {_ORDER} limit {given.add(most)}"
        ") as k join queue_place q on q.tracking_id = k.tracking_id and q.queue = k.queue and q.opd = k.opd"
    )


def _filtered(filters: QueueFilters, given: Parameters, matches: Sequence[str] | None) -> Iterator[str]:
    """Yield the conditions on places, by what stands beside them."""
    if filters.statuses:
        yield f"q.status::text = any ({given.add(list(filters.statuses))}::text[])"
    if filters.report_class is not None:
        yield f"q.report_class = {given.add(filters.report_class)}"
    if filters.category is not None:
        column = "q.category" if " / " in filters.category else "split_part(q.category, ' / ', 1)"
        yield f"{column} = {given.add(filters.category)}"
    if filters.opd is not None:
        yield f"{given.add(filters.opd)} = any (q.opds)"
    if filters.overdue:
        yield "q.overdue"
    if matches is not None:
        yield f"q.tracking_id::text = any ({given.add(list(matches))}::text[])"
    elif filters.words.strip():
        yield _HAS_WORDS.format(words=given.add(typed(filters.words)))


def _closed(scope: Scope, after: Cursor | None, most: int, given: Parameters) -> str:
    """Return the statement of what is final, by an index in that order."""
    asked = ["c.closed_at is not null"]
    if scope.instansi is not None:
        asked.append(_within(scope, given))
    if after is not None:
        asked.append(f"(c.closed_at, c.tracking_id::text) < ({given.add(after.due)}, {given.add(after.number)}::text)")
    return _as_page("0", "c.closed_at") + (
        f" from complaint c where {' and '.join(asked)} order by c.closed_at desc, c.tracking_id desc"
        f" limit {given.add(most)}"
    )


def _done(scope: Scope, after: Cursor | None, most: int, given: Parameters) -> str:
    """Return the statement of that in which an OPD's final follow-up stands, by an index in that order."""
    asked = [f"l.code = {given.add(scope.opd)}", "l.state = 'final'"]
    if scope.instansi is not None:
        asked.append(f"l.instansi = {given.add(scope.instansi)}")
    if after is not None:
        asked.append(f"(l.final_at, l.tracking_id::text) < ({given.add(after.due)}, {given.add(after.number)}::text)")
    return _as_page("0", "l.final_at") + (  # noqa: S608
        f" from (select l.tracking_id, l.final_at from complaint_opd l where {' and '.join(asked)}"  # noqa: S608
        f" order by l.final_at desc, l.tracking_id desc limit {given.add(most)}) as l"
        " join complaint c on c.tracking_id = l.tracking_id"
    )


def _finished(scope: Scope, filters: QueueFilters, after: Cursor | None, most: int, given: Parameters) -> str:
    """Return the statement of what is final and fits, found by words and marks; of an OPD's, latest received first."""
    own = scope.opd if scope.role is Role.LIAISON else None
    marks = [*marks_of(filters), *([f"done {own}"] if own is not None else [])]
    values = (
        *(typed(filters.words), marks, list(filters.statuses), own is None),
        *(after and after.due, after and after.number, most),
    )
    return _as_page("0", "f.at") + (
        f" from staff_search({', '.join(given.add(value) for value in values)}) as f"
        " join complaint c on c.tracking_id = f.number"
    )


def _as_page(rank: str, due: str) -> str:
    """Return what is selected of complaints that wait for nobody there."""
    return (
        f"select c.tracking_id, {rank} as rank, {due} as due, c.received_at, array[c.status::text] as why,"
        " c.next_deadline as deadline, null::text as owed_by, c.overdue"
    )
