"""Public reports that are very like one that is about to be sent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from kawal.base.unavailable import unavailable_is_passed_over
from kawal.client.complaints import Complaints
from kawal.domain.messages import Report
from kawal.domain.names import FINAL, Status
from kawal.store.public_reports import PublicReports
from kawal.store.similar_reports import ComparedReport, public_likenesses

GIVEN_UP_AFTER = 0.3
"""How long a sender waits for the comparison (seconds): after that the report is simply sent."""

VERY_LIKE = 0.7
"""From this likeness on (0..1) the sender is asked [P]; below it most pairs are different matters."""

MOST = 3


class LikeReport(NamedTuple):
    """A public report as it is shown for comparison."""

    tracking_id: str
    title: str
    text: str
    place: str
    status: Status


async def very_like(complaints: Complaints, instansi: str, report: Report) -> Sequence[LikeReport]:
    """Return the open public reports of the agency that are very like this one, the likest first.

    None if the comparison takes too long or the database is away: nobody's report waits for it.
    """
    found: Sequence[LikeReport] = ()
    with unavailable_is_passed_over():
        async with asyncio.timeout(GIVEN_UP_AFTER):
            found = await _found(complaints, instansi, report)
    return found


async def _found(complaints: Complaints, instansi: str, report: Report) -> Sequence[LikeReport]:
    compared = ComparedReport(instansi, "", f"{report.title}\n{report.text}", report.place, complaints.now())
    async with complaints.pool.acquire() as conn:
        likenesses = await public_likenesses(conn, compared)
    numbers = [one.tracking_id for one in likenesses if one.score >= VERY_LIKE]
    if not numbers:
        return ()
    rows = {row["id"]: row for row in await PublicReports(complaints.pool, instansi, []).reports(numbers)}
    found = [rows[number] for number in numbers if number in rows]
    return [
        LikeReport(row["id"], row["title"] or "", row["body"] or "", row["place"] or "", Status(row["status"]))
        for row in found
        if row["status"] not in FINAL
    ][:MOST]
