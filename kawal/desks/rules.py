"""Changing what deadlines are computed from, on record: calendars, rule sets, and recomputing every open deadline."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from kawal.desks.arguments import ImportCalendar, ImportPolicies, Recompute
from kawal.desks.table import CommandingDesk, Desk
from kawal.domain.access import Act
from kawal.domain.messages import Answer
from kawal.domain.refusals import Refusal
from kawal.store.rules import VersionTaken


class ImportedCalendar(BaseModel):
    """The calendar version now in force; `days` were given, of these years."""

    version: str
    days: int
    years: list[int]


async def import_calendar(desk: Desk, given: ImportCalendar) -> ImportedCalendar:
    """Add a calendar version; the open deadlines move with `recompute`. The same import again changes nothing."""
    instansi = await desk.agency() if given.own else None
    await desk.complaints.authority.authorise(desk.actor, Act.IMPORT_CALENDAR, instansi)
    try:
        calendar = await desk.complaints.rulebook.import_calendar(
            given.version, given.holidays, instansi=instansi, source=given.source
        )
    except VersionTaken as error:
        raise Refusal("calendar_taken", version=given.version) from error
    except ValueError as error:
        raise Refusal("malformed", detail=error) from error
    await _on_record(desk, Act.IMPORT_CALENDAR, "calendar_imported", instansi, version=calendar.version)
    years = sorted({holiday.day.year for holiday in given.holidays})
    return ImportedCalendar(version=calendar.version, days=len(given.holidays), years=years)


async def recompute(desk: CommandingDesk, given: Recompute) -> list[Answer]:
    """Recompute every open deadline; each complaint records the old one, the new one and why."""
    await desk.complaints.authority.authorise(desk.actor, Act.RECOMPUTE, desk.named)
    moved = await desk.complaints.recompute(given.why, desk.named)
    await _on_record(desk, Act.RECOMPUTE, "recomputed", desk.named, moved=len(moved))
    return moved


async def import_policies(desk: Desk, given: ImportPolicies) -> list[str]:
    """Add rule sets, and return the versions that are new; a correction is a new version with the same first day."""
    await desk.complaints.authority.authorise(desk.actor, Act.IMPORT_POLICY, desk.named)
    try:
        added = await desk.complaints.rulebook.import_policies(given.policies, instansi=desk.named)
    except VersionTaken as error:
        taken = ", ".join(policy.version for policy in given.policies)
        raise Refusal("policy_taken", version=taken) from error
    await _on_record(desk, Act.IMPORT_POLICY, "policies_imported", desk.named, versions=added)
    return added


async def _on_record(desk: Desk, act: Act, what: str, instansi: str | None, **facts: Any) -> None:
    await desk.complaints.authority.done(desk.actor, act, {"what": what, "instansi": instansi, **facts})
