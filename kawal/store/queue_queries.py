"""The statements that read a page of a queue: the places in their order first, then what a line shows of each.

A statement has only the conditions that are asked for, so that an index gives the order; values are always parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kawal.domain.names import Role
from kawal.domain.work_queues import Queue, office_of

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
select c.tracking_id::text as number, c.instansi::text as instansi, c.status::text as status,
    c.report_class::text as report_class, c.pengawasan, c.category, c.channel::text as channel, c.anonim, c.rahasia,
    c.received_at, p.rank, p.due, p.why, p.deadline, p.owed_by::text as owed_by, p.overdue, c.level, c.last_seq,
    c.extension_days, case when d.seq is null then c.said end as said,
    case when d.seq is null then c.said_at end as said_at,
    array(select o.code::text from complaint_opd o where o.tracking_id = c.tracking_id
        and o.state in ('owes', 'final') order by o.place) as opds,
    exists (select from complaint_clock k where k.tracking_id = c.tracking_id and k.provisional
        and k.deadline = p.deadline) as provisional,
    exists (select from reconcile_finding f where f.tracking_id = c.tracking_id and f.kind = 'stuck_task'
        and f.gone_at is null) as wedged,
    case when r.reads or exists (select from public_report u where u.tracking_id = c.tracking_id)
        then c.title end as title,
    case when r.reads and {oversees} then (
        select count(*)::int from jsonb_array_elements(a.likenesses) as l
        join complaint o on o.tracking_id = l ->> 'tracking_id' and not o.rahasia and o.erased_at is null
        where not exists (select from concealment h where h.tracking_id = o.tracking_id and h.rahasia)
        ) else 0 end as likenesses,
    coalesce(r.reads and a.pengawasan_hint, false) as pengawasan_hint,
    coalesce(r.reads and a.unsure, false) as unsure,
    case when r.reads then a.categories -> 0 end as suggested_category,
    case when r.reads then a.opds -> 0 end as suggested_opd
from page p join complaint c on c.tracking_id = p.tracking_id
left join report_advice a on a.tracking_id = c.tracking_id
left join reply_read d on d.tracking_id = c.tracking_id and d.seq >= c.said_seq
cross join lateral (select {reads} and not c.rahasia and c.erased_at is null and not exists (
    select from concealment k where k.tracking_id = c.tracking_id and k.rahasia) as reads) as r
order by {order}
"""


class Parameters:
    """The values of a statement, each named by its place."""

    def __init__(self) -> None:
        """Start without values."""
        self.values: list[Any] = []

    def add(self, value: Any) -> str:
        """Add a value; return how the statement names it."""
        self.values.append(value)
        return f"${len(self.values)}"


def ask(queue: Queue, scope: Scope, filters: QueueFilters, after: Cursor | None, most: int) -> tuple[str, list[Any]]:
    """Return the statement of a page, and its values."""
    given = Parameters()
    finished = queue is Queue.FINISHED
    page = (
        _finished(scope, filters, after, most, given)
        if finished
        else _waiting(queue, scope, filters, after, most, given)
    )
    reads = _READS.get(scope.role, "false").format(
        opd=given.add(scope.opd) if scope.role is Role.LIAISON else "",
        account=given.add(scope.account) if scope.role is Role.DESK else "",
    )
    lines = _LINES.format(
        oversees=str(scope.role in _OVERSEERS).lower(),
        reads=reads,
        order="p.due desc, p.tracking_id desc" if finished else "p.rank, p.due, p.received_at, p.tracking_id",
    )
    return f"with page as materialized ({page}) {lines}", given.values


def _waiting(
    queue: Queue, scope: Scope, filters: QueueFilters, after: Cursor | None, most: int, given: Parameters
) -> str:
    from kawal.domain.messages import Actor

    office = office_of(Actor(role=scope.role, account="", instansi=scope.instansi, opd=scope.opd), queue)
    asked = [f"q.queue = {given.add(str(queue))}", f"q.opd = {given.add(office)}", *_filtered(filters, given, "q")]
    if scope.instansi is not None:
        asked.append(f"q.instansi = {given.add(scope.instansi)}")
    if filters.overdue:
        asked.append("q.overdue")
    if filters.opd is not None:
        asked.append(f"{given.add(filters.opd)} = any (q.opds)")
    if after is not None:
        key = ", ".join(given.add(value) for value in (after.rank, after.due, after.received_at))
        asked.append(f"(q.rank, q.due, q.received_at, q.tracking_id::text) > ({key}, {given.add(after.number)}::text)")
    return (
        "select q.tracking_id, q.rank, q.due, q.received_at, q.why, q.deadline, q.owed_by, q.overdue"  # noqa: S608
        f" from queue_place q where {' and '.join(asked)} order by {_ORDER} limit {given.add(most)}"
    )


def _finished(scope: Scope, filters: QueueFilters, after: Cursor | None, most: int, given: Parameters) -> str:
    of_office = scope.role is Role.LIAISON
    when = "l.final_at" if of_office else "c.closed_at"
    asked = ["c.status in ('selesai', 'diarsipkan', 'bukan_wewenang', 'digabung')", *_filtered(filters, given, "c")]
    source = "complaint c"
    if of_office:
        source = "complaint_opd l join complaint c on c.tracking_id = l.tracking_id"
        asked += ["l.state = 'final'", f"l.code = {given.add(scope.opd)}"]
    else:
        asked.append("c.closed_at is not null")
    if scope.instansi is not None:
        asked.append(f"{'l' if of_office else 'c'}.instansi = {given.add(scope.instansi)}")
    if filters.overdue:
        asked.append("c.overdue")
    if filters.opd is not None:
        asked.append(
            "exists (select from complaint_opd f where f.tracking_id = c.tracking_id and f.state in ('owes', 'final')"
            f" and f.code::text = {given.add(filters.opd)})"
        )
    numbered = f"{'l' if of_office else 'c'}.tracking_id"
    if after is not None:
        asked.append(f"({when}, {numbered}::text) < ({given.add(after.due)}, {given.add(after.number)}::text)")
    return (
        f"select {numbered}, 0 as rank, {when} as due, c.received_at, array[c.status::text] as why,"  # noqa: S608
        " null::timestamptz as deadline, null::text as owed_by, c.overdue"
        f" from {source} where {' and '.join(asked)} order by {when} desc, {numbered} desc limit {given.add(most)}"
    )


def _filtered(filters: QueueFilters, given: Parameters, name: str) -> list[str]:
    """Return the conditions on what a place and a complaint both have."""
    asked = []
    if filters.statuses:
        asked.append(f"{name}.status::text = any ({given.add(list(filters.statuses))}::text[])")
    if filters.report_class is not None:
        asked.append(f"{name}.report_class = {given.add(filters.report_class)}")
    if filters.category is not None:
        column = f"{name}.category" if " / " in filters.category else f"split_part({name}.category, ' / ', 1)"
        asked.append(f"{column} = {given.add(filters.category)}")
    if filters.words.strip():
        asked.append(
            f"exists (select from complaint w where w.tracking_id = {name}.tracking_id and not w.rahasia"
            f" and w.search @@ websearch_to_tsquery('indonesian', {given.add(filters.words)}))"
        )
    return asked
