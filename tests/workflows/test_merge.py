"""Merging: only into an open older report of the same agency, whose notices the follower's reporter gets, too."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from kawal.domain.names import EventKind, Status
from kawal.domain.process.decide import CLOCKWORK
from kawal.store.seed_data import add_agency
from tests.workflows.conftest import Opening
from tests.workflows.conftest import shared_office as office
from tests.workflows.data_keys import key_away
from tests.workflows.life import Case, Office, january, refusal
from workflows import complaint
from workflows.steps import JOIN_MAIN

__all__ = ["office"]

BATAM = """
[instansi]
code = "BATAM"
name = "Pemerintah Kota Batam"

[[opd]]
code = "DISHUB"
name = "Dinas Perhubungan"
"""


async def main_of(case: Case) -> str | None:
    return (await case.row()).main_report


async def test_a_report_is_merged_after_the_main_one_has_accepted_it(office: Office) -> None:
    main, follower = await office.receive(), await office.receive(on=january(11))
    await follower.admin("merge", main=main.tracking_id)
    assert (await follower.handle().result())["status"] == "digabung"
    assert await main_of(follower) == main.tracking_id
    assert (await main.state()).followers == [follower.tracking_id]
    assert (await main.event(EventKind.FOLLOWER_ATTACHED)).facts["followers"] == [follower.tracking_id]
    assert await follower.told("merged") == ["reporter"]


async def test_the_followers_reporter_is_told_what_the_main_reports_reporter_is_told(office: Office) -> None:
    main, follower = await office.receive(), await office.receive(on=january(11))
    await follower.admin("merge", main=main.tracking_id)
    await main.finish()
    assert await main.told("followed_up_final") == ["reporter"]
    assert await follower.told("followed_up_final") == ["reporter"]
    await main.reporter("accept", rating=5)
    assert await follower.told("accepted") == ["reporter"]


async def test_merging_a_main_report_moves_its_followers_along(office: Office) -> None:
    first, second, third = await office.receive(), await office.receive(hour=10), await office.receive(hour=11)
    await third.admin("merge", main=second.tracking_id)
    await second.admin("merge", main=first.tracking_id)
    assert (await first.state()).followers == [second.tracking_id, third.tracking_id]
    assert await main_of(second) == first.tracking_id
    assert await main_of(third) == first.tracking_id
    await first.finish()
    assert await third.told("followed_up_final") == ["reporter"]


async def test_merging_into_an_unknown_report_is_refused(office: Office) -> None:
    case = await office.receive()
    assert (await refusal(case.admin("merge", main="0000000"))).code == "main_unknown"
    assert (await refusal(case.admin("merge", main=case.tracking_id))).code == "main_is_itself"


async def test_merging_into_a_report_that_has_ended_is_refused(office: Office) -> None:
    selesai, archived, case = await office.receive(), await office.receive(), await office.receive(on=january(12))
    await selesai.close()
    await archived.admin("archive", reason="Bukan laporan")
    await archived.handle().result()
    for main in (selesai, archived):
        assert (await refusal(case.admin("merge", main=main.tracking_id))).code == "main_final"
    assert (await case.row()).status is Status.BELUM_DIVERIFIKASI


async def test_merging_into_a_report_received_later_is_refused(office: Office) -> None:
    older, newer = await office.receive(), await office.receive(on=january(11))
    assert (await refusal(older.admin("merge", main=newer.tracking_id))).code == "main_later"
    assert (await newer.state()).followers == []


async def test_merging_into_another_agencys_report_is_refused(open_office: Opening) -> None:
    async with open_office() as office:
        case = await office.receive()
        async with office.complaints.pool.acquire() as conn:
            await add_agency(conn, BATAM)
        foreign = await office.receive(instansi="BATAM")
        assert (await refusal(case.admin("merge", main=foreign.tracking_id))).code == "main_other_instansi"


async def test_two_reports_merged_into_one_another_at_once_never_both_end(office: Office) -> None:
    one, other = await office.receive(), await office.receive()
    await asyncio.gather(
        one.admin("merge", main=other.tracking_id),
        other.admin("merge", main=one.tracking_id),
        return_exceptions=True,
    )
    statuses = [(await case.row()).status for case in (one, other)]
    assert statuses.count(Status.DIGABUNG) <= 1
    await asyncio.gather(*(case.handle().query("state") for case in (one, other)))


async def test_many_reports_merged_at_once_are_all_accepted(office: Office) -> None:
    main = await office.receive()
    followers = [await office.receive(on=january(11)) for _ in range(5)]
    await asyncio.gather(*(case.admin("merge", main=main.tracking_id) for case in followers))
    assert sorted((await main.state()).followers) == sorted(case.tracking_id for case in followers)


async def test_merging_into_a_report_that_cannot_be_asked_is_refused_in_the_end_and_keeps_nothing_waiting(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = JOIN_MAIN._replace(start_to_close=timedelta(seconds=1), schedule_to_close=timedelta(seconds=3))
    main, other = await office.receive(), await office.receive(on=january(11))
    with monkeypatch.context() as patch:
        patch.setattr(complaint, "JOIN_MAIN", seconds)
        async with key_away(main):
            assert (await refusal(other.admin("merge", main=main.tracking_id))).code == "main_away"
    # With the usual time limit: the main report's own task has to be retried first.
    await other.admin("merge", main=main.tracking_id)
    assert await main_of(other) == main.tracking_id


async def test_who_was_accepted_as_a_follower_and_not_merged_after_all_hears_of_its_own_report_alone(
    office: Office,
) -> None:
    main, other = await office.receive(), await office.receive(on=january(11))
    arguments: dict[str, object] = {
        "follower": other.tracking_id,
        "received_at": (await other.state()).received_at.isoformat(),
        "instansi": "KEPRI",
    }
    await office.complaints.send(main.tracking_id, "attach", CLOCKWORK, arguments)
    await main.close()
    assert await main.told("accepted") == ["reporter"]
    assert await other.told("accepted") == []
