"""How a running complaint shows itself in the Temporal UI: search attributes and a details text like a sentence.

Search attributes are not encrypted: codes, dates and numbers only.
"""

from __future__ import annotations

from typing import Any

from temporalio.common import SearchAttributePair, SearchAttributeUpdate, TypedSearchAttributes

from domain.calendar import JAKARTA
from domain.messages import Snapshot
from workflows import search_attributes as keys


def attribute_values(row: Snapshot) -> dict[Any, Any]:
    """Each search attribute with its value for a complaint; None where it has none."""
    return {
        keys.STATUS: str(row.status),
        keys.INSTANSI: row.instansi,
        keys.REPORT_CLASS: row.report_class and str(row.report_class),
        keys.CHANNEL: str(row.channel),
        keys.OPD: [opd.code for opd in row.opds if opd.state == "owes"] or None,
        keys.NEXT_DEADLINE: row.next_deadline,
        keys.LEVEL: row.level,
        keys.OVERDUE: row.overdue,
    }


def starting_attributes(row: Snapshot) -> TypedSearchAttributes:
    """The attributes of a run that is just starting; whoever starts it sets them."""
    pairs = [SearchAttributePair(key, value) for key, value in attribute_values(row).items() if value is not None]
    return TypedSearchAttributes(pairs)


def search_attribute_updates(before: Snapshot, after: Snapshot) -> list[SearchAttributeUpdate[Any]]:
    """What has changed; nothing at the start, whose attributes come with it."""
    old, new = attribute_values(before), attribute_values(after)
    return [
        key.value_unset() if value is None else key.value_set(value) for key, value in new.items() if old[key] != value
    ]


def summary_of(tracking_id: str, instansi: str, channel: str) -> str:
    """The static summary, fixed for the whole life."""
    return f"Laporan {tracking_id} · {instansi} · {channel}"


def details_of(row: Snapshot, reason: str | None) -> str:
    """The current details: where the complaint stands, who owes what until when, in Markdown."""
    lines = [f"**{row.status}**" + (f", {row.report_class}" if row.report_class else "")]
    for clock in row.clocks:
        who = clock.opd or str(clock.owed_by)
        if clock.deadline is None:
            lines.append(f"- {clock.kind}: {who}, paused")
        else:
            late = " — **LATE**" if clock.breached_at else ""
            lines.append(f"- {clock.kind}: {who} until {clock.deadline.astimezone(JAKARTA):%Y-%m-%d %H:%M} WIB{late}")
    if row.item_open:
        lines.append(f"- Inspectorate's item open, rung {row.level} ({row.item_why})")
    if reason:
        lines.append(f"- no deadline: {reason}")
    return "\n".join(lines)
