"""What an official may see of one report: decided by the table of rights alone, before anything of it is shown."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from kawal.client.complaints import Complaints
from kawal.domain.access import Act, may
from kawal.domain.messages import Actor, Snapshot
from kawal.domain.msgids import msgid
from kawal.domain.refusals import Refusal
from kawal.web.problems import Problem

_UNKNOWN = msgid("There is no report with this number among those that you may see.")
"""The same words for a number that nobody has and for another agency's: neither is told."""

_AS_IF_UNKNOWN = frozenset({"wrong_instansi", "unknown_complaint"})


class Sight(StrEnum):
    """How much of a report somebody may see now."""

    WHOLE = "whole"
    SEALED = "sealed"
    """The words only for a purpose, and none is stated."""
    PROCESS = "process"
    """The record of the process, without what people wrote."""
    LEFT = "left"
    """The OPD had it and has it no more: that it left, when and why."""


class SeenReport(NamedTuple):
    """A report as far as somebody may see it."""

    row: Snapshot
    main: Snapshot | None
    sight: Sight


async def seen(complaints: Complaints, actor: Actor, number: str, purpose: str | None = None) -> SeenReport:
    """Return a report as an official may see it; Problem 404 for one out of sight, Refusal for who may see none."""
    try:
        row = await complaints.snapshot(number)
    except Refusal as refusal:
        if refusal.code in _AS_IF_UNKNOWN:
            raise _unknown() from refusal
        raise
    main = None if row.main_report is None else await complaints.snapshot(row.main_report)
    sight = await _sight(complaints, actor, row, main, purpose)
    return SeenReport(row, main, sight)


async def _sight(
    complaints: Complaints, actor: Actor, row: Snapshot, main: Snapshot | None, purpose: str | None
) -> Sight:
    registered = await complaints.authority.has_registered(actor, row.tracking_id)
    refusal = may(actor, Act.READ_EVENTS, row, purpose=purpose, main=main, registered=registered)
    if refusal is None:
        return Sight.LEFT if has_left(actor, row, main) else Sight.WHOLE
    match refusal.code:
        case "purpose_needed":
            return Sight.LEFT if has_left(actor, row, main) else Sight.SEALED
        case "words_not_of_opd" if has_left(actor, row, main):
            return Sight.LEFT
        case "words_not_yours" | "words_not_registered":
            return await _process(complaints, actor, row)
    await complaints.authority.refused(actor, Act.SEE_REPORT, refusal.code, row.tracking_id)
    raise _unknown()


async def _process(complaints: Complaints, actor: Actor, row: Snapshot) -> Sight:
    refusal = may(actor, Act.SEE_REPORT, row)
    if refusal is None:
        return Sight.PROCESS
    await complaints.authority.refused(actor, Act.SEE_REPORT, refusal.code, row.tracking_id)
    raise refusal


def has_left(actor: Actor, row: Snapshot, main: Snapshot | None = None) -> bool:
    """Tell whether the official's OPD was sent the report and has it no more."""
    lines = [*row.opds, *(main.opds if main is not None else ())]
    states = {line.state for line in lines if line.code == actor.opd}
    return bool(states) and states <= _GONE


_GONE = frozenset({"returned", "withdrawn"})


def _unknown() -> Problem:
    return Problem(404, "unknown_complaint", _UNKNOWN)
