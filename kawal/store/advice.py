"""The advice to whoever verifies a report, kept when it was worked out: codes and numbers, none of the report's words.

It tells of the words all the same, so that reading it is a reading like others (kawal.client.advice). It is deleted
with the report's words when that is erased, and may be worked out again at any time.
"""

from __future__ import annotations

from typing import Any

from kawal.domain.checks import CheckResult, MissingItem

_KEEP = """
insert into report_advice (
    tracking_id, missing, likenesses, categories, opds, learned_from, pengawasan_hint, unsure)
select c.tracking_id, $2, $3, $4, $5, $6, $7, $8 from complaint c
where c.tracking_id = $1 and c.erased_at is null for share
on conflict (tracking_id) do update set advised_at = now(), missing = excluded.missing,
    likenesses = excluded.likenesses, categories = excluded.categories, opds = excluded.opds,
    learned_from = excluded.learned_from, pengawasan_hint = excluded.pengawasan_hint, unsure = excluded.unsure
"""
_READ = """
select a.*, (select coalesce(jsonb_agg(l || jsonb_build_object(
        'rahasia', coalesce(o.rahasia, true) or coalesce(k.rahasia, false)) order by n), '[]')
    from ( -- their numbers first: `->>` is not leakproof, so that each would be compared with every row of the scope
        select l, n, l ->> 'tracking_id' as number
        from jsonb_array_elements(a.likenesses) with ordinality as l (l, n) offset 0) as l
    left join complaint o on o.tracking_id = l.number
    left join concealment k on k.tracking_id = o.tracking_id
    where o.erased_at is null) as standing
from report_advice a where a.tracking_id = $1
"""


async def keep_advice(source: Any, tracking_id: str, advice: CheckResult) -> None:
    """Keep the advice on a report in place of what was kept before; nothing of one that was erased."""
    await source.execute(
        _KEEP,
        tracking_id,
        [one.code for one in advice.missing],
        *([one.model_dump(mode="json") for one in many] for many in (advice.similar, advice.categories, advice.opds)),
        advice.learned_from,
        advice.pengawasan_hint,
        advice.unsure,
    )


async def advice_of(source: Any, tracking_id: str) -> CheckResult | None:
    """Return the advice on a report, None where none was worked out (yet).

    Likenesses are marked as rahasia by what those reports are now; those that were erased since are left out.
    """
    row = await source.fetchrow(_READ, tracking_id)
    if row is None:
        return None
    return CheckResult(
        missing=[MissingItem(code=code) for code in row["missing"]],
        similar=row["standing"],
        categories=row["categories"],
        opds=row["opds"],
        learned_from=row["learned_from"],
        pengawasan_hint=row["pengawasan_hint"],
        unsure=row["unsure"],
    )
