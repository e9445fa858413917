"""An act beside the process under an idempotency key is done once, however often it is sent."""

from __future__ import annotations

import asyncio

import pytest

from kawal.desks.table import Desk, perform
from kawal.domain.names import Role
from kawal.domain.refusals import Refusal
from tests.workflows.life import Case, Office

KEY = "catatan-2026-17"


def note(case: Case, text: str = "Sudah ditelepon.") -> dict[str, str]:
    return {"tracking_id": case.tracking_id, "text": text, "audience": "own"}


async def notes_on(case: Case) -> int:
    notes = await case.office.complaints.record.notes.of(case.tracking_id)
    return len(notes)


async def refusal_of(desk: Desk, name: str, given: dict[str, str], key: str) -> str:
    with pytest.raises(Refusal) as refused:
        await perform(desk, name, given, key)
    return refused.value.code


async def test_sent_many_times_at_once_it_is_done_once_and_the_others_are_told(office: Office) -> None:
    case = await office.receive()
    desk = Desk(office.complaints, await case.person(Role.ADMIN))
    sendings = (perform(desk, "note add", note(case), KEY) for _ in range(8))
    answers = await asyncio.gather(*sendings, return_exceptions=True)
    told = [answer.code for answer in answers if isinstance(answer, Refusal)]
    assert (len(told), await notes_on(case)) == (7, 1)
    assert set(told) <= {"already_done", "act_unclear"}
    assert await refusal_of(desk, "note add", note(case), KEY) == "already_done"


async def test_a_key_is_one_acts_and_one_senders(office: Office) -> None:
    case = await office.receive()
    desk = Desk(office.complaints, await case.person(Role.ADMIN))
    await perform(desk, "note add", note(case), KEY)
    assert await refusal_of(desk, "note add", note(case, "Lain."), KEY) == "key_reused"
    assert await refusal_of(desk, "note strike", {**note(case), "note": "1"}, KEY) in {"key_reused", "malformed"}
    await perform(Desk(office.complaints, await case.person(Role.INSPECTORATE)), "note add", note(case), KEY)
    await perform(desk, "note add", note(case))
    assert await notes_on(case) == 3


async def test_what_was_refused_may_be_sent_again_under_its_key(office: Office) -> None:
    case = await office.receive()
    desk = Desk(office.complaints, await case.person(Role.ADMIN))
    unknown = {"tracking_id": case.tracking_id, "note": "999999", "why": "Salah laporan"}
    assert await refusal_of(desk, "note strike", unknown, KEY) == "note_unknown"
    assert await refusal_of(desk, "note strike", unknown, KEY) == "note_unknown"


async def test_where_nobody_knows_how_it_ended_it_is_not_done_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await office.receive()
    desk = Desk(office.complaints, await case.person(Role.ADMIN))

    async def lost(*_: object) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as away:
        away.setattr(office.complaints.record.done_acts, "done", lost)
        with pytest.raises(ConnectionResetError):
            await perform(desk, "note add", note(case), KEY)
    assert await refusal_of(desk, "note add", note(case), KEY) == "act_unclear"
    assert await notes_on(case) == 1


async def test_neither_keys_nor_what_was_asked_can_be_read_in_the_table(office: Office) -> None:
    case = await office.receive()
    await perform(Desk(office.complaints, await case.person(Role.ADMIN)), "note add", note(case), KEY)
    stored = str([tuple(row) for row in await office.complaints.pool.fetch("select * from done_act")])
    assert KEY not in stored
    assert "ditelepon" not in stored
