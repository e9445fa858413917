"""Counts the reviewers' verdicts on sampled follow-ups (docs/quality.md), for the recap and the indicators."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from kawal.domain.calendar import at_local
from kawal.domain.quality import QualityCount, Verdict, count_item


async def quality_of(source: Any, *, instansi: str | None, year: int, as_of: datetime | None = None) -> QualityCount:
    """Count the verdicts on sampled follow-ups of the reports received in `year` (local time), of all agencies or one.

    A follow-up in several samples counts once, with the verdicts of all its reviewers. With `as_of` (aware) only what
    was drawn, judged and erased by then counts.
    """
    rows = await source.fetch(_ITEMS, at_local(date(year, 1, 1), 0), at_local(date(year + 1, 1, 1), 0), instansi, as_of)
    shares = (count_item([Verdict(one) for one in row["verdicts"]], erased=row["erased"]) for row in rows)
    return sum(shares, QualityCount())


_ITEMS = """
select i.tracking_id, i.seq, c.erased_at is not null and ($4::timestamptz is null or c.erased_at <= $4) as erased,
    array(
        select distinct on (r.reviewer) r.verdict
        from quality_review r join quality_item same using (draw, place)
        where same.tracking_id = i.tracking_id and same.seq = i.seq and ($4 is null or r.reviewed_at <= $4)
        order by r.reviewer, r.reviewed_at desc, r.id desc) as verdicts
from (
    select distinct item.tracking_id, item.seq from quality_item item join quality_draw d on d.id = item.draw
    where $4::timestamptz is null or d.drawn_at <= $4) i
join complaint c using (tracking_id)
where c.received_at >= $1 and c.received_at < $2 and ($3::text is null or c.instansi = $3)
"""
