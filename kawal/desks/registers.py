"""Keeping the registers of decrees and action plans: all of it on record."""

from __future__ import annotations

from typing import Any, TypeVar

from kawal.client.complaints import Complaints
from kawal.domain.access import Act
from kawal.domain.messages import Actor
from kawal.domain.refusals import Refusal
from kawal.domain.registers import ITEMS_LIMIT, DecreeText, ItemText, PlanText, entered
from kawal.store.registers import Decree, Plan

Entry = TypeVar("Entry", Decree, Plan)


class RegisterDesk:
    """Takes entries and corrections; everything raises Refusal, on record for whoever is no keeper."""

    def __init__(self, complaints: Complaints) -> None:
        """Work through the client of a running system."""
        self._complaints = complaints
        self.registers = complaints.system.registers

    async def decree(self, instansi: str, given: dict[str, Any], actor: Actor, correct: int | None = None) -> Decree:
        """Enter a decree, or correct the one of that number: what is not given stays as it stands."""
        await self._complaints.authority.authorise(actor, Act.KEEP_REGISTERS, instansi)
        before = None if correct is None else _own(await self.registers.decree(correct), instansi, "SK", correct)
        text = entered(DecreeText, _merged(DecreeText, before, given))
        await self._check_opd(instansi, text.opd)
        added = await self.registers.add_decree(instansi, text, actor, self._complaints.now(), before)
        return await self._on_record(added, actor, "decree")

    async def plan(
        self, instansi: str, given: dict[str, Any], titles: list[str], actor: Actor, correct: int | None = None
    ) -> Plan:
        """Enter an action plan with its items, or correct the one of that number; further items are added to it."""
        await self._complaints.authority.authorise(actor, Act.KEEP_REGISTERS, instansi)
        before = (
            None if correct is None else _own(await self.registers.plan(correct), instansi, "rencana aksi", correct)
        )
        text = entered(PlanText, _merged(PlanText, before, given))
        items = [entered(ItemText, {"title": title, "on_day": str(text.submitted_on)}) for title in titles]
        if len(items) + (len(before.items) if before else 0) > ITEMS_LIMIT:
            raise Refusal("register_full", most=ITEMS_LIMIT)
        await self._check_opd(instansi, text.opd)
        now = self._complaints.now()
        plan = await self._on_record(
            await self.registers.add_plan(instansi, text, actor, now, before), actor, "action_plan"
        )
        for item in items:
            plan = _unchanged(await self.registers.add_item(plan, len(plan.items) + 1, item, actor, now))
        return plan

    async def progress(self, instansi: str, number: int, place: int, given: dict[str, Any], actor: Actor) -> Plan:
        """Say how an item of a plan stands now; its title stays unless another is given."""
        await self._complaints.authority.authorise(actor, Act.KEEP_REGISTERS, instansi)
        plan = _own(await self.registers.plan(number), instansi, "rencana aksi", number)
        item = next((one for one in plan.items if one.place == place), None)
        if item is None:
            raise Refusal("register_unknown", what="butir", number=place, instansi=instansi)
        text = entered(ItemText, {"title": item.title} | given)
        added = await self.registers.add_item(plan, place, text, actor, self._complaints.now())
        return await self._on_record(added, actor, "action_item", place=place)

    async def _on_record(self, added: Entry | None, actor: Actor, what: str, **facts: int) -> Entry:
        entry = _unchanged(added)
        told = {"what": what, "instansi": entry.instansi, "entry": entry.entry, "revision": entry.revision, **facts}
        await self._complaints.authority.done(actor, Act.KEEP_REGISTERS, told)
        return entry

    async def _check_opd(self, instansi: str, opd: str | None) -> None:
        if opd is not None and await self._complaints.directory.opd(instansi, opd) is None:
            raise Refusal("unknown_opd", opd=opd, instansi=instansi)


def _merged(kind: type[DecreeText | PlanText], before: Decree | Plan | None, given: dict[str, Any]) -> dict[str, Any]:
    """What stands, with what is given laid over it; None is not given."""
    stands = {} if before is None else before.model_dump(mode="json", include=set(kind.model_fields))
    return stands | {name: value for name, value in given.items() if value is not None}


def _own(entry: Entry | None, instansi: str, what: str, number: int) -> Entry:
    if entry is None or entry.instansi != instansi:
        raise Refusal("register_unknown", what=what, number=number, instansi=instansi)
    return entry


def _unchanged(added: Entry | None) -> Entry:
    if added is None:
        raise Refusal("register_changed")
    return added
