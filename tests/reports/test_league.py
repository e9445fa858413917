"""The league and the leadership's figures, and the reports behind each number, against a count of what was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import asyncpg
import pytest

from kawal.domain.calendar import JAKARTA, end_of, local_day
from kawal.domain.messages import OpdLine, Snapshot
from kawal.domain.names import MASUK, Status
from kawal.domain.public_figures import Period
from kawal.domain.work_figures import Days, OpdWork, WorkCount, WorkNumber, league_of
from kawal.reports.leadership import EVER, Leadership, leadership
from kawal.reports.league import LeagueLine, league
from kawal.store import work_rows
from kawal.store.ledger import Ledger
from kawal.store.work_rows import RowKey, WorkQuery, work_page
from tests.database_owner import owner_does
from tests.reports.lives import Lives

PERIOD = Period.of_year(2022)
FIRST, LAST = PERIOD.first, PERIOD.until - timedelta(days=1)
DAYS = [None, date(2022, 3, 31), date(2022, 7, 6), date(2022, 12, 30)]
N = WorkNumber


def stood(lives: Lives, day: date | None) -> list[Snapshot]:
    """Return the counted reports of KEPRI as they were at the end of a day."""
    then = [
        [snapshot for at, snapshot in steps if day is None or at < end_of(day)][-1:]
        for steps in lives.known
        if steps[0][1].instansi == "KEPRI"
    ]
    return [snapshot for last in then for snapshot in last if snapshot.status in MASUK]


def of_opd(reports: list[Snapshot], code: str) -> Iterator[tuple[Snapshot, OpdLine]]:
    for report in reports:
        for line in report.opds:
            if line.code == code and line.state != "returned" and FIRST <= local_day(report.received_at) <= LAST:
                yield report, line


OF_OPD: dict[WorkNumber, Callable[[OpdLine], bool]] = {
    N.RECEIVED: lambda line: line.state != "returned",
    N.OWES: lambda line: line.state == "owes",
    N.LATE: lambda line: line.overdue,
    N.FOLLOWED_UP: lambda line: line.follow_up_days is not None,
    N.DONE: lambda line: line.final_days is not None,
    N.PUNCTUAL: lambda line: line.final_days is not None and not line.late,
}


def shown(line: LeagueLine) -> dict[WorkNumber, int]:
    """Return the numbers of a line of the league as a page shows them."""
    work = line.work
    return {
        N.RECEIVED: work.has.reports,
        N.OWES: work.owes.reports,
        N.LATE: work.owes.late,
        N.FOLLOWED_UP: work.to_follow_up.count,
        N.DONE: work.final.reports,
        N.PUNCTUAL: work.in_time,
    }


async def behind(pool: asyncpg.Pool, query: WorkQuery) -> list[str]:
    """Return the numbers of all reports on the pages behind a number."""
    found: list[str] = []
    after: RowKey | None = None
    while True:
        page = await work_page(pool, query, after)
        found += [row.number for row in page.rows]
        if page.after is None:
            return found
        after = page.after


@pytest.fixture
async def lives(pool: asyncpg.Pool, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Lives:
    """Return random lives, in a database that has folded some of their sums and keeps the others pending."""
    monkeypatch.setattr(work_rows, "PAGE", 7)
    await owner_does(pool, "alter sequence work_pending_id_seq increment by 1024 restart with 1024")
    lives = Lives(ledger, 11)
    for number in range(1, 71):
        await lives.live(number)
    return lives


async def test_every_number_of_the_league_is_a_count_of_what_each_report_was_and_leads_to_exactly_these(
    pool: asyncpg.Pool, lives: Lives
) -> None:
    assert await pool.fetchval("select count(*) from work_tally") > 0
    for rebuilt in (False, True):
        for day in DAYS:
            lines = {line.work.code: line for line in await league(pool, instansi="KEPRI", period=PERIOD, day=day)}
            reports = stood(lives, day)
            for code in ("DINKES", "PU"):
                standing = list(of_opd(reports, code))
                expected = {
                    number: {report.tracking_id for report, line in standing if counts(line)}
                    for number, counts in OF_OPD.items()
                }
                assert shown(lines[code]) == {number: len(of) for number, of in expected.items()}
                followed = [line.follow_up_days for _, line in standing if line.follow_up_days is not None]
                assert lines[code].work.to_follow_up == Days(times={n: followed.count(n) for n in followed})
                if not rebuilt:
                    for number, of in expected.items():
                        rows = await behind(pool, WorkQuery(number, "KEPRI", FIRST, LAST, code, day))
                        assert (len(rows), set(rows)) == (len(of), of), (number, day)
        await owner_does(pool, "select recap_rebuild()")


async def test_the_leaderships_numbers_are_counts_too_and_lead_to_exactly_their_reports(
    pool: asyncpg.Pool, lives: Lives
) -> None:
    for day in DAYS[1:]:
        assert day is not None
        found = await leadership(pool, instansi="KEPRI", day=day, past=True)
        assert found == leadership_by_hand(lives, day, found)
        reports, first = stood(lives, day), found.now.first
        done = [one for one in reports if one.status is Status.SELESAI and first <= local_day(one.closed_at) <= day]  # type: ignore[arg-type]
        numbers = {
            N.RECEIVED: (found.now.received, [one for one in reports if local_day(one.received_at) >= first]),
            N.DONE: (found.now.done.reports, done),
            N.PUNCTUAL: (found.now.done.reports - found.now.done.late, [one for one in done if not one.ever_late]),
            N.RATED: (found.now.done.ratings, [one for one in done if one.rating is not None]),
            N.LATE: (found.now.overdue, [one for one in reports if one.overdue]),
        }
        for number, (count, of) in numbers.items():
            since = EVER if number is N.LATE else first
            rows = await behind(pool, WorkQuery(number, "KEPRI", since, day, None, day))
            assert (count, sorted(rows)) == (len(of), sorted(one.tracking_id for one in of)), (number, day)


def leadership_by_hand(lives: Lives, day: date, found: Leadership) -> Leadership:
    """Return what was found with every number of its months, and the month before, counted from the reports."""
    reports = stood(lives, day)
    before = stood(lives, found.before.day)
    closed = [local_day(one.closed_at) for one in reports if one.status is Status.SELESAI and one.closed_at]
    months = [
        line.model_copy(
            update={
                "received": sum(_month(one.received_at) == line.month for one in reports),
                "done": sum(on.replace(day=1) == line.month for on in closed),
            }
        )
        for line in found.months
    ]
    then = found.before.model_copy(
        update={
            "received": sum(_month(one.received_at) == found.before.first for one in before),
            "overdue": sum(one.overdue for one in before),
        }
    )
    assert (found.before.day, found.months[-1].month) == (_same_day_before(day), day.replace(day=1))
    owed = {
        code: [one for one in reports for line in one.opds if line.code == code and line.state == "owes"]
        for code in ("DINKES", "PU")
    }
    assert {line.code: line.count.reports for line in found.owed} == {code: len(of) for code, of in owed.items() if of}
    return found.model_copy(update={"months": months, "before": then})


def _month(at: datetime) -> date:
    return at.astimezone(JAKARTA).date().replace(day=1)


def _same_day_before(day: date) -> date:
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def work(code: str, final: int, late: int = 0, owed_late: int = 0, days: dict[int, int] | None = None) -> OpdWork:
    return OpdWork(
        code=code,
        has=WorkCount(reports=final + owed_late, late=late + owed_late),
        owes=WorkCount(reports=owed_late, late=owed_late),
        final=WorkCount(reports=final, late=late),
        to_final=Days(times=days or {}),
    )


def test_a_rank_needs_five_judged_reports_equals_share_it_and_what_is_late_counts_before_it_is_done() -> None:
    lucky, good, equal, slow = work("LUCKY", 4), work("GOOD", 9, 1), work("EQUAL", 18, 2), work("SLOW", 5, 0, 5)
    placed = league_of([lucky, good, equal, slow, work("KEPRI", 9)], ["LUCKY", "GOOD", "EQUAL", "SLOW"])
    assert [(one.place, one.work.code) for one in placed] == [
        (1, "EQUAL"), (1, "GOOD"), (3, "SLOW"), (None, "KEPRI"), (None, "LUCKY"),
    ]  # fmt: skip
    assert (slow.punctual, good.punctual) == (Decimal("50.00"), Decimal("88.89"))


def test_the_days_of_nine_in_ten_are_those_within_which_so_many_were_done() -> None:
    assert [Days(times=times).p90 for times in ({}, {3: 1}, {1: 9, 30: 1}, {1: 8, 30: 2})] == [None, 3, 1, 30]
    assert Days(times={1: 9, 30: 1}).median == 1
