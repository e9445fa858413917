"""How a report stands, told to its reporter: status, dates, who owes what until when, and what was said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from kawal.domain.calendar import local_day
from kawal.domain.messages import ClockLine, Snapshot
from kawal.domain.names import ClockKind, Status
from kawal.domain.notice_words import CLOCKS, letter, said_date
from kawal.store.inbox import Waiting

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints

STATUS_WORDS = {
    Status.BELUM_DIVERIFIKASI: ("Menunggu verifikasi", "Waiting for verification"),
    Status.DITUNDA: ("Ditunda: menunggu kelengkapan dari Anda", "Held: waiting for what you are to add"),
    Status.BELUM_DITINDAKLANJUTI: ("Diteruskan, menunggu tindak lanjut", "Forwarded, waiting for a follow-up"),
    Status.PROSES: ("Sedang ditindaklanjuti", "Being followed up"),
    Status.SELESAI: ("Selesai", "Done"),
    Status.DIARSIPKAN: ("Diarsipkan", "Archived"),
    Status.BUKAN_WEWENANG: ("Disampaikan ke instansi lain", "Passed to another agency"),
    Status.DIGABUNG: ("Digabung ke laporan utama", "Merged into the main report"),
}

_YOURS = frozenset({ClockKind.HOLD, ClockKind.QUESTION, ClockKind.AUTO_CLOSE})
_SHOWN = (*CLOCKS["id"],)


class Body(BaseModel):
    """An OPD that has the report."""

    code: str
    name: str


class Deadline(BaseModel):
    """A step that is owed, in words and as an instant (UTC); without one while it is paused."""

    step: str
    opd: str | None = None
    yours: bool
    """Whether the reporter, not an official, is to do it."""
    until: datetime | None
    words: str
    provisional: bool
    late: bool


class Told(BaseModel):
    """One message to the reporter."""

    at: datetime
    kind: str
    subject: str
    text: str


class PublicView(BaseModel):
    """What a reporter sees of the report; instants are UTC, words in the language asked for."""

    tracking_id: str
    instansi: str
    status: Status
    status_words: str
    channel: str
    report_class: str | None = None
    category: str | None = None
    anonim: bool
    rahasia: bool
    received_at: datetime
    verified_at: datetime | None = None
    first_forwarded_at: datetime | None = None
    first_follow_up_at: datetime | None = None
    completed_at: datetime | None = None
    closed_at: datetime | None = None
    main_report: str | None = None
    rating: int | None = None
    opds: list[Body] = Field(default_factory=list)
    deadlines: list[Deadline] = Field(default_factory=list)
    messages: list[Told] = Field(default_factory=list)
    """What the reporter was told, the oldest first: each step, each follow-up, what is asked."""


def waiting_view(waiting: Waiting, lang: str) -> PublicView:
    """How a report stands whose workflow has not begun: received, day 0 counts."""
    report = waiting.report
    return PublicView(
        tracking_id=waiting.tracking_id,
        instansi=waiting.instansi,
        status=Status.BELUM_DIVERIFIKASI,
        status_words=_said(Status.BELUM_DIVERIFIKASI, lang),
        channel=report.channel,
        report_class=report.proposed_class,
        category=report.category,
        anonim=report.anonim,
        rahasia=report.rahasia,
        received_at=waiting.received_at,
    )


async def public_view(complaints: Complaints, row: Snapshot, lang: str) -> PublicView:
    """How a report stands by the read model; a merged one shows its main report's status, dates and deadlines."""
    shown = row
    if row.main_report is not None:
        shown = await complaints.ledger.snapshot(row.main_report) or row
    names = {opd.code: opd.name for opd in await complaints.directory.opds(row.instansi)}
    told = await complaints.system.outbox.told_to_the_reporter(row.tracking_id)
    letters = [(at, one, letter(one.kind, one.tracking_id, one.body, lang, names)) for at, one in told]
    dates = ("verified_at", "first_forwarded_at", "first_follow_up_at", "completed_at", "closed_at")
    return PublicView(
        tracking_id=row.tracking_id,
        instansi=row.instansi,
        status=row.status,
        status_words=_said(row.status, lang)
        if shown is row
        else f"{_said(row.status, lang)}: {_said(shown.status, lang)}",
        channel=row.channel,
        report_class=row.report_class,
        category=row.category,
        anonim=row.anonim,
        rahasia=row.rahasia,
        received_at=row.received_at,
        main_report=row.main_report,
        rating=row.rating,
        **{name: getattr(shown, name) for name in dates},
        opds=[
            Body(code=line.code, name=names.get(line.code, line.code))
            for line in shown.opds
            if line.state in ("owes", "final")
        ],
        deadlines=[_deadline(line, lang, names) for line in shown.clocks if line.kind in _SHOWN],
        messages=[Told(at=at, kind=one.kind, subject=said.subject, text=said.text) for at, one, said in letters],
    )


def _said(status: Status, lang: str) -> str:
    return STATUS_WORDS[status][0 if lang == "id" else 1]


def _deadline(line: ClockLine, lang: str, names: dict[str, str]) -> Deadline:
    step = CLOCKS[lang][line.kind]
    if line.kind in (ClockKind.QUESTION, ClockKind.HOLD):
        step = {"id": "jawaban atau kelengkapan dari Anda", "en": "your answer or what you are to add"}[lang]
    by = f" ({names.get(line.opd, line.opd)})" if line.opd else ""
    if line.deadline is None:
        words = {"id": f"{step}{by}: dijeda", "en": f"{step}{by}: paused"}[lang]
    else:
        # A deadline is the end of a local day: named by that day, not by the midnight after it.
        day = said_date(local_day(line.deadline - timedelta(seconds=1)).isoformat(), lang)
        words = {"id": f"{step}{by}: paling lambat {day} pukul 24.00 WIB", "en": f"{step}{by}: by the end of {day}"}[
            lang
        ]
    return Deadline(
        step=str(line.kind),
        opd=line.opd,
        yours=line.kind in _YOURS,
        until=line.deadline,
        words=words,
        provisional=line.provisional,
        late=line.breached_at is not None,
    )
