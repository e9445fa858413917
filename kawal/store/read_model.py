"""The read model's row of a complaint: conversion of a Snapshot to its columns and back, and the plain-text content.

Words stand in it masked (kawal.domain.masking): no search finds a person by them, and whoever reads the tables learns
no more than the public may. What was written stands in the events alone, encrypted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from kawal.domain.media_lines import without_media
from kawal.domain.messages import Event, Reporter, Snapshot
from kawal.domain.names import EventKind, Status
from kawal.domain.work_queues import places

NO_DATE = datetime(9999, 12, 31, tzinfo=UTC)
"""What stands for no date in a place's `due`: it comes after all others."""

_OUTSIDE = {"opds", "clocks"}

_TITLED = frozenset({EventKind.STARTED, EventKind.VERIFIED, EventKind.HANDLED})
"""Events whose words may set the public title."""

_DECIDED = frozenset(
    {
        EventKind.VERIFIED,
        EventKind.HANDLED,
        EventKind.ARCHIVED,
        EventKind.PASSED_ON,
        EventKind.MERGED,
        EventKind.HOLD_EXPIRED,
    }
)
_ENDED_UNVERIFIED = (Status.DIARSIPKAN, Status.BUKAN_WEWENANG, Status.DIGABUNG)


def snapshot_json(after: Snapshot) -> dict[str, Any]:
    """Return the columns of `complaint` that a snapshot gives."""
    return after.model_dump(mode="json", exclude=_OUTSIDE)


def opds_json(after: Snapshot) -> list[dict[str, Any]]:
    """Return the rows of `complaint_opd`, in the order in which the OPDs got the complaint."""
    return [line.model_dump(mode="json") | {"place": place} for place, line in enumerate(after.opds)]


def clocks_json(after: Snapshot) -> list[dict[str, Any]]:
    """Return the rows of `complaint_clock`."""
    return [line.model_dump(mode="json") for line in after.clocks]


def places_json(after: Snapshot) -> list[list[dict[str, Any]]]:
    """Return the rows of `queue_place`, as they are and as they are once what the reporter said was noted as read."""
    return [_places(after), _places(unsaid(after))]


def places_of(row: Snapshot, read_seq: int | None) -> list[dict[str, Any]]:
    """Return the rows of `queue_place` of a complaint of which what was said up to an event was noted as read."""
    read = read_seq is not None and row.said_seq is not None and read_seq >= row.said_seq
    return _places(unsaid(row) if read else row)


def offices_of(row: Snapshot) -> list[str]:
    """Return the marks by which OPDs find a complaint: that it was sent to them, is with them, or is done."""
    marks = {"owes": ("sent", "with"), "final": ("sent", "with", "done")}
    return sorted(f"{mark} {line.code}" for line in row.opds for mark in marks.get(line.state, ("sent",)))


def unsaid(row: Snapshot) -> Snapshot:
    """Return a row as if the reporter had said nothing that waits for somebody."""
    return row.model_copy(update={"said": None, "said_seq": None, "said_at": None})


def _places(row: Snapshot) -> list[dict[str, Any]]:
    return [place.model_copy(update={"due": place.due or NO_DATE}).model_dump(mode="json") for place in places(row)]


def snapshot_of(row: Any) -> Snapshot:
    """Return a snapshot from a row of `complaint` with `opds` and `clocks` as JSON."""
    return Snapshot.model_validate({name: row[name] for name in Snapshot.model_fields})


async def snapshot_from(source: Any, tracking_id: str) -> Snapshot | None:
    """Return the read model's row of a complaint, read from a pool or within a transaction; None if there is none."""
    row = await source.fetchrow(f"{_ROW} where tracking_id = $1", tracking_id)
    return None if row is None else snapshot_of(row)


async def snapshots_from(source: Any, numbers: Sequence[str], *, mains: bool = False) -> dict[str, Snapshot]:
    """Return the read model's rows of those complaints that there are, by number; one statement.

    With `mains` also those of the reports that they follow.
    """
    rows = await source.fetch(f"{_ROW} where {_OF_NUMBERS}{_OR_THEIR_MAINS if mains else ''}", list(numbers))
    return {str(row["tracking_id"]): snapshot_of(row) for row in rows}


_OF_NUMBERS = "tracking_id::text = any ($1)"
_OR_THEIR_MAINS = f" or tracking_id in (select main_report from complaint where {_OF_NUMBERS})"  # noqa: S608 - own words
_ROW = (
    "select c.*,"
    " (select coalesce(jsonb_agg(to_jsonb(o) order by o.place), '[]') from complaint_opd o"
    "   where o.tracking_id = c.tracking_id) as opds,"
    " (select coalesce(jsonb_agg(to_jsonb(k) order by k.started_at, k.kind, k.opd), '[]')"
    "   from complaint_clock k where k.tracking_id = c.tracking_id) as clocks"
    " from complaint c"
)


def brings_words(events: Sequence[Event]) -> bool:
    """Return whether these events set the title or the text of a report."""
    return bool(_brought(events))


def decides(events: Sequence[Event]) -> bool:
    """Return whether an official is known by these events to have looked at the report and decided."""
    return any(event.kind in _DECIDED for event in events)


def is_decided(after: Snapshot) -> bool:
    """Return whether an official is known to have looked at a report and decided, by its row."""
    return after.verified_at is not None or after.status in _ENDED_UNVERIFIED


def reporter_of(events: Sequence[Event]) -> Reporter:
    """Return the reporter as the complaint's first event, which must be among these, names them."""
    return Reporter.model_validate(events[0].words.get("reporter") or {})


def public_words(events: Sequence[Event], reporter: Reporter, *, rahasia: bool) -> dict[str, Any] | None:
    """Return what these events add to a report's texts, masked, by column of `complaint`; None for nothing.

    The content of a rahasia report is not public: none of it leaves the process unencrypted.
    """
    return None if rahasia else _masked(_brought(events), reporter) or None


def hidden_words(events: Sequence[Event], reporter: Reporter) -> str:
    """Return what these events add to a rahasia report's title and text, masked, for its blind index."""
    brought = _masked(_brought(events), reporter)
    return "\n".join(brought[name] for name in ("title", "body") if brought.get(name))


def _masked(brought: dict[str, Any], reporter: Reporter) -> dict[str, Any]:
    if not brought:
        return brought
    from kawal.domain.masking import masked  # a reading of rows does without it

    texts = {name: brought[name] for name in ("title", "body", "place") if brought.get(name)}
    return brought | {name: masked(text, reporter) for name, text in texts.items()}


def _brought(events: Sequence[Event]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for event in events:
        if event.kind is EventKind.STARTED:
            found.update(_report_words(event.words))
        if event.kind in _TITLED and isinstance(event.words.get("title"), str):
            found["title"] = event.words["title"]
    return found


def _report_words(words: dict[str, Any]) -> dict[str, Any]:
    place = words.get("place") or {}
    latitude, longitude = _point(place)
    return {
        "body": None if words.get("text") is None else without_media(words["text"]),
        "place": place.get("text") or None,
        "latitude": latitude,
        "longitude": longitude,
        "occurred_on": words.get("occurred_on"),
    }


def _point(place: dict[str, Any]) -> tuple[float | None, float | None]:
    """Return the point if it is complete: earlier releases accepted a latitude alone, which no row can store."""
    latitude, longitude = place.get("latitude"), place.get("longitude")
    return (None, None) if latitude is None or longitude is None else (latitude, longitude)
