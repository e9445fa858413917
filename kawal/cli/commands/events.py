"""`kawal events`: searching the record of all complaints by person, OPD, time and kind of event."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from kawal.cli.commands.complaint_list import LIMIT, check_limit
from kawal.cli.terminal.dates import parse_day, show_instant
from kawal.cli.terminal.faults import CommandRefusal, UsageError
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.cli.wording.labels import EVENTS, ROLES, label
from kawal.domain.labels import STATUSES
from kawal.domain.names import EventKind, Role
from kawal.domain.record_labels import ENTRIES
from kawal.wording.labels import facts_in_words

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.domain.messages import Actor
    from kawal.store.search import FoundEntry, FoundEvent

_PAGE = 1_000
"""Rows that are written at a time."""


def events(
    operator: Operator,
    *,
    events_actor: str | None,
    events_opd: str | None,
    events_from: str | None,
    events_to: str | None,
    events_kind: list[str],
    in_access_log: bool,
    limit: int,
) -> None:
    """List the events that match, the newest first; refused for who may not search, and for an unknown official."""
    _check_kinds(events_kind, in_access_log)
    check_limit(limit)
    first = events_from and parse_day(events_from, "--from")
    last = events_to and parse_day(events_to, "--to")
    opd = None if events_opd is None else events_opd.upper()

    async def work(complaints: Readings) -> int:
        from kawal.store.search import Search, SearchQuery, within

        since, until = within(first or None, last or None)
        actor = await _searcher(operator, complaints)
        await operator.check_named(complaints, opd)
        wanted = SearchQuery(
            instansi=actor.instansi,
            accounts=await _accounts(complaints, actor, events_actor),
            opd=opd,
            kinds=events_kind,
            since=since,
            until=until,
        )
        told = wanted.model_dump(mode="json", exclude_defaults=True, exclude={"instansi"})
        words = {} if events_actor is None else {"actor": events_actor[:200]}
        await complaints.authority.search(actor, via="cli", facts={"search": told}, words=words)
        search = Search(complaints.pool, actor)
        found = search.entries(wanted, limit + 1) if in_access_log else search.events(wanted, limit + 1)
        return await _told(operator, found, limit)

    if operator.with_record(work) > limit:
        operator.note(operator.say("more_left", shown=limit))


SPECS = (
    Spec(
        "events",
        events,
        [
            Field("events_actor", "--actor"),
            Field("events_opd", "--opd"),
            Field("events_from", "--from"),
            Field("events_to", "--to"),
            Field("events_kind", "--kind", list[str], default=[]),
            Field("in_access_log", "--access", bool, default=False),
            LIMIT,
        ],
    ),
)


def _check_kinds(kinds: list[str], in_access_log: bool) -> None:
    from kawal.domain.access_kinds import AccessKind

    known = [str(kind) for kind in (AccessKind if in_access_log else EventKind)]
    for kind in kinds:
        if kind not in known:
            raise UsageError("bad_event_kind", kind=kind, known=", ".join(known))


async def _searcher(operator: Operator, complaints: Readings) -> Actor:
    """Return who searches; a reporter has no account beyond one complaint, and is refused by the rules like others."""
    from kawal.domain.messages import Actor

    who = operator.acting()
    if who is not None and who.role == "reporter":
        return Actor(role=Role.REPORTER, account="reporter", name=who.name)
    return await operator.actor(complaints)


async def _accounts(complaints: Readings, actor: Actor, meant: str | None) -> list[str] | None:
    if meant is None:
        return None
    found = await complaints.accounts.named(meant, actor.instansi)
    if not found:
        raise CommandRefusal("no_such_official")
    return found


async def _told(operator: Operator, found: AsyncIterator[Any], limit: int) -> int:
    """Write the events as they arrive, at most `limit`; return how many there were, plus one where some are left."""
    came = 0
    first, page = True, []
    async for one in found:
        came += 1
        if came <= limit:
            page.append(one)
        if len(page) == _PAGE:
            _write(operator, page, first=first)
            first, page = False, []
    if page or first:
        _write(operator, page, first=first)
    if operator.json:
        operator.write("\n]")
    return came


def _write(operator: Operator, page: list[Any], *, first: bool) -> None:
    if operator.json:
        sys.stdout.write("[\n" if first else ",\n")
        sys.stdout.write(",\n".join(one.model_dump_json() for one in page))
    elif page:
        columns = ["at", "tracking_id", "number", "event", "status", "actor", "account", "facts"]
        write_table(columns, [_row(operator, one) for one in page], operator.lang, goes_on=not first)
    else:
        operator.write(operator.say("nothing_found"))


def _kind(one: FoundEvent | FoundEntry, lang: str) -> str:
    """Return what happened; an access-log entry names a refused command among its facts."""
    kinds = EVENTS if hasattr(one, "seq") or one.kind == "refused" else ENTRIES
    return label(kinds, one.kind, lang)


def _row(operator: Operator, one: FoundEvent | FoundEntry) -> list[str]:
    lang = operator.lang
    return [
        show_instant(one.at, lang),
        one.tracking_id or "–",
        str(getattr(one, "seq", None) or getattr(one, "n", "")),
        _kind(one, lang),
        label(STATUSES, getattr(one, "status", ""), lang),
        label(ROLES, one.role, lang) + (f" {one.opd}" if one.opd else ""),
        one.account,
        facts_in_words(one.facts, lang),
    ]
