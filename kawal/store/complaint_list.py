"""Lists of complaints for the command line: late ones first; with their texts as far as the reader may see them.

Everybody sees the texts that are public (the view `public_report`). Those of a report that is not verified, or that is
or was berkadar pengawasan, are shown to officials who work on it; those of a rahasia one are shown to nobody here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel


class Reader(NamedTuple):
    """An official who may see texts that are not public: of an agency (None: of any), as a liaison those of the OPD."""

    instansi: str | None
    opd: str | None


_READABLE = """
(exists (select from public_report p where p.tracking_id = c.tracking_id)
 or ($1::boolean and ($2::text is null or c.instansi = $2) and ($3::text is null or exists (
     select from complaint_opd r where r.tracking_id = c.tracking_id and r.code::text = $3))))
"""


class ListLine(BaseModel):
    """A complaint in a list; times are UTC instants."""

    tracking_id: str
    instansi: str
    status: str
    report_class: str | None
    pengawasan: bool
    category: str | None
    channel: str
    anonim: bool
    rahasia: bool
    received_at: datetime
    next_deadline: datetime | None
    provisional: bool
    """Whether the next deadline extends into a year whose calendar is not known."""
    overdue: bool
    level: int
    opds: list[str]
    """The OPDs that owe or have finished, in the order in which they got it."""
    wedged: bool
    """Whether its workflow's task fails repeatedly, so that the complaint makes no progress."""
    title: str | None
    """None if the reader may not see it."""


_LIST = f"""
select c.tracking_id::text, c.instansi::text, c.status::text, c.report_class::text, c.pengawasan, c.category,
       c.channel::text, c.anonim, c.rahasia, c.received_at, c.next_deadline, c.overdue, c.level,
       case when {_READABLE} then c.title end as title,
       exists (select from complaint_clock k where k.tracking_id = c.tracking_id and k.provisional
               and k.deadline = c.next_deadline) as provisional,
       exists (select from reconcile_finding f where f.tracking_id = c.tracking_id and f.kind = 'stuck_task'
               and f.gone_at is null) as wedged,
       array(select o.code::text from complaint_opd o where o.tracking_id = c.tracking_id
             and o.state in ('owes', 'final') order by o.place) as opds
from complaint c
where ($4::text[] is null or c.status::text = any ($4))
  and ($5::text is null or exists (select from complaint_opd o where o.tracking_id = c.tracking_id
       and o.code::text = $5 and o.state in ('owes', 'final')))
  and (not $6 or c.overdue)
  and ($7::text is null or c.instansi = $7)
order by c.overdue desc, c.next_deadline nulls last, c.received_at desc, c.tracking_id
limit $8
"""  # noqa: S608 - own words

_WORKLIST = """
select tracking_id::text from complaint
where item_open and ($1::text is null or instansi = $1)
order by level desc, item_opened_at, tracking_id
"""

_NEWEST = """
select c.tracking_id::text from complaint c
where starts_with(c.tracking_id::text, $1)
  and ($2::text is null or c.instansi = $2)
  and ($3::text is null or exists (select from complaint_opd o where o.tracking_id = c.tracking_id
       and o.code::text = $3))
order by c.received_at desc, c.tracking_id
limit $4
"""


async def list_lines(
    source: Any,
    *,
    statuses: Sequence[str] = (),
    opd: str | None = None,
    overdue: bool = False,
    instansi: str | None = None,
    limit: int = 100,
    reader: Reader | None = None,
) -> list[ListLine]:
    """Return complaints, the late ones first, then by the next deadline; `source` is an asyncpg pool or connection.

    Titles that are not public are included for a `reader` who may see them.
    """
    rows = await source.fetch(_LIST, *_asks(reader), list(statuses) or None, opd, overdue, instansi, limit)
    return [ListLine(**dict(row)) for row in rows]


async def worklist(source: Any, instansi: str | None) -> list[str]:
    """Return the tracking ids on the Inspectorate's worklist, the highest level and the longest open first."""
    return [row["tracking_id"] for row in await source.fetch(_WORKLIST, instansi)]


async def newest_ids(source: Any, begun: str, *, instansi: str | None, opd: str | None, limit: int) -> list[str]:
    """Return the tracking ids that begin so, the newest first; of an agency, and of an OPD that was given it."""
    rows = await source.fetch(_NEWEST, begun, instansi, opd, limit)
    return [row["tracking_id"] for row in rows]


async def words_of(source: Any, tracking_id: str, reader: Reader | None) -> dict[str, Any]:
    """Return title, text and place of a report as far as the reader may see them; nothing of a rahasia one.

    Nobody in particular sees those that are public, as the public reads them.
    """
    if reader is None:
        row = await source.fetchrow("select title, body, place from public_report where tracking_id = $1", tracking_id)
    else:
        query = f"select title, body, place from complaint c where {_READABLE} and c.tracking_id = $4"  # noqa: S608
        row = await source.fetchrow(query, *_asks(reader), tracking_id)
    return {} if row is None else {name: value for name, value in row.items() if value is not None}


def _asks(reader: Reader | None) -> tuple[bool, str | None, str | None]:
    return (False, None, None) if reader is None else (True, *reader)
