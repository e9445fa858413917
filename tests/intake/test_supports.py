"""Supporting a report: once a browser or a confirmed address, counted for what it was merged into."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from kawal.domain.supports import CONFIRMED_WITHIN, SupportOutcome
from kawal.intake.supports import Supports
from kawal.store.side_acts import SideActKind
from kawal.store.supports import SupportRows
from tests.workflows.life import Case, Office

EMAIL = "wati@contoh.example"


@pytest.fixture
def supports(office: Office) -> Supports:
    return Supports(office.complaints)


async def public(office: Office, **fields: Any) -> Case:
    case = await office.receive(**fields)
    await case.verify()
    return case


async def give(supports: Supports, case: Case, browser: str = "a", email: str | None = None) -> SupportOutcome:
    return (await supports.support(case.tracking_id, browser=browser, email=email, lang="id")).outcome


async def count(supports: Supports, case: Case) -> int:
    return (await supports.count_of([case.tracking_id]))[case.tracking_id]


async def token(case: Case, browser: str = "a") -> str:
    rows: SupportRows = case.office.complaints.record.supports
    mac = await case.office.complaints.record.keys.mac("supporter", "browser", browser)
    return await rows.token(case.tracking_id, mac)


async def acts(case: Case) -> list[SideActKind]:
    found = await case.office.complaints.record.side_acts.of(case.tracking_id)
    assert all(one.actor is None for one in found)
    return [one.kind for one in found]


async def test_a_browser_counts_once_and_may_take_it_back(office: Office, supports: Supports) -> None:
    case = await public(office)
    assert [await give(supports, case) for _ in range(2)] == [SupportOutcome.SUPPORTED, SupportOutcome.ALREADY]
    assert await give(supports, case, "b") is SupportOutcome.SUPPORTED
    assert await count(supports, case) == 2
    assert await supports.supported(case.tracking_id, "a")
    assert await supports.unsupport(case.tracking_id, browser="a")
    assert not await supports.unsupport(case.tracking_id, browser="a")
    assert not await supports.supported(case.tracking_id, "a")
    assert await count(supports, case) == 1
    assert await give(supports, case) is SupportOutcome.SUPPORTED
    assert await acts(case) == [
        SideActKind.SUPPORTED,
        SideActKind.SUPPORTED,
        SideActKind.UNSUPPORTED,
        SideActKind.SUPPORTED,
    ]
    shown = await office.complaints.pool.fetchval(
        "select supporters from public_report where tracking_id = $1", case.tracking_id
    )
    assert shown == 2


async def test_a_browser_that_presses_several_times_at_once_supports_once(office: Office, supports: Supports) -> None:
    case = await public(office)
    given = await asyncio.gather(*(give(supports, case) for _ in range(6)))
    assert sorted(given) == [SupportOutcome.ALREADY] * 5 + [SupportOutcome.SUPPORTED]
    assert await acts(case) == [SideActKind.SUPPORTED]


async def test_only_public_words_that_have_not_ended_are_supported(office: Office, supports: Supports) -> None:
    unverified, secret = await office.receive(), await public(office, rahasia=True)
    for case in (unverified, secret):
        answer = await supports.support(case.tracking_id, browser="a", email=None, lang="id")
        assert (answer.outcome, answer.supporters) == (SupportOutcome.NOT_PUBLIC, 0)
    for number in ("9999999", "bukan nomor", ""):
        answer = await supports.support(number, browser="a", email=None, lang="id")
        assert answer.outcome is SupportOutcome.NOT_PUBLIC
        assert not await supports.supported(number, "a")
        assert not await supports.unsupport(number, browser="a")
    ended = await office.receive()
    await ended.close()
    assert await give(supports, ended) is SupportOutcome.FINAL
    assert await office.complaints.pool.fetchval("select count(*) from side_act") == 0


async def test_an_address_is_confirmed_by_its_letters_token_and_one_person_counts_once(
    office: Office, supports: Supports
) -> None:
    case = await public(office)
    answer = await supports.support(case.tracking_id, browser="a", email=f" {EMAIL} ", lang="id")
    assert answer.letter
    assert await give(supports, case, "b", EMAIL.upper()) is SupportOutcome.SUPPORTED
    assert await count(supports, case) == 2
    assert await supports.confirm(await token(case)) == case.tracking_id
    assert await supports.confirm(await token(case, "b")) == case.tracking_id
    assert await supports.confirm(await token(case, "b")) == case.tracking_id
    assert await count(supports, case) == 1
    assert await supports.unsupport_by(await token(case)) == case.tracking_id
    assert await supports.unsupport_by(await token(case)) == case.tracking_id
    assert await count(supports, case) == 1
    assert (await acts(case)).count(SideActKind.CONFIRMED) == 2
    assert (await acts(case)).count(SideActKind.UNSUPPORTED) == 1


async def test_a_token_of_nothing_does_nothing_and_a_late_one_confirms_nothing(
    office: Office, supports: Supports
) -> None:
    case = await public(office)
    await give(supports, case, email=EMAIL)
    assert await supports.confirm("0" * 32) is None
    assert await supports.unsupport_by("0" * 32) is None
    began = office.complaints.now()
    office.complaints.now = lambda: began + CONFIRMED_WITHIN + timedelta(minutes=1)
    assert await supports.confirm(await token(case)) is None
    assert await count(supports, case) == 1


async def test_what_is_no_address_is_told_and_nothing_is_taken(office: Office, supports: Supports) -> None:
    case = await public(office)
    for typed in ("wati", "wati@", "a@b.example, c@d.example", "wati@contoh.example\nBcc: x@y.example"):
        assert await give(supports, case, email=typed) is SupportOutcome.BAD_ADDRESS, typed
        assert await count(supports, case) == 0, typed


async def test_an_address_stands_nowhere_in_the_clear_and_goes_when_the_support_ends(
    office: Office, supports: Supports
) -> None:
    case = await public(office)
    await give(supports, case, email=EMAIL)
    pool = office.complaints.pool
    rows = [*await pool.fetch("select * from support"), *await pool.fetch("select * from side_act")]
    assert "wati" not in str(rows)
    assert await pool.fetchval("select count(email) from support") == 1
    await supports.unsupport(case.tracking_id, browser="a")
    assert await pool.fetchval("select count(email) + count(email_mac) from support") == 0


async def test_support_moves_along_with_a_merge_and_counts_once_there(office: Office, supports: Supports) -> None:
    main, follower, third = await public(office), await public(office), await public(office)
    for case, browser in ((main, "a"), (follower, "a"), (follower, "b"), (third, "c")):
        assert await give(supports, case, browser) is SupportOutcome.SUPPORTED
    await follower.admin("merge", main=main.tracking_id)
    assert await count(supports, main) == 2
    assert await supports.supported(main.tracking_id, "b")
    assert await give(supports, main, "b") is SupportOutcome.ALREADY
    assert await give(supports, follower, "d") is SupportOutcome.FINAL
    assert await supports.unsupport(main.tracking_id, browser="a")
    assert await count(supports, main) == 1
    assert await count(supports, third) == 1


async def test_support_moves_on_when_the_main_report_is_merged_itself(office: Office, supports: Supports) -> None:
    first, second, third = await public(office), await public(office), await public(office)
    await give(supports, third, "a")
    await give(supports, second, "b")
    await third.admin("merge", main=second.tracking_id)
    await second.admin("merge", main=first.tracking_id)
    assert await count(supports, first) == 2
    assert await supports.unsupport(first.tracking_id, browser="a")
    assert await count(supports, first) == 1


async def test_supports_of_what_is_no_longer_public_end_by_themselves(office: Office, supports: Supports) -> None:
    main, follower, other = await public(office), await public(office), await public(office)
    await give(supports, follower, "a")
    await give(supports, main, "b")
    await give(supports, other, "a")
    await follower.admin("merge", main=main.tracking_id)
    rows = office.complaints.record.supports
    assert await rows.end_hidden(office.complaints.now()) == 0
    await main.reporter("conceal", rahasia=True)
    assert await rows.end_hidden(office.complaints.now()) == 2
    assert await rows.end_hidden(office.complaints.now()) == 0
    assert [await count(supports, case) for case in (main, other)] == [0, 1]
    (_, ended) = await office.complaints.record.side_acts.of(follower.tracking_id)
    assert (ended.kind, ended.facts) == (SideActKind.UNSUPPORTED, {"why": "not_public"})
    assert ended.actor is not None
