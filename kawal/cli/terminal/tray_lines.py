"""Items of the tray on the screen and in JSON, wherever a command shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kawal.cli.terminal.dates import show_deadline, show_instant
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.tables import write_table
from kawal.cli.wording.labels import label
from kawal.domain.labels import CHANNELS, TRAY_REASONS, TRAY_STATES

if TYPE_CHECKING:
    from datetime import datetime

    from kawal.store.tray import TrayLine


def write_items(operator: Operator, lines: list[TrayLine], now: datetime) -> None:
    """Put items on the screen: nothing of what is written in them."""
    columns = (
        "tray_item",
        "instansi",
        "channel",
        "received_at",
        "why",
        "names_reports",
        "tray_state",
        "escalate_at",
        "late",
    )
    write_table(columns, (_row(operator, line, now) for line in lines), operator.lang)


def tell_late(operator: Operator, late: int) -> None:
    """Note how many items are late, if any."""
    if late:
        operator.note(operator.say("tray_late", count=late))


def as_json(line: TrayLine, now: datetime) -> dict[str, Any]:
    """Return an item as a program reads it, with whether it is late."""
    return line.model_dump(mode="json") | {"late": line.late_since(now) is not None}


def why_of(operator: Operator, line: TrayLine) -> str:
    """Return why an item lies in the tray."""
    detail = f" ({label(TRAY_REASONS, line.detail, operator.lang)})" if line.detail else ""
    return label(TRAY_REASONS, str(line.why), operator.lang) + detail


def state_of(operator: Operator, line: TrayLine) -> str:
    """Return an item's state, and the report that it was given to or became."""
    given = f" ({line.tracking_id})" if line.tracking_id else ""
    return label(TRAY_STATES, str(line.state), operator.lang) + given


def _row(operator: Operator, line: TrayLine, now: datetime) -> list[str]:
    lang = operator.lang
    return [
        str(line.item),
        line.instansi,
        label(CHANNELS, line.channel, lang),
        show_instant(line.received_at, lang),
        why_of(operator, line),
        ", ".join(line.names) or "–",
        state_of(operator, line),
        show_deadline(line.escalate_at, lang) if line.person else "–",
        operator.say("late") if line.late_since(now) else "",
    ]
