"""`kawal inspectorate`: the worklist - what is stuck, why, since when, who must act, and who is notified next."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from kawal.cli.commands.mend import tell_wedged
from kawal.cli.terminal.dates import show_day, show_deadline, show_instant
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Spec
from kawal.cli.terminal.rejected_writes import warn_of_unrecorded
from kawal.cli.terminal.tables import write_table
from kawal.cli.terminal.tray_lines import as_json, write_items
from kawal.cli.wording.labels import clock, label, reason, rung
from kawal.domain.labels import STATUSES
from kawal.store.complaint_list import worklist

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.domain.process.state import State
    from kawal.store.tray import TrayLine
    from kawal.store.wedged_complaints import WedgedComplaint

    Letters = tuple[list[TrayLine], datetime]

AT_ONCE = 8
"""Complaints read in parallel."""


def inspectorate(operator: Operator) -> None:
    """List every complaint whose item the Inspectorate has not resolved, the highest level first, and late letters."""

    async def work(complaints: Readings) -> tuple[list[dict[str, Any]], int, list[WedgedComplaint], Letters]:
        from kawal.domain.access import Act

        record, agency = complaints.record, await operator.seen_agency(complaints, Act.SEE_WORKLIST)
        gate = asyncio.Semaphore(AT_ONCE)

        async def item(tracking_id: str) -> dict[str, Any]:
            async with gate:
                return item_of(await complaints.state(tracking_id))

        found = await worklist(complaints.pool, agency)
        items = list(await asyncio.gather(*map(item, found)))
        now = complaints.now()
        letters = await record.tray.lines(instansi=agency, escalated_by=now)
        return items, await record.unrecorded.count(agency), await record.wedged.lines(agency), (letters, now)

    items, missing, wedged, (letters, now) = operator.with_record(work)
    warn_of_unrecorded(operator, missing)
    tell_wedged(operator, wedged)
    if operator.json:
        operator.write_json(items + [as_json(line, now) for line in letters])
        return
    if items:
        columns = ("tracking_id", "why", "since", "level", "status", "late", "owing", "next_rung")
        write_table(columns, (_row(operator, item) for item in items), operator.lang)
    if letters:
        operator.write(operator.say("tray_escalated", count=len(letters)))
        write_items(operator, letters, now)
    if not (items or letters):
        operator.write(operator.say("nothing_found"))


SPECS = (Spec("inspectorate", inspectorate),)


def item_of(state: State) -> dict[str, Any]:
    """Return one line of the worklist: codes, UTC instants and local days, as --json prints them."""
    from kawal.domain.process.clocks import next_rung
    from kawal.domain.process.timers import owed_by_role

    late = state.breached_and_owed()
    ladders = [clock.ladder for clock in late] + [state.item.ladder if state.item else None]
    coming = [rung for ladder in ladders if (rung := next_rung(ladder, state)) is not None]
    number, day = min(coming, key=lambda one: one[1], default=(None, None))
    return {
        "tracking_id": state.tracking_id,
        "instansi": state.instansi,
        "status": str(state.status),
        "why": state.item.why if state.item else None,
        "since": state.item.opened_at.isoformat() if state.item else None,
        "level": state.item.level if state.item else 0,
        "late": [
            {
                "clock": clock.key,
                "deadline": clock.nominal.isoformat() if clock.nominal else None,
                "owed_by": str(owed_by_role(clock, state)),
            }
            for clock in late
        ],
        "done_late": state.item.done_late if state.item else [],
        "owing": [code for code, owner in state.owners.items() if owner.state == "owes"],
        "next_rung": number,
        "next_rung_on": None if day is None else day.isoformat(),
    }


def _row(operator: Operator, item: dict[str, Any]) -> list[str]:
    lang = operator.lang
    late = [
        f"{clock(one['clock'], lang)}, {show_deadline(datetime.fromisoformat(one['deadline']), lang)}"
        for one in item["late"]
    ]
    late += [operator.say("done_late", clock=clock(key, lang)) for key in item["done_late"]]
    owing = item["owing"] or sorted({one["owed_by"] for one in item["late"]})
    coming = "–"
    if item["next_rung"] is not None:
        coming = f"{rung(item['next_rung'], lang)}, {show_day(date.fromisoformat(item['next_rung_on']), lang)}"
    return [
        item["tracking_id"],
        reason(item["why"] or "", lang),
        show_instant(datetime.fromisoformat(item["since"]), lang),
        rung(item["level"], lang),
        label(STATUSES, item["status"], lang),
        "; ".join(late) or "–",
        ", ".join(owing) or "–",
        coming,
    ]
