"""The public board: what is public is found by every way in its order, each once; what is hidden by none."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import asyncpg
import pytest

from kawal.domain.calendar import at_local, local_day
from kawal.domain.messages import Batch, Place, Report
from kawal.domain.names import EventKind, ReportClass, Status
from kawal.domain.public_figures import Figure, Period
from kawal.store import counted_reports, public_board
from kawal.store.counted_reports import FigureKey, FigureQuery
from kawal.store.inbox import Inbox
from kawal.store.ledger import Ledger
from kawal.store.public_board import (
    BoardKey,
    BoardQuery,
    BoardRow,
    PublicBoard,
    PublicReport,
    PublicStatus,
)
from tests.store.lives import NOON, forwarded, report, started, step

MAIN, LEAF, OTHER = "KESEHATAN", "KESEHATAN / VAKSIN", "AGAMA"
PLACES = ("Pasar Batu Aji", "Jalan Merdeka, Batu Ampar", "")
TEXTS = ("Lubang besar di depan pasar.", "Lampu mati sejak Senin.", "Sampah menumpuk di depan pasar.")
HIDDEN_WORD = "rangkong"
OF_2022 = Period.of_year(2022)


class Listed(NamedTuple):
    """A public report as the test wrote it: the oracle's row."""

    number: str
    shown_at: datetime
    text: str
    place: str
    category: str
    opd: str
    status: Status


@pytest.fixture
async def board(pool: asyncpg.Pool) -> PublicBoard:
    """Return the board of a database with two OPDs and three categories of the test's own."""
    await pool.execute(
        "insert into opd (instansi, code, name) values ('KEPRI', 'A', 'Dinas A'), ('KEPRI', 'B', 'Dinas B')"
    )
    await pool.executemany(
        "insert into category (name, main, sub) values ($1, $2, $3) on conflict do nothing",
        [(MAIN, MAIN, None), (LEAF, MAIN, "VAKSIN"), (OTHER, OTHER, None)],
    )
    return PublicBoard(pool)


@pytest.fixture(params=[counted_reports.WALKED, 1], ids=["among the newest", "by the index"])
def small_pages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make pages of four rows, found among the newest reports or by the index."""
    monkeypatch.setattr(public_board, "PAGE", 4)
    monkeypatch.setattr(public_board, "WALKED", request.param)
    monkeypatch.setattr(counted_reports, "WALKED", request.param)


class Office:
    """Writes reports as the workflow does."""

    def __init__(self, inbox: Inbox, ledger: Ledger) -> None:
        """Write through the real ledger."""
        self.inbox = inbox
        self.ledger = ledger

    async def received(self, at: datetime = NOON, **given: Any) -> Batch:
        """Record a report as received."""
        filed: Report = report(**{"occurred_on": None} | given)
        first = started(await self.inbox.accept(filed, "KEPRI", at), filed, at)
        await self.ledger.record(first)
        return first

    async def verified(self, before: Batch, category: str = LEAF, *, pengawasan: bool = False) -> Batch:
        """Record its verification."""
        at = before.events[-1].at + timedelta(hours=1)
        after = {
            "verified_at": at,
            "report_class": ReportClass.PENGADUAN,
            "category": category,
            "pengawasan": pengawasan,
        }
        facts = {"pengawasan": True} if pengawasan else {}
        return await self._recorded(
            step(before, EventKind.VERIFIED, Status.BELUM_DITINDAKLANJUTI, after=after, event={"facts": facts})
        )

    async def forwarded(self, before: Batch, opd: str) -> Batch:
        """Record its forward to an OPD."""
        return await self._recorded(forwarded(before, opd))

    async def followed_up(self, before: Batch) -> Batch:
        """Record a first follow-up."""
        at = before.events[-1].at + timedelta(hours=1)
        return await self._recorded(
            step(
                before,
                EventKind.FOLLOWED_UP,
                Status.PROSES,
                after={"first_follow_up_at": at, "work_days_to_follow_up": 0},
            )
        )

    async def public(self, at: datetime = NOON, **given: Any) -> str:
        """Record a report that everybody may read; return its number."""
        return (await self.verified(await self.received(at, **given))).after.tracking_id

    async def _recorded(self, batch: Batch) -> Batch:
        await self.ledger.record(batch)
        return batch


@pytest.fixture
def office(inbox: Inbox, ledger: Ledger) -> Office:
    return Office(inbox, ledger)


async def listed(office: Office, chance: random.Random, days: int | None = None) -> Listed:
    """Write one public report, as chance has it: many are received at the same instant, or within so many days."""
    at = NOON + timedelta(hours=chance.randrange(3) * 20 if days is None else chance.randrange(24 * days))
    text, place, anonim = chance.choice(TEXTS), chance.choice(PLACES), chance.random() < 0.4
    category, opd = chance.choice([MAIN, LEAF, OTHER]), chance.choice("AB")
    filed = await office.received(at, text=text, place=Place(text=place), anonim=anonim)
    last = await office.forwarded(await office.verified(filed, category), opd)
    if chance.random() < 0.5:
        last = await office.followed_up(last)
    shown_at = at_local(local_day(at), 0) if anonim else at
    return Listed(last.after.tracking_id, shown_at, text, place, category, opd, last.after.status)


async def walked(board: PublicBoard, wanted: BoardQuery) -> list[BoardRow]:
    """Return the rows of all pages."""
    rows: list[BoardRow] = []
    after: BoardKey | None = None
    while True:
        page = await board.page(wanted, after)
        rows += page.rows
        if page.after is None:
            return rows
        assert len(page.rows) == public_board.PAGE
        after = page.after


QUERIES: list[tuple[BoardQuery, Callable[[Listed], bool]]] = [
    (BoardQuery(), lambda _: True),
    (BoardQuery(instansi="KEPRI"), lambda _: True),
    (BoardQuery(instansi="RIAU"), lambda _: False),
    (BoardQuery(words="pasar"), lambda one: "pasar" in one.text),
    (BoardQuery(words="di depan pasarnya", instansi="KEPRI"), lambda one: "pasar" in one.text),
    (BoardQuery(words='"menumpuk di depan"'), lambda one: "menumpuk" in one.text),
    (BoardQuery(words="lampu OR sampah"), lambda one: "Lubang" not in one.text),
    (BoardQuery(words="lampu sampah"), lambda _: False),
    (BoardQuery(place="batu"), lambda one: "Batu" in one.place),
    (BoardQuery(place="MERDEKA batu"), lambda one: "Merdeka" in one.place),
    (BoardQuery(category=MAIN), lambda one: one.category in (MAIN, LEAF)),
    (BoardQuery(category=LEAF), lambda one: one.category == LEAF),
    (BoardQuery(opd="B"), lambda one: one.opd == "B"),
    (BoardQuery(status=Status.PROSES), lambda one: one.status is Status.PROSES),
    (
        BoardQuery("pasar", "aji", MAIN, "A", Status.PROSES, "KEPRI"),
        lambda one: (
            "pasar" in one.text and one.place == PLACES[0] and one.category != OTHER
            and one.opd == "A" and one.status is Status.PROSES
        ),
    ),
]  # fmt: skip


@pytest.mark.usefixtures("small_pages")
async def test_every_search_and_filter_gives_its_reports_newest_first_each_once_whatever_the_page(
    board: PublicBoard, office: Office
) -> None:
    chance = random.Random(7)
    await assert_found(board, [await listed(office, chance) for _ in range(48)])


async def assert_found(board: PublicBoard, known: Iterable[Listed]) -> None:
    """Check every query against the reports that fit it, one by one: the oracle."""
    ordered = sorted(known, key=lambda one: (one.shown_at, one.number), reverse=True)
    for wanted, fits in QUERIES:
        expected = [(one.number, one.shown_at) for one in ordered if fits(one)]
        assert [(row.number, row.received_at) for row in await walked(board, wanted)] == expected, wanted


@pytest.mark.parametrize("days", [60, 900])
async def test_what_is_not_among_the_newest_is_found_by_days_and_months_however_far_back_it_lies(
    board: PublicBoard, office: Office, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    monkeypatch.setattr(public_board, "PAGE", 2)
    chance = random.Random(days)
    known = [await listed(office, chance, days) for _ in range(24)]
    for newest in (2, 3, 9):
        monkeypatch.setattr(public_board, "WALKED", newest)
        await assert_found(board, known)


def test_wherever_an_address_lets_a_figures_page_begin_only_the_months_of_its_period_are_looked_through() -> None:
    query = FigureQuery(Figure.MASUK, "KEPRI", OF_2022, opd="A")
    of_2022 = [date(2022, month, 1) for month in range(12, 0, -1)]
    for after in (None, FigureKey(date.max, "1234567"), FigureKey(date(2022, 12, 5), "1234567")):
        assert list(itertools.chain(*counted_reports._stretches(query, after))) == of_2022
    assert list(itertools.chain(*counted_reports._stretches(query, FigureKey(date.min, "1234567")))) == [date.min]


@pytest.mark.usefixtures("small_pages")
async def test_a_report_that_appears_or_goes_between_two_pages_moves_no_other(
    pool: asyncpg.Pool, board: PublicBoard, office: Office
) -> None:
    numbers = [await office.public(NOON + timedelta(minutes=n)) for n in range(12)]
    first = await board.page(BoardQuery(words="lubang"))
    await office.public(NOON + timedelta(days=1))
    await conceal(pool, numbers[8])
    await conceal(pool, numbers[6])
    second = await board.page(BoardQuery(words="lubang"), first.after)
    assert [row.number for row in first.rows] == numbers[11:7:-1]
    assert [row.number for row in second.rows] == [numbers[7], numbers[5], numbers[4], numbers[3]]


async def conceal(pool: asyncpg.Pool, number: str, *, rahasia: bool = True) -> None:
    """Conceal a report, as accepted before its workflow has heard of it."""
    await pool.execute(
        "insert into concealment (tracking_id, anonim, rahasia) values ($1, $2, $3)", number, not rahasia, rahasia
    )


HIDDEN = ("unverified", "rahasia", "concealed", "erased", "supervised", "no longer supervised", "supervised later")


async def hidden(pool: asyncpg.Pool, office: Office, how: str) -> str:
    """Write a report that is hidden in that way; return its number."""
    given: dict[str, Any] = {
        "title": HIDDEN_WORD,
        "text": HIDDEN_WORD,
        "place": Place(text=HIDDEN_WORD),
        "rahasia": how == "rahasia",
    }
    last = await office.received(**given)
    number = last.after.tracking_id
    if how == "unverified":
        return number
    last = await office.verified(last, pengawasan=how in ("supervised", "no longer supervised"))
    last = await office.forwarded(last, "A")
    if how in ("no longer supervised", "supervised later"):
        later = how == "supervised later"
        facts = {"pengawasan": True} if later else {"pengawasan": False}
        again = step(
            last, EventKind.RECLASSIFIED, last.after.status, after={"pengawasan": later}, event={"facts": facts}
        )
        await office.ledger.record(again)
    if how == "concealed":
        await conceal(pool, number)
    if how == "erased":
        await pool.execute(
            "update complaint set title = null, body = null, place = null, latitude = null, longitude = null,"
            " erased_at = now() where tracking_id = $1",
            number,
        )
    return number


@pytest.mark.usefixtures("small_pages")
async def test_a_hidden_report_is_found_by_no_query_and_stands_behind_no_figure(
    pool: asyncpg.Pool, board: PublicBoard, office: Office
) -> None:
    shown = [await office.public(NOON + timedelta(minutes=n)) for n in (-1, 1)]
    numbers = {how: await hidden(pool, office, how) for how in HIDDEN}
    queries = [
        BoardQuery(words=words, place=place, category=category, opd=opd, status=status)
        for words, place, category, opd, status in itertools.product(
            ("", HIDDEN_WORD, *numbers.values()), ("", HIDDEN_WORD), (None, MAIN, LEAF), (None, "A"), (None, *Status)
        )
    ]
    for query in queries:
        page = await board.page(query)
        assert {row.number for row in page.rows} <= set(shown), query
        assert HIDDEN_WORD not in str(page)
    for figure in Figure:
        for day in (None, local_day(NOON), local_day(NOON) + timedelta(days=2)):
            behind = await board.behind(FigureQuery(figure, "KEPRI", OF_2022, day))
            assert {row.number for row in behind.rows} <= set(shown)
    for how, number in numbers.items():
        one = await board.one(number)
        if "supervised" in how:
            assert isinstance(one, PublicStatus), how
            assert one.status is Status.BELUM_DITINDAKLANJUTI, how
            assert HIDDEN_WORD not in str(one), how
        else:
            assert one is None, how


async def test_a_report_is_shown_with_its_public_words_dates_and_opds(board: PublicBoard, office: Office) -> None:
    text = "Lubang besar di jalan depan pasar. " * 12
    filed = await office.received(
        title="Jalan rusak", text=text, place=Place(text="Batu Aji", latitude=1.234567, longitude=104.5)
    )
    last = await office.followed_up(await office.forwarded(await office.verified(filed), "B"))
    (row,) = (await board.page(BoardQuery())).rows
    assert (row.number, row.instansi, row.status) == (last.after.tracking_id, "KEPRI", Status.PROSES)
    assert (row.title, row.place, row.category, row.opds, row.anonim) == (
        "Jalan rusak", "Batu Aji", LEAF, ["Dinas B"], False,
    )  # fmt: skip
    assert len(row.beginning) <= public_board.BEGINNING
    assert row.beginning.endswith("…")
    assert text.startswith(row.beginning[:-1])
    assert (row.received_at, row.first_forwarded_at, row.first_follow_up_at, row.completed_at) == (
        NOON, last.after.first_forwarded_at, last.after.first_follow_up_at, None,
    )  # fmt: skip
    one = await board.one(row.number)
    assert isinstance(one, PublicReport)
    assert (one.body, one.latitude) == (text, 1.234567)


async def test_of_an_anonim_report_only_days_are_shown_and_the_point_is_rounded(
    pool: asyncpg.Pool, board: PublicBoard, office: Office
) -> None:
    filed = await office.received(place=Place(text="Batu Aji", latitude=1.234567, longitude=104.567891))
    last = await office.followed_up(await office.forwarded(await office.verified(filed), "B"))
    await conceal(pool, last.after.tracking_id, rahasia=False)
    one = await board.one(last.after.tracking_id)
    assert isinstance(one, PublicReport)
    day = at_local(local_day(NOON), 0)
    assert [one.received_at, one.first_forwarded_at, one.first_follow_up_at] == [day, day, day]
    assert (one.anonim, one.latitude, one.longitude) == (True, 1.23, 104.57)
    assert (await board.page(BoardQuery())).rows[0].received_at == day


async def test_a_number_finds_its_report_whatever_else_is_wanted_within_the_agency(
    board: PublicBoard, office: Office
) -> None:
    number = await office.public()
    for typed in (number, f" #{number} ", f"# {number}"):
        page = await board.page(BoardQuery(words=typed, status=Status.SELESAI, instansi="KEPRI"))
        assert [row.number for row in page.rows] == [number]
    assert (await board.page(BoardQuery(words=number, instansi="RIAU"))).rows == []
    assert (await board.page(BoardQuery(words="0000000"))).rows == []


WORDLESS = ("'", "\\", "a' | 'b", "!", "&", "<->", '"', "((", ":*", "\x00", "\ud800", "-", "x" * 5000)
FILTERS = ("status proses", "' status proses'", "opd A' | 'opd A")


async def test_whatever_is_typed_is_words_and_never_an_operator_or_a_filter(board: PublicBoard, office: Office) -> None:
    await office.followed_up(await office.forwarded(await office.verified(await office.received()), "A"))
    for typed in (*WORDLESS, *FILTERS):
        for query in (
            BoardQuery(words=typed),
            BoardQuery(place=typed),
            BoardQuery(category=typed),
            BoardQuery(opd=typed),
            BoardQuery(instansi=typed, words="pasar"),
        ):
            assert (await board.page(query)).rows == [], query


async def test_words_among_operators_are_found(board: PublicBoard, office: Office) -> None:
    number = await office.public()
    for typed in ("pasar & !", "--pasar'--", "pasar:*", "((pasar"):
        for query in (BoardQuery(words=typed), BoardQuery(place=typed)):
            assert [row.number for row in (await board.page(query)).rows] == [number], query


async def test_an_excluded_word_is_searched_like_any_other(board: PublicBoard, office: Office) -> None:
    number = await office.public()
    assert [row.number for row in (await board.page(BoardQuery(words="jalan -pasar"))).rows] == [number]


async def test_what_is_listed_follows_each_step_and_each_concealment_at_once(
    pool: asyncpg.Pool, board: PublicBoard, office: Office
) -> None:
    async def found(**wanted: Any) -> bool:
        return bool((await board.page(BoardQuery(**wanted))).rows)

    last = await office.received()
    assert not await found()
    last = await office.verified(last)
    assert await found(status=Status.BELUM_DITINDAKLANJUTI)
    last = await office.forwarded(last, "A")
    assert await found(opd="A")
    last = await office.followed_up(last)
    assert await found(status=Status.PROSES)
    assert not await found(status=Status.BELUM_DITINDAKLANJUTI)
    await conceal(pool, last.after.tracking_id)
    assert not await found()
    assert await pool.fetchval("select count(*) from board_entry") == 0


async def test_reports_are_found_by_the_area_that_their_place_names_and_by_those_around_it(
    pool: asyncpg.Pool, board: PublicBoard, office: Office
) -> None:
    last = await office.verified(await office.received())
    await pool.execute("update complaint set area = '21.71.03.1001'")
    last = await office.forwarded(last, "A")
    for area, found in (("21.71", 1), ("21.71.03", 1), ("21.71.03.1001", 1), ("21.71.03.1002", 0), ("21.72", 0)):
        assert len((await board.page(BoardQuery(area=area))).rows) == found
    areas = "select distinct area::text as area from status_span"
    assert [row["area"] for row in await pool.fetch(areas)] == ["21.71.03"]
    await conceal(pool, last.after.tracking_id)
    assert [row["area"] for row in await pool.fetch(areas)] == [None]
    assert (await board.page(BoardQuery(area="21.71"))).rows == []


async def test_concealing_while_a_step_is_recorded_hides_the_report_whichever_comes_first(
    pool: asyncpg.Pool, board: PublicBoard, office: Office
) -> None:
    numbers = []
    for _ in range(12):
        filed = await office.received()
        numbers.append(filed.after.tracking_id)
        await asyncio.gather(office.verified(filed), conceal(pool, filed.after.tracking_id))
    assert (await board.page(BoardQuery())).rows == []
    kinds = await pool.fetch("select distinct publicity::text as kind from status_span")
    assert [row["kind"] for row in kinds] == ["rahasia"]
    assert await pool.fetchval("select count(*) from board_entry") == 0
    assert len(set(numbers)) == 12
