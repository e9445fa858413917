"""Which OPD has a report, or was given it: what the lines of its OPDs say."""

from __future__ import annotations

from collections.abc import Sequence

from kawal.domain.messages import OpdLine, Snapshot
from kawal.domain.process.state import INSPECTORATE_OWNER

HOLDS = frozenset({"owes", "final"})
"""The states of an OPD that has a report now."""

_NO_LONGER = frozenset({"returned", "withdrawn"})


def holds(opd: str | None, lines: Sequence[OpdLine]) -> bool:
    """Tell whether an OPD has a report now."""
    return bool(_states(opd, lines) & HOLDS)


def was_given(opd: str | None, lines: Sequence[OpdLine], *, rahasia: bool) -> bool:
    """Tell whether an OPD was given a report; a rahasia one only as long as it has not gone from there."""
    return bool(_states(opd, lines) - _NO_LONGER if rahasia else _states(opd, lines))


def is_taken_over(complaint: Snapshot) -> bool:
    """Tell whether the Inspectorate has taken the complaint over."""
    return holds(INSPECTORATE_OWNER, complaint.opds)


def _states(opd: str | None, lines: Sequence[OpdLine]) -> set[str]:
    return {line.state for line in lines if line.code == opd}
