"""What of a report the public does not see, and why; who has read it, by the access log."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from kawal.client.complaints import Complaints
from kawal.console.pages.public.own_reading import OwnReport
from kawal.domain.masking import masked
from kawal.domain.messages import Event
from kawal.domain.msgids import Sayable, msgid
from kawal.domain.names import FINAL, EventKind, Role
from kawal.domain.visibility import READERS
from kawal.store.access_log import DayOfReading
from kawal.store.public_reports import PublicReports

_UNVERIFIED = msgid("Nothing of your report is public yet: it has not been checked.")
_NEVER_VERIFIED = msgid("Nothing of your report is public: it ended before it was checked.")
_RAHASIA = msgid("The whole report is hidden from the public, as you asked.")
_PENGAWASAN = msgid(
    "Only number, status and dates are public: your report is about how an official acts. The Inspectorate may release "
    "the words."
)
_ANONIM = msgid("Your name is hidden also from the offices that handle it, as you asked.")
_ROUNDED = msgid("The place on the map and the time are made coarser, so that they do not point to you.")
_MASKED = msgid("Telephone numbers, addresses and names in your words are covered for the public.")
_ERASED = msgid("Your words and who you are have been erased; nothing of them is left.")
_NEVER = msgid(
    "Never public: your name and contact, your answers and the questions to you, and the words of your rating. Files "
    "are public only if an official releases them."
)


class ReadingLine(NamedTuple):
    """A day on which a role read something of the report."""

    day: date
    who: Sayable


class Secrecy(NamedTuple):
    """What is hidden, what is public, and who has read."""

    hidden: list[Sayable]
    public: dict[str, Any] | None
    """Title, body and place as the public reads them; None where it reads none."""
    words_read: list[ReadingLine]
    identity_learned: list[ReadingLine]
    handled_by: list[Sayable]
    """The roles that took a step, and the offices to which it was sent."""

    @property
    def know(self) -> list[Sayable]:
        """The roles that know something already: nobody takes a step without reading."""
        read = [line.who for line in (*self.identity_learned, *self.words_read)]
        return list(dict.fromkeys((*self.handled_by, *read)))


async def secrecy_of(complaints: Complaints, own: OwnReport) -> Secrecy:
    """Return what is hidden of a report, what is public, and who has read it; raises the database's errors."""
    number = own.state.tracking_id
    rows, days = await asyncio.gather(
        PublicReports(complaints.pool, own.state.instansi, []).reports([number]),
        complaints.access_log.readings_of(number),
    )
    return Secrecy(
        _hidden(own),
        dict(rows[0]) if rows else None,
        _lines([day for day in days if day.words]),
        _lines([day for day in days if day.identity]),
        _handled_by(own.events),
    )


def _handled_by(events: Sequence[Event]) -> list[Sayable]:
    roles = {event.actor.role for event in events}
    if any(event.kind is EventKind.FORWARDED for event in events):
        roles.add(Role.LIAISON)
    return [said for role, said in READERS.items() if role in roles]


def _hidden(own: OwnReport) -> list[Sayable]:
    state, report = own.state, own.report
    if report is None:
        return [_ERASED]
    anonim, rahasia = state.anonim or own.hidden.anonim, state.rahasia or own.hidden.rahasia
    told: list[Sayable] = []
    if rahasia:
        told.append(_RAHASIA)
    if state.verified_at is None:
        told.append(_NEVER_VERIFIED if state.status in FINAL else _UNVERIFIED)
    elif not rahasia and any(event.facts.get("pengawasan") for event in own.events):
        told.append(_PENGAWASAN)
    if anonim:
        told += [_ANONIM, _ROUNDED]
    words = (report.title, report.text, report.place.text)
    if any(masked(text, report.reporter) != text for text in words):
        told.append(_MASKED)
    return [*told, _NEVER]


def _lines(days: Sequence[DayOfReading]) -> list[ReadingLine]:
    return [ReadingLine(day.day, READERS[day.role]) for day in days if day.role in READERS]
