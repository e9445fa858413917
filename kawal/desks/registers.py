"""Keeping the registers of decrees and action plans: entries and corrections, all of it on record."""

from __future__ import annotations

from typing import Any, TypeVar

from kawal.desks.arguments import EnterDecree, EnterPlan, ItemProgress
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.calendar import local_day
from kawal.domain.refusals import Refusal
from kawal.domain.registers import ITEMS_LIMIT, DecreeText, ItemText, PlanText, entered
from kawal.store.registers import Decree, Plan

Entry = TypeVar("Entry", Decree, Plan)

_DECREE, _PLAN = "decree", "plan"


async def enter_decree(desk: Desk, given: EnterDecree) -> Decree:
    """Enter a decree, or correct the one of that number: what is not given stays as it is."""
    instansi, registers = await desk.authorised(Act.KEEP_REGISTERS), desk.complaints.record.registers
    before = None
    if given.correct is not None:
        before = _own(await registers.decree(given.correct), instansi, _DECREE, given.correct)
    text = entered(DecreeText, _merged(DecreeText, before, given))
    if text.opd is not None:
        await desk.opd(instansi, text.opd)
    added = await registers.add_decree(instansi, text, desk.actor, desk.complaints.now(), before)
    return await _on_record(desk, added, "decree")


async def enter_plan(desk: Desk, given: EnterPlan) -> Plan:
    """Enter an action plan with its items, or correct the one of that number; further items are added to it."""
    instansi, registers = await desk.authorised(Act.KEEP_REGISTERS), desk.complaints.record.registers
    before = None
    if given.correct is not None:
        before = _own(await registers.plan(given.correct), instansi, _PLAN, given.correct)
    text = entered(PlanText, _merged(PlanText, before, given))
    items = [entered(ItemText, {"title": title, "on_day": str(text.submitted_on)}) for title in given.items]
    if len(items) + (len(before.items) if before else 0) > ITEMS_LIMIT:
        raise Refusal("register_full", most=ITEMS_LIMIT)
    if text.opd is not None:
        await desk.opd(instansi, text.opd)
    now = desk.complaints.now()
    plan = await _on_record(desk, await registers.add_plan(instansi, text, desk.actor, now, before), "action_plan")
    for item in items:
        plan = _unchanged(await registers.add_item(plan, len(plan.items) + 1, item, desk.actor, now))
    return plan


async def enter_progress(desk: Desk, given: ItemProgress) -> Plan:
    """Record the progress of an item of a plan; its title stays unless another is given."""
    instansi, registers = await desk.authorised(Act.KEEP_REGISTERS), desk.complaints.record.registers
    plan = _own(await registers.plan(given.plan), instansi, _PLAN, given.plan)
    item = next((one for one in plan.items if one.place == given.place), None)
    if item is None:
        raise Refusal("register_unknown", what="item", number=given.place, instansi=instansi)
    now = desk.complaints.now()
    stands = {"title": item.title if given.title is None else given.title, "state": given.state}
    text = entered(ItemText, stands | {"on_day": str(given.on_day or local_day(now))})
    added = await registers.add_item(plan, given.place, text, desk.actor, now)
    return await _on_record(desk, added, "action_item", place=given.place)


async def _on_record(desk: Desk, added: Entry | None, what: str, **facts: int) -> Entry:
    entry = _unchanged(added)
    told = {"what": what, "instansi": entry.instansi, "entry": entry.entry, "revision": entry.revision, **facts}
    await desk.complaints.authority.done(desk.actor, Act.KEEP_REGISTERS, told)
    return entry


def _merged(
    kind: type[DecreeText | PlanText], before: Decree | Plan | None, given: EnterDecree | EnterPlan
) -> dict[str, Any]:
    """Return the present values, overlaid with what is given."""
    stands = {} if before is None else before.model_dump(mode="json", include=set(kind.model_fields))
    said = given.model_dump(mode="json", include=set(kind.model_fields), exclude_none=True, exclude_defaults=True)
    return stands | said


def _own(entry: Entry | None, instansi: str, what: str, number: int) -> Entry:
    if entry is None or entry.instansi != instansi:
        raise Refusal("register_unknown", what=what, number=number, instansi=instansi)
    return entry


def _unchanged(added: Entry | None) -> Entry:
    if added is None:
        raise Refusal("register_changed")
    return added
