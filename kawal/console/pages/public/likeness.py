"""Public reports that are very like one that is about to be sent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from time import monotonic
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

AT_ONCE = 2
"""How many reports are compared at the same time: while a wave of them comes in, the others are simply sent."""

A_SECOND = 10
"""How many are compared in a second: among a million reports one takes as long as accepting fifty."""


class LikeReport(NamedTuple):
    """A public report as it is shown for comparison."""

    tracking_id: str
    title: str
    text: str
    place: str
    status: Status


class Likenesses:
    """Compares what is about to be sent with what is public, a few at a time."""

    def __init__(self, complaints: Complaints) -> None:
        """Look through the client."""
        self._complaints = complaints
        self._comparing = asyncio.Semaphore(AT_ONCE)
        self._second = 0.0
        self._begun = 0

    async def of(self, instansi: str, report: Report) -> Sequence[LikeReport]:
        """Return the open public reports of the agency that are very like this one, the likest first.

        Nothing if the comparison takes too long, if others are being compared, or if the database is away: nobody's
        report waits for it.
        """
        found: Sequence[LikeReport] = ()
        if self._comparing.locked() or not self._may_begin():
            return found
        with unavailable_is_passed_over():
            async with self._comparing, asyncio.timeout(GIVEN_UP_AFTER):
                found = await self._found(instansi, report)
        return found

    def _may_begin(self) -> bool:
        """Count a comparison; tell whether fewer than A_SECOND began before it in this second."""
        now = monotonic()
        if now - self._second >= 1.0:
            self._second, self._begun = now, 0
        self._begun += 1
        return self._begun <= A_SECOND

    async def _found(self, instansi: str, report: Report) -> Sequence[LikeReport]:
        complaints = self._complaints
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
