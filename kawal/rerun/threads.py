"""Divides a recorded year into threads that may run in parallel.

Complaints that affect each other (one is merged into the other) share a thread and keep the order of `at`; all others
have a thread each.
"""

from __future__ import annotations

from collections.abc import Sequence

from kawal.domain.names import CommandName
from kawal.domain.scenario import ScenarioRow


def threads_of(rows: Sequence[ScenarioRow]) -> list[list[ScenarioRow]]:
    """Return the rows of each thread in order; threads in the order of their first row."""
    leader: dict[str, str] = {}

    def lead(label: str) -> str:
        while leader.setdefault(label, label) != label:
            label = leader[label]
        return label

    for row in rows:
        lead(row.complaint)
        if row.command == CommandName.MERGE:
            leader[lead(row.complaint)] = lead(str(row.arguments["main"]))
    threads: dict[str, list[ScenarioRow]] = {}
    for row in rows:
        threads.setdefault(lead(row.complaint), []).append(row)
    return list(threads.values())
