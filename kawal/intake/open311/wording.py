"""The standard's words for a complaint's status and for that of an update."""

from __future__ import annotations

from kawal.domain.names import FINAL, Status

_ENDED_OTHERWISE = {
    Status.DIARSIPKAN: "no_further_action",
    Status.BUKAN_WEWENANG: "not_councils_responsibility",
    Status.DIGABUNG: "duplicate",
}


def open_or_closed(status: Status) -> str:
    """Return the standard's status."""
    return "closed" if status in FINAL else "open"


def of_an_update(status: Status) -> str:
    """Return the status of an update, in the words of the extension.

    FixMyStreet takes a bare "closed" for "fixed", which would be untrue of what ended otherwise.
    """
    return _ENDED_OTHERWISE.get(status, open_or_closed(status))
