"""What the figures of another policy are called, and what is said of how far their computation is."""

from __future__ import annotations

from collections.abc import Mapping

from kawal.domain.msgids import Message, msgid
from kawal.domain.what_if_figures import WhatIfFigure

STATES: Mapping[str, Message] = {
    "waiting": msgid("waits for its turn"),
    "running": msgid("is being computed"),
    "done": msgid("computed"),
    "cancelled": msgid("cancelled"),
    "failed": msgid("could not be computed"),
}
"""By `WhatIfState`."""

FIGURES: Mapping[WhatIfFigure, Message] = {
    WhatIfFigure.RECKONED: msgid("Reports counted"),
    WhatIfFigure.LATE: msgid("Late at any step"),
    WhatIfFigure.LATE_VERIFIED: msgid("Late in verifying or forwarding"),
    WhatIfFigure.LATE_FOLLOWED_UP: msgid("Late in the first follow-up"),
    WhatIfFigure.LATE_COMPLETED: msgid("Late in completing"),
    WhatIfFigure.INSPECTORATE: msgid("Came before the Inspectorate"),
    WhatIfFigure.SEKDA: msgid("Reached the Sekretaris Daerah"),
    WhatIfFigure.HEAD: msgid("Reached the head of the region"),
    WhatIfFigure.CLOSED: msgid("Done by itself, without an answer of the reporter"),
    WhatIfFigure.ARCHIVED: msgid("Archived by itself, not completed by the reporter"),
}
"""Of all reports."""

SHORT: Mapping[WhatIfFigure, Message] = {
    WhatIfFigure.RECKONED: msgid("Reports"),
    WhatIfFigure.LATE: msgid("OPD late"),
    WhatIfFigure.INSPECTORATE: msgid("Inspectorate"),
    WhatIfFigure.SEKDA: msgid("Sekda"),
    WhatIfFigure.HEAD: msgid("Head of the region"),
    WhatIfFigure.CLOSED: msgid("Done by itself"),
}
"""Of an OPD, as headings of narrow columns."""
