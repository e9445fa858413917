"""A wedged complaint is reported everywhere within a minute; one that only looks wedged is not reported for long."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionDescription

from kawal.client.failing_runs import described, failing
from kawal.client.watcher import Watcher
from kawal.domain.messages import Command
from kawal.domain.names import EventKind, Role, workflow_id
from kawal.store.wedged_complaints import WedgedComplaints
from tests.chaos.system import ROOT, System, running, until_answered
from tests.cli.running import Kawal, Outcome
from tests.workflows.life import VERIFYING, eventually

ADMIN = "admin:Dewi"
VERIFY = ["--title", "Jalan berlubang", "--category", VERIFYING["category"], "--class", "pengaduan"]
FORWARD = ["forward", "--opd", "DPUPR", "--key", "kunci-1"]


@pytest.fixture
async def system(home: Path) -> AsyncIterator[System]:
    async with running(home) as up:
        yield up


def lines(system: System, event: str) -> list[dict[str, Any]]:
    """Return the worker's log lines of that name."""
    written = [json.loads(line) for line in system.log.read_text().splitlines() if line.startswith("{")]
    return [line for line in written if line["event"] == event]


async def signalled(system: System, case: str, name: str, **arguments: Any) -> None:
    """Send a command that stays in the history, so that each attempt meets it."""
    admin = await system.complaints.actor(Role.ADMIN, "Dewi")
    command = Command(name=name, actor=admin, arguments=arguments, idempotency_key=f"sinyal-{name}")
    await system.complaints.client.get_workflow_handle(workflow_id(case)).signal(name, command)


async def test_a_wedged_complaint_is_told_within_a_minute_everywhere_and_mended_by_one_command(system: System) -> None:
    broken = system.settings.home / "broken"
    broken.write_text("")
    await system.start_worker(str(ROOT / "tests/chaos/broken_worker.py"), str(broken))
    case, well = await system.receive(), await system.receive()
    kawal, english = Kawal(system.settings.home), Kawal(system.settings.home, "en")

    async def run(*arguments: str, who: str | None = None, of: Kawal = kawal) -> Outcome:
        return await asyncio.to_thread(of, *arguments, who=who)

    assert (await run("mend", case, who=ADMIN)).code == 1
    broken.write_text(case)
    began = time.monotonic()
    await signalled(system, case, "verify", **VERIFYING)
    mend = f"kawal mend {case}"

    async def is_kept() -> bool:
        return await WedgedComplaints(system.complaints.pool).of(case) is not None

    await eventually(is_kept, seconds=60)
    sending = asyncio.create_task(asyncio.to_thread(kawal.process, *FORWARD, case, who=ADMIN))
    for outcome in [await run("list"), await run("show", case), await run("inspectorate"), await run("reconcile")]:
        assert f"MACET: laporan {case}" in outcome.out, outcome
        assert mend in outcome.out
    assert time.monotonic() - began < 60
    print(f"told after {time.monotonic() - began:.1f} s")
    assert (await run("list", of=english)).out.count("WEDGED") == 2
    assert {line["tracking_id"]: line["wedged"] for line in (await run("list", "--json")).json} == {
        case: True,
        well: False,
    }
    assert (await run("show", case, "--json")).json["wedged"]["mend"] == mend
    assert (await run("show", well, "--json")).json["wedged"] is None
    found = await run("reconcile", "--json")
    assert (found.code, [line["kind"] for line in found.json["findings"]]) == (1, ["stuck_task"])
    assert (await run("reconcile", "--now")).code == 1
    (logged,) = lines(system, "complaint_wedged")
    assert (logged["workflow_id"], logged["mend"], logged["level"]) == (workflow_id(case), mend, "error")
    for who in ("liaison/DPUPR:Budi", "auditor:Rani"):
        assert (await run("mend", case, who=who)).code == 1
    unanswered = await sending
    assert (unanswered.code, mend in unanswered.err) == (3, True), unanswered
    assert (await run("mend", case, who=ADMIN)).code == 0
    broken.write_text("")
    for silent in [await run("list"), await run("show", case), await run("inspectorate"), await run("reconcile")]:
        assert (silent.code, "MACET" in silent.out) == (0, False), silent

    async def is_logged() -> bool:
        return bool(lines(system, "complaint_mended"))

    await eventually(is_logged, seconds=60)
    assert (await run("verify", case, *VERIFY, "--key", "kunci-2", who=ADMIN)).code == 0
    assert (await run(*FORWARD, case, who=ADMIN)).code == 0
    kinds = [event.kind for event in await system.complaints.history(case)]
    assert kinds == [EventKind.STARTED, EventKind.VERIFIED, EventKind.FORWARDED]


async def test_a_worker_killed_in_the_middle_and_a_stalled_database_raise_no_alarm_that_stays(system: System) -> None:
    await system.start_worker()
    killed, stalled = await system.receive(), await system.receive()
    admin = await system.complaints.actor(Role.ADMIN, "Dewi")

    async def runs() -> list[WorkflowExecutionDescription]:
        found = [await described(system.complaints.client, case) for case in (killed, stalled)]
        return [run for run in found if run is not None]

    async def are_under_way() -> bool:
        return all(run.raw_description.pending_activities for run in await runs())

    async with asyncio.TaskGroup() as sending, system.stalled_record(readable=False):
        for case in (killed, stalled):
            sending.create_task(until_answered(lambda case=case: system.verify(case, f"kunci-{case}")))  # type: ignore[misc]
        await eventually(are_under_way)
        await system.kill_worker()
        await system.start_worker()
        freed_at = time.monotonic() + 12

        async def stalled_long_enough() -> bool:
            assert [await failing(system.complaints.client, run) for run in await runs()] == [None, None]
            return time.monotonic() > freed_at

        await eventually(stalled_long_enough, seconds=60)
    assert await Watcher(system.complaints.system).look() == []
    await until_answered(
        lambda: system.complaints.send(killed, "forward", admin, {"opds": ["DPUPR"]}, f"terus-{killed}")
    )
    assert await WedgedComplaints(system.complaints.pool).lines() == []
    assert lines(system, "complaint_wedged") == []
