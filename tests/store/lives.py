"""Steps of a complaint's life as the workflow hands them to the ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from kawal.domain.messages import (
    Actor,
    Answer,
    Batch,
    ClockLine,
    Event,
    OpdLine,
    Place,
    Report,
    Reporter,
    Snapshot,
)
from kawal.domain.names import Channel, ClockKind, EventKind, ReportClass, Role, Status
from kawal.store.inbox import AcceptedReport

NOON = datetime(2022, 3, 7, 5, 0, 0, 123456, tzinfo=UTC)
ADMIN = Actor(role=Role.ADMIN, account="0123456789abcdef", name="Sri Wahyuni", instansi="KEPRI")


def report(**changes: Any) -> Report:
    given = {
        "title": "Jalan rusak di Batu Aji",
        "text": "Lubang besar di jalan depan pasar, sudah dua orang jatuh.",
        "channel": Channel.WEB,
        "place": Place(text="Pasar Batu Aji", latitude=1.05, longitude=103.96),
        "occurred_on": "2022-03-05",
        "reporter": Reporter(name="Zulkarnain Harahap", email="zul@contoh.example", phone="081200000001"),
    }
    return Report.model_validate(given | changes)


def started(accepted: AcceptedReport, source: Report, at: datetime = NOON) -> Batch:
    event = Event(
        seq=1,
        at=at,
        recorded_at=at,
        kind=EventKind.STARTED,
        actor=Actor(role=Role.ADAPTER, account="adapter00web", name="Portal"),
        status=Status.BELUM_DIVERIFIKASI,
        facts={"channel": str(source.channel), "deadline": "2022-03-10"},
        words=source.model_dump(mode="json", include={"title", "text", "place", "occurred_on", "reporter"}),
        idempotency_key="start-1",
        digest="d1",
        answer=Answer(
            tracking_id=accepted.tracking_id, status=Status.BELUM_DIVERIFIKASI, at=at, first_seq=1, last_seq=1
        ),
    )
    after = Snapshot(
        tracking_id=accepted.tracking_id,
        instansi="KEPRI",
        status=Status.BELUM_DIVERIFIKASI,
        channel=source.channel,
        report_class=None,
        pengawasan=False,
        category=None,
        anonim=source.anonim,
        rahasia=source.rahasia,
        received_at=at,
        clocks=[clock(ClockKind.VERIFY, at)],
        next_deadline=at + timedelta(days=3),
        policy_version="permenpan-62-2018",
        calendar_version="nasional-2026-1",
        last_seq=1,
    )
    return Batch(workflow_id=accepted.workflow_id, events=[event], after=after)


def clock(kind: ClockKind, at: datetime, opd: str | None = None) -> ClockLine:
    return ClockLine(kind=kind, opd=opd, owed_by=Role.ADMIN, started_at=at, deadline=at + timedelta(days=3))


def step(
    before: Batch,
    kind: EventKind,
    status: Status,
    *,
    after: dict[str, Any] | None = None,
    event: dict[str, Any] | None = None,
) -> Batch:
    """Return the next step, an hour later."""
    last = before.events[-1]
    at = last.at + timedelta(hours=1)
    given = {
        "seq": last.seq + 1,
        "at": at,
        "recorded_at": at,
        "kind": kind,
        "actor": ADMIN,
        "status": status,
    }
    snapshot = before.after.model_copy(update={"status": status, "last_seq": last.seq + 1} | (after or {}))
    return Batch(workflow_id=before.workflow_id, events=[Event.model_validate(given | (event or {}))], after=snapshot)


def verified(before: Batch) -> Batch:
    at = before.events[-1].at + timedelta(hours=1)
    return step(
        before,
        EventKind.VERIFIED,
        Status.BELUM_DITINDAKLANJUTI,
        after={
            "verified_at": at,
            "report_class": ReportClass.PENGADUAN,
            "category": "PEKERJAAN UMUM DAN PENATAAN RUANG",
        },
        event={
            "words": {"title": "Jalan berlubang di depan Pasar Batu Aji"},
            "idempotency_key": "verify-1",
            "digest": "d2",
        },
    )


def forwarded(before: Batch, *opds: str) -> Batch:
    at = before.events[-1].at + timedelta(hours=1)
    return step(
        before,
        EventKind.FORWARDED,
        Status.BELUM_DITINDAKLANJUTI,
        after={
            "first_forwarded_at": at,
            "opds": [OpdLine(code=code, state="owes", forwarded_at=at) for code in opds],
            "clocks": [clock(ClockKind.COMPLETE, at), *(clock(ClockKind.RESPOND, at, code) for code in opds)],
        },
        event={"facts": {"opds": list(opds)}},
    )
