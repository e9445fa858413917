"""What is said of many times taken."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def percentile(took: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(took, n=20)[-1]


def spread(took: Sequence[float]) -> str:
    """Return the median and the 95th percentile of milliseconds as they are printed."""
    return f"p50 {statistics.median(took):.0f} ms, p95 {percentile(took):.0f} ms"
