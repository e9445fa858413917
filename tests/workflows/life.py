"""The vocabulary for tests of lives: people of an agency who act on a complaint whose time they can move."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from kawal.client.complaints import Complaints
from kawal.domain.calendar import at_local
from kawal.domain.messages import Actor, Answer, Command, Event, Report, Reporter, Snapshot
from kawal.domain.names import Channel, ClockKind, CommandName, EventKind, Role, workflow_id
from kawal.domain.process.clocks import last_day
from kawal.domain.process.state import State
from kawal.domain.refusals import Refusal
from kawal.embedded.virtual_time import VirtualTime
from kawal.wording.catalogues import say

MONDAY = date(2022, 1, 10)
"""No day off follows before 1 February. For clocks that start here, +3 is 13 Jan, +5 17 Jan, +10 24 Jan, +14 28 Jan."""

CATEGORY = "PEKERJAAN UMUM DAN PENATAAN RUANG / JALAN BERLUBANG"
VERIFYING: dict[str, Any] = {
    "title": "Jalan berlubang",
    "category": CATEGORY,
    "pengawasan": False,
    "class": "pengaduan",
}


def january(day: int) -> date:
    return date(2022, 1, day)


class Office:
    """The people of Kepri, in virtual time."""

    def __init__(self, complaints: Complaints, virtual: VirtualTime) -> None:
        self.complaints = complaints
        self.virtual = virtual

    async def receive(
        self,
        on: date = MONDAY,
        hour: int = 9,
        *,
        events_per_run: int | None = None,
        key: str | None = None,
        instansi: str = "KEPRI",
        **fields: Any,
    ) -> Case:
        adapter = await self.complaints.actor(Role.ADAPTER, "web", instansi=instansi)
        answer = await self.complaints.start(
            report(**fields), adapter, key, instansi, starts_at=at_local(on, hour), events_per_run=events_per_run
        )
        return Case(self, answer.tracking_id)


def report(**fields: Any) -> Report:
    """Return a report as the web form sends it."""
    return Report(
        **{
            "title": "Jalan berlubang di depan pasar",
            "text": "Sudah dua bulan jalan di depan Pasar Bincen berlubang besar, motor sering jatuh.",
            "channel": Channel.WEB,
            "reporter": Reporter(name="Siti Aminah", email="siti@example.org"),
            **fields,
        }
    )


def reply(arguments: dict[str, Any], key: str) -> Command:
    """Return a reporter's reply as it is kept while the complaint cannot be reached."""
    reporter = Actor(role=Role.REPORTER, account="pelapor")
    return Command(name=CommandName.REPLY, actor=reporter, arguments=arguments, idempotency_key=key)


class Case:
    """One complaint, with the people who act on it."""

    def __init__(self, office: Office, tracking_id: str) -> None:
        self.office = office
        self.tracking_id = tracking_id

    # --- Acting ------------------------------------------------------------------------------------------------------

    async def admin(self, command: str, key: str | None = None, **arguments: Any) -> Answer:
        return await self._send(command, await self.person(Role.ADMIN), key, arguments)

    async def liaison(self, opd: str, command: str, key: str | None = None, **arguments: Any) -> Answer:
        return await self._send(command, await self.person(Role.LIAISON, opd), key, arguments)

    async def inspectorate(self, command: str, key: str | None = None, **arguments: Any) -> Answer:
        return await self._send(command, await self.person(Role.INSPECTORATE), key, arguments)

    async def reporter(self, command: str, key: str | None = None, **arguments: Any) -> Answer:
        return await self._send(command, await self.person(Role.REPORTER), key, arguments)

    async def verify(self, report_class: str = "pengaduan", pengawasan: bool = False) -> Answer:
        return await self.admin("verify", **{**VERIFYING, "class": report_class, "pengawasan": pengawasan})

    async def reclassify(self, report_class: str, pengawasan: bool = False) -> Answer:
        arguments: dict[str, Any] = {"class": report_class, "pengawasan": pengawasan}
        return await self.admin("reclassify", **arguments)

    async def forward(self, *opds: str) -> None:
        """Verify and forward the report."""
        await self.verify()
        await self.admin("forward", opds=list(opds or ("DPUPR",)))

    async def follow_up(self, opd: str = "DPUPR", final: bool = False) -> Answer:
        return await self.liaison(opd, "follow_up", text="Lubang ditambal hari ini.", final=final)

    async def finish(self, *opds: str) -> None:
        """Forward the report, and have every OPD post its final follow-up."""
        await self.forward(*opds)
        for opd in opds or ("DPUPR",):
            await self.follow_up(opd, final=True)

    async def close(self) -> None:
        """Finish the report, and accept it."""
        await self.finish()
        await self.reporter("accept", rating=5)

    async def signal(self, name: str, role: Role = Role.ADMIN, **arguments: Any) -> None:
        """Send a command as a signal."""
        await self.handle().signal(name, await self.command(name, role, **arguments))

    async def command(self, name: str, role: Role = Role.ADMIN, **arguments: Any) -> Command:
        actor = await self.person(role)
        return Command(name=name, actor=actor, arguments=arguments, idempotency_key=f"key-{uuid.uuid4()}")

    async def person(self, role: Role, opd: str | None = None) -> Actor:
        if role is Role.REPORTER:
            return await self.office.complaints.reporter(self.tracking_id, "Siti Aminah")
        return await self.office.complaints.actor(role, PEOPLE[role], opd, instansi="KEPRI")

    async def reopen_at(self, day: date, hour: int = 9, key: str | None = None, **arguments: Any) -> Answer:
        """Reopen a complaint whose workflow has ended; its new run begins at that local hour."""
        given = {"grounds": "Lubang terbuka lagi", **arguments}
        actor = await self.person(Role.ADMIN)
        return await self.office.complaints.send(
            self.tracking_id, "reopen", actor, given, key, starts_at=at_local(day, hour)
        )

    # --- Time --------------------------------------------------------------------------------------------------------

    async def until(self, day: date, hour: int = 9) -> None:
        """Move this complaint's time on to that hour (Asia/Jakarta) of a local day."""
        now: datetime = datetime.fromisoformat(await eventually(self._now))
        await self.office.virtual.advance(self.handle(), at_local(day, hour) - now.astimezone(UTC))

    async def _now(self) -> str | None:
        try:
            return str(await self.handle().query("now"))
        except RPCError as error:
            if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                raise
            return None  # between two runs no workflow answers

    async def later(self, by: timedelta) -> None:
        await self.office.virtual.advance(self.handle(), by)

    # --- Seeing ------------------------------------------------------------------------------------------------------

    def handle(self) -> Any:
        return self.office.virtual.client.get_workflow_handle(workflow_id(self.tracking_id))

    async def state(self) -> State:
        return await self.office.complaints.state(self.tracking_id)

    async def row(self) -> Snapshot:
        """Return the read model's row."""
        return await self.office.complaints.snapshot(self.tracking_id)

    async def events(self, kind: EventKind | None = None) -> list[Event]:
        events = await self.office.complaints.history(self.tracking_id)
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        return [event for event in events if kind in (None, event.kind)]

    async def event(self, kind: EventKind) -> Event:
        """Return the only event of that kind."""
        (event,) = await self.events(kind)
        return event

    async def kinds(self) -> list[EventKind]:
        return [event.kind for event in await self.events()]

    async def deadline(self, kind: ClockKind, opd: str | None = None) -> date | None:
        """Return the local day at whose end a running clock runs out; None while it is paused."""
        state = await self.state()
        clock = state.clock(kind, opd)
        assert clock is not None, f"no clock {kind} {opd or ''} runs"
        return last_day(clock, state.rules.calendar)

    async def running(self) -> set[str]:
        """Return the clocks that run or are paused."""
        return {clock.key for clock in (await self.state()).running_clocks()}

    async def told(self, kind: str) -> list[str]:
        """Return who has been sent a notice of that kind about this complaint: role, and for a liaison the OPD."""
        rows = await self.office.complaints.pool.fetch(
            "select to_role, to_opd from outbox where tracking_id::text = $1 and kind = $2 order by seq, n",
            self.tracking_id,
            kind,
        )
        return [f"{row['to_role']}/{row['to_opd']}" if row["to_opd"] else row["to_role"] for row in rows]

    async def refusals_on_record(self) -> list[str]:
        """Return the codes of the refusals of updates, from the access log."""
        log = self.office.complaints.access_log
        return [entry.facts["code"] async for entry in log.entries(self.tracking_id) if entry.kind == "refused"]

    async def _send(self, command: str, actor: Actor, key: str | None, arguments: dict[str, Any]) -> Answer:
        return await self.office.complaints.send(self.tracking_id, command, actor, arguments, key)


PEOPLE = {
    Role.ADMIN: "Dewi",
    Role.LIAISON: "Budi",
    Role.INSPECTORATE: "Rahmat",
    Role.AUDITOR: "Nurul",
    Role.SYSTEM: "kawal",
    Role.ADAPTER: "web",
}


async def refusal(command: Awaitable[Answer]) -> Refusal:
    """Return the refusal that a command must raise; it has a sentence in both languages."""
    with pytest.raises(Refusal) as caught:
        await command
    assert all(say(lang, caught.value.sentence) for lang in ("id", "en"))
    return caught.value


async def eventually(condition: Callable[[], Awaitable[Any]], seconds: float = 90) -> Any:
    """Return the result of `condition` as soon as it is true: for what other processes do."""
    async with asyncio.timeout(seconds):
        while not (found := await condition()):  # noqa: ASYNC110  # other processes bring it about
            await asyncio.sleep(0.05)
        return found


FIRST_TASK_DONE = 4
"""Events of a run after its first task: started, and the task scheduled, started and completed."""


async def length_at_rest(handle: WorkflowHandle[Any, Any]) -> int:
    """Return how many events the engine has of a run, once no task of it is in progress."""

    async def length() -> int:
        description = await handle.describe()
        raw = description.raw_description
        # A run that has ended may still list an activity that it did not wait for.
        ended = description.status is not WorkflowExecutionStatus.RUNNING
        busy = not ended and (raw.HasField("pending_workflow_task") or raw.pending_activities)
        # A run that follows another within a second waits for its first task.
        return 0 if busy or description.history_length < FIRST_TASK_DONE else int(description.history_length)

    return int(await eventually(length))
