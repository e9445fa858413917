"""Advice to the verifying admin: the pure rules, and the queries in a real PostgreSQL."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from temporalio.testing import ActivityEnvironment

from activities import verify
from activities.verify import CheckActivities
from kawal.base.postgres import close_pool, open_pool
from kawal.crypto.master_keys import LocalMasterKey
from kawal.domain.checks import CheckRequest
from kawal.domain.completeness import missing_in
from kawal.domain.messages import Place, Report, Reporter
from kawal.domain.names import Channel, ReportClass
from kawal.domain.suggestion import Suggester, stem
from kawal.store.advice import advice_of
from kawal.store.data_keys import DataKeyStore, make_installation_keys
from kawal.store.erasure_list import ErasureEntry
from kawal.store.erasures import Erasures, reapply
from kawal.store.similar_reports import ComparedReport, likenesses_for_overseers, public_likenesses
from kawal.store.training_data import decided_reports

TREE = [
    "PERHUBUNGAN",
    "PERHUBUNGAN / ANGKUTAN LAUT",
    "PERHUBUNGAN / PARKIR LIAR",
    "PEKERJAAN UMUM DAN PENATAAN RUANG",
    "PEKERJAAN UMUM DAN PENATAAN RUANG / JALAN BERLUBANG",
    "PEKERJAAN UMUM DAN PENATAAN RUANG / PENERANGAN JALAN",
    "KESEHATAN",
]
AT = datetime(2022, 5, 9, 2, 0, tzinfo=UTC)
LAMP = "Lampu penerangan jalan padam di Jalan Merdeka sejak dua minggu lalu, gelap sekali"


def report(**changes: Any) -> Report:
    return Report.model_validate(
        {
            "title": "Lampu jalan padam",
            "text": LAMP,
            "channel": Channel.WEB,
            "reporter": Reporter(email="warga@example.org"),
        }
        | changes
    )


def codes(one: Report) -> list[str]:
    return [missing.code for missing in missing_in(one, date(2022, 5, 9))]


def test_a_report_that_says_what_where_and_when_lacks_nothing() -> None:
    assert codes(report()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"text": "Lampu padam"}, ["text_short", "no_place", "no_date"]),
        ({"text": "Lampu jalan padam", "title": "Lampu jalan padam"}, ["text_is_title", "no_date"]),
        ({"text": "xkcd qwrty bcdf ghjk lmnp"}, ["text_unreadable", "no_place", "no_date"]),
        ({"text": "tolong " * 30}, ["text_unreadable", "no_place", "no_date"]),
        ({"place": Place(latitude=52.5, longitude=13.4)}, ["place_abroad"]),
        ({"occurred_on": "2020-01-01"}, ["long_ago"]),
        ({"reporter": Reporter()}, ["no_contact"]),
        ({"reporter": Reporter(), "channel": Channel.SMS}, []),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(changes: dict[str, Any], expected: list[str]) -> None:
    given_title = {"title": "Aduan"} if "title" not in changes and "text" in changes else {}
    assert codes(report(**given_title, **changes)) == expected


def test_place_and_time_are_not_asked_of_a_request_for_information() -> None:
    asked = report(
        title="Syarat beasiswa",
        text="Mohon penjelasan apa syarat beasiswa kuliah untuk anak nelayan kurang mampu",
        proposed_class=ReportClass.PERMINTAAN_INFORMASI,
    )
    assert codes(asked) == []


def test_the_words_of_the_tree_alone_already_suggest() -> None:
    suggester = Suggester(TREE, {"PERHUBUNGAN": "DISHUB", "PEKERJAAN UMUM DAN PENATAAN RUANG": "DPUPP"})
    best = suggester.categories(LAMP)[0]
    assert best.key == "PEKERJAAN UMUM DAN PENATAAN RUANG / PENERANGAN JALAN"
    assert suggester.opds(LAMP)[0].key == "DPUPP"


def test_a_text_of_unknown_words_gets_no_suggestion() -> None:
    suggester = Suggester(TREE, {"PERHUBUNGAN": "DISHUB"})
    assert suggester.categories("zzz qqq") == []
    assert suggester.opds("zzz qqq") == []


def test_what_admins_decided_outweighs_the_tree() -> None:
    suggester = Suggester(TREE, {"PERHUBUNGAN": "DISHUB", "PEKERJAAN UMUM DAN PENATAAN RUANG": "DPUPP"})
    for _ in range(5):
        suggester.learn("PERHUBUNGAN", "lampu penerangan jalan padam gelap", ["DISHUB"])
    assert suggester.categories(LAMP)[0].key == "PERHUBUNGAN"
    assert suggester.opds(LAMP)[0].key == "DISHUB"


def test_a_light_stemmer_brings_the_forms_of_a_word_together() -> None:
    assert stem("penerangannya") == stem("penerangan")
    assert stem("diperbaiki") == stem("memperbaiki")


LEARNT = st.tuples(st.sampled_from(TREE), st.text("abcdeimn ", max_size=60), st.lists(st.sampled_from(["A", "B"])))


@given(st.lists(LEARNT, max_size=8), LEARNT, st.integers(0, 8), st.text("abcdeimn ", max_size=40))
def test_forgetting_a_report_leaves_what_never_learning_it_would_have_left(
    others: list[tuple[str, str, list[str]]], erased: tuple[str, str, list[str]], where: int, asked: str
) -> None:
    without, with_it = Suggester(TREE), Suggester(TREE)
    for one in others:
        without.learn(*one)
    for one in [*others[:where], erased, *others[where:]]:
        with_it.learn(*one)
    with_it.forget(*erased)
    assert with_it.categories(asked, 10) == without.categories(asked, 10)
    assert with_it.opds(asked, 10) == without.opds(asked, 10)
    assert with_it.learned == without.learned


@given(st.text(max_size=200))
def test_any_text_gets_shares_that_are_at_most_a_whole(text: str) -> None:
    suggested = Suggester(TREE, {"PERHUBUNGAN": "DISHUB"}).categories(text, 10)
    assert sum(one.share for one in suggested) <= 1.001
    assert suggested == sorted(suggested, key=lambda one: (-one.share, one.key))


@pytest.fixture
async def pool(bare_database_url: str) -> AsyncIterator[asyncpg.Pool]:
    pool = await open_pool(bare_database_url)
    yield pool
    await close_pool(pool)


@pytest.fixture
async def keys(pool: asyncpg.Pool) -> DataKeyStore:
    master = LocalMasterKey(bytes(range(32)))
    async with pool.acquire() as conn:
        await make_installation_keys(conn, master)
    return DataKeyStore(pool, master)


async def prepared(pool: asyncpg.Pool) -> None:
    await pool.execute("insert into instansi (code, name) values ('KEPRI', 'Kepulauan Riau') on conflict do nothing")
    await pool.execute(
        "insert into opd (instansi, code, name) values ('KEPRI', 'DISHUB', 'Perhubungan'), ('KEPRI', 'DPUPP', 'PU')"
        " on conflict do nothing"
    )
    for name in TREE:
        main, _, sub = name.partition(" / ")
        await pool.execute(
            "insert into category (name, main, sub) values ($1, $2, $3) on conflict do nothing", name, main, sub or None
        )
    await pool.execute(
        "insert into category_opd (instansi, category, opd) values ('KEPRI', 'PERHUBUNGAN', 'DISHUB'),"
        " ('KEPRI', 'PEKERJAAN UMUM DAN PENATAAN RUANG', 'DPUPP')"
    )


async def received(
    pool: asyncpg.Pool, tracking_id: str, text: str, *, days_ago: int = 2, rahasia: bool = False, **columns: Any
) -> None:
    at = AT - timedelta(days=days_ago)
    values: dict[str, Any] = {
        "tracking_id": tracking_id, "instansi": "KEPRI", "status": "belum_ditindaklanjuti", "channel": "web",
        "report_class": "pengaduan", "category": TREE[5], "anonim": False, "rahasia": rahasia, "received_at": at,
        "verified_at": at, "policy_version": "p", "calendar_version": "c", "last_seq": 2,
        "title": None if rahasia else "Laporan", "body": None if rahasia else text,
    } | columns  # fmt: skip
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    insert = f"insert into complaint ({', '.join(values)}) values ({places})"  # noqa: S608 - names of this test
    await pool.execute(insert, *values.values())
    await pool.execute("select follow_board($1)", tracking_id)


async def test_a_likely_duplicate_is_found_by_words_place_and_time(pool: asyncpg.Pool) -> None:
    await prepared(pool)
    near: dict[str, Any] = {"place": "Jalan Merdeka", "latitude": 0.9170, "longitude": 104.4500}
    await received(pool, "1000001", "Penerangan jalan di Jalan Merdeka padam dan gelap", **near)
    await received(pool, "1000002", "Jalan di depan puskesmas berlubang dan air tergenang", **near)
    await received(pool, "1000003", "Penerangan jalan di Jalan Merdeka padam dan gelap", days_ago=100)
    place = Place(text="Jalan Merdeka", latitude=0.9171, longitude=104.4501)
    async with pool.acquire() as conn:
        found = await likenesses_for_overseers(conn, ComparedReport("KEPRI", "1000009", LAMP, place, AT))
        nothing = await likenesses_for_overseers(conn, ComparedReport("KEPRI", "1000009", "'; -- :* & | !", place, AT))
    assert [one.tracking_id for one in found] == ["1000001"]
    assert found[0].shared_words >= 4
    assert found[0].metres is not None
    assert found[0].metres < 50
    assert found[0].days == 2
    assert nothing == []


async def test_a_rahasia_report_is_neither_found_nor_learned_from(pool: asyncpg.Pool) -> None:
    await prepared(pool)
    await received(pool, "1000001", LAMP)
    await received(pool, "1000002", LAMP, rahasia=True)
    async with pool.acquire() as conn:
        found = await likenesses_for_overseers(conn, ComparedReport("KEPRI", "1000009", LAMP, Place(), AT))
        learned = await decided_reports(conn, "KEPRI", 100)
    assert [one.tracking_id for one in found] == ["1000001"]
    assert len(learned) == 1


async def test_anybody_is_told_of_likenesses_to_what_is_public_alone(pool: asyncpg.Pool) -> None:
    await prepared(pool)
    await received(pool, "1000001", LAMP, latitude=0.91704, longitude=104.45004, anonim=True)
    await received(pool, "1000002", LAMP, verified_at=None)
    await received(pool, "1000003", LAMP, rahasia=True)
    await received(pool, "1000004", LAMP, pengawasan=True)
    compared = ComparedReport("KEPRI", "1000009", LAMP, Place(latitude=0.92, longitude=104.45), AT)
    async with pool.acquire() as conn:
        public = await public_likenesses(conn, compared)
        all_of_them = await likenesses_for_overseers(conn, compared)
    # An anonim one's point is rounded before any distance to it is told.
    assert [(one.tracking_id, one.metres) for one in public] == [("1000001", 0)]
    assert {one.tracking_id for one in all_of_them} == {"1000001", "1000002", "1000004"}


async def test_check_report_gives_all_three_kinds_of_advice(pool: asyncpg.Pool, keys: DataKeyStore) -> None:
    await prepared(pool)
    await received(pool, "1000001", LAMP)
    checks = CheckActivities(pool, keys)
    request = CheckRequest(tracking_id="1000009", instansi="KEPRI", received_at=AT, report=report(reporter=Reporter()))
    result = await ActivityEnvironment().run(checks.check_report, request)
    assert [one.code for one in result.missing] == ["no_contact"]
    assert [one.tracking_id for one in result.similar] == ["1000001"]
    assert result.categories[0].key == TREE[5]
    assert result.opds[0].key == "DPUPP"
    assert result.learned_from == 1


async def test_the_advice_stands_on_record_once_it_was_given_until_the_report_is_erased(
    pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    await prepared(pool)
    await received(pool, "1000001", LAMP)
    await received(pool, "1000009", LAMP)
    checks, environment = CheckActivities(pool, keys), ActivityEnvironment()
    filed = report(title="Pungli di loket", text=LAMP)
    request = CheckRequest(tracking_id="1000009", instansi="KEPRI", received_at=AT, report=filed)
    assert await advice_of(pool, "1000009") is None
    told = await environment.run(checks.check_report, request)
    assert told.pengawasan_hint
    assert await advice_of(pool, "1000009") == told == await environment.run(checks.check_report, request)
    await pool.execute(
        "update complaint set rahasia = true, title = null, body = null, place = null, latitude = null,"
        " longitude = null, occurred_on = null, area = null where tracking_id = '1000001'"
    )
    kept = await advice_of(pool, "1000009")
    assert kept is not None
    assert [one.rahasia for one in kept.similar] == [True]
    for number, left in (("1000001", []), ("1000009", None)):
        gone = ErasureEntry(tracking_id=number, at=AT, role="agency_admin", account="ab12", ground="request")
        await reapply(Erasures(pool, keys), [gone])
        kept = await advice_of(pool, "1000009")
        assert (kept and kept.similar) == left
    # A late answer of the activity brings nothing back.
    await environment.run(checks.check_report, request)
    assert await advice_of(pool, "1000009") is None


async def test_what_a_request_that_was_given_up_began_to_learn_serves_the_next(
    pool: asyncpg.Pool, keys: DataKeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await prepared(pool)
    await received(pool, "1000001", LAMP)
    begun, may_end, teach = threading.Event(), threading.Event(), verify.taught
    lessons: list[object] = []

    def taught(*given: Any) -> Suggester:
        lessons.append(given)
        begun.set()
        assert may_end.wait(60)
        return teach(*given)

    monkeypatch.setattr(verify, "taught", taught)
    checks = CheckActivities(pool, keys)
    request = CheckRequest(tracking_id="1000009", instansi="KEPRI", received_at=AT, report=report())
    given_up = asyncio.ensure_future(ActivityEnvironment().run(checks.check_report, request))
    assert await asyncio.to_thread(begun.wait, 60)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    next_one = asyncio.ensure_future(ActivityEnvironment().run(checks.check_report, request))
    may_end.set()
    assert (await next_one).learned_from == 1
    assert len(lessons) == 1


async def test_what_was_erased_is_not_in_what_is_learned_anew(pool: asyncpg.Pool, keys: DataKeyStore) -> None:
    await prepared(pool)
    await received(pool, "1000001", LAMP)
    checks = CheckActivities(pool, keys)
    request = CheckRequest(tracking_id="1000009", instansi="KEPRI", received_at=AT, report=report())
    environment = ActivityEnvironment()
    assert (await environment.run(checks.check_report, request)).learned_from == 1
    gone = ErasureEntry(tracking_id="1000001", at=AT, role="agency_admin", account="ab12", ground="request")
    assert await reapply(Erasures(pool, keys), [gone]) == ["1000001"]
    assert (await environment.run(checks.check_report, request)).learned_from == 0
