"""The indicators by which an agency is assessed, side by side with what each is made of (docs/quality.md).

SK, account activity, management data, quality of follow-up and action plan [S]; how each is counted is Kawal's own
policy [P], since no source says it. The weights are not public, so no score is computed. Reads only.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict

from kawal.domain.calendar import at_local, end_of
from kawal.domain.quality import QualityCount, month_before
from kawal.domain.recap import Recap, mean, percentage
from kawal.reports.quality import quality_of
from kawal.reports.recap import UnknownInstansi, recap

__all__ = ["UnknownInstansi", "indicators"]

ROLES = ("agency_admin", "liaison", "inspectorate", "leadership")
"""The roles whose accounts are counted, in reading order."""


class Part(BaseModel):
    """One figure: `count` out of `of` where it is a share, or a mean over `count`."""

    model_config = ConfigDict(frozen=True)

    key: str
    count: int
    of: int | None = None
    mean: Decimal | None = None

    @property
    def percent(self) -> Decimal | None:
        """The share in per cent, to two places, rounded half up; None where it is no share, or `of` is 0."""
        return None if self.of is None else percentage(self.count, self.of)


class Indicator(BaseModel):
    """One indicator: `sk`, `activity`, `data`, `quality` or `plan`; `recap` holds the figures shown beside them."""

    model_config = ConfigDict(frozen=True)

    key: str
    parts: list[Part]


class UnattendedOpd(BaseModel):
    """An OPD in use whose liaison was not active within the month; `accounts` 0: it has no liaison."""

    model_config = ConfigDict(frozen=True)

    instansi: str
    opd: str
    name: str
    accounts: int


class IndicatorTable(BaseModel):
    """The indicators of one agency or of all for a year, now or as of the end of a local day."""

    model_config = ConfigDict(frozen=True)

    instansi: str | None
    year: int
    as_of: datetime | None
    """The end of the day asked for (UTC); None: now, with all that is recorded."""
    since: date
    """The first local day of the month over which account activity is counted."""
    indicators: list[Indicator]
    unattended: list[UnattendedOpd]


async def indicators(
    source: Any, *, instansi: str | None = None, year: int, today: date, day: date | None = None
) -> IndicatorTable:
    """Count the indicators; `day` asks for them as of its end, `today` is the local day now.

    `source` is an asyncpg pool or connection. Raises UnknownInstansi.
    """
    as_of = None if day is None else end_of(day)
    since = month_before(day or today)
    figures = await recap(source, instansi=instansi, year=year, as_of=as_of)
    seen = await source.fetch(_SEEN_NOW if as_of is None else _SEEN_THEN, instansi, *_window(since, as_of))
    unattended = await source.fetch(_UNATTENDED, instansi, [row["id"] for row in seen if row["seen"]], as_of)
    return IndicatorTable(
        instansi=instansi,
        year=year,
        as_of=None if as_of is None else as_of.astimezone(UTC),
        since=since,
        indicators=[
            Indicator(key="sk", parts=await _decrees(source, instansi, day or today)),
            Indicator(key="activity", parts=_activity(seen, unattended)),
            Indicator(key="data", parts=await _data(source, instansi, year, as_of)),
            Indicator(
                key="quality", parts=_quality(await quality_of(source, instansi=instansi, year=year, as_of=as_of))
            ),
            Indicator(key="plan", parts=await _plan(source, instansi, year, day or today)),
            Indicator(
                key="recap", parts=[*_besides(figures.total), await _spoken_ratings(source, instansi, year, as_of)]
            ),
        ],
        unattended=[UnattendedOpd.model_validate(dict(row)) for row in unattended if not row["attended"]],
    )


def _window(since: date, as_of: datetime | None) -> list[datetime]:
    return [at_local(since, 0)] if as_of is None else [at_local(since, 0), as_of]


async def _decrees(source: Any, instansi: str | None, day: date) -> list[Part]:
    row = await source.fetchrow(_DECREES, instansi, day)
    return [
        Part(key="decree_agencies", count=row["agencies"], of=row["all_agencies"]),
        Part(key="decrees_in_force", count=row["in_force"]),
    ]


def _activity(seen: list[Any], opds: list[Any]) -> list[Part]:
    by_role = [
        Part(
            key=f"seen_{role}",
            count=sum(row["seen"] for row in seen if row["role"] == role),
            of=sum(row["role"] == role for row in seen),
        )
        for role in ROLES
    ]
    return [Part(key="opds_attended", count=sum(row["attended"] for row in opds), of=len(opds)), *by_role]


async def _data(source: Any, instansi: str | None, year: int, as_of: datetime | None) -> list[Part]:
    first, after = at_local(date(year, 1, 1), 0), at_local(date(year + 1, 1, 1), 0)
    row = await source.fetchrow(_DATA, first, after, instansi, as_of)
    keys = ("data_complete", "data_class", "data_category", "data_opd", "deadlines_kept")
    return [Part(key=key, count=row[key], of=row["verified"]) for key in keys]


async def _spoken_ratings(source: Any, instansi: str | None, year: int, as_of: datetime | None) -> Part:
    """Return the ratings that the desk or an admin gave for a reporter: they count apart."""
    first, after = at_local(date(year, 1, 1), 0), at_local(date(year + 1, 1, 1), 0)
    row = await source.fetchrow(_SPOKEN_RATINGS, first, after, instansi, as_of)
    return Part(key="satisfaction_spoken", count=row["given"], mean=mean(row["total"], row["given"]))


def _quality(count: QualityCount) -> list[Part]:
    judged = [
        Part(key=f"quality_{key}", count=getattr(count, key), of=count.reviewed)
        for key in ("answers", "partly", "does_not", "disputed")
    ]
    return [
        *judged,
        Part(key="quality_reviewed", count=count.reviewed, of=count.drawn - count.erased),
        Part(key="quality_erased", count=count.erased),
    ]


async def _plan(source: Any, instansi: str | None, year: int, day: date) -> list[Part]:
    row = await source.fetchrow(_PLANS, instansi, year, day)
    return [
        Part(key="plan_agencies", count=row["agencies"], of=row["all_agencies"]),
        Part(key="plan_done", count=row["done"], of=row["items"]),
        Part(key="plan_under_way", count=row["under_way"], of=row["items"]),
    ]


def _besides(total: Recap) -> list[Part]:
    return [
        Part(key="selesai", count=total.selesai, of=total.masuk),
        Part(key="ditindaklanjuti", count=total.selesai + total.proses, of=total.masuk),
        Part(key="days_to_follow_up", count=total.follow_ups, mean=total.mean_days_to_follow_up),
        Part(key="days_to_completion", count=total.completions, mean=total.mean_days_to_completion),
        Part(key="satisfaction", count=total.ratings, mean=total.satisfaction),
    ]


_AGENCIES = "(select count(*) from instansi where active and ($1::text is null or code = $1)) as all_agencies"

_DECREES = f"""
select {_AGENCIES}, count(*) as in_force, count(distinct d.instansi) filter (where d.opd is null) as agencies
from (select distinct on (entry) * from decree order by entry, revision desc) d join instansi a on a.code = d.instansi
where a.active and not withdrawn and decided_on <= $2 and (valid_until is null or valid_until >= $2)
    and ($1::text is null or instansi = $1)
"""  # noqa: S608 - only this module's words

_SPOKEN_RATINGS = """
with last as (
    select distinct on (e.workflow_id) e.facts from event e join complaint c on c.workflow_id = e.workflow_id
    where c.received_at >= $1 and c.received_at < $2 and ($3::text is null or c.instansi = $3)
        and ($4::timestamptz is null or e.at < $4)
        and (e.kind = 'disputed' or (e.kind in ('accepted', 'rated') and e.facts ? 'rating'))
    order by e.workflow_id, e.seq desc)
select count(*)::integer as given, coalesce(sum((facts ->> 'rating')::integer), 0)::integer as total
from last where facts ? 'via' and facts ? 'rating'
"""
# A dispute voids the rating that came with the accept it undoes.

_ACCOUNTS = """
from account a where a.active and a.role in ('agency_admin', 'liaison', 'inspectorate', 'leadership')
    and ($1::text is null or a.instansi = $1)
"""
_SEEN_NOW = f"select a.id, a.role::text as role, coalesce(a.last_seen_at >= $2, false) as seen {_ACCOUNTS}"
# For a past month an account's last act says nothing; what the account did then is in the record.
_SEEN_THEN = f"""
with acted as (
    select actor_account from event where at >= $2 and at < $3
    union select actor_account from access_log where at >= $2 and at < $3)
select a.id, a.role::text as role, a.id in (select actor_account from acted) as seen {_ACCOUNTS} and a.created_at < $3
"""  # noqa: S608 - only this module's words

_UNATTENDED = """
select o.instansi::text as instansi, o.code::text as opd, o.name, count(a.id)::integer as accounts,
    coalesce(bool_or(a.id = any($2::text[])), false) as attended
from opd o join instansi i on i.code = o.instansi left join account a on a.instansi = o.instansi and a.opd = o.code
    and a.role = 'liaison' and a.active and ($3::timestamptz is null or a.created_at < $3)
where o.active and i.active and ($1::text is null or o.instansi = $1)
group by o.instansi, o.code, o.name order by o.instansi, o.code
"""

_DATA = """
select count(*) as verified, count(*) filter (where report_class is not null) as data_class,
    count(*) filter (where category is not null) as data_category, count(*) filter (where opds <> '{}') as data_opd,
    count(*) filter (where report_class is not null and category is not null and opds <> '{}') as data_complete,
    count(*) filter (where not ever_late) as deadlines_kept
from status_span
where received_at >= $1 and received_at < $2 and ($3::text is null or instansi = $3)
    and status in ('belum_ditindaklanjuti', 'proses', 'selesai')
    and case when $4::timestamptz is null then to_at is null
        else from_at <= $4 and (to_at is null or to_at > $4) end
"""

_PLANS = f"""
with plan as (
    select p.* from (select distinct on (entry) * from action_plan order by entry, revision desc) p
    join instansi a on a.code = p.instansi
    where a.active and not withdrawn and year = $2 and submitted_on <= $3 and ($1::text is null or instansi = $1)),
item as (
    select distinct on (i.plan, i.place) i.state from action_item i join plan p on p.entry = i.plan
    where i.on_day <= $3 order by i.plan, i.place, i.revision desc)
select {_AGENCIES}, (select count(distinct instansi) from plan where opd is null) as agencies,
    (select count(*) from item) as items, (select count(*) from item where state = 'done') as done,
    (select count(*) from item where state = 'under_way') as under_way
"""  # noqa: S608 - only this module's words
