"""A report as shown to its reporter: status, dates, who must do what by when, and what was said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, Field

from kawal.domain.calendar import local_day
from kawal.domain.messages import ClockLine, Snapshot
from kawal.domain.msgids import msgid
from kawal.domain.names import ClockKind, Status
from kawal.domain.notices import Recipient
from kawal.store.inbox import WaitingReport
from kawal.wording.catalogues import say
from kawal.wording.dates import show_long_day
from kawal.wording.letter_messages import CLOCKS
from kawal.wording.letters import letter

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints

STATUS_WORDS = {
    Status.BELUM_DIVERIFIKASI: msgid("Waiting for verification"),
    Status.DITUNDA: msgid("On hold: waiting for the information you were asked for"),
    Status.BELUM_DITINDAKLANJUTI: msgid("Checked, waiting for a follow-up"),
    Status.PROSES: msgid("Being followed up"),
    Status.SELESAI: msgid("Done"),
    Status.DIARSIPKAN: msgid("Archived"),
    Status.BUKAN_WEWENANG: msgid("Passed to another agency"),
    Status.DIGABUNG: msgid("Merged into the main report"),
}

_YOUR_ANSWER = msgid("your answer or the information you were asked for")
_YOURS = frozenset({ClockKind.HOLD, ClockKind.QUESTION, ClockKind.AUTO_CLOSE})
_SHOWN = (*CLOCKS,)


class Body(BaseModel):
    """An OPD that has the report."""

    code: str
    name: str


class Deadline(BaseModel):
    """A step that is due, in words and as an instant (UTC); without an instant while it is paused."""

    step: str
    opd: str | None = None
    yours: bool
    """Whether the reporter, not an official, has to take it."""
    until: datetime | None
    words: str
    provisional: bool
    late: bool


class PublicMessage(BaseModel):
    """One message to the reporter."""

    at: datetime
    kind: str
    subject: str
    text: str


class PublicView(BaseModel):
    """A report as its reporter sees it; instants are UTC, words in the requested language."""

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
    messages: list[PublicMessage] = Field(default_factory=list)
    """The messages to the reporter, the oldest first: each step, each follow-up, each question."""


class Concealment(NamedTuple):
    """What of a report its reporter has hidden since the start, also if its workflow has not heard of it yet."""

    anonim: bool
    rahasia: bool


def waiting_view(waiting: WaitingReport, hidden: Concealment, lang: str) -> PublicView:
    """Return the view of a report whose workflow has not begun: received, day 0 counts."""
    report = waiting.report
    return PublicView(
        tracking_id=waiting.tracking_id,
        instansi=waiting.instansi,
        status=Status.BELUM_DIVERIFIKASI,
        status_words=_said(Status.BELUM_DIVERIFIKASI, lang),
        channel=report.channel,
        report_class=report.proposed_class,
        category=report.category,
        anonim=report.anonim or hidden.anonim,
        rahasia=report.rahasia or hidden.rahasia,
        received_at=waiting.received_at,
    )


async def public_view(complaints: Complaints, row: Snapshot, hidden: Concealment, lang: str) -> PublicView:
    """Return the view of a report by the read model; a merged one shows its main report's status, dates, deadlines."""
    shown = row
    if row.main_report is not None:
        shown = await complaints.ledger.snapshot(row.main_report) or row
    names = {opd.code: opd.name for opd in await complaints.directory.opds(row.instansi)}
    told = await complaints.system.outbox.told_to_the_reporter(row.tracking_id)
    bodies = await complaints.system.complaint_rows.told_to_reporter(row.tracking_id, [one.body for _, one in told])
    letters = [
        (at, one, letter(one.kind, one.tracking_id, body, lang, names, to=Recipient.REPORTER))
        for (at, one), body in zip(told, bodies, strict=True)
    ]
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
        anonim=row.anonim or hidden.anonim,
        rahasia=row.rahasia or hidden.rahasia,
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
        messages=[
            PublicMessage(at=at, kind=one.kind, subject=said.subject, text=said.text) for at, one, said in letters
        ],
    )


def _said(status: Status, lang: str) -> str:
    return say(lang, STATUS_WORDS[status])


def _deadline(line: ClockLine, lang: str, names: dict[str, str]) -> Deadline:
    step = _YOUR_ANSWER if line.kind in (ClockKind.QUESTION, ClockKind.HOLD) else CLOCKS[line.kind]
    places = {"step": step, "by": f" ({names.get(line.opd, line.opd)})" if line.opd else ""}
    if line.deadline is None:
        words = say(lang, msgid("{step}{by}: paused"), **places)
    else:
        # A deadline is the end of a local day: named by that day, not by the midnight after it.
        day = show_long_day(local_day(line.deadline - timedelta(seconds=1)), lang)
        words = say(lang, msgid("{step}{by}: by the end of {day}"), **places, day=day)
    return Deadline(
        step=str(line.kind),
        opd=line.opd,
        yours=line.kind in _YOURS,
        until=line.deadline,
        words=words,
        provisional=line.provisional,
        late=line.breached_at is not None,
    )
