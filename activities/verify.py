"""The verify step's advice: completeness, likely duplicates, and a suggested category and OPD.

It keeps what it answers for readers (kawal.store.advice); running it twice changes nothing. It needs little, so a
start-to-close timeout of 30 s is ample and every database error may be retried (CHECK_RETRY); a request that cannot be
understood fails for good.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import asyncpg
from temporalio import activity
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

from activities.unavailable import application_errors
from kawal.domain.calendar import local_day
from kawal.domain.checks import CheckRequest, CheckResult
from kawal.domain.completeness import missing_in
from kawal.domain.pengawasan_hint import hints_at_pengawasan
from kawal.domain.suggestion import Suggester, unsure
from kawal.store.advice import keep_advice
from kawal.store.blind_index import BlindIndex
from kawal.store.data_keys import DataKeyStore
from kawal.store.directory import Directory
from kawal.store.erasure_status import newest_erasure
from kawal.store.similar_reports import ComparedReport, likenesses_for_overseers
from kawal.store.training_data import DecidedReport, decided_reports, opd_of_category

LEARN_FROM = 5_000
"""The suggestion is learned from this many of an agency's latest decided public reports."""

RELEARN_SECONDS = 600.0
"""After this long it is learned anew, as a whole, to include what was decided meanwhile."""

CHECK_TIMEOUT = timedelta(seconds=30)
CHECK_RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(minutes=1),
    maximum_attempts=5,
    non_retryable_error_types=["UnknownInstansi"],
)
"""Advice that is not available within about half a minute is skipped: a complaint never waits for it."""


class CheckActivities:
    """The activity `check_report`; keeps in memory what it has learned for each agency."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Read through `pool`; nothing is learned before an agency's first request."""
        self._pool = pool
        self._hidden = BlindIndex(pool, keys)
        self._learned: dict[str, tuple[float, datetime | None, Suggester]] = {}
        self._asking = asyncio.Lock()
        self._learning: dict[tuple[str, datetime | None], asyncio.Task[Suggester]] = {}

    @activity.defn(name="check_report")
    async def check_report(self, request: CheckRequest) -> CheckResult:
        """Return the advice for one report, as those who oversee it may see it (client.advice gives others less).

        Errors: UnknownInstansi (not retryable); DatabaseUnavailable (retryable).
        """
        report = request.report
        text = f"{report.title}\n{report.text}"
        with application_errors():
            suggester = await self._suggester(request.instansi)
            async with self._pool.acquire() as conn:
                similar = await likenesses_for_overseers(
                    conn, ComparedReport(request.instansi, request.tracking_id, text, report.place, request.received_at)
                )
            hidden = await self._hidden.similar(request.instansi, request.tracking_id, text, request.received_at)
            categories, opds = suggester.categories(text), suggester.opds(text)
            advice = CheckResult(
                missing=missing_in(report, local_day(request.received_at)),
                similar=similar + hidden,
                categories=categories,
                opds=opds,
                learned_from=suggester.learned,
                pengawasan_hint=hints_at_pengawasan(text),
                unsure=unsure(categories, opds),
            )
            await keep_advice(self._pool, request.tracking_id, advice)
        return advice

    async def _suggester(self, instansi: str) -> Suggester:
        """Return what was learned for an agency; learn anew after RELEARN_SECONDS, or after an erasure.

        What is begun is learned to the end, though whoever asked may have gone on without: for an agency with many
        reports it takes longer than a complaint that is verified at once waits, and the next would begin anew.
        """
        async with self._asking:
            erased_at = await newest_erasure(self._pool, instansi)
            at, without, suggester = self._learned.get(instansi, (0.0, None, None))
            if suggester is not None and without == erased_at and time.monotonic() - at <= RELEARN_SECONDS:
                return suggester
            learning = self._learning.get((instansi, erased_at)) or self._begin_to_learn(instansi, erased_at)
        return await asyncio.shield(learning)

    def _begin_to_learn(self, instansi: str, erased_at: datetime | None) -> asyncio.Task[Suggester]:
        learning = asyncio.create_task(self._learn(instansi))
        self._learning[instansi, erased_at] = learning

        def ended(_: asyncio.Task[Suggester]) -> None:
            del self._learning[instansi, erased_at]
            if not learning.cancelled() and learning.exception() is None:
                self._learned[instansi] = (time.monotonic(), erased_at, learning.result())

        learning.add_done_callback(ended)
        return learning

    async def _learn(self, instansi: str) -> Suggester:
        async with self._pool.acquire() as conn:
            if await Directory(self._pool).instansi(instansi) is None:
                raise ApplicationError(f"there is no agency {instansi}", type="UnknownInstansi", non_retryable=True)
            opds = await opd_of_category(conn, instansi)
            decided = await decided_reports(conn, instansi, LEARN_FROM)
        tree = await Directory(self._pool).categories()
        # Counting words takes a second or two for thousands of reports: do it off the event loop.
        return await asyncio.to_thread(taught, tree, opds, decided)


def taught(tree: Iterable[str], opds: Mapping[str, str], decided: Sequence[DecidedReport]) -> Suggester:
    """Return what is learned from reports that were decided on, by the tree of categories and the OPD of each."""
    suggester = Suggester(tree, opds)
    for one in decided:
        suggester.learn(one.category, one.text, one.opds)
    return suggester
