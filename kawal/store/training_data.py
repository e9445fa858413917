"""Training data for the suggestion besides the category tree: the directory's map, and decided public reports."""

from __future__ import annotations

from typing import NamedTuple

import asyncpg

from kawal.domain.masking import HIDDEN


class DecidedReport(NamedTuple):
    """A public report with the category and the OPDs that it was given."""

    category: str
    text: str
    opds: list[str]


_DECIDED = """
    select p.category, replace(concat_ws(E'\\n', p.title, p.body), $3, ' ') as text,
           array(select o.opd::text from complaint_opd o
                 where o.tracking_id = p.tracking_id and o.opd is not null and o.state in ('owes', 'final')
                 order by o.place) as opds
    from public_report p
    where p.instansi = $1 and p.category is not null and p.title is not null
    order by p.received_at desc, p.tracking_id desc
    limit $2
"""


async def decided_reports(conn: asyncpg.Connection, instansi: str, most: int) -> list[DecidedReport]:
    """Return the agency's latest decided public reports, by receipt, latest first, up to a maximum."""
    rows = await conn.fetch(_DECIDED, instansi, most, HIDDEN)
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
