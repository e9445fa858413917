"""How the tests of lives speak: people of an agency who act on a complaint whose time they can move."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from client.complaints import Complaints
from domain.calendar import at_local
from domain.life import workflow_id
from domain.messages import Actor, Answer, Report, Reporter
from domain.names import Channel, EventKind, Role
from domain.state import State
from stack.virtual_time import VirtualTime

MONDAY = date(2022, 1, 10)
CATEGORY = "PEKERJAAN UMUM DAN PENATAAN RUANG / JALAN BERLUBANG"


class Office:
    """The people of Kepri, in virtual time."""

    def __init__(self, complaints: Complaints, virtual: VirtualTime) -> None:
        self.complaints = complaints
        self.virtual = virtual

    async def receive(self, on: date = MONDAY, hour: int = 9, **fields: Any) -> Case:
        report = Report(
            **{
                "title": "Jalan berlubang di depan pasar",
                "text": "Sudah dua bulan jalan di depan Pasar Bincen berlubang besar, motor sering jatuh.",
                "channel": Channel.WEB,
                "reporter": Reporter(name="Siti Aminah", email="siti@example.org"),
                **fields,
            }
        )
        adapter = await self.complaints.actor(Role.ADAPTER, "web")
        starts_at = at_local(on, hour)
        answer = await self.complaints.start(report, adapter, starts_at=starts_at)
        return Case(self, answer.tracking_id)


class Case:
    """One complaint, with the people who act on it."""

    def __init__(self, office: Office, tracking_id: str) -> None:
        self.office = office
        self.tracking_id = tracking_id

    async def admin(self, command: str, key: str | None = None, **arguments: Any) -> Answer:
        return await self._send(command, await self._actor(Role.ADMIN, "Dewi"), key, arguments)

    async def liaison(self, opd: str, command: str, key: str | None = None, **arguments: Any) -> Answer:
        return await self._send(command, await self._actor(Role.LIAISON, "Budi", opd), key, arguments)

    async def inspectorate(self, command: str, key: str | None = None, **arguments: Any) -> Answer:
        return await self._send(command, await self._actor(Role.INSPECTORATE, "Rahmat"), key, arguments)

    async def reporter(self, command: str, key: str | None = None, **arguments: Any) -> Answer:
        actor = await self.office.complaints.reporter(self.tracking_id, "Siti Aminah")
        return await self._send(command, actor, key, arguments)

    async def verify(self, report_class: str = "pengaduan", pengawasan: bool = False) -> Answer:
        return await self.admin(
            "verify", title="Jalan berlubang", category=CATEGORY, pengawasan=pengawasan, **{"class": report_class}
        )

    async def until(self, day: date, hour: int = 9) -> None:
        """Move this complaint's time on to that hour (Asia/Jakarta) of a local day."""
        handle = self.handle()
        now: datetime = datetime.fromisoformat(await handle.query("now"))
        await self.office.virtual.advance(handle, at_local(day, hour) - now.astimezone(UTC))

    async def later(self, by: timedelta) -> None:
        await self.office.virtual.advance(self.handle(), by)

    def handle(self) -> Any:
        return self.office.virtual.client.get_workflow_handle(workflow_id(self.tracking_id))

    async def state(self) -> State:
        return await self.office.complaints.state(self.tracking_id)

    async def kinds(self) -> list[EventKind]:
        return [event.kind for event in await self.office.complaints.history(self.tracking_id)]

    async def _actor(self, role: Role, name: str, opd: str | None = None) -> Actor:
        return await self.office.complaints.actor(role, name, opd)

    async def _send(self, command: str, actor: Actor, key: str | None, arguments: dict[str, Any]) -> Answer:
        return await self.office.complaints.send(self.tracking_id, command, actor, arguments, key)
