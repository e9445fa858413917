"""The tray keeps what came, encrypted and once, says what waits and since when, and forgets what it no longer needs."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from kawal.domain.erasure import Basis
from kawal.domain.messages import Reporter
from kawal.domain.names import Channel
from kawal.domain.tray import KEPT, ItemState
from kawal.store.automatic_letters import AutomaticLetters
from kawal.store.data_keys import DataKeyStore
from kawal.store.erasure_list import ErasureEntry
from kawal.store.erasures import Erasures
from kawal.store.inbox import Inbox
from kawal.store.tray import MESSAGE, Tray, TrayEntry, TrayReason
from kawal.store.tray_decisions import deciding
from kawal.store.tray_erasure import erase_sent_by
from kawal.store.tray_round import TrayOffice, TrayRound
from tests.store.lives import report

FRIDAY = datetime(2022, 3, 4, 10, 0, tzinfo=UTC)
RAW = b"From: Siti <siti@example.org>\r\nSubject: Laporan saya\r\n\r\nMasih rusak."
SITI = Reporter(name="Siti Aminah", email="siti@example.org", phone="081234567890")


@pytest.fixture
def tray(pool: asyncpg.Pool, keys: DataKeyStore) -> Tray:
    return Tray(pool, keys)


@pytest.fixture
def rounds(pool: asyncpg.Pool, keys: DataKeyStore) -> TrayRound:
    return TrayRound(pool, keys)


def entry(raw: bytes = RAW, **more: Any) -> TrayEntry:
    given: dict[str, Any] = {
        "instansi": "KEPRI",
        "channel": Channel.EMAIL,
        "why": TrayReason.NAMES_REPORT,
        "received_at": FRIDAY,
        "person": True,
        "sender": "siti@example.org",
    }
    return TrayEntry(raw=raw, **given | more)


async def put(tray: Tray, raw: bytes = RAW, **more: Any) -> int:
    item = await tray.put(entry(raw, **more))
    assert item is not None
    return item


async def accept(inbox: Inbox, reporter: Reporter = SITI) -> str:
    return (await inbox.accept(report(reporter=reporter), "KEPRI", FRIDAY)).tracking_id


async def dismiss(pool: asyncpg.Pool, keys: DataKeyStore, item: int, at: datetime) -> None:
    async with deciding(pool, keys, item) as decision:
        assert decision is not None
        await decision.dismiss("admin000", at, "Iklan")


async def state_of(tray: Tray, item: int) -> tuple[ItemState, bool]:
    line = await tray.find(item)
    assert line is not None
    return line.state, line.deleted


async def test_what_was_put_in_lies_there_encrypted_with_its_sender_and_comes_out_as_it_came(
    tray: Tray, pool: asyncpg.Pool
) -> None:
    item = await put(tray)
    row = await pool.fetchrow("select * from tray_item")
    assert b"siti" not in row["body"] + row["sender"] + row["sender_mac"] + row["identity_mac"]
    assert await tray.content(item) == (RAW, "siti@example.org")
    assert await tray.content(item + 1) is None


async def test_the_same_put_again_or_at_the_same_time_lies_there_once(tray: Tray) -> None:
    put_in = await asyncio.gather(*(tray.put(entry()) for _ in range(5)))
    assert len([item for item in put_in if item is not None]) == 1
    assert await tray.put(entry(received_at=FRIDAY + timedelta(days=1))) is None
    assert len(await tray.lines()) == 1


async def test_the_same_words_sent_twice_by_message_are_two_and_one_message_delivered_twice_is_one(tray: Tray) -> None:
    said: dict[str, Any] = {"channel": Channel.SMS, "media_type": MESSAGE, "sender": "+628123456789"}
    first = await put(tray, b"TERIMA", identity="sms-1", **said)
    assert await tray.put(entry(b"TERIMA", identity="sms-1", **said)) is None
    assert await tray.put(entry(b"TERIMA", identity="sms-2", **said)) not in (None, first)


async def test_it_is_late_at_the_end_of_the_first_and_of_the_third_working_day_after_its_receipt(tray: Tray) -> None:
    await put(tray)
    (line,) = await tray.lines()
    assert line.remind_at == datetime(2022, 3, 7, 17, tzinfo=UTC)  # Monday, 24.00 WIB
    assert line.escalate_at == datetime(2022, 3, 9, 17, tzinfo=UTC)
    assert line.late_since(line.remind_at - timedelta(seconds=1)) is None
    assert line.late_since(line.remind_at) == line.remind_at
    assert await tray.late(line.remind_at) == await tray.late(line.remind_at, "KEPRI") == 1
    assert await tray.late(line.remind_at, "RIAU") == await tray.late(line.remind_at - timedelta(seconds=1)) == 0


async def test_only_reports_that_there_are_can_be_named_and_each_of_them_is_held(tray: Tray, inbox: Inbox) -> None:
    one, other, unnamed = [await accept(inbox) for _ in range(3)]
    item = await put(tray, names=(other, one, one, "9999999", "satu"))
    line = await tray.find(item)
    assert line is not None
    assert line.names == sorted([one, other])
    assert [await tray.holding(number) for number in (one, other, unnamed, "9999999")] == [True, True, False, False]


async def test_a_report_is_held_until_the_letter_is_decided_and_never_by_a_machine(
    tray: Tray, inbox: Inbox, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    number = await accept(inbox)
    await put(tray, b"machine", person=False, why=TrayReason.AUTOMATIC, names=[number])
    assert not await tray.holding(number)
    item = await put(tray, names=[number])
    await dismiss(pool, keys, item, FRIDAY)
    assert not await tray.holding(number)
    async with deciding(pool, keys, item) as decision:
        assert decision is not None
        await decision.undo()
    assert await tray.holding(number)
    assert await tray.undecided_for(number) == 1


async def test_a_letter_given_to_one_of_its_reports_can_stay_for_the_other(
    tray: Tray, inbox: Inbox, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    one, other = [await accept(inbox) for _ in range(2)]
    item = await put(tray, names=[one, other])
    for number, stays in ((one, True), (other, False)):
        async with deciding(pool, keys, item) as decision:
            assert decision is not None
            await decision.give(number, "admin000", FRIDAY, stays=stays)
        assert not await tray.holding(number)
        assert await tray.holding(other) is stays
    assert await state_of(tray, item) == (ItemState.GIVEN, False)


async def test_two_who_decide_at_once_decide_one_after_the_other(
    tray: Tray, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    item = await put(tray)
    seen: list[ItemState] = []

    async def decide() -> None:
        async with deciding(pool, keys, item) as decision:
            assert decision is not None
            seen.append(decision.line.state)
            await decision.dismiss("admin000", FRIDAY, "Iklan")

    await asyncio.gather(decide(), decide())
    assert seen == [ItemState.WAITING, ItemState.DISMISSED]


async def test_what_fails_while_it_is_decided_leaves_it_waiting(
    tray: Tray, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    item = await put(tray)

    async def broken_off() -> None:
        async with deciding(pool, keys, item) as decision:
            assert decision is not None
            await decision.dismiss("admin000", FRIDAY, "Iklan")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await broken_off()
    assert await state_of(tray, item) == (ItemState.WAITING, False)


async def test_passed_to_another_agency_it_lies_there_alone_keeps_its_time_and_that_agency_is_told_anew(
    tray: Tray, rounds: TrayRound, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    await pool.execute("insert into instansi (code, name) values ('RIAU', 'Provinsi Riau')")
    item = await put(tray)
    (before,) = await tray.lines()
    async with rounds.due(TrayOffice.ADMINS, "KEPRI", before.remind_at) as due:
        await due.told(before.remind_at)
    async with deciding(pool, keys, item) as decision:
        assert decision is not None
        await decision.pass_to("RIAU")
    assert await tray.lines(instansi="KEPRI") == []
    (after,) = await tray.lines(instansi="RIAU")
    assert (after.remind_at, after.escalate_at, after.came_to) == (before.remind_at, before.escalate_at, "KEPRI")
    assert await rounds.agencies_due(TrayOffice.ADMINS, before.remind_at) == ["RIAU"]
    assert await tray.put(entry()) is None


async def test_an_office_is_told_of_each_item_once_and_of_a_machines_never(tray: Tray, rounds: TrayRound) -> None:
    await put(tray, b"machine", person=False, why=TrayReason.AUTOMATIC)
    item = await put(tray)
    (line,) = await tray.lines(escalated_by=FRIDAY + timedelta(days=30))
    for office, at in ((TrayOffice.ADMINS, line.remind_at), (TrayOffice.INSPECTORATE, line.escalate_at)):
        assert await rounds.agencies_due(office, at - timedelta(seconds=1)) == []
        assert await rounds.agencies_due(office, at) == ["KEPRI"]
        async with rounds.due(office, "KEPRI", at) as due:
            assert [one.item for one in due.lines] == [item]
            async with rounds.due(office, "KEPRI", at) as nobody_else:
                assert nobody_else.lines == []
            await due.told(at)
        assert await rounds.agencies_due(office, at + timedelta(days=99)) == []


async def test_a_round_that_fails_while_it_tells_leaves_the_item_due(tray: Tray, rounds: TrayRound) -> None:
    await put(tray)
    at = FRIDAY + timedelta(days=10)

    async def broken_off() -> None:
        async with rounds.due(TrayOffice.ADMINS, "KEPRI", at) as due:
            await due.told(at)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await broken_off()
    assert await rounds.agencies_due(TrayOffice.ADMINS, at) == ["KEPRI"]
    async with rounds.due(TrayOffice.ADMINS, "KEPRI", at) as due:
        await due.put_off(at + timedelta(days=1))
    assert await rounds.agencies_due(TrayOffice.ADMINS, at) == []
    assert await rounds.agencies_due(TrayOffice.ADMINS, at + timedelta(days=1)) == ["KEPRI"]


async def test_a_person_is_answered_once_and_neither_a_machine_nor_a_number_nor_who_wants_no_answer(
    tray: Tray, rounds: TrayRound
) -> None:
    await put(tray, b"machine", person=False, why=TrayReason.AUTOMATIC)
    await put(tray, b"number", channel=Channel.SMS, sender="+628123456789")
    await put(tray, b"marked", answer=False)
    await put(tray, b"nobody", sender=None)
    item = await put(tray)
    async with rounds.awaited_answer(0, FRIDAY) as awaited:
        assert awaited == (item, "KEPRI", "siti@example.org", FRIDAY)
        async with rounds.awaited_answer(0, FRIDAY) as nobody_else:
            assert nobody_else is None
    async with rounds.awaited_answer(0, FRIDAY) as awaited:
        assert awaited is None
    line = await tray.find(item)
    assert line is not None
    assert line.answered_at == FRIDAY


async def test_an_address_gets_three_automatic_letters_a_day_and_one_that_fails_does_not_count(
    tray: Tray, rounds: TrayRound, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    for number in range(5):
        await put(tray, b"%d" % number)
    with pytest.raises(RuntimeError):
        async with rounds.awaited_answer(0, FRIDAY):
            raise RuntimeError
    answered = 0
    while True:
        async with rounds.awaited_answer(0, FRIDAY) as awaited:
            if awaited is None:
                break
            answered += 1
    assert answered == 3
    letters = AutomaticLetters(pool, keys)
    friday = date(2022, 3, 4)
    assert not await letters.may_answer("SITI@example.org ", on_day=friday)
    assert await letters.may_answer("siti@example.org")
    assert await letters.may_answer("budi@example.org", on_day=friday)
    await letters.forget(friday + timedelta(days=1))
    assert await letters.may_answer("siti@example.org", on_day=friday)


async def test_a_dismissed_letter_is_kept_for_thirty_days_and_its_row_for_good(
    tray: Tray, rounds: TrayRound, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    item = await put(tray)
    await dismiss(pool, keys, item, FRIDAY)
    assert await rounds.empty(FRIDAY + KEPT) == 0
    assert await tray.content(item) is not None
    assert await rounds.empty(FRIDAY + KEPT + timedelta(seconds=1)) == 1
    assert await tray.content(item) is None
    assert await state_of(tray, item) == (ItemState.DISMISSED, True)
    assert await tray.put(entry()) is None


async def test_a_machines_letter_is_gone_after_thirty_days_and_a_persons_waits_for_ever(
    tray: Tray, rounds: TrayRound
) -> None:
    machines = await put(tray, b"machine", person=False, why=TrayReason.AUTOMATIC)
    persons = await put(tray)
    assert await rounds.empty(FRIDAY + timedelta(days=3000)) == 1
    assert await state_of(tray, machines) == (ItemState.EXPIRED, True)
    assert await state_of(tray, persons) == (ItemState.WAITING, False)


async def erase(pool: asyncpg.Pool, keys: DataKeyStore, number: str, basis: Basis = Basis.REQUEST) -> None:
    async def listed(_entry: ErasureEntry) -> None:
        return None

    gone = ErasureEntry(tracking_id=number, at=FRIDAY, role="agency_admin", account="admin000", ground=str(basis))
    assert await Erasures(pool, keys).erase(gone, listed)


async def test_a_persons_letters_go_with_their_report_by_what_they_name_and_by_who_sent_them(
    tray: Tray, inbox: Inbox, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    number = await accept(inbox)
    named = await put(tray, b"named", names=[number], sender="lain@example.org")
    sent = await put(tray, b"sent", sender="SITI@example.org")
    called = await put(tray, b"called", channel=Channel.SMS, sender="0812 3456 7890")
    others = await put(tray, b"others", sender="budi@example.org")
    await erase(pool, keys, number)
    assert [await state_of(tray, item) for item in (named, sent, called)] == [(ItemState.ERASED, True)] * 3
    assert await state_of(tray, others) == (ItemState.WAITING, False)
    assert await pool.fetchval("select count(*) from tray_item where sender is null and sender_mac is null") == 3


async def test_a_persons_letters_go_by_who_sent_them_where_there_is_no_report(
    tray: Tray, inbox: Inbox, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    number = await accept(inbox)
    named = await put(tray, b"named", names=[number])
    sent, called = await put(tray, b"sent"), await put(tray, b"called", channel=Channel.SMS, sender="0812 3456 7890")
    others = await put(tray, b"others", sender="budi@example.org")
    dismissed = await put(tray, b"dismissed")
    await dismiss(pool, keys, dismissed, FRIDAY)
    asked = ["Siti@Example.org", "+62 812 3456 7890", ""]
    assert await erase_sent_by(pool, keys, asked, "RIAU", "admin000", FRIDAY, undecided=True) == 0
    assert await erase_sent_by(pool, keys, asked, "KEPRI", "admin000", FRIDAY, undecided=False) == 1
    assert await erase_sent_by(pool, keys, asked, None, "admin000", FRIDAY, undecided=True) == 2
    assert [(await state_of(tray, item))[1] for item in (dismissed, sent, called, named, others)] == [
        True,
        True,
        True,
        False,
        False,
    ]


async def test_a_letter_that_names_two_reports_goes_with_the_last_of_them(
    tray: Tray, inbox: Inbox, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    one, other = [await accept(inbox) for _ in range(2)]
    item = await put(tray, names=[one, other])
    await erase(pool, keys, one)
    assert await state_of(tray, item) == (ItemState.WAITING, False)
    await erase(pool, keys, other)
    assert await state_of(tray, item) == (ItemState.ERASED, True)


async def test_what_nobody_has_decided_is_not_erased_merely_because_its_report_is_needed_no_longer(
    tray: Tray, inbox: Inbox, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    number = await accept(inbox)
    waiting, decided = await put(tray, b"1", names=[number]), await put(tray, b"2", names=[number])
    await dismiss(pool, keys, decided, FRIDAY)
    await erase(pool, keys, number, Basis.NOT_NEEDED)
    assert await state_of(tray, waiting) == (ItemState.WAITING, False)
    assert await state_of(tray, decided) == (ItemState.DISMISSED, True)
