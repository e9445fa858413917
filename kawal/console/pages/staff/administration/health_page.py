"""`/kelola/keadaan`: how the system stands, part by part, and what to do about what does not work.

It asks the engine only whether it answers, so that it is shown while the engine is away. That it is shown at all says
that PostgreSQL and the keys are there: without them nobody is signed in.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kawal.base.errors import SystemUnavailable
from kawal.base.last_backup import last_backup
from kawal.base.settings import Settings
from kawal.client.engine_health import EngineHealth, engine_health
from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.administration.form_acts import PATH, FormOutcome, agency_of, page_route
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.setup.trial_step import gateway_names, sends_letters
from kawal.domain.access import Act
from kawal.domain.msgids import Message, Sayable, msgid, msgids, sentence
from kawal.store.health import RecordHealth, record_health

HEALTH = f"{PATH}/keadaan"

PATIENCE = timedelta(minutes=5)
"""For how long something may wait that is done within a minute where all is well."""

ROUND_EVERY = timedelta(minutes=15)
BACKUP_EVERY = timedelta(days=2)
CLOCK_OFF = timedelta(seconds=5)
LEAST_FREE = 0.1
"""The part of a disk that should be free."""


class State(StrEnum):
    """How a part of the system stands."""

    WELL = "well"
    TROUBLE = "trouble"
    OFF = "off"
    """Not configured."""
    UNKNOWN = "unknown"


SHAPES: Mapping[State, str] = {State.WELL: "✓", State.TROUBLE: "▲", State.OFF: "–", State.UNKNOWN: "?"}
WORDS: Mapping[State, Message] = {
    State.WELL: msgid("well"),
    State.TROUBLE: msgid("needs attention"),
    State.OFF: msgid("not in use"),
    State.UNKNOWN: msgid("not known"),
}


class PartHealth(NamedTuple):
    """A part of the system: how it stands, and what to do about it."""

    name: Message
    state: State
    said: Sayable
    todo: Sayable | None = None


async def show_health(request: Request, signed: SignedIn, _: FormOutcome) -> Response:
    """Show every part of the system."""
    complaints = complaints_of(request)
    settings = complaints.settings
    engine, record = await engine_health(complaints.system), await record_health(complaints.pool)
    parts = [
        _database(record),
        _engine(engine),
        _worker(engine),
        _relay(record),
        _letters_out(record, sends=sends_letters(settings)),
        _letters_in(settings),
        _messages(settings, agency_of(signed), record),
        _sealing(record, settings),
        _reconciler(record),
        _backup(settings, record.now),
        _disk(settings.home),
        _clock(record.now),
    ]
    values = {"parts": parts, "shapes": SHAPES, "words": WORDS, "now": record.now}
    return staff_page(request, signed, "staff/administration/health.html", values)


def _judged(name: Message, well: bool, said: Sayable, todo: Sayable) -> PartHealth:
    return PartHealth(name, State.WELL if well else State.TROUBLE, said, None if well else todo)


def _database(record: RecordHealth) -> PartHealth:
    return PartHealth(msgid("Database"), State.WELL, sentence(msgid("It answered at {at}."), at=record.now))


def _engine(engine: EngineHealth) -> PartHealth:
    said = msgid("It answers.") if engine.answers else msgid("It does not answer: reports are accepted, and wait.")
    return _judged(
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
    return _judged(name, seen is not None, said, msgid("Start `kawal up`, or `kawal worker` beside it."))


def _relay(record: RecordHealth) -> PartHealth:
    waiting = [at for at in (record.report_waits_since, record.reply_waits_since) if at is not None]
    oldest = min(waiting, default=None)
    return _judged(
        msgid("Reports and replies that were accepted"),
        not _too_long(oldest, record.now),
        msgid("None waits.") if oldest is None else sentence(msgid("The oldest waits since {at}."), at=oldest),
        msgid("Nothing is lost. See the engine above; then `kawal inbox` names each, and why."),
    )


def _letters_out(record: RecordHealth, *, sends: bool) -> PartHealth:
    name = msgid("Letters going out")
    if not sends:
        return PartHealth(name, State.OFF, msgid("No mail server is configured."), msgid("Set KAWAL_SMTP_HOST."))
    well = not _too_long(record.notice_due_since, record.now) and not record.notices_failed
    return _judged(
        name,
        well,
        _waiting_letters(record),
        msgid("Send a test letter in the set-up: it says what the mail server answers. What failed: `kawal notices`."),
    )


def _waiting_letters(record: RecordHealth) -> Sayable:
    if record.notices_failed:
        failed = msgids("{count} letter could not be delivered.", "{count} letters could not be delivered.")
        return sentence(failed, count=record.notices_failed)
    if _too_long(record.notice_due_since, record.now):
        return sentence(msgid("The oldest waits since {at}."), at=record.notice_due_since)
    if record.last_letter_at is None:
        return msgid("None was sent yet.")
    return sentence(msgid("The last one left at {at}."), at=record.last_letter_at)


def _letters_in(settings: Settings) -> PartHealth:
    name, fetched = msgid("Letters coming in"), (settings.home / "mailboxes.toml").is_file()
    if fetched:
        return PartHealth(name, State.WELL, msgid("Mailboxes are read; the log says `mailbox_away` when one is not."))
    if settings.mail_port:
        heard = sentence(msgid("The listener takes letters at port {port}."), port=str(settings.mail_port))
        return PartHealth(name, State.WELL, heard)
    return PartHealth(name, State.OFF, msgid("Neither a mailbox nor the listener is configured."))


def _messages(settings: Settings, instansi: str, record: RecordHealth) -> PartHealth:
    name, todo = msgid("Messages to telephones"), msgid("See whether the gateway answers; the log names it.")
    try:
        gateways = gateway_names(settings, instansi)
    except SystemUnavailable as error:
        return PartHealth(name, State.TROUBLE, error.sentence, todo)
    if not gateways:
        return PartHealth(name, State.OFF, msgid("No gateway is configured."))
    if _too_long(record.message_due_since, record.now):
        late = sentence(msgid("The oldest waits since {at}."), at=record.message_due_since)
        return PartHealth(name, State.TROUBLE, late, todo)
    return PartHealth(name, State.WELL, sentence(msgid("They leave by: {gateways}."), gateways=", ".join(gateways)))


def _sealing(record: RecordHealth, settings: Settings) -> PartHealth:
    since, allowed = record.unsealed_since, 2 * timedelta(minutes=settings.seal_minutes)
    well = since is None or record.now - since <= allowed
    waits = msgid("What is new since {at} is not sealed yet.")
    said = msgid("All is sealed.") if since is None else sentence(waits, at=since)
    todo = msgid("A worker seals: see above; then `kawal audit seal`.")
    return _judged(msgid("Sealing of the record"), well, said, todo)


def _reconciler(record: RecordHealth) -> PartHealth:
    ended, todo = record.round_ended_at, msgid("`kawal reconcile` names each finding, and what to do.")
    name = msgid("Comparison of inbox, record and engine")
    if ended is None:
        return PartHealth(name, State.UNKNOWN, msgid("No round has ended yet."))
    if record.findings:
        found = msgids("{count} finding is left to a person.", "{count} findings are left to a person.")
        return PartHealth(name, State.TROUBLE, sentence(found, count=record.findings), todo)
    fresh = record.now - ended <= 2 * ROUND_EVERY
    said = sentence(msgid("Nothing was found in the last round, at {at}."), at=ended)
    return _judged(name, fresh, said, msgid("No round has ended for half an hour: see the worker above."))


def _backup(settings: Settings, now: datetime) -> PartHealth:
    name, at = msgid("Backup"), last_backup(settings.home)
    todo = msgid("Run `kawal backup FOLDER` each night, and take the folders to another machine.")
    if at is None:
        return PartHealth(name, State.TROUBLE, msgid("None was made with this home yet."), todo)
    return _judged(name, now - at <= BACKUP_EVERY, sentence(msgid("The last one was made at {at}."), at=at), todo)


def _disk(home: Path) -> PartHealth:
    usage = shutil.disk_usage(home)
    share = usage.free / usage.total
    said = sentence(
        msgid("{share} % is free ({free} GB)."), share=str(round(100 * share)), free=str(round(usage.free / 1e9))
    )
    return _judged(msgid("Disk of Kawal's home"), share >= LEAST_FREE, said, msgid("Make room before it is full."))


def _clock(now: datetime) -> PartHealth:
    off = abs(datetime.now(UTC) - now)
    said = sentence(msgid("It differs from the database's by {seconds} s."), seconds=str(round(off.total_seconds())))
    return _judged(msgid("Clock"), off <= CLOCK_OFF, said, msgid("Let both machines keep time (NTP)."))


def _too_long(since: datetime | None, now: datetime) -> bool:
    return since is not None and now - since > PATIENCE


ROUTES = [page_route(HEALTH, Act.SEE_HEALTH, show_health)]
