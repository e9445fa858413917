"""A queue's address says all that is looked at: paging forth and back comes to the same pages."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from kawal.console.pages.staff.auditor.record_search import SearchAddress
from kawal.console.pages.staff.queue_address import MOST_STEPS, QueueAddress
from kawal.domain.saved_views import LISTS
from kawal.store.queues import Cursor


def read(address: str) -> QueueAddress:
    return QueueAddress.of(urlsplit(address).path, dict(parse_qsl(urlsplit(address).query)))


def end_of_page(number: int) -> Cursor:
    at = datetime(2026, 11, 30, number % 24, tzinfo=UTC)
    return Cursor(number % 2, at, at, f"{1_000_000 + number}")


@given(pages=st.integers(1, 30), back=st.integers(0, 30))
def test_whoever_pages_forth_and_back_comes_to_the_pages_in_between(pages: int, back: int) -> None:
    wanted = read("/kerja?antrean=open&status=proses&terlambat=1")
    seen = [wanted.after]
    for number in range(pages):
        following = wanted.following(end_of_page(number))
        assert following is not None
        wanted = read(following)
        seen.append(wanted.after)
    for step in range(1, back + 1):
        previous = wanted.previous
        if previous is None:
            assert step > min(pages, MOST_STEPS)
            break
        wanted = read(previous)
        assert wanted.after == seen[-1 - step]
    assert (wanted.status, wanted.terlambat, wanted.antrean) == ("proses", "1", "open")
    first = wanted.first
    assert (read(first).after if first is not None else wanted.after) is None


def test_each_filter_can_be_taken_away_by_itself_and_leads_to_the_first_page() -> None:
    wanted = read("/kerja?antrean=open&status=proses&kelas=aspirasi&opd=DISHUB&cari=lampu+jalan&terlambat=1")
    wanted = read(wanted.following(end_of_page(1)) or "")
    without = [read(chip.without) for chip in wanted.chips()]
    assert len(without) == 5
    assert all(one.after is None and len(list(one.chips())) == 4 for one in without)
    assert len({one.filters for one in without}) == 5


def test_what_means_nothing_is_dropped_so_that_each_address_shows_a_list() -> None:
    wanted = read("/kerja?status=gajah&kelas=gajah&setelah=gajah&lalu=...&cari=++lampu++&terlambat=")
    assert (wanted.filters.statuses, wanted.filters.report_class, wanted.after, wanted.previous) == (
        (),
        None,
        None,
        None,
    )
    assert (wanted.filters.words, wanted.filters.overdue) == ("lampu", False)


def test_every_filter_of_a_view_that_can_be_saved_is_an_argument_of_its_page() -> None:
    for path, page in LISTS.items():
        known = SearchAddress if path.startswith("/auditor/") else QueueAddress
        assert set(page.filters) < set(known._fields), path
