"""The read model's row of a complaint: conversion of a Snapshot to its columns and back, and the plain-text content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kawal.domain.messages import Event, Snapshot
from kawal.domain.names import EventKind

_OUTSIDE = {"opds", "clocks"}

_TITLED = frozenset({EventKind.STARTED, EventKind.VERIFIED, EventKind.HANDLED})
"""Events whose words may set the public title."""


def snapshot_json(after: Snapshot) -> dict[str, Any]:
    """Return the columns of `complaint` that a snapshot gives."""
    return after.model_dump(mode="json", exclude=_OUTSIDE)


def opds_json(after: Snapshot) -> list[dict[str, Any]]:
    """Return the rows of `complaint_opd`, in the order in which the OPDs got the complaint."""
    return [line.model_dump(mode="json") | {"place": place} for place, line in enumerate(after.opds)]


def clocks_json(after: Snapshot) -> list[dict[str, Any]]:
    """Return the rows of `complaint_clock`."""
    return [line.model_dump(mode="json") for line in after.clocks]


def snapshot_of(row: Any) -> Snapshot:
    """Return a snapshot from a row of `complaint` with `opds` and `clocks` as JSON."""
    return Snapshot.model_validate({name: row[name] for name in Snapshot.model_fields})


def public_words(events: Sequence[Event], *, rahasia: bool) -> dict[str, Any] | None:
    """Return what these events add to a public report's texts, by column of `complaint`; None for nothing.

    The content of a rahasia report is not public: none of it leaves the process unencrypted.
    """
    return None if rahasia else _brought(events) or None


def hidden_words(events: Sequence[Event], *, rahasia: bool) -> str:
    """Return what these events add to a rahasia report's title and text, for its blind index; empty for nothing."""
    brought = _brought(events) if rahasia else {}
    return "\n".join(brought[name] for name in ("title", "body") if brought.get(name))


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
        "body": words.get("text"),
        "place": place.get("text") or None,
        "latitude": latitude,
        "longitude": longitude,
        "occurred_on": words.get("occurred_on"),
    }


def _point(place: dict[str, Any]) -> tuple[float | None, float | None]:
    """Return the point if it is complete: earlier releases accepted a latitude alone, which no row can store."""
    latitude, longitude = place.get("latitude"), place.get("longitude")
    return (None, None) if latitude is None or longitude is None else (latitude, longitude)
