"""`/kelola/keadaan`: how the system stands, part by part, and what to do about what does not work.

It asks the engine only whether it answers, so that it is shown while the engine is away. That it is shown at all says
that PostgreSQL and the keys are there: without them nobody is signed in.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from kawal.base.last_backup import last_backup
from kawal.base.settings import Settings
from kawal.client.engine_health import EngineHealth, engine_health
from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.administration.health_part import (
    SHAPES,
    WORDS,
    PartHealth,
    State,
    judged,
    too_long,
)
from kawal.console.pages.staff.administration.health_ways import letters_in, letters_out, messages_in, messages_out
from kawal.console.pages.staff.administration.outcomes import PATH
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import FormOutcome, agency_of, page_route
from kawal.domain.access import Act
from kawal.domain.msgids import Sayable, msgid, msgids, sentence
from kawal.store.health import RecordHealth, record_health
from kawal.store.history_archive_due import HistoryArchiveRound

HEALTH = f"{PATH}/keadaan"

ROUND_EVERY = timedelta(minutes=15)
_NO_ROUND = msgid("No round has ended for half an hour: see the worker above.")

BACKUP_EVERY = timedelta(days=2)
CLOCK_OFF = timedelta(seconds=5)
LEAST_FREE = 0.1
"""The part of a disk that should be free."""


async def show_health(request: Request, signed: SignedIn, _: FormOutcome) -> Response:
    """Show every part of the system."""
    complaints, agency, state = complaints_of(request), agency_of(signed), request.app.state
    settings = complaints.settings
    engine, record = await engine_health(complaints.system), await record_health(complaints.pool)
    tries, due = await complaints.record.last_tries.all(), complaints.record.history_archive_due
    parts = [
        _database(record),
        _engine(engine),
        _worker(engine),
        _relay(record),
        letters_out(settings, record, tries),
        *letters_in(state.mailboxes, settings.mail_port, agency, tries, record.now),
        messages_out(settings, agency, record),
        await messages_in(state.gateways.values(), agency, complaints.record.conversations),
        _sealing(record, settings),
        _reconciler(record),
        _history_archive(await due.last_round(), (await due.danger())[0], record.now),
        _backup(settings, record.now),
        _disk(settings.home),
        _clock(record.now),
    ]
    values = {"parts": parts, "shapes": SHAPES, "words": WORDS, "now": record.now}
    return staff_page(request, signed, "staff/administration/health.html", values)


def _database(record: RecordHealth) -> PartHealth:
    return PartHealth(msgid("Database"), State.WELL, sentence(msgid("It answered at {at}."), at=record.now))


def _engine(engine: EngineHealth) -> PartHealth:
    said = msgid("It answers.") if engine.answers else msgid("It does not answer: reports are accepted, and wait.")
    return judged(
        msgid("Engine (Temporal)"),
        engine.answers,
        said,
        msgid("See whether `kawal up` runs, or the Temporal cluster; then log/temporal.log in Kawal's home."),
    )


def _worker(engine: EngineHealth) -> PartHealth:
    name, seen = msgid("Worker"), engine.worker_seen_at
    if not engine.answers:
        return PartHealth(name, State.UNKNOWN, msgid("Nobody can ask while the engine is away."))
    if seen is None:
        said: Sayable = msgid("None has asked for work lately: no deadline is watched, no letter is sent.")
    else:
        said = sentence(msgid("It asked for work at {at}."), at=seen)
    return judged(name, seen is not None, said, msgid("Start `kawal up`, or `kawal worker` beside it."))


def _relay(record: RecordHealth) -> PartHealth:
    waiting = [at for at in (record.report_waits_since, record.reply_waits_since) if at is not None]
    oldest = min(waiting, default=None)
    return judged(
        msgid("Reports and replies that were accepted"),
        not too_long(oldest, record.now),
        msgid("None waits.") if oldest is None else sentence(msgid("The oldest waits since {at}."), at=oldest),
        msgid("Nothing is lost. See the engine above; then `kawal inbox` names each, and why."),
    )


def _sealing(record: RecordHealth, settings: Settings) -> PartHealth:
    since, allowed = record.unsealed_since, 2 * timedelta(minutes=settings.seal_minutes)
    well = since is None or record.now - since <= allowed
    waits = msgid("What is new since {at} is not sealed yet.")
    said = msgid("All is sealed.") if since is None else sentence(waits, at=since)
    todo = msgid("A worker seals: see above; then `kawal audit seal`.")
    return judged(msgid("Sealing of the record"), well, said, todo)


def _reconciler(record: RecordHealth) -> PartHealth:
    ended, todo = record.round_ended_at, msgid("`kawal reconcile` names each finding, and what to do.")
    name = msgid("Comparison of inbox, record and engine")
    if ended is None:
        return PartHealth(name, State.UNKNOWN, msgid("No round has ended yet."))
    if record.now - ended > 2 * ROUND_EVERY:
        stale = sentence(msgid("The last round ended at {at}."), at=ended)
        return PartHealth(name, State.TROUBLE, stale, _NO_ROUND)
    if record.findings:
        found = msgids("{count} finding is left to a person.", "{count} findings are left to a person.")
        return PartHealth(name, State.TROUBLE, sentence(found, count=record.findings), todo)
    return PartHealth(name, State.WELL, sentence(msgid("Nothing was found in the last round, at {at}."), at=ended))


def _history_archive(last: HistoryArchiveRound | None, in_danger: int, now: datetime) -> PartHealth:
    name = msgid("Archive of the engine's histories")
    if last is None:
        return PartHealth(name, State.UNKNOWN, msgid("No round of the archive has ended yet."))
    if in_danger:
        endangered = msgids(
            "{count} history is not archived, and half of the time for it is over.",
            "{count} histories are not archived, and half of the time for them is over.",
        )
        todo = msgid("`kawal audit history-archive` says why: the engine deletes them when the time is over.")
        return PartHealth(name, State.TROUBLE, sentence(endangered, count=in_danger), todo)
    said = sentence(msgid("The last round ended at {at}."), at=last.ended_at)
    return judged(name, now - last.ended_at <= 2 * ROUND_EVERY, said, _NO_ROUND)


def _backup(settings: Settings, now: datetime) -> PartHealth:
    name, at = msgid("Backup"), last_backup(settings.home)
    todo = msgid("Run `kawal backup FOLDER` each night, and take the folders to another machine.")
    if at is None:
        return PartHealth(name, State.TROUBLE, msgid("None was made with this home yet."), todo)
    return judged(name, now - at <= BACKUP_EVERY, sentence(msgid("The last one was made at {at}."), at=at), todo)


def _disk(home: Path) -> PartHealth:
    usage = shutil.disk_usage(home)
    share = usage.free / usage.total
    said = sentence(
        msgid("{share} % is free ({free} GB)."), share=str(round(100 * share)), free=str(round(usage.free / 1e9))
    )
    return judged(msgid("Disk of Kawal's home"), share >= LEAST_FREE, said, msgid("Make room before it is full."))


def _clock(now: datetime) -> PartHealth:
    off = abs(datetime.now(UTC) - now)
    said = sentence(msgid("It differs from the database's by {seconds} s."), seconds=str(round(off.total_seconds())))
    return judged(msgid("Clock"), off <= CLOCK_OFF, said, msgid("Let both machines keep time (NTP)."))


ROUTES = [page_route(HEALTH, Act.SEE_HEALTH, show_health)]
