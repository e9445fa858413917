"""Whether a complaint stands in the queues, and is found by the offices, as its events say."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from kawal.domain.messages import Snapshot
from kawal.store.read_model import offices_of, places_of

_TIMES = ("due", "deadline", "received_at")


def differs(stored: Any, folded: Snapshot, *, erased: bool) -> bool:
    """Return whether the places of a complaint, or whose it is, are other than its events say.

    `stored` is its row with its rows of `queue_place` as JSON (`queued`), and up to which event something was noted as
    read (`read_seq`). An erased complaint stands nowhere.
    """
    expected = [] if erased else places_of(folded, stored["read_seq"])
    beside = {
        "tracking_id": folded.tracking_id,
        "instansi": folded.instansi,
        "received_at": folded.received_at.isoformat(),
        "status": str(folded.status),
        "report_class": folded.report_class and str(folded.report_class),
        "category": folded.category,
        "opds": [line.code for line in folded.opds if line.state in ("owes", "final")],
    }
    return sorted(stored["offices"]) != offices_of(folded) or _told(stored["queued"]) != _told(
        place | beside for place in expected
    )


def _told(rows: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the rows by queue and office, in a form that can be compared however an instant is written."""
    return {(row["queue"], row["opd"]): {name: _plain(name, row[name]) for name in row} for row in rows}


def _plain(name: str, value: Any) -> Any:
    if name in _TIMES and value is not None:
        with suppress(ValueError):  # what somebody changed may be no instant
            return datetime.fromisoformat(value).astimezone(UTC)
    return value
