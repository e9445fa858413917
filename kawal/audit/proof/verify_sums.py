"""Checks that the sums of the recap and of the OPDs' work are those of the spans."""

from __future__ import annotations

from typing import NamedTuple

import asyncpg

from kawal.domain.recap import Recap
from kawal.domain.work_figures import WorkCount


async def wrong_sums(conn: asyncpg.Connection) -> list[asyncpg.Record]:
    """Return the lines (instansi, month, axis, value) of which the kept sums are not those of the spans."""
    return [row for kept in _KEPT for row in await conn.fetch(_statement(kept))]


class _KeptSums(NamedTuple):
    """Sums that the database keeps of spans, in the tables NAME_tally and NAME_pending, by NAME_count."""

    name: str
    line: tuple[str, ...]
    """What tells one line from another, besides its grain."""
    figures: tuple[str, ...]


def _statement(kept: _KeptSums) -> str:
    """Return a statement of the lines that are wrong.

    What the tally holds, minus what the spans say: each span that begins is subtracted, each that ends is added back.
    And its months and years, minus its days.
    """
    line, figures = ", ".join(kept.line), ", ".join(kept.figures)
    rolled = line.replace("day", "recap_arose(g.grain, day)", 1).replace("month", "recap_receipt(g.grain, month)", 1)
    negated = ", ".join(f"-{figure}" for figure in kept.figures)
    differ = " or ".join(f"sum({figure}) <> 0" for figure in kept.figures)
    return f"""
with difference as (
    select {line}, {figures} from {kept.name}_tally where grain = 'day'
    union all select {line}, {figures} from {kept.name}_pending
    union all select {line}, {figures}
    from (select -1 as sign, s as span, from_at as at from status_span as s
        union all select 1, s, to_at from status_span as s where to_at is not null) as e
    cross join lateral {kept.name}_count(e.sign, e.span, e.at)
), rolled as (
    select grain, {line}, {figures} from {kept.name}_tally where grain <> 'day'
    union all
    select g.grain, {rolled}, {negated}
    from {kept.name}_tally as t cross join (values ('month'), ('year')) as g (grain) where t.grain = 'day'
)
select distinct axis, instansi, month, value::text as value from (
    select {line} from difference group by {line} having {differ}
    union all select {line} from rolled group by grain, {line} having {differ}) as wrong
order by 1, 2, 3, 4 limit 1000
"""  # noqa: S608 - own names


_KEPT = (
    _KeptSums("recap", ("axis", "day", "instansi", "month", "value", "publicity"), tuple(Recap.model_fields)),
    _KeptSums("work", ("axis", "day", "instansi", "month", "opd", "value"), WorkCount.figures()),
)
