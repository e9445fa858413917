"""The reports behind a figure of what another policy would have made of them, the latest first; numbers alone."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import asyncpg
from pydantic import BaseModel

from kawal.domain.what_if_figures import Side
from kawal.store.text_queries import plain

PAGE = 50


class WhatIfRow(BaseModel):
    """A report, received at an instant (UTC), with the marks of the figures in which it counts."""

    number: str
    received_at: datetime
    was: list[str]
    would: list[str] | None
    """None: it cannot be told."""


class WhatIfRowKey(NamedTuple):
    """Where a page ended."""

    received_at: datetime
    number: str


class WhatIfPage(NamedTuple):
    """Rows, and where the next page begins; None: there is no more."""

    rows: list[WhatIfRow]
    after: WhatIfRowKey | None


_COUNTS = {
    Side.WAS: "would is not null and $2 = any (was)",
    Side.WOULD: "$2 = any (would)",
    Side.UNTOLD: "would is null and $2::text is not null",
}


async def what_if_page(
    pool: asyncpg.Pool, number: int, side: Side, mark: str, after: WhatIfRowKey | None = None
) -> WhatIfPage:
    """Return a page of the reports that count under a mark (`mark_of`); all pages are as many as it counts."""
    rows = await pool.fetch(
        f"""
        select tracking_id::text as number, received_at, was, would from what_if_report
        where asked = $1 and {_COUNTS[side]}
            and ($3::timestamptz is null or (received_at, tracking_id::text) < ($3, $4::text))
        order by received_at desc, tracking_id desc limit $5
        """,  # noqa: S608 - own words
        number,
        plain(mark),
        *(after or (None, None)),
        PAGE + 1,
    )
    found = [WhatIfRow.model_validate(dict(row)) for row in rows]
    more = WhatIfRowKey(found[PAGE - 1].received_at, found[PAGE - 1].number) if len(found) > PAGE else None
    return WhatIfPage(found[:PAGE], more)
