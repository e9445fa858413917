"""Calendars and rule sets: dated, versioned, never changed in place.

A calendar version contains all days off that were known when it was imported; the newest is the best knowledge
available. A rule set applies to the reports received from its first day on; a correction is a later revision with the
same first day and replaces it, while a newer rule set (a later first day) never affects older complaints.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import asyncpg

from kawal.domain.calendar import Calendar, Holiday, HolidayKind
from kawal.domain.policy import Policy, Rules

_SEPARATOR = "+"
"""Joins the versions of the national calendar and of an agency's additions to it."""

_CALENDARS, _POLICIES = 0x6B61_7761_6C09, 0x6B61_7761_6C0A
"""Advisory locks: one import of a kind at a time."""


class NoRules(Exception):  # noqa: N818 - names the condition
    """No rule set or no calendar is in force on that day: import one."""


class VersionTaken(Exception):  # noqa: N818 - names the condition
    """That version exists with different content: give the new one its own name."""


class Rulebook:
    """A store of the rules by which complaints' deadlines are computed."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Read and write through `pool`."""
        self._pool = pool
        self._days: dict[str, list[Holiday]] = {}
        self._calendars: dict[str, Calendar] = {}

    async def rules_for(self, instansi: str, received_on: date) -> Rules:
        """Return the rules of a report received on that local day: the rule set in force then, and the newest calendar.

        An agency's own rule set takes precedence over the national one. Raises NoRules.
        """
        row = await self._pool.fetchrow(
            "select body from policy_version where (instansi = $1 or instansi is null) and effective_from <= $2"
            " order by (instansi is not null) desc, effective_from desc, revision desc limit 1",
            instansi,
            received_on,
        )
        if row is None:
            raise NoRules(f"no rule set applies to reports received on {received_on}; add one to the policies")
        return Rules(policy=Policy.model_validate(row["body"]), calendar=await self.calendar_for(instansi))

    async def rules_newest_for(self, instansi: str, policy: Policy) -> Rules:
        """Return the rules for recomputing an open complaint: its rule set's newest revision, and the newest calendar.

        A rule set that this installation does not know (a what-if) stays as it is. Raises NoRules.
        """
        body = await self._pool.fetchval(
            "select newest.body from policy_version own join policy_version newest"
            " on newest.effective_from = own.effective_from and newest.instansi is not distinct from own.instansi"
            " where own.version = $1 order by newest.revision desc limit 1",
            policy.version,
        )
        newest = policy if body is None else Policy.model_validate(body)
        return Rules(policy=newest, calendar=await self.calendar_for(instansi))

    async def calendar_for(self, instansi: str) -> Calendar:
        """Return the newest calendar of an agency: the national one, with the agency's own days off. Raises NoRules."""
        rows = await self._pool.fetch(
            "select distinct on (instansi) version, instansi from calendar_version"
            " where instansi = $1 or instansi is null order by instansi, position desc",
            instansi,
        )
        versions = {row["instansi"]: str(row["version"]) for row in rows}
        if None not in versions:
            raise NoRules("no national calendar has been imported")
        name = _SEPARATOR.join(versions[scope] for scope in (None, instansi) if scope in versions)
        if name not in self._calendars:
            self._calendars[name] = await self._calendar(name)
        return self._calendars[name]

    async def holiday_names(self, calendar_version: str) -> dict[date, str]:
        """Return the names of the days off of a version (as given in a complaint's calendar), for explanations."""
        found: dict[date, str] = {}
        for version in calendar_version.split(_SEPARATOR):
            for holiday in await self._holidays(version):
                found.setdefault(holiday.day, holiday.name)
        return found

    async def policies(self) -> list[Policy]:
        """Return every stored rule set, by the day from which it is in force."""
        rows = await self._pool.fetch("select body from policy_version order by effective_from, revision, version")
        return [Policy.model_validate(row["body"]) for row in rows]

    async def policies_in_force(self, day: date) -> dict[str | None, Policy]:
        """Return the rule sets in force on a local day: the national one (None), and those that are an agency's own."""
        rows = await self._pool.fetch(
            "select distinct on (instansi) instansi, body from policy_version where effective_from <= $1"
            " order by instansi, effective_from desc, revision desc",
            day,
        )
        return {row["instansi"]: Policy.model_validate(row["body"]) for row in rows}

    async def import_calendar(
        self, version: str, holidays: Sequence[Holiday], *, instansi: str | None = None, source: str = ""
    ) -> Calendar:
        """Add a calendar version: the years in `holidays` are replaced, the others copied from the newest one.

        Returns the calendar now in force (for an agency, the national one with the agency's days). Repeating the import
        changes nothing. Raises ValueError for an incomplete national year, VersionTaken.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            return await add_calendar(conn, version, holidays, instansi=instansi, source=source)

    async def import_policies(self, policies: Iterable[Policy], *, instansi: str | None = None) -> list[str]:
        """Add rule sets in order; return the versions that are new. Raises VersionTaken, and then adds none."""
        async with self._pool.acquire() as conn, conn.transaction():
            return await add_policies(conn, policies, instansi=instansi)

    async def _calendar(self, name: str) -> Calendar:
        national, *own = name.split(_SEPARATOR)
        calendar = Calendar.from_holidays(national, await self._holidays(national))
        if not own:
            return calendar
        return _with_own_days(calendar, name, await self._holidays(own[0]))

    async def _holidays(self, version: str) -> list[Holiday]:
        if version not in self._days:
            self._days[version] = await days_of(self._pool, version)
        return self._days[version]


async def add_calendar(
    conn: asyncpg.Connection, version: str, holidays: Sequence[Holiday], *, instansi: str | None, source: str
) -> Calendar:
    """Add a calendar version within the caller's transaction; see Rulebook.import_calendar."""
    # Two simultaneous imports would each copy days without the other's.
    await conn.execute("select pg_advisory_xact_lock($1)", _CALENDARS)
    newest = await conn.fetchval(
        "select version from calendar_version where instansi is not distinct from $1 order by position desc limit 1",
        instansi,
    )
    taken = await conn.fetchval("select count(*) from calendar_version where version = $1", version)
    years = {holiday.day.year for holiday in holidays}
    before = await days_of(conn, version if taken else newest) if taken or newest else []
    merged = sorted([*holidays, *(h for h in before if h.day.year not in years)], key=lambda holiday: holiday.day)
    if taken and merged != before:
        raise VersionTaken(f"the calendar version {version} exists with different days")
    calendar = Calendar.from_holidays(version, merged) if instansi is None else _own_days(version, merged)
    if not taken:
        await conn.execute(
            "insert into calendar_version (version, instansi, source) values ($1, $2, $3)", version, instansi, source
        )
        await conn.executemany(
            "insert into calendar_day (version, day, kind, name) values ($1, $2, $3, $4)",
            [(version, holiday.day, str(holiday.kind), holiday.name) for holiday in merged],
        )
    return calendar


async def add_policies(
    conn: asyncpg.Connection, policies: Iterable[Policy], *, instansi: str | None = None
) -> list[str]:
    """Add rule sets within the caller's transaction; see Rulebook.import_policies."""
    await conn.execute("select pg_advisory_xact_lock($1)", _POLICIES)
    added = []
    for policy in policies:
        body = policy.model_dump(mode="json")
        standing = await conn.fetchrow("select body, instansi from policy_version where version = $1", policy.version)
        if standing is not None:
            # Compared through the model, because what an earlier release stored lacks limits that were added later.
            stored = Policy.model_validate(standing["body"])
            if stored != policy or standing["instansi"] != instansi:
                raise VersionTaken(f"the rule set {policy.version} exists with different content")
            continue
        await conn.execute(
            "insert into policy_version (version, instansi, effective_from, revision, body)"
            " select $1, $2::text, $3, 1 + coalesce(max(revision), 0), $4 from policy_version"
            " where instansi is not distinct from $2 and effective_from = $3",
            policy.version,
            instansi,
            policy.effective_from,
            body,
        )
        added.append(policy.version)
    return added


async def days_of(conn: Any, version: str) -> list[Holiday]:
    """Return the days off of one calendar version, in order; `conn` is a connection or a pool."""
    rows = await conn.fetch("select day, kind, name from calendar_day where version = $1 order by day", version)
    return [Holiday(day=row["day"], kind=HolidayKind(row["kind"]), name=row["name"]) for row in rows]


def _own_days(version: str, holidays: Iterable[Holiday]) -> Calendar:
    """Return an agency's additions by themselves, which need not be a year's whole calendar."""
    off: dict[int, list[int]] = {}
    for holiday in holidays:
        if holiday.day.weekday() < 5:
            off.setdefault(holiday.day.year, []).append(holiday.day.timetuple().tm_yday)
    return Calendar(version=version, off=off)


def _with_own_days(national: Calendar, name: str, holidays: Iterable[Holiday]) -> Calendar:
    """Add an agency's days to the years that the national calendar knows; they do not make another year known."""
    own = _own_days(name, holidays).off
    off = {year: sorted({*days, *own.get(year, [])}) for year, days in national.off.items()}
    return Calendar(version=name, off=off)
