"""Changing what deadlines are computed from, on record: calendars, rule sets, and recomputing every open deadline."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from kawal.client.reading import Readings
from kawal.desks.rules_arguments import ImportCalendar, ImportPolicies, Recompute
from kawal.desks.table import CommandingDesk, Desk
from kawal.domain.access import Act
from kawal.domain.messages import Answer
from kawal.domain.refusals import Refusal
from kawal.store.rules import NotNewest, VersionTaken


class ImportedCalendar(BaseModel):
    """The calendar version now in force; `days` were given, of these years."""

    version: str
    days: int
    years: list[int]


async def import_calendar(desk: Desk, given: ImportCalendar) -> ImportedCalendar:
    """Add a calendar version; the open deadlines move with `recompute`. The same import again changes nothing."""
    instansi = await desk.agency() if given.own else None
    await desk.complaints.authority.authorise(desk.actor, Act.IMPORT_CALENDAR, instansi)
    if instansi is None:
        await _must_be_for_all(desk, Act.IMPORT_CALENDAR)
    try:
        calendar = await desk.complaints.rulebook.import_calendar(
            given.version,
            given.holidays,
            instansi=instansi,
            source=given.source,
            years=given.years,
            after=given.after,
        )
    except NotNewest as error:
        raise Refusal("calendar_not_newest") from error
    except VersionTaken as error:
        raise Refusal("calendar_taken", version=given.version) from error
    except ValueError as error:
        raise Refusal("malformed", detail=error) from error
    await _on_record(desk, Act.IMPORT_CALENDAR, "calendar_imported", instansi, version=calendar.version)
    years = sorted({holiday.day.year for holiday in given.holidays})
    return ImportedCalendar(version=calendar.version, days=len(given.holidays), years=years)


async def recompute(desk: CommandingDesk, given: Recompute) -> list[Answer]:
    """Recompute every open deadline; each complaint records the old one, the new one and why."""
    instansi = await held_to(desk)
    await desk.complaints.authority.authorise(desk.actor, Act.RECOMPUTE, instansi)
    moved = await desk.complaints.recompute(given.why, instansi)
    await _on_record(desk, Act.RECOMPUTE, "recomputed", instansi, moved=len(moved))
    return moved


async def import_policies(desk: Desk, given: ImportPolicies) -> list[str]:
    """Add rule sets, and return the versions that are new; a correction is a new version with the same first day.

    Where there are several agencies, an agency's official adds the agency's own alone; the installation's are added by
    whoever belongs to none.
    """
    instansi = await held_to(desk)
    await desk.complaints.authority.authorise(desk.actor, Act.IMPORT_POLICY, instansi)
    try:
        added = await desk.complaints.rulebook.import_policies(given.policies, instansi=instansi)
    except VersionTaken as error:
        taken = ", ".join(policy.version for policy in given.policies)
        raise Refusal("policy_taken", version=taken) from error
    await _on_record(desk, Act.IMPORT_POLICY, "policies_imported", instansi, versions=added)
    return added


async def held_to(desk: Desk) -> str | None:
    """Return the agency to which a change is held: the one named, else, where there are several, the official's own.

    None: the whole installation.
    """
    return desk.named or (desk.actor.instansi if await _several_agencies(desk) else None)


async def _must_be_for_all(desk: Desk, act: Act) -> None:
    """Refuse an agency's official what holds for every agency, where there are several."""
    async with desk.complaints.authority.refusals(desk.actor, act):
        if desk.actor.instansi is not None and await _several_agencies(desk):
            raise Refusal("holds_for_all", instansi=desk.actor.instansi)


async def _several_agencies(desk: Desk) -> bool:
    return await serves_several(desk.complaints)


async def serves_several(complaints: Readings) -> bool:
    """Return whether what holds for all agencies is nobody's of one agency to change: the installation has several."""
    return sum(one.active for one in await complaints.directory.all_instansi()) > 1


async def _on_record(desk: Desk, act: Act, what: str, instansi: str | None, **facts: Any) -> None:
    await desk.complaints.authority.done(desk.actor, act, {"what": what, "instansi": instansi, **facts})
