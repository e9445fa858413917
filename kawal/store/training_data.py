"""Training data for the suggestion besides the category tree: the directory's map, and decided public reports."""

from __future__ import annotations

from typing import NamedTuple

import asyncpg


class DecidedReport(NamedTuple):
    """A public report with the category and the OPDs that it was given."""

    category: str
    text: str
    opds: list[str]


_DECIDED = """
    select c.category, concat_ws(E'\\n', c.title, c.body) as text,
           array(select o.opd::text from complaint_opd o
                 where o.tracking_id = c.tracking_id and o.opd is not null and o.state in ('owes', 'final')
                 order by o.place) as opds
    from complaint c
    where c.instansi = $1 and c.category is not null and c.title is not null
      and exists (select from public_report p where p.tracking_id = c.tracking_id)
    order by c.verified_at desc, c.tracking_id desc
    limit $2
"""


async def decided_reports(conn: asyncpg.Connection, instansi: str, most: int) -> list[DecidedReport]:
    """Return the agency's latest decided public reports, latest first, up to a maximum."""
    rows = await conn.fetch(_DECIDED, instansi, most)
    return [DecidedReport(row["category"], row["text"], list(row["opds"])) for row in rows]


async def opd_of_category(conn: asyncpg.Connection, instansi: str) -> dict[str, str]:
    """Return which active OPD of the agency is responsible for which category."""
    rows = await conn.fetch(
        """
        select m.category, m.opd::text as opd from category_opd m
        join opd o on o.instansi = m.instansi and o.code = m.opd and o.active
        where m.instansi = $1 order by m.category
        """,
        instansi,
    )
    return {row["category"]: row["opd"] for row in rows}
