"""What is passed on to another agency of this installation starts there, once, as of the first receipt."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from kawal.domain.names import Channel, ClockKind, EventKind, Status
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.intake.handover import HandoverRelay, agency_named
from kawal.operate.upkeep import upkeep
from kawal.record import master_key_file
from kawal.store.directory import Instansi
from kawal.store.inbox import Inbox
from tests.intake.dying_handover import STEPS
from tests.workflows.conftest import Opening
from tests.workflows.life import MONDAY, Case, Office, eventually, january


@pytest.fixture
async def office(open_office: Opening) -> AsyncIterator[Office]:
    """Yield an installation of two agencies, whose relays work only when a test has them work."""
    async with open_office() as opened:
        await opened.complaints.pool.execute(
            "insert into instansi (code, name) values ('BATAM', 'Pemerintah Kota Batam')"
        )
        yield opened


def attachments_of(office: Office) -> Attachments:
    complaints = office.complaints
    return Attachments(complaints.system, AttachmentSettings.from_env(complaints.settings.home))


def relay(office: Office) -> HandoverRelay:
    return HandoverRelay(office.complaints, attachments_of(office))


async def goes_on_as(office: Office, case: Case) -> str | None:
    handover = await office.complaints.record.handovers.of(case.tracking_id)
    return None if handover is None else handover.started_as


async def started_there(office: Office, case: Case) -> Case:
    """Have what was passed on started where it went, and return it."""
    await relay(office).hand_over()
    number = await goes_on_as(office, case)
    assert number is not None
    await office.complaints.starting.start_waiting()
    there = Case(office, number)

    async def recorded() -> bool:
        return await office.complaints.ledger.snapshot(number) is not None

    await eventually(recorded)
    return there


async def note() -> AsyncIterator[bytes]:
    """Yield a file that came with a report."""
    yield b"Jalan berlubang sejak Oktober.\n"


async def accepted(office: Office) -> int:
    """Return how many reports were accepted."""
    return int(await office.complaints.pool.fetchval("select count(*) from inbox"))


@pytest.mark.parametrize("said", ["BATAM", " batam ", "Pemerintah Kota Batam"])
async def test_it_goes_on_there_with_the_same_words_reporter_and_day_under_a_number_of_its_own(
    office: Office, said: str
) -> None:
    place = {"text": "Pasar Bincen", "latitude": 0.9, "longitude": 104.4}
    case = await office.receive(
        anonim=True, place=place, occurred_on="2022-01-08", external_id="A-1", chosen_opd="DPUPR", channel=Channel.APP
    )
    await case.forward()
    await case.admin("pass_on", agency=said)
    there = await started_there(office, case)
    first = await office.complaints.record.inbox.find(case.tracking_id)
    second = await office.complaints.record.inbox.find(there.tracking_id)
    assert first is not None
    assert second is not None
    assert second.report == first.report.model_copy(update={"external_id": None, "chosen_opd": None})
    row = await there.row()
    assert (row.instansi, row.status, row.anonim, row.rahasia) == ("BATAM", Status.BELUM_DIVERIFIKASI, True, False)
    assert row.received_at == (await case.row()).received_at
    assert await there.told("received") == ["reporter"]
    assert (await case.row()).status is Status.BUKAN_WEWENANG


async def test_a_deadline_gone_by_breaches_there_at_once(office: Office) -> None:
    case = await office.receive()
    await case.until(january(25))
    await case.admin("pass_on", agency="BATAM")
    there = await started_there(office, case)

    async def breached() -> bool:
        return bool(await there.events(EventKind.BREACHED))

    await eventually(breached)
    state = await there.state()
    clock = state.clock(ClockKind.VERIFY)
    assert clock is not None
    assert clock.nominal is not None
    assert (clock.started_on, clock.breached_at) == (MONDAY, (await there.event(EventKind.BREACHED)).at)


async def test_to_an_agency_outside_or_an_inactive_one_it_ends_as_before(office: Office) -> None:
    await office.complaints.pool.execute(
        "insert into instansi (code, name, active) values ('BINTAN', 'Kabupaten Bintan', false)"
    )
    for said in ("Kementerian PUPR", "BINTAN", "KEPRI"):
        case = await office.receive()
        await case.admin("pass_on", agency=said)
        before = await accepted(office)
        await relay(office).hand_over()
        handover = await office.complaints.record.handovers.of(case.tracking_id)
        assert handover is not None
        assert (handover.started_as, handover.decided) == (None, True)
        assert await accepted(office) == before


async def test_however_many_relays_hand_over_however_often_it_starts_once(office: Office) -> None:
    cases = [await office.receive() for _ in range(3)]
    for case in cases:
        await case.admin("pass_on", agency="BATAM")
    started = await asyncio.gather(*(relay(office).hand_over() for _ in range(4)))
    started.append(await relay(office).hand_over())
    assert sum(started) == len(cases)
    assert await accepted(office) == 2 * len(cases)


@pytest.mark.parametrize("step", STEPS)
async def test_a_relay_killed_at_a_step_leaves_one_report_there_with_its_file_once(office: Office, step: str) -> None:
    case = await office.receive()
    files = attachments_of(office)
    await files.add(case.tracking_id, "catatan.txt", note())
    await case.admin("pass_on", agency="BATAM")
    system = office.complaints.system
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.intake.dying_handover",
        step,
        system.settings.model_dump_json(),
        system.endpoints.model_dump_json(),
        str(master_key_file(system.settings.home)),
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert await process.wait() == -signal.SIGKILL
    there = await started_there(office, case)
    assert await accepted(office) == 2
    assert [file.name for file in await files.list(there.tracking_id)] == ["catatan.txt"]


@pytest.mark.parametrize("step", ["accept_within", "after"])
async def test_cut_off_between_its_steps_it_is_done_whole_the_next_time(
    office: Office, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    case = await office.receive()
    await case.admin("pass_on", agency="BATAM")
    original = Inbox.accept_within

    async def cut_off(self: Inbox, conn: asyncpg.Connection, *given: Any) -> str:
        if step == "after":
            await original(self, conn, *given)
        raise ConnectionResetError("cut off")

    with monkeypatch.context() as patch:
        patch.setattr(Inbox, "accept_within", cut_off)
        assert await relay(office).hand_over() == 0
    assert await accepted(office) == 1
    assert await relay(office).hand_over() == 0  # it rests a minute, so that it holds up nobody
    await office.complaints.pool.execute("update handover set next_try_at = now()")
    assert await relay(office).hand_over() == 1
    assert await accepted(office) == 2


async def test_what_the_reporter_concealed_before_the_handover_is_hidden_there_from_the_start(office: Office) -> None:
    case = await office.receive()
    await case.admin("pass_on", agency="BATAM")
    await case.reporter("conceal", rahasia=True)
    there = await started_there(office, case)
    waiting = await office.complaints.record.inbox.find(there.tracking_id)
    assert waiting is not None
    assert (waiting.report.anonim, waiting.report.rahasia) == (False, True)
    assert (await there.row()).rahasia


async def test_what_the_reporter_conceals_of_the_first_one_later_is_hidden_there_too(office: Office) -> None:
    case = await office.receive()
    await case.admin("pass_on", agency="BATAM")
    there = await started_there(office, case)
    await case.reporter("conceal", anonim=True)
    for _ in range(2):
        await relay(office).hand_over()
    row = await there.row()
    assert (row.anonim, row.rahasia) == (True, False)
    assert len(await there.events(EventKind.CONCEALED)) == 1


async def test_its_files_go_with_it_each_once(office: Office) -> None:
    case = await office.receive()
    files = attachments_of(office)
    await files.add(case.tracking_id, "catatan.txt", note())
    await case.admin("pass_on", agency="BATAM")
    there = await started_there(office, case)
    await office.complaints.pool.execute("update handover set files_at = null")
    await relay(office).hand_over()
    (copied,) = await files.list(there.tracking_id)
    _, content = await files.open(there.tracking_id, copied.id, public=False, reader=None)
    assert copied.name == "catatan.txt"
    assert b"".join([part async for part in content]) == b"Jalan berlubang sejak Oktober.\n"


def test_an_agency_is_meant_only_by_its_code_or_whole_name_and_only_if_one_bears_it() -> None:
    agencies = [
        Instansi(code="KEPRI", name="Provinsi", active=True),
        Instansi(code="A", name="Dinas", active=True),
        Instansi(code="B", name="Dinas", active=True),
        Instansi(code="C", name="Badan", active=False),
        Instansi(code="D", name="A", active=True),
    ]
    meant = {said: agency_named(said, agencies, "KEPRI") for said in ("A", "b", "Dinas", "C", "Badan", "KEPRI", "Din")}
    assert {said: one and one.code for said, one in meant.items()} == {
        "A": "A",
        "b": "B",
        **dict.fromkeys(("Dinas", "C", "Badan", "KEPRI", "Din")),
    }


async def test_a_worker_hands_over_by_itself(office: Office) -> None:
    case = await office.receive()
    await case.admin("pass_on", agency="BATAM")
    async with upkeep(office.complaints.system):

        async def begun() -> bool:
            number = await goes_on_as(office, case)
            return number is not None and await office.complaints.ledger.snapshot(number) is not None

        await eventually(begun)
