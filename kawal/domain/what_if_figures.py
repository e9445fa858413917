"""What a what-if counts, and which limits it leaves alone: names only, so that help and words need no rules."""

from __future__ import annotations

from enum import StrEnum

NOT_ASKED = frozenset({"history_archive_years"})
"""Limits by which no report turns out otherwise."""


class Side(StrEnum):
    """Which reports: those that counted as it was, that would have counted, or of which it cannot be told."""

    WAS = "was"
    WOULD = "would"
    UNTOLD = "untold"


class WhatIfFigure(StrEnum):
    """What is counted of the reports: each at most once."""

    RECKONED = "dihitung"
    LATE = "terlambat"
    """A step that an official owed was late once; of an OPD: one that it owed."""
    LATE_VERIFIED = "terlambat-verifikasi"
    LATE_FOLLOWED_UP = "terlambat-tindak-lanjut"
    LATE_COMPLETED = "terlambat-rampung"
    INSPECTORATE = "inspektorat"
    """Came before the Inspectorate, for whatever reason."""
    SEKDA = "sekda"
    HEAD = "kepala"
    CLOSED = "selesai-sendiri"
    """Stands as done because the reporter said nothing for long enough."""
    ARCHIVED = "arsip-sendiri"
    """Stands as archived because the reporter did not complete it."""


OF_OPD = (
    WhatIfFigure.RECKONED,
    WhatIfFigure.LATE,
    WhatIfFigure.INSPECTORATE,
    WhatIfFigure.SEKDA,
    WhatIfFigure.HEAD,
    WhatIfFigure.CLOSED,
)
"""The figures that are told of each OPD; of the rungs those that its reports reached."""
