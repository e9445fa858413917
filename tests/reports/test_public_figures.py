"""Each public figure is its public rows and the hidden ones, at any day; what is hidden today is hidden in the past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median as statistics_median
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.audit.proof.findings import FindingCollector
from kawal.audit.proof.verify_model import ModelCheck
from kawal.domain.calendar import JAKARTA, end_of
from kawal.domain.messages import Snapshot
from kawal.domain.names import MASUK, Publicity, ReportClass, Status
from kawal.domain.public_figures import RANKED_FROM, STATUSES, Figure, FigureCount, Period, median
from kawal.reports.public_figures import PublicFigures, UnknownInstansi, figure_count, public_figures
from kawal.reports.recap import recap
from kawal.store import counted_reports, public_board
from kawal.store.counted_reports import FigureKey, FigureQuery
from kawal.store.data_keys import DataKeyStore
from kawal.store.ledger import Ledger
from kawal.store.public_board import BoardQuery, PublicBoard
from tests.database_owner import owner_does
from tests.reports.lives import Lives, happened, new, write

NOON = datetime(2022, 3, 1, 5, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = Period.of_year(2022)
AREAS = ["21.71", "21.71.03", "21.71.03.1001", "21.72.01"]
DAYS = [date(2022, 2, 14), date(2022, 6, 30), date(2022, 10, 5), date(2023, 1, 10)]


class PartlyHiddenLives(Lives):
    """Random lives of which some are rahasia, anonim or berkadar pengawasan, some are hidden later, some erased."""

    def __init__(self, ledger: Ledger, seed: int, pool: asyncpg.Pool) -> None:
        """Start without complaints; what hides them later is written through `pool`."""
        super().__init__(ledger, seed)
        self.pool = pool
        self.rahasia: set[str] = set()
        """Those concealed or erased afterwards."""
        self.areas: dict[str, str] = {}

    def _changes(self, stood: Snapshot) -> list[dict[str, Any]]:
        chance, life = self.chance, super()._changes(stood)
        pengaduan = {"report_class": ReportClass.PENGADUAN}
        hidden: list[list[dict[str, Any]]] = [
            [],
            [],
            [{"rahasia": True}],
            [{"anonim": True}],
            [{"pengawasan": True, **pengaduan}],
            [{"pengawasan": True, **pengaduan}, {"pengawasan": False}],
        ]
        for step in hidden[chance.randrange(len(hidden))]:
            place = chance.randrange(2, len(life) + 1) if len(life) >= 2 else None
            if "pengawasan" not in step:
                life.insert(chance.randrange(len(life) + 1), step)
            elif place is not None:
                life.append(step)
        return life

    async def place_some(self) -> None:
        """Let the places of some name a kecamatan, of some a village in it, of others nothing that is known."""
        for steps in self.known:
            number = steps[-1][1].tracking_id
            area = self.chance.choice([None, *AREAS])
            if area is not None and not steps[-1][1].rahasia:
                await self.pool.execute("update complaint set area = $2 where tracking_id = $1", number, area)
                self.areas[number] = area

    async def hide_some(self) -> None:
        """Conceal some in whole, some as to their reporter alone, and erase some."""
        for steps in self.known:
            number = steps[-1][1].tracking_id
            match self.chance.randrange(8):
                case 0:
                    await conceal(self.pool, number, rahasia=True)
                    self.rahasia.add(number)
                case 1:
                    await conceal(self.pool, number, rahasia=False)
                case 2:
                    await erase(self.pool, number)
                    self.rahasia.add(number)
                case _:
                    pass

    def publicity(self, steps: list[tuple[datetime, Snapshot]]) -> Publicity:
        """Return what of a complaint is public now: the oracle."""
        last = steps[-1][1]
        if last.rahasia or last.tracking_id in self.rahasia:
            return Publicity.RAHASIA
        if last.verified_at is None:
            return Publicity.UNVERIFIED
        return Publicity.PENGAWASAN if any(one.pengawasan for _, one in steps) else Publicity.PUBLIC

    def stood(self, day: date | None, period: Period) -> list[tuple[Snapshot, Publicity]]:
        """Return KEPRI's complaints of a period as they were at a day's end, with what of them is public now."""
        found = []
        for steps in self.known:
            then = [one for at, one in steps if day is None or at < end_of(day)]
            received = steps[0][1].received_at.astimezone(JAKARTA).date()
            if then and then[-1].instansi == "KEPRI" and period.first <= received < period.until:
                found.append((then[-1], self.publicity(steps)))
        return found


async def conceal(pool: asyncpg.Pool, number: str, *, rahasia: bool) -> None:
    """Conceal a report, as accepted before its workflow has heard of it."""
    await pool.execute(
        "insert into inbox (tracking_id, instansi, channel, digest_mac, data_key_id, body, received_at)"
        " select tracking_id, instansi, channel, decode(repeat('00', 32), 'hex'),"
        " (select data_key_id from data_key where owner = 'system'), '', received_at"
        " from complaint where tracking_id = $1",
        number,
    )
    await pool.execute(
        "insert into concealment (tracking_id, anonim, rahasia) values ($1, $2, $3)", number, not rahasia, rahasia
    )


async def erase(pool: asyncpg.Pool, number: str) -> None:
    """Mark a complaint as erased; its words are gone."""
    await pool.execute(
        "update complaint set title = null, body = null, place = null, latitude = null, longitude = null,"
        " occurred_on = null, area = null, erased_at = now() where tracking_id = $1",
        number,
    )


def parts(stood: Iterable[tuple[Snapshot, Publicity]], figure: Figure) -> FigureCount:
    """Count a figure's parts one by one: the oracle."""
    count = Counter(publicity for one, publicity in stood if one.status in STATUSES[figure])
    return FigureCount(**{str(kind): count[kind] for kind in Publicity})


async def walked(board: PublicBoard, query: FigureQuery) -> list[str]:
    """Return the numbers on all pages behind a figure, in their order."""
    numbers: list[str] = []
    after: FigureKey | None = None
    while True:
        page = await board.behind(query, after)
        numbers += [row.number for row in page.rows]
        if page.after is None:
            return numbers
        after = page.after


def of_opd(code: str) -> Callable[[Snapshot], bool]:
    """Return whether a complaint is with an OPD."""
    return lambda one: code in [line.code for line in one.opds if line.state != "returned"]


def of_category(main: str) -> Callable[[Snapshot], bool]:
    """Return whether a complaint is of a main category."""
    return lambda one: (one.category or "").split(" / ")[0] == main


def of_area(lives: PartlyHiddenLives, code: str) -> Callable[[Snapshot], bool]:
    """Return whether a complaint is counted for an area: villages count for their kecamatan."""
    return lambda one: lives.areas.get(one.tracking_id, "")[:8] == code


def public_numbers(
    stood: Iterable[tuple[Snapshot, Publicity]], figure: Figure, of: Callable[[Snapshot], bool] = lambda _: True
) -> list[str]:
    """Return the numbers of the public reports that a figure counts, sorted."""
    return sorted(
        one.tracking_id
        for one, publicity in stood
        if publicity is Publicity.PUBLIC and one.status in STATUSES[figure] and of(one)
    )


def public_alone(count: int) -> FigureCount:
    """Return a figure that counts public reports alone."""
    return FigureCount(public=count, rahasia=0, unverified=0, pengawasan=0)


@pytest.fixture
async def lives(pool: asyncpg.Pool, ledger: Ledger, request: pytest.FixtureRequest) -> PartlyHiddenLives:
    """Return 60 partly hidden lives of the seed that the test is given."""
    lives = PartlyHiddenLives(ledger, request.param, pool)
    for number in range(1, 61):
        await lives.live(number)
    await lives.place_some()
    await lives.hide_some()
    return lives


@pytest.mark.parametrize("lives", [1, 2, 3], indirect=True)
async def test_public_and_hidden_parts_are_every_figure_and_its_pages_are_the_public_part_on_any_day(
    pool: asyncpg.Pool, lives: PartlyHiddenLives, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_board, "PAGE", 3)
    board = PublicBoard(pool)
    for day in [None, *DAYS]:
        for period in (YEAR, Period.of_month(2022, lives.chance.randrange(1, 13))):
            stood = lives.stood(day, period)
            figures = await public_figures(pool, instansi="KEPRI", period=period, day=day)
            for figure in Figure:
                count = figures.all.count(figure)
                assert count == parts(stood, figure)
                assert count.total == getattr(figures.all.recap, figure)
                query = FigureQuery(figure, "KEPRI", period, day)
                assert await figure_count(pool, query) == count
                numbers = await walked(board, query)
                assert sorted(numbers) == public_numbers(stood, figure)
                assert len(numbers) == count.public
    assert {lives.publicity(steps) for steps in lives.known} == set(Publicity)


@pytest.mark.parametrize(
    ("lives", "newest"), [(4, counted_reports.WALKED), (8, 4)], indirect=["lives"], ids=["among the newest", "by keys"]
)
async def test_the_same_holds_for_each_opd_and_for_the_public_reports_of_each_category_and_area(
    pool: asyncpg.Pool, lives: PartlyHiddenLives, newest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_board, "PAGE", 3)
    monkeypatch.setattr(counted_reports, "WALKED", newest)
    board = PublicBoard(pool)
    for day in [None, *DAYS]:
        stood = lives.stood(day, YEAR)
        figures = await public_figures(pool, instansi="KEPRI", period=YEAR, day=day)
        assert {line.code for line in figures.opds} >= ({"DINKES"} if day == DAYS[-1] else set())
        for line in figures.opds:
            of = of_opd(line.code) if line.code else (lambda one: all(one.state == "returned" for one in one.opds))
            for figure in (Figure.MASUK, Figure.PROSES, Figure.SELESAI):
                assert line.reports.count(figure) == parts([pair for pair in stood if of(pair[0])], figure)
                query = FigureQuery(figure, "KEPRI", YEAR, day, opd=line.code)
                assert await figure_count(pool, query) == line.reports.count(figure)
                assert sorted(await walked(board, query)) == public_numbers(stood, figure, of)
        for category in figures.categories:
            of = of_category(category.name)
            query = FigureQuery(Figure.MASUK, "KEPRI", YEAR, day, category=category.name)
            assert sorted(await walked(board, query)) == public_numbers(stood, Figure.MASUK, of)
            assert category.recap.masuk == len(public_numbers(stood, Figure.MASUK, of))
            assert await figure_count(pool, query) == public_alone(category.recap.masuk)
        for area in figures.areas:
            of = of_area(lives, area.code)
            query = FigureQuery(Figure.MASUK, "KEPRI", YEAR, day, area=area.code)
            assert sorted(await walked(board, query)) == public_numbers(stood, Figure.MASUK, of)
            assert area.recap.masuk == len(public_numbers(stood, Figure.MASUK, of))
            assert await figure_count(pool, query) == public_alone(area.recap.masuk)
        for lines in (figures.categories, figures.areas):
            assert sum(one.recap.masuk for one in lines) == figures.all.count(Figure.MASUK).public
    assert {area.code for area in figures.areas} >= {"", "21.71", "21.71.03"}


@pytest.mark.parametrize("lives", [5], indirect=True)
async def test_medians_and_the_figures_of_all_reports_are_the_recaps(
    pool: asyncpg.Pool, lives: PartlyHiddenLives
) -> None:
    for day in [None, *DAYS]:
        figures = await public_figures(pool, instansi="KEPRI", period=YEAR, day=day)
        as_of = None if day is None else end_of(day) - timedelta(microseconds=1)
        assert figures.all.recap == (await recap(pool, instansi="KEPRI", year=2022, as_of=as_of)).total
        stood = [one for one, _ in lives.stood(day, YEAR) if one.status in MASUK]
        for told, days in (
            (figures.median_days_to_follow_up, [one.work_days_to_follow_up for one in stood]),
            (figures.median_days_to_completion, [one.work_days_to_completion for one in stood]),
        ):
            known = [one for one in days if one is not None]
            assert told == (Decimal(str(statistics_median(known))) if known else None)


@pytest.mark.parametrize("lives", [6], indirect=True)
async def test_counting_everything_anew_changes_no_figure_and_no_page(
    pool: asyncpg.Pool, lives: PartlyHiddenLives
) -> None:
    async def told() -> list[PublicFigures]:
        return [await public_figures(pool, instansi="KEPRI", period=YEAR, day=day) for day in [None, *DAYS]]

    async def listed() -> list[Any]:
        return list(await pool.fetch("select * from board_entry order by tracking_id"))

    before, entries = await told(), await listed()
    assert entries
    await pool.execute("update status_span set area = null, publicity = 'public'")
    await pool.execute("update board_entry set found_by = ''")
    await owner_does(pool, "select publicity_rebuild()")
    assert (await told(), await listed()) == (before, entries)
    await owner_does(pool, "select recap_rebuild()")
    assert await told() == before
    await owner_does(pool, "select setval(pg_get_serial_sequence('recap_pending', 'id'), 4095)")
    await write(lives.ledger, new(80, datetime(2019, 1, 1, tzinfo=UTC)), happened(NOON, 1, Status.DITUNDA))
    assert await pool.fetchval("select count(*) from recap_pending") == 0
    assert await told() == before


@pytest.mark.parametrize("lives", [7], indirect=True)
async def test_verification_names_what_is_counted_or_listed_otherwise_than_the_public_may_see_it(
    pool: asyncpg.Pool, keys: DataKeyStore, lives: PartlyHiddenLives
) -> None:
    async def found() -> set[tuple[str, str]]:
        report = FindingCollector()
        async with pool.acquire() as conn:
            check = ModelCheck(conn, keys, report)
            await check.published([steps[-1][1].tracking_id for steps in lives.known])
            await check.sums()
        return {(one.code, one.where) for one in report.result.findings}

    public = [steps[-1][1].tracking_id for steps in lives.known if lives.publicity(steps) is Publicity.PUBLIC]
    assert await found() == set()
    await pool.execute("update status_span set area = null, publicity = 'rahasia' where tracking_id = $1", public[0])
    await pool.execute("delete from board_entry where tracking_id = $1", public[1])
    await pool.execute("update board_entry set shown_at = shown_at + interval '1 s' where tracking_id = $1", public[2])
    assert await found() == {("publicity_differs", f"complaint-{number}") for number in public[:3]}
    await owner_does(pool, "alter table status_span disable trigger counted")
    await pool.execute("update status_span set publicity = 'public' where tracking_id = $1", public[0])
    assert {code for code, _ in await found()} == {"publicity_differs", "sums_differ"}


async def test_an_opd_is_ranked_from_five_reports_on_and_what_is_no_opd_never(
    pool: asyncpg.Pool, ledger: Ledger
) -> None:
    from kawal.domain.messages import OpdLine

    codes = ["DINKES"] * RANKED_FROM + ["PU"] * (RANKED_FROM - 1) + ["KEPRI"] * 6 + [""] * 7
    for number, code in enumerate(codes, 1):
        opds = [OpdLine(code=code, state="owes", forwarded_at=NOON)] if code else []
        await write(ledger, new(number, NOON, opds=opds), happened(NOON, 1, Status.BELUM_DIVERIFIKASI))
    figures = await public_figures(pool, instansi="KEPRI", period=YEAR)
    assert [(line.code, line.name, line.place) for line in figures.opds] == [
        ("DINKES", "Dinas Kesehatan", 1),
        ("", "", None),
        ("KEPRI", "Pemprov Kepri", None),
        ("PU", "=HYPERLINK(1)", None),
    ]


async def test_an_unknown_agency_is_refused_and_one_without_reports_has_empty_figures(pool: asyncpg.Pool) -> None:
    with pytest.raises(UnknownInstansi):
        await public_figures(pool, instansi="ATLANTIS", period=YEAR)
    figures = await public_figures(pool, instansi="RIAU", period=YEAR)
    assert figures.all.count(Figure.MASUK).total == 0
    assert (figures.opds, figures.categories, figures.median_days_to_follow_up) == ([], [], None)


async def test_a_report_received_on_one_day_is_found_behind_its_own_month_only(
    pool: asyncpg.Pool, ledger: Ledger
) -> None:
    midnight = datetime(2022, 3, 31, 17, tzinfo=UTC)
    for number, at in ((1, midnight - timedelta(seconds=1)), (2, midnight)):
        after = new(number, at, verified_at=at, status=Status.BELUM_DITINDAKLANJUTI)
        await write(ledger, after, happened(at, 1, Status.BELUM_DITINDAKLANJUTI))
    board = PublicBoard(pool)
    for month, expected in ((3, "0000001"), (4, "0000002")):
        assert await walked(board, FigureQuery(Figure.MASUK, "KEPRI", Period.of_month(2022, month))) == [expected]
    assert [row.number for row in (await board.page(BoardQuery())).rows] == ["0000002", "0000001"]


@given(st.lists(st.integers(0, 60), max_size=40))
def test_a_median_from_counts_is_that_of_the_values(values: list[int]) -> None:
    expected = Decimal(str(statistics_median(values))) if values else None
    assert median(Counter(values)) == expected
