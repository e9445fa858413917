"""The step reckon_what_if: goes through an agency's reports of a period and counts what another policy would have made.

It writes only what it counted, a page at a time, and stops when whoever asked does not want it any more. A repeated
attempt goes on after the last page. It takes turns with everything else: the arithmetic is done in a thread, a few
reports at a time, with as long a rest after each page as the page took.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime

import asyncpg
from temporalio import activity

from activities.unavailable import application_errors
from kawal.domain.what_if import WhatIfQuestion, compared
from kawal.store.what_if import ReckonedReport, RecordedReport, WhatIf, WhatIfs, WhatIfState

PAGE = 25
"""Reports that are read, counted and written at a time: a few tenths of a second."""


class WhatIfStep:
    """The activities `reckon_what_if` and `give_up_what_if`."""

    def __init__(self, pool: asyncpg.Pool, now: Callable[[], datetime]) -> None:
        """Work through `pool`; `now` dates the end (UTC)."""
        self._questions = WhatIfs(pool)
        self._now = now

    @activity.defn(name="reckon_what_if")
    async def reckon_what_if(self, number: int) -> None:
        """Answer a question; nothing is done for one that has ended.

        Errors: DatabaseUnavailable (retryable).
        """
        with application_errors():
            asked = await self._questions.begin(number)
            while asked is not None:
                activity.heartbeat()
                began = time.monotonic()
                page = await self._questions.page(asked, PAGE)
                if not page:
                    await self._questions.finish(number, self._now())
                    return
                asked = await self._count(asked, page)
                await asyncio.sleep(time.monotonic() - began)

    @activity.defn(name="give_up_what_if")
    async def give_up_what_if(self, number: int) -> None:
        """Say of a question that it could not be answered.

        Errors: DatabaseUnavailable (retryable).
        """
        with application_errors():
            await self._questions.end(number, WhatIfState.FAILED, self._now())

    async def _count(self, asked: WhatIf, page: Sequence[RecordedReport]) -> WhatIf | None:
        found = await asyncio.to_thread(reckoned, page, asked.question)
        sums = asked.sums.with_reports(one.outcomes for one in found)
        return await self._questions.add(asked, found, sums)


def reckoned(page: Sequence[RecordedReport], question: WhatIfQuestion) -> list[ReckonedReport]:
    """Return what became, and what would have become, of each report of a page; takes processor time, no I/O."""
    return [
        ReckonedReport(one.number, one.received_at, compared(one.events, question.until, question.policy))
        for one in page
    ]
