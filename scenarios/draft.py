"""The life of one complaint under construction: each step is tried on the pure rules before it becomes a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from kawal.domain.calendar import JAKARTA, end_of
from kawal.domain.messages import Actor, Command, Report
from kawal.domain.names import Role
from kawal.domain.policy import Rules
from kawal.domain.process.decide import begin, decide, tick
from kawal.domain.process.state import State
from kawal.domain.refusals import Refusal
from scenarios.dice import Dice
from scenarios.report_texts import Table, opd_of, person, said, slots, story, words

END = end_of(date(2022, 12, 31))
"""The end of the scenario: the end of its last row's day."""

OPENS, CLOSES = time(8, 5), time(15, 55)
ADMINS = ("Rahmah Wulandari", "Hendra Kurniawan", "Lina Tanjung")
INSPECTORS = ("Halim Darmawan", "Yanti Hasibuan")

CHANNELS = {"web": 36, "app": 31, "whatsapp": 13, "sms": 8, "walk_in": 5, "email": 4, "x": 3}
"""The share of each channel in per cent: Kawal's own guess, as no counts by channel are published."""

ADAPTERS = {
    "web": "kanal web",
    "app": "kanal aplikasi",
    "whatsapp": "kanal WhatsApp",
    "sms": "kanal SMS 1708",
    "walk_in": "loket tatap muka",
    "email": "kanal surel",
    "x": "kanal X",
}


class Step(NamedTuple):
    """A row of the scenario before it has a label."""

    at: datetime
    actor: str
    role: str
    command: str
    arguments: dict[str, Any]
    main: Draft | None = None
    """For merge: the draft that this one follows, whose label becomes the argument."""


class Draft:
    """A complaint under construction; `now` is the local time of its last step."""

    def __init__(self, number: int, topic: Table, place: Table, received: date, rules: Rules) -> None:
        """Prepare the complaint with this number; `start` begins it."""
        self.number, self.topic, self.place, self.rules = number, topic, place, rules
        self.dice = Dice(f"kepri-2022:{number}")
        self.fillers = slots(self.dice, topic, place)
        self.fillers |= {
            "hal": topic["hal"].format_map(self.fillers),
            "tindak": topic["tindak"].format_map(self.fillers),
        }
        self.fillers["tindak"] = self.fillers["tindak"][:1].upper() + self.fillers["tindak"][1:]
        self.opd = opd_of(topic["kategori"]) or ""
        self.admin_name = self.dice.pick(ADMINS)
        self.inspector = self.dice.pick(INSPECTORS)
        self.now = datetime.combine(received, time(5, 30), JAKARTA)
        self.steps: list[Step] = []
        self.refused = 0
        self.state: State | None = None
        self.kind = ""

    # --- Time --------------------------------------------------------------------------------------------------------

    def office(self, days: int = 0) -> datetime:
        """Return an office hour that many working days later; 0 is today if there is time left, else the next one."""
        calendar = self.rules.calendar
        day = calendar.add(self.now.date(), days) if days else calendar.next_working(self.now.date())
        first = datetime.combine(day, OPENS, JAKARTA)
        if day == self.now.date():
            first = max(first, self.now + timedelta(minutes=7))
        last = datetime.combine(day, CLOSES, JAKARTA)
        if first >= last:
            day = calendar.add(day, 1)
            first, last = (datetime.combine(day, hour, JAKARTA) for hour in (OPENS, CLOSES))
        minutes = int((last - first).total_seconds()) // 60
        at = first + timedelta(minutes=self.dice.whole(0, minutes))
        # Offices are empty at noon, and on Fridays during prayers.
        closed = (time(11, 30), time(13, 15)) if at.weekday() == 4 else (time(12), time(13))
        return (
            datetime.combine(day, closed[1], JAKARTA) + timedelta(minutes=9)
            if closed[0] <= at.time() < closed[1]
            else at
        )

    def soon(self) -> datetime:
        """Return a time a few minutes after the last step."""
        return self.now + timedelta(minutes=self.dice.whole(3, 17))

    def citizen(self, days: int) -> datetime:
        """Return a time that many calendar days later, night and weekend included; never near a deadline's midnight."""
        day = self.now.date() + timedelta(days=days)
        hour = self.dice.weighted(
            {6: 3, 7: 5, 8: 7, 9: 9, 10: 9, 11: 7, 12: 7, 13: 7, 14: 7, 16: 7, 19: 10, 20: 11, 21: 7, 22: 3}
        )
        at = datetime.combine(day, time(hour, self.dice.whole(6, 54)), JAKARTA)
        return at if at > self.now + timedelta(minutes=5) else self.citizen(days + 1)

    # --- Steps -------------------------------------------------------------------------------------------------------

    def do(self, at: datetime, actor: str, role: str, command: str, refused: bool = False, **arguments: Any) -> None:
        """Do a step at that time; raises RuntimeError unless the rules allow it (or, with `refused`, refuse it)."""
        given = {name.rstrip("_"): value for name, value in arguments.items()}
        if self.state is None or at < self.now + timedelta(minutes=2):
            raise RuntimeError(f"life {self.number} ({self.kind}): {command} at {at} is too early")
        self.now = at
        self.steps.append(Step(at, actor, role, command, given))
        name, _, opd = role.partition("/")
        who = Actor(role=Role(name), account=f"{role}:{actor}", opd=opd or None)
        order = Command(name=command, actor=who, arguments=given, idempotency_key=f"{len(self.steps)}")
        before = tick(self.state, at).state
        try:
            self.state = decide(before, order, at).state
        except Refusal as refusal:
            if not refused:
                raise RuntimeError(f"life {self.number} ({self.kind}): {command} at {at}: {refusal}") from refusal
            self.refused += 1
        else:
            if refused:
                raise RuntimeError(f"life {self.number} ({self.kind}): {command} at {at} should have been refused")

    def start(self, at: datetime | None = None, chosen: str | None = None) -> None:
        """Receive the report."""
        self.now = at or self.citizen(0)
        report = self._report(chosen)
        self.channel = str(report["channel"])
        self.steps.append(Step(self.now, ADAPTERS[self.channel], "adapter", "start", report))
        adapter = Actor(role=Role.ADAPTER, account="x")
        self.state = begin(Report.model_validate(report), "1000001", "KEPRI", self.rules, adapter, self.now).state

    def admin(self, at: datetime, command: str, refused: bool = False, **arguments: Any) -> None:
        """Do a step of the agency admin."""
        self.do(at, self.admin_name, "agency_admin", command, refused, **arguments)

    def liaison(
        self, at: datetime, command: str, opd: str | None = None, refused: bool = False, **arguments: Any
    ) -> None:
        """Do a step of an OPD's liaison, of the answering OPD unless another is named."""
        code = opd or self.opd
        self.do(at, person(Dice(f"penghubung:{code}")), f"liaison/{code}", command, refused, **arguments)

    def inspector_does(self, at: datetime, command: str, refused: bool = False, **arguments: Any) -> None:
        """Do a step of the Inspectorate."""
        self.do(at, self.inspector, "inspectorate", command, refused, **arguments)

    def citizen_does(self, at: datetime, command: str, refused: bool = False, **arguments: Any) -> None:
        """Do a step of the reporter."""
        self.do(at, self.reporter or "Pelapor", "reporter", command, refused, **arguments)

    def says(self, kind: str) -> str:
        """Return a sentence of a kind, about this complaint."""
        return said(self.dice, kind, self.fillers)

    def at_the_end(self) -> State:
        """Return the state when the year has ended; raises RuntimeError if the life has not begun."""
        if self.state is None:
            raise RuntimeError(f"life {self.number} has no start")
        return tick(self.state, END).state

    # --- Frequent steps ----------------------------------------------------------------------------------------------

    def decided(self, class_: str | None = None, pengawasan: bool | None = None) -> dict[str, Any]:
        """Return the arguments of the admin's decision: title rewritten, class, category, kadar pengawasan."""
        return {
            "title": self.topic["resmi"].format_map(self.fillers),
            "class": class_ or self.topic["kelas"],
            "category": self.topic["kategori"],
            "pengawasan": bool(self.topic.get("pengawasan")) if pengawasan is None else pengawasan,
        }

    def verify(self, days: int | None = None, **changed: Any) -> None:
        """Verify that many working days later (default: today or the next one)."""
        days = self.dice.weighted({0: 55, 1: 45}) if days is None else days
        self.admin(self.office(days), "verify", **self.decided(**changed))

    def forward(self, *opds: str, at: datetime | None = None) -> None:
        """Forward a few minutes later to the answering OPD, or to those named; some with a note."""
        note: dict[str, Any] = {"note": self.says("catatan_terus")} if self.dice.chance(45) else {}
        self.admin(at or self.soon(), "forward", opds=list(opds) or [self.opd], **note)

    def sent(self, *opds: str) -> None:
        """Do the steps from the start to the OPD's desk, with which most lives begin."""
        self.start()
        self.verify()
        self.forward(*opds)
        for code in opds or (self.opd,):
            if self.dice.chance(80):
                self.liaison(self.office(0), "receive", code)

    def interim(self, days: int, opd: str | None = None) -> None:
        """Follow up with progress that is not final."""
        self.liaison(self.office(days), "follow_up", opd, text=self.says("selingan"))

    def final(self, days: int, opd: str | None = None, kind: str = "akhir") -> None:
        """Post the OPD's final follow-up."""
        files: dict[str, Any] = {"files": [f"tindak-lanjut-{self.number}.pdf"]} if self.dice.chance(35) else {}
        self.liaison(self.office(days), "follow_up", opd, text=self.says(kind), final=True, **files)

    def accept(self, days: int) -> None:
        """Let the reporter accept, mostly with a rating."""
        rating: dict[str, Any] = (
            {"rating": self.dice.weighted({5: 45, 4: 35, 3: 14, 2: 4, 1: 2})} if self.dice.chance(75) else {}
        )
        self.citizen_does(self.citizen(days), "accept", **rating)

    def rate(self, days: int) -> None:
        """Let the reporter rate within the aftercare."""
        spoken: dict[str, Any] = {"words": self.says("ulasan")} if self.dice.chance(60) else {}
        self.citizen_does(self.citizen(days), "rate", rating=self.dice.weighted({5: 40, 4: 35, 3: 17, 2: 8}), **spoken)

    def resolve(self, days: int, kind: str = "temuan") -> None:
        """Let the Inspectorate close its item."""
        self.inspector_does(self.office(days), "resolve", finding=self.says(kind))

    # --- The report --------------------------------------------------------------------------------------------------

    def _report(self, chosen: str | None) -> dict[str, Any]:
        dice, topic = self.dice, self.topic
        channel = dice.weighted(CHANNELS)
        title, text = story(dice, topic, self.fillers, channel)
        report: dict[str, Any] = {"title": title, "text": text, "channel": channel}
        if channel in ("web", "app"):
            kelas = topic["kelas"] if dice.chance(88) else dice.pick(("pengaduan", "aspirasi"))
            report["proposed_class"] = kelas
        if dice.chance(55) and channel in ("web", "app", "walk_in"):
            report["category"] = topic["kategori"]
        if chosen or (dice.chance(30) and self.opd and channel in ("web", "app")):
            report["chosen_opd"] = chosen or self.opd
        sensitive = bool(topic.get("pengawasan"))
        report["anonim"] = dice.chance(55 if sensitive else 12)
        report["rahasia"] = dice.chance(45 if sensitive else 6)
        report["place"] = self._place(channel)
        if topic["kelas"] == "pengaduan" and dice.chance(55):
            report["occurred_on"] = str(self.now.date() - timedelta(days=dice.whole(0, 20)))
        report["reporter"] = self._reporter(channel)
        if channel in ("whatsapp", "sms", "x"):
            report["external_id"] = f"{channel}-2022-{self.number:05d}"
        return report

    def _place(self, channel: str) -> dict[str, Any]:
        place: dict[str, Any] = {"text": f"{self.fillers['jalan']}, {self.fillers['kampung']}, {self.place['kota']}"}
        if self.dice.chance({"app": 70, "web": 35}.get(channel, 0)):
            latitude, longitude = self.place["titik"]
            place["latitude"] = round(latitude + self.dice.shift(0.04), 5)
            place["longitude"] = round(longitude + self.dice.shift(0.04), 5)
        return place

    def _reporter(self, channel: str) -> dict[str, str]:
        name = person(self.dice)
        self.reporter = name
        given = {"name": name} if channel != "sms" else {}
        if channel == "email" or (channel in ("web", "app") and self.dice.chance(70)):
            given["email"] = f"{name.lower().replace(' ', '.')}.{self.number}@example.org"
        if channel in ("sms", "whatsapp") or self.dice.chance(35):
            # No real Indonesian number begins like this.
            given["phone"] = f"+62 000 0000 {self.number:04d}"
        if self.dice.chance(60):
            given["origin"] = self.place["kota"]
        return given

    reporter: str = ""
    channel: str = ""


def place_of(dice: Dice) -> Table:
    """Pick a town, weighted by its population."""
    places: Sequence[Table] = words()["tempat"]
    return places[dice.weighted({index: place["berat"] for index, place in enumerate(places)})]
