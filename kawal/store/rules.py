"""Calendars and rule sets: dated, versioned, never changed in place.

A calendar version contains all days off that were known when it was imported; the newest is the best knowledge
available. A rule set applies to the reports received from its first day on; a correction is a later revision with the
same first day and replaces it, while a newer rule set (a later first day) never affects older complaints.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

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


class NotNewest(Exception):  # noqa: N818 - names the condition
    """The version that the sender started from is not the newest any more."""


class CalendarLine(NamedTuple):
    """A calendar version, without its days."""

    version: str
    source: str
    imported_at: datetime


class PolicyLine(NamedTuple):
    """A stored rule set."""

    policy: Policy
    revision: int
    imported_at: datetime


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
        newest = await self.newest_revision(policy.version)
        return Rules(policy=newest or policy, calendar=await self.calendar_for(instansi))

    async def newest_revision(self, version: str) -> Policy | None:
        """Return what stands now for a version: its newest correction, or itself; None if it is not known here."""
        body = await self._pool.fetchval(
            "select newest.body from policy_version own join policy_version newest"
            " on newest.effective_from = own.effective_from and newest.instansi is not distinct from own.instansi"
            " where own.version = $1 order by newest.revision desc limit 1",
            version,
        )
        return None if body is None else Policy.model_validate(body)

    async def corrected_by(self, policy: Policy, instansi: str | None) -> list[str]:
        """Return the versions that a rule set with that first day would correct, of an agency or (None) the nation."""
        rows = await self._pool.fetch(
            "select version from policy_version where effective_from = $1 and instansi is not distinct from $2",
            policy.effective_from,
            instansi,
        )
        return [row["version"] for row in rows]

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
        return await self.calendar_named(name)

    async def calendar_named(self, version: str) -> Calendar:
        """Return the calendar of a version as a complaint names it; without days off where it is not known here."""
        if version not in self._calendars:
            self._calendars[version] = await self._calendar(version)
        return self._calendars[version]

    async def calendar_lines(self, instansi: str | None, limit: int) -> list[CalendarLine]:
        """Return the versions of the national calendar (None) or of an agency's additions, the newest first."""
        rows = await self._pool.fetch(
            "select version, source, imported_at from calendar_version where instansi is not distinct from $1"
            " order by position desc limit $2",
            instansi,
            limit,
        )
        return [CalendarLine(**dict(row)) for row in rows]

    async def days_off(self, version: str) -> list[Holiday]:
        """Return the days off of one version, in order."""
        return await self._holidays(version)

    async def calendar_if(
        self, instansi: str, holidays: Sequence[Holiday], years: Sequence[int], *, own: bool
    ) -> Calendar:
        """Return the calendar that an agency would have after an import, which is not done; arguments as for that.

        Raises ValueError for an incomplete national year.
        """
        national, *additions = (await self.calendar_for(instansi)).version.split(_SEPARATOR)
        before = await self._holidays(national)
        added = await self._holidays(additions[0]) if additions else []
        if own:
            added = _with_years(added, holidays, years)
        else:
            before = _with_years(before, holidays, years)
        return _with_own_days(Calendar.from_holidays("–", before), "–", added)

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

    async def policy_lines(self, instansi: str | None, limit: int) -> list[PolicyLine]:
        """Return an agency's own rule sets, or (None) those of the installation, the latest first day first."""
        rows = await self._pool.fetch(
            "select body, revision, imported_at from policy_version where instansi is not distinct from $1"
            " order by effective_from desc, revision desc limit $2",
            instansi,
            limit,
        )
        return [PolicyLine(Policy.model_validate(row["body"]), row["revision"], row["imported_at"]) for row in rows]

    async def policies_in_force(self, day: date) -> dict[str | None, Policy]:
        """Return the rule sets in force on a local day: the national one (None), and those that are an agency's own."""
        rows = await self._pool.fetch(
            "select distinct on (instansi) instansi, body from policy_version where effective_from <= $1"
            " order by instansi, effective_from desc, revision desc",
            day,
        )
        return {row["instansi"]: Policy.model_validate(row["body"]) for row in rows}

    async def import_calendar(
        self,
        version: str,
        holidays: Sequence[Holiday],
        *,
        instansi: str | None = None,
        source: str = "",
        years: Sequence[int] = (),
        after: str | None = None,
    ) -> Calendar:
        """Add a calendar version: the years in `holidays` are replaced, the others copied from the newest one.

        `years` are replaced, too, also those without a day. `after` is the version of the calendar that the sender
        started from, as `calendar_for` names it; None: whichever is the newest. Returns the version's calendar.
        Repeating the import changes nothing. Raises ValueError for an incomplete national year, VersionTaken,
        NotNewest.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            return await add_calendar(
                conn, version, holidays, instansi=instansi, source=source, years=years, after=after
            )

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
    conn: asyncpg.Connection,
    version: str,
    holidays: Sequence[Holiday],
    *,
    instansi: str | None,
    source: str,
    years: Sequence[int] = (),
    after: str | None = None,
) -> Calendar:
    """Add a calendar version within the caller's transaction; see Rulebook.import_calendar."""
    # Two simultaneous imports would each copy days without the other's.
    await conn.execute("select pg_advisory_xact_lock($1)", _CALENDARS)
    newest = await conn.fetchval(
        "select version from calendar_version where instansi is not distinct from $1 order by position desc limit 1",
        instansi,
    )
    taken = await conn.fetchval("select count(*) from calendar_version where version = $1", version)
    before = await days_of(conn, version if taken else newest) if taken or newest else []
    merged = _with_years(before, holidays, years)
    if taken and merged != before:
        raise VersionTaken(f"the calendar version {version} exists with different days")
    if not taken and after is not None and _part_of(after, instansi) != (newest or ""):
        raise NotNewest(f"the newest calendar version is {newest}")
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


def _part_of(name: str, instansi: str | None) -> str:
    """Return the version of the national calendar (None) or of an agency's additions in a calendar's name."""
    national, _, own = name.partition(_SEPARATOR)
    return national if instansi is None else own


def _with_years(before: Iterable[Holiday], holidays: Sequence[Holiday], years: Sequence[int]) -> list[Holiday]:
    """Return days off in order: those given instead of all of the same years, and of the other years those before."""
    replaced = {*years, *(holiday.day.year for holiday in holidays)}
    kept = (holiday for holiday in before if holiday.day.year not in replaced)
    return sorted([*holidays, *kept], key=lambda holiday: holiday.day)


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
