"""A reply that was accepted in time prevails over the silence that would end something, however late it arrives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from kawal.client.replies import ReplyRelay
from kawal.domain.calendar import at_local
from kawal.domain.names import ClockKind, EventKind, Status
from kawal.store.kept_replies import KeptReplies
from tests.workflows.life import Case, Office, january, reply

ARGUMENTS = {"text": "Di depan kios 12", "files": []}


def kept_of(office: Office) -> KeptReplies:
    return KeptReplies(office.complaints.pool, office.complaints.system.keys)


async def keep(case: Case, at: datetime, key: str = "balasan-1") -> None:
    """Keep a reply as intake does while the complaint cannot be reached."""
    assert await kept_of(case.office).keep(case.tracking_id, reply(ARGUMENTS, key), "email", at)


@pytest.mark.parametrize("replies", [1, 2])
async def test_a_kept_reply_is_done_before_its_hold_can_end_and_handed_on_it_is_no_second_one(
    office: Office, replies: int
) -> None:
    case = await office.receive()
    await case.admin("hold", missing="Lokasinya di mana?")
    times = [at_local(january(24), 10), at_local(january(24), 23)][:replies]
    for number, at in enumerate(times):
        await keep(case, at, f"balasan-{number}")
    await case.until(january(25), 9)
    assert EventKind.HOLD_EXPIRED not in await case.kinds()
    assert (await case.row()).status is Status.BELUM_DIVERIFIKASI
    assert (await case.event(EventKind.REPLIED)).at == times[0]
    assert await ReplyRelay(office.complaints).hand_on() == replies
    replied = await case.events(EventKind.REPLIED)
    assert [event.at for event in replied] == times
    assert all(event.recorded_at > event.at for event in replied)
    assert await office.complaints.pool.fetch("select from inbox_reply where status <> 'sent'") == []


async def test_a_reply_that_came_after_the_hold_had_ended_is_refused_when_it_is_handed_on(office: Office) -> None:
    case = await office.receive()
    await case.admin("hold", missing="Lokasinya di mana?")
    await keep(case, at_local(january(25), 1))
    await case.until(january(25), 9)
    assert (await case.row()).status is Status.DIARSIPKAN
    await ReplyRelay(office.complaints).hand_on()
    row = await office.complaints.pool.fetchrow("select status, last_error from inbox_reply")
    assert tuple(row) == ("refused", "ended")
    (waiting,) = await office.complaints.system.tray.lines()
    assert (waiting.why, waiting.person, waiting.names) == ("report_over", True, [case.tracking_id])
    content = await office.complaints.system.tray.content(waiting.item)
    assert content is not None
    assert content.raw.decode() == ARGUMENTS["text"]


@pytest.mark.parametrize(
    ("command", "arguments", "words"),
    [("accept", {"rating": 4}, "TERIMA 4"), ("rate", {"rating": 2, "words": "Lambat"}, "NILAI 2\nLambat")],
)
async def test_a_verdict_that_is_refused_after_the_end_is_left_to_a_person_whole(
    office: Office, command: str, arguments: dict[str, Any], words: str
) -> None:
    case = await office.receive()
    await case.admin("archive", reason="Bukan pengaduan.")
    said = reply(arguments, "kata-1").model_copy(update={"name": command})
    await kept_of(office).keep(case.tracking_id, said, "email", at_local(january(4), 10))
    await ReplyRelay(office.complaints).hand_on()
    (waiting,) = await office.complaints.system.tray.lines()
    content = await office.complaints.system.tray.content(waiting.item)
    assert content is not None
    assert content.raw.decode() == words


async def test_a_kept_reply_starts_the_ten_days_anew_from_its_receipt(office: Office) -> None:
    case = await office.receive()
    await case.finish()
    await keep(case, at_local(january(24), 10))
    await case.until(january(26), 9)
    assert EventKind.AUTO_CLOSED not in await case.kinds()
    (replied,) = await case.events(EventKind.REPLIED)
    assert replied.at == at_local(january(24), 10)
    assert await case.deadline(ClockKind.AUTO_CLOSE) == date(2022, 2, 8)
