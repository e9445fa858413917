"""The lives whose histories are kept: together they use every kind of event that the process causes in the engine."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowUpdateFailedError
from temporalio.common import RawValue

from kawal.crypto.codec import ENCRYPTED
from kawal.domain.calendar import at_local
from kawal.domain.messages import Past, PastStep
from kawal.domain.names import EventKind, Role
from kawal.intake.service import IntakeService
from kawal.store.kept_replies import KeptReplies
from tests.workflows.life import VERIFYING, Case, Office, eventually, january, reply, report


async def accepted(office: Office) -> list[Case]:
    """Run a complaint from intake to acceptance and the end of the aftercare."""
    case = await office.receive()
    await case.close()
    await case.until(date(2022, 3, 1))
    return [case]


async def imported(office: Office) -> list[Case]:
    """Import complaints with their past: one late, done in the end and resolved; one that was over before."""
    received, known = at_local(january(10), 9), {"class": "pengaduan", "category": VERIFYING["category"]}
    steps = [
        PastStep(name="verify", at=at_local(january(11), 9), arguments={"title": "Jalan berlubang", **known}),
        PastStep(name="forward", arguments={"opds": ["DPUPR"]}),
        PastStep(name="follow_up", at=at_local(january(25), 9), arguments={"text": "Ditinjau"}, opd="DPUPR"),
    ]
    over = [*steps, PastStep(name="close", at=at_local(january(31), 9), arguments={"grounds": "Selesai"})]
    cases = []
    for number, past in enumerate((steps, over)):
        told = report(external_id=f"510000{number}", past=Past(source="berkas", steps=past))
        receipt = await IntakeService(office.complaints).submit(told, instansi="KEPRI", received_at=received)
        cases.append(Case(office, receipt.tracking_id))
    await office.complaints.starting.start_waiting()
    await eventually(lambda: office.complaints.ledger.snapshot(cases[0].tracking_id))
    late = cases[0]
    await late.follow_up(final=True)
    await late.reporter("accept", rating=4)
    await late.inspectorate("resolve", finding="Terlambat sebelum diimpor")
    await late.later(timedelta(days=31))
    await eventually(lambda: office.complaints.ledger.snapshot(cases[1].tracking_id))
    return cases


async def lives_long(office: Office, events_per_run: int | None) -> Case:
    """Run a life: held, returned, disputed, late, instructed, extended, closed by silence, reopened and accepted."""
    case = await office.receive(events_per_run=events_per_run)
    await case.admin("hold", missing="Sebutkan nama jalannya")
    await case.until(january(12))
    await case.reporter("reply", text="Jalan Bincen")
    await case.forward("DPUPR", "DISHUB")
    await case.liaison("DISHUB", "return", reason="Bukan wewenang kami")
    await case.until(january(20))
    await case.inspectorate("instruct", to="DPUPR", text="Tindak lanjuti", by="2022-01-24")
    await case.follow_up(final=True)
    await case.until(january(24))
    await case.reporter("dispute", why="Masih berlubang")
    await case.liaison("DPUPR", "extend", days=3, grounds="Aspal belum datang")
    await case.admin("grant")
    await case.follow_up(final=True)
    await case.until(date(2022, 2, 12))
    await case.inspectorate("reopen", grounds="Temuan baru")
    await case.follow_up(final=True)
    await case.inspectorate("resolve", finding="Terlambat")
    await case.reporter("accept", rating=4)
    await case.until(date(2022, 4, 1))
    return case


async def reopened(office: Office) -> list[Case]:
    """Reopen a complaint after its workflow has ended, late this time, and closed by silence."""
    case = await office.receive()
    await case.close()
    await case.until(date(2022, 3, 1))
    await case.reopen_at(date(2022, 3, 7))
    await case.until(date(2022, 3, 26), 1)
    await case.follow_up(final=True)
    await case.inspectorate("resolve", finding="Terlambat sehari")
    await case.until(date(2022, 6, 1))
    return [case]


async def merged(office: Office) -> list[Case]:
    """Merge a report that has a follower of its own into an older one."""
    first, second, third = await office.receive(), await office.receive(hour=10), await office.receive(hour=11)
    await third.admin("merge", main=second.tracking_id)
    await second.admin("merge", main=first.tracking_id)
    await first.close()
    await first.until(date(2022, 3, 1))
    return [first, second, third]


async def abused(office: Office) -> list[Case]:
    """Send rubbish, refused signals and updates, and good signals between them."""
    case = await office.receive()
    rubbish = RawValue(Payload(metadata={"encoding": ENCRYPTED}, data=b"rubbish"))
    for name in ("verify", "polish"):
        await case.handle().signal(name, rubbish)
    with contextlib.suppress(WorkflowUpdateFailedError):
        await case.handle().execute_update("verify", rubbish)
    await case.signal("accept", Role.ADMIN)
    await case.signal("verify", **VERIFYING | {"category": "JALAN KAMI"})
    await case.signal("verify", **VERIFYING)
    await eventually(lambda: case.events(EventKind.VERIFIED))
    await case.admin("archive", reason="Sudah ditangani")
    return [case]


async def long_in_one_run(office: Office) -> list[Case]:
    return [await lives_long(office, events_per_run=None)]


async def long_in_short_runs(office: Office) -> list[Case]:
    return [await lives_long(office, events_per_run=30)]


async def pausing(office: Office) -> list[Case]:
    """Let a hold expire, and let a question end a report."""
    held, asked = await office.receive(), await office.receive()
    await held.admin("hold", missing="Sebutkan nama jalannya")
    await held.until(january(25), 1)
    await asked.forward()
    await asked.follow_up()
    await asked.admin("ask", question="Apakah lubangnya sudah tertutup?")
    await asked.until(date(2022, 3, 15))
    return [held, asked]


async def heard_in_time(office: Office) -> list[Case]:
    """Keep a reply, not yet delivered, to a report whose hold would otherwise expire."""
    case = await office.receive()
    await case.admin("hold", missing="Sebutkan nama jalannya")
    kept = KeptReplies(office.complaints.pool, office.complaints.system.keys)
    answer = reply({"text": "Jalan Bincen", "files": []}, "balasan-1")
    await kept.keep(case.tracking_id, answer, "email", at_local(january(24), 10))
    await case.until(january(25), 1)
    await case.admin("archive", reason="Sudah ditangani")
    return [case]


LIVES: dict[str, Callable[[Office], Awaitable[list[Case]]]] = {
    life.__name__: life
    for life in (
        accepted,
        imported,
        long_in_one_run,
        long_in_short_runs,
        reopened,
        merged,
        abused,
        pausing,
        heard_in_time,
    )
}
