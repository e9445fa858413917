"""Complaints with plausible random lives, written through the real ledger; the test knows all that was written."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from kawal.domain.messages import Actor, Batch, Event, OpdLine, Snapshot
from kawal.domain.names import Channel, EventKind, ReportClass, Role, Status
from kawal.store.ledger import Ledger

ACTOR = Actor(role=Role.ADMIN, account="admin0001")


def new(number: int, received_at: datetime, **given: Any) -> Snapshot:
    """Return a complaint as received, before its first event."""
    fields: dict[str, Any] = {
        "tracking_id": f"{number:07d}",
        "instansi": "KEPRI",
        "status": Status.BELUM_DIVERIFIKASI,
        "channel": Channel.WEB,
        "report_class": None,
        "pengawasan": False,
        "category": None,
        "anonim": False,
        "rahasia": False,
        "received_at": received_at,
        "policy_version": "p",
        "calendar_version": "c",
    }
    return Snapshot(**fields | given)


def happened(
    at: datetime, seq: int, status: Status, kind: EventKind = EventKind.STARTED, *, pengawasan: bool = False
) -> Event:
    """Return one event of a complaint, with everything that a recap can see."""
    facts = {"pengawasan": True} if pengawasan else {}
    return Event(seq=seq, at=at, recorded_at=at, kind=kind, actor=ACTOR, status=status, facts=facts)


async def write(ledger: Ledger, after: Snapshot, *events: Event) -> Snapshot:
    """Record a step whose last event leaves `after`; return it with its number."""
    after = after.model_copy(update={"last_seq": events[-1].seq})
    await ledger.record(Batch(workflow_id=f"complaint-{after.tracking_id}", events=list(events), after=after))
    return after


class Lives:
    """Random lives of complaints, and the snapshots of each over time."""

    def __init__(self, ledger: Ledger, seed: int) -> None:
        """Start without complaints."""
        self.ledger = ledger
        self.chance = random.Random(seed)
        self.known: list[list[tuple[datetime, Snapshot]]] = []

    async def live(self, number: int) -> None:
        """Run one complaint from receipt to a random end."""
        chance = self.chance
        at = datetime(2021, 12, 31, 12, tzinfo=UTC) + timedelta(hours=chance.randrange(366 * 24))
        instansi = chance.choice(["KEPRI", "KEPRI", "RIAU"])
        stood = new(number, at, instansi=instansi, channel=chance.choice([Channel.WEB, Channel.SMS, Channel.X]))
        steps: list[tuple[datetime, Snapshot]] = []
        self.known.append(steps)
        for change in [{}, *self._changes(stood)]:
            moved = _at(change, at)
            if "opds" in moved:
                moved["opds"] = [
                    OpdLine(code=code, state=state, forwarded_at=at, **_at(given, at))
                    for code, state, given in moved["opds"]
                ]
            stood = stood.model_copy(update=moved)
            count = chance.choice([1, 1, 2])  # two events of one step have the same instant
            supervised = bool(change.get("pengawasan"))
            events = [happened(at, stood.last_seq + 1 + n, stood.status, pengawasan=supervised) for n in range(count)]
            stood = await write(self.ledger, stood, *events)
            steps.append((at, stood))
            at += timedelta(hours=chance.choice([0, 1, 20, 90, 300]))

    def _changes(self, stood: Snapshot) -> list[dict[str, Any]]:
        chance = self.chance
        codes = ["DINKES", "PU"] if stood.instansi == "KEPRI" else ["DINKES"]
        verified = {
            "status": Status.BELUM_DITINDAKLANJUTI,
            "verified_at": "now",
            "report_class": chance.choice(list(ReportClass)),
            "category": chance.choice(["KESEHATAN", "KESEHATAN / VAKSIN", "JALAN / LUBANG", None]),
        }
        forwarded: dict[str, Any] = {"first_forwarded_at": "now", "opds": [(code, "owes", {}) for code in codes]}
        days, late = chance.randrange(9), {"late": chance.random() < 0.4}
        own = [{"first_follow_up_at": "now", "follow_up_days": chance.randrange(7), **late} for _ in codes]
        followed = {
            "status": Status.PROSES,
            "first_follow_up_at": "now",
            "work_days_to_follow_up": days,
            "opds": [(code, "owes", given) for code, given in zip(codes, own, strict=True)],
        }
        final = {
            "completed_at": "now",
            "work_days_to_completion": days + 3,
            "opds": [
                (code, "final", given | {"final_at": "now", "final_days": chance.randrange(20)})
                for code, given in zip(codes, own, strict=True)
            ],
        }
        overdue = {"overdue": True, "ever_late": True, "ever_level": 1}
        behind = {"late": True, "overdue": True}
        closed = {"status": Status.SELESAI, "closed_at": "now", "closed_by": "accept", "overdue": False}
        life: list[dict[str, Any]] = [
            {"status": Status.DITUNDA} if chance.random() < 0.3 else {},
            verified,
            forwarded,
            {**overdue, "opds": [(code, "owes", behind) for code in codes]} if chance.random() < 0.3 else {},
            {"opds": [("DINKES", "owes", {}), ("PU", "returned", behind)]}
            if len(codes) == 2 and chance.random() < 0.3
            else {},
            followed,
            final,
            closed,
            {"rating": chance.randrange(1, 6)} if chance.random() < 0.5 else {},
        ]
        if chance.random() < 0.2:
            void = {"completed_at": None, "work_days_to_completion": None, "closed_at": None, "closed_by": None}
            life += [{"status": Status.PROSES, **void}, final, closed]
        life = life[: chance.randrange(len(life) + 1)]
        if len(life) < 3 and chance.random() < 0.5:
            life.append({"status": chance.choice([Status.DIARSIPKAN, Status.BUKAN_WEWENANG])})
        return life


def _at(given: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {name: at if value == "now" else value for name, value in given.items()}
