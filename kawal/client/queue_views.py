"""A saved view as the queue that it shows, for whoever reads it without the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kawal.domain.labels import CLASSES, STATUSES
from kawal.domain.names import Role
from kawal.domain.saved_views import view_at
from kawal.domain.work_queues import QUEUES_OF, Queue
from kawal.store.queues import QueueFilters


class QueueView(NamedTuple):
    """One of a role's queues, and what of it a view shows."""

    queue: Queue
    filters: QueueFilters


def queue_view(address: str, role: Role) -> QueueView | None:
    """Return what a view of a queue shows to a role; None for a view of another list. Raises Refusal."""
    view = view_at(address, role)
    if view.path == "/inspektorat":
        return QueueView(Queue.ESCALATED, queue_filters(view.filters))
    queues = QUEUES_OF.get(role, ())
    if view.path != "/kerja" or not queues:
        return None
    named = view.filters.get("antrean", "")
    return QueueView(Queue(named) if named in queues else queues[0], queue_filters(view.filters))


def queue_filters(given: Mapping[str, str]) -> QueueFilters:
    """Return what of a queue is shown, by the names of its address; what has no meaning restricts nothing."""
    status, report_class = given.get("status", ""), given.get("kelas", "")
    return QueueFilters(
        statuses=(status,) if status in STATUSES else (),
        report_class=report_class if report_class in CLASSES else None,
        category=given.get("kategori") or None,
        opd=given.get("opd") or None,
        overdue=bool(given.get("terlambat")),
        words=given.get("cari", ""),
    )
