"""The tray: what lies there is seen by the agency's overseers and decided by its admin, all on record.

Before a letter is read, nobody knows who wrote it and about whom: so it is read for a stated purpose, like a rahasia
report. What needs the words of a letter (showing, giving, starting) is in `kawal.intake.tray_desk`, where letters are
read.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import structlog
from pydantic import BaseModel

from kawal.base.errors import SystemUnavailable
from kawal.crypto.data_keys import KeyDestroyed
from kawal.desks.arguments import DismissItem, ItemNumber, PassItem
from kawal.desks.table import CommandingDesk, Desk
from kawal.domain.access import Act
from kawal.domain.labels import TRAY_STATES
from kawal.domain.names import Role, workflow_id
from kawal.domain.refusals import Refusal
from kawal.domain.tray import ItemState, can_be_undone_until
from kawal.store.tray import TrayLine
from kawal.store.tray_decisions import TrayDecision, deciding

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints

TOLD_WITHIN = 3.0
"""How long each report that an item names may take to hear that it was decided (seconds)."""

log = structlog.get_logger()


class DecidedItem(BaseModel):
    """An item after what was decided about it."""

    item: int
    instansi: str
    """The agency in whose tray it lies."""
    state: ItemState


async def listed(desk: Desk, *, everything: bool, limit: int) -> list[TrayLine]:
    """Return what waits in the trays that the official oversees, or with `everything` also what was decided."""
    lines = await listed_again(desk, everything=everything, limit=limit)
    told = {"what": "tray", "instansi": desk.named or desk.actor.instansi, "items": len(lines)}
    await desk.complaints.authority.done(desk.actor, Act.LIST_TRAY, told)
    return lines


async def listed_again(desk: Desk, *, everything: bool, limit: int) -> list[TrayLine]:
    """Return the same for a page that is open already and looks again by itself: that is not put on record anew."""
    complaints = desk.complaints
    instansi = desk.named or desk.actor.instansi
    await complaints.check_instansi(instansi)
    await complaints.authority.authorise(desk.actor, Act.LIST_TRAY, instansi)
    state = None if everything else ItemState.WAITING
    seen = complaints if desk.actor.role is Role.SYSTEM else complaints.seen_by(desk.actor)
    return await seen.record.tray.lines(instansi=instansi, state=state, limit=limit)


async def pass_on(desk: Desk, given: PassItem) -> DecidedItem:
    """Lay an item into the tray of another agency, where its time goes on from the receipt."""
    async with decision_of(desk, given.item, Act.PASS_ITEM) as decision:
        async with desk.complaints.authority.refusals(desk.actor, Act.PASS_ITEM):
            await desk.complaints.check_instansi(given.code)
            if given.code == decision.line.instansi:
                raise Refusal("item_already_there", number=given.item, instansi=given.code)
        await decision.pass_to(given.code)
        # On record for both: `instansi` names the one, `to` the other.
        await on_record(desk, Act.PASS_ITEM, decision.line, {"what": "item_passed", "to": given.code})
    return DecidedItem(item=given.item, instansi=given.code, state=ItemState.WAITING)


async def dismiss(desk: CommandingDesk, given: DismissItem) -> DecidedItem:
    """Do nothing about an item, for a reason; for a while that can be undone."""
    async with decision_of(desk, given.item, Act.DISMISS_ITEM, said=given.grounds) as decision:
        await decision.dismiss(desk.actor.account, desk.complaints.now(), given.grounds or "")
        told = {"what": "item_dismissed"}
        await on_record(desk, Act.DISMISS_ITEM, decision.line, told, words={"grounds": given.grounds})
    await tell_reports(desk.complaints, decision.line)
    return DecidedItem(item=given.item, instansi=decision.line.instansi, state=ItemState.DISMISSED)


async def undo(desk: Desk, given: ItemNumber) -> DecidedItem:
    """Let a dismissed item wait again."""
    async with decision_of(desk, given.item, Act.UNDO_DISMISSAL, of=ItemState.DISMISSED) as decision:
        line = decision.line
        async with desk.complaints.authority.refusals(desk.actor, Act.UNDO_DISMISSAL):
            over = line.decided_at is not None and can_be_undone_until(line.decided_at) < desk.complaints.now()
            if line.deleted or over:
                raise Refusal("item_gone", number=given.item)
        await decision.undo()
        await on_record(desk, Act.UNDO_DISMISSAL, line, {"what": "dismissal_undone"})
        return DecidedItem(item=given.item, instansi=line.instansi, state=ItemState.WAITING)


@asynccontextmanager
async def decision_of(
    desk: Desk, item: int, act: Act, *, said: str | None = None, of: ItemState = ItemState.WAITING
) -> AsyncIterator[TrayDecision]:
    """Hold an item of that state while the official decides about it; raises Refusal, itself on record.

    What the block raises leaves the item as it was.
    """
    complaints = desk.complaints
    async with complaints.record.deciders, deciding(complaints.pool, complaints.record.keys, item) as decision:
        if decision is None:
            raise Refusal("no_such_item", number=item)
        line = decision.line
        await complaints.authority.authorise(desk.actor, act, line.instansi, purpose=said)
        async with complaints.authority.refusals(desk.actor, act):
            if line.state is not of:
                why = "item_not_dismissed" if of is ItemState.DISMISSED else "item_decided"
                raise Refusal(why, number=item, state=TRAY_STATES[line.state])
        yield decision


async def tell_reports(complaints: Complaints, line: TrayLine) -> None:
    """Tell the reports that an item names that it was decided: what waited for it may happen now.

    One that cannot be told asks by itself later.
    """
    for tracking_id in line.names:
        try:
            async with asyncio.timeout(TOLD_WITHIN):
                await complaints.ask_again(tracking_id)
        except (SystemUnavailable, TimeoutError, KeyDestroyed) as error:
            log.warning("report_not_told", workflow_id=workflow_id(tracking_id), reason=type(error).__name__)


async def on_record(
    desk: Desk,
    act: Act,
    line: TrayLine,
    facts: dict[str, Any],
    *,
    words: dict[str, Any] | None = None,
    tracking_id: str | None = None,
) -> None:
    """Put on record what an official did about an item; the reports that it names are part of the entry."""
    told = {"item": line.item, "instansi": line.instansi, "why": str(line.why), "names": line.names or None}
    await desk.complaints.authority.done(desk.actor, act, told | facts, words=words, tracking_id=tracking_id)
