"""The limits of every clock, as dated rule sets, and where each rule comes from.

A complaint keeps the rule set in force on the local day it was received. RULES is the one place that says what each
limit is nationally, when its clock starts and stops, and which source gives it; docs/policy.md shows the same table.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kawal.domain.calendar import Calendar
from kawal.domain.names import ClockKind, ReportClass

WORKING = "hari kerja"
CALENDAR_DAYS = "hari kalender"
YEARS = "tahun"

S = (
    "[S] Permenpan RB 62/2018 bab VI (penyajian Diskominfo Nganjuk); laman App Store SP4N-LAPOR!;"
    " tanya jawab blog.lapor.go.id"
)
P = "kebijakan Kawal [P]"
SP = f"{S}; saat mulainya: {P}"


class RuleRow(NamedTuple):
    """One line of RULES: `limit` names the Policy field, `national` is its value as published or first set."""

    limit: str
    clock: ClockKind | None
    national: int
    unit: str
    starts: str
    stops: str
    source: str


# fmt: off
RULES = (
    RuleRow("verify", ClockKind.VERIFY, 3, WORKING, "diterima", "diteruskan, dikelola, diarsipkan, dialihkan", S),
    RuleRow("forward_again", ClockKind.FORWARD, 3, WORKING, "tiada OPD yang memegang", "diteruskan lagi", P),
    RuleRow("respond", ClockKind.RESPOND, 5, WORKING, "diteruskan", "tindak lanjut pertama OPD itu", S),
    RuleRow("complete_permintaan_informasi", ClockKind.COMPLETE, 5, WORKING, "diteruskan", "semua tuntas", SP),
    RuleRow("complete_aspirasi", ClockKind.COMPLETE, 5, WORKING, "diteruskan", "semua tuntas", SP),
    RuleRow("complete_pengaduan", ClockKind.COMPLETE, 14, WORKING, "diteruskan", "semua tuntas", SP),
    RuleRow("complete_pengawasan", ClockKind.COMPLETE, 60, WORKING, "diteruskan", "semua tuntas", SP),
    RuleRow("auto_close", ClockKind.AUTO_CLOSE, 10, WORKING, "semua tuntas", "diterima atau dibantah pelapor", S),
    RuleRow("hold", ClockKind.HOLD, 10, WORKING, "ditunda", "dilengkapi pelapor, diverifikasi", SP),
    RuleRow("question", ClockKind.QUESTION, 10, WORKING, "pertanyaan diajukan", "dijawab pelapor", S),
    RuleRow("instruct_max", ClockKind.INSTRUCTION, 10, WORKING, "instruksi Inspektorat", "langkah itu selesai", P),
    RuleRow("take_over", ClockKind.TAKE_OVER, 14, WORKING, "diambil alih Inspektorat", "tindak lanjut tuntasnya", P),
    RuleRow("aftercare_days", ClockKind.AFTERCARE, 30, CALENDAR_DAYS, "selesai", "lewat waktunya", P),
    RuleRow("pause_cap", None, 10, WORKING, "menunggu pelapor", "jumlah jeda satu batas waktu", P),
    RuleRow("extension_max", None, 5, WORKING, "tenggat penyelesaian", "sekali saja", P),
    RuleRow("resume_min", None, 3, WORKING, "penyelesaian berjalan lagi", "sisa paling sedikit", P),
    RuleRow("rung_two", None, 3, WORKING, "tenggat terlewati", "sampai ke Sekretaris Daerah", P),
    RuleRow("rung_three", None, 7, WORKING, "tenggat terlewati", "sampai ke Gubernur", P),
    RuleRow("archive_years", None, 10, YEARS, "laporan berakhir", "isi arsip riwayat boleh dimusnahkan", P),
)
# fmt: on
"""Every limit with its clock (None: a limit that is no clock of its own), start, stop and source."""

NAMES = {
    "verify": ("verifikasi dan penerusan", "verify and forward"),
    "forward_again": ("penerusan kembali", "forward again"),
    "respond": ("tindak lanjut pertama", "first follow-up"),
    "complete_permintaan_informasi": ("penyelesaian permintaan informasi", "completion of a request for information"),
    "complete_aspirasi": ("penyelesaian aspirasi", "completion of an aspiration"),
    "complete_pengaduan": ("penyelesaian pengaduan", "completion of a complaint"),
    "complete_pengawasan": ("penyelesaian pengaduan berkadar pengawasan", "completion of a supervisory complaint"),
    "auto_close": ("selesai otomatis", "automatic closing"),
    "hold": ("kelengkapan dari pelapor", "completion by the reporter"),
    "question": ("jawaban pelapor", "the reporter's answer"),
    "instruct_max": ("instruksi Inspektorat", "the Inspectorate's instruction"),
    "take_over": ("penyelesaian oleh Inspektorat", "completion by the Inspectorate"),
    "aftercare_days": ("masa purnalayan", "aftercare"),
    "pause_cap": ("batas jeda", "most that pauses may add up to"),
    "extension_max": ("batas perpanjangan", "longest extension"),
    "resume_min": ("sisa waktu paling sedikit", "least time left on resuming"),
    "rung_two": ("eskalasi ke Sekretaris Daerah", "escalation to the Sekretaris Daerah"),
    "rung_three": ("eskalasi ke Gubernur", "escalation to the Gubernur"),
    "archive_years": ("simpan arsip riwayat", "keeping the archived histories"),
}
"""What each limit is called, in Indonesian and in English."""

ENGLISH = {
    WORKING: "working days",
    CALENDAR_DAYS: "calendar days",
    YEARS: "years",
    S: "[S] Permenpan RB 62/2018 ch. VI (as presented by Diskominfo Nganjuk); App Store page of SP4N-LAPOR!;"
    " FAQ of blog.lapor.go.id",
    SP: "[S] Permenpan RB 62/2018 ch. VI (as presented by Diskominfo Nganjuk); App Store page of SP4N-LAPOR!;"
    " FAQ of blog.lapor.go.id; its start: Kawal's own policy [P]",
    P: "Kawal's own policy [P]",
    "diterima": "received",
    "diteruskan": "forwarded",
    "diteruskan, dikelola, diarsipkan, dialihkan": "forwarded, handled, archived, passed on",
    "tiada OPD yang memegang": "no OPD holds it",
    "diteruskan lagi": "forwarded again",
    "tindak lanjut pertama OPD itu": "that OPD's first follow-up",
    "semua tuntas": "nobody owes and a final follow-up stands",
    "diterima atau dibantah pelapor": "accepted or disputed by the reporter",
    "ditunda": "held",
    "dilengkapi pelapor, diverifikasi": "completed by the reporter, verified",
    "pertanyaan diajukan": "question asked",
    "dijawab pelapor": "answered by the reporter",
    "instruksi Inspektorat": "the Inspectorate's instruction",
    "langkah itu selesai": "that step is done",
    "diambil alih Inspektorat": "taken over by the Inspectorate",
    "tindak lanjut tuntasnya": "its final follow-up",
    "selesai": "closed",
    "lewat waktunya": "its time is over",
    "menunggu pelapor": "waiting for the reporter",
    "jumlah jeda satu batas waktu": "sum of all pauses of a clock",
    "tenggat penyelesaian": "the completion deadline",
    "sekali saja": "once only",
    "penyelesaian berjalan lagi": "completion runs again",
    "sisa paling sedikit": "least that is left",
    "tenggat terlewati": "deadline missed",
    "sampai ke Sekretaris Daerah": "reaches the Sekretaris Daerah",
    "sampai ke Gubernur": "reaches the Gubernur",
    "laporan berakhir": "the complaint has ended",
    "isi arsip riwayat boleh dimusnahkan": "the archived histories' bodies may be destroyed",
}
"""The English of what stands in RULES."""

Days = Annotated[int, Field(ge=1, le=366)]
Years = Annotated[int, Field(ge=1, le=100)]


class Policy(BaseModel):
    """One dated rule set; limits are working days but for `aftercare_days` (calendar days) and `archive_years`.

    `basis` is the regulation in force; with `carried_on` that regulation's own deadlines are not known and those of
    the one before go on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(min_length=1, max_length=60)
    effective_from: date
    basis: str = Field(default="", max_length=200)
    carried_on: bool = False
    verify: Days = 3
    respond: Days = 5
    forward_again: Days = 3
    complete_permintaan_informasi: Days = 5
    complete_aspirasi: Days = 5
    complete_pengaduan: Days = 14
    complete_pengawasan: Days = 60
    auto_close: Days = 10
    hold: Days = 10
    question: Days = 10
    pause_cap: Days = 10
    take_over: Days = 14
    instruct_max: Days = 10
    extension_max: Days = 5
    resume_min: Days = 3
    rung_two: Days = 3
    rung_three: Days = 7
    aftercare_days: Days = 30
    archive_years: Years = 10

    def completion(self, cls: ReportClass, pengawasan: bool) -> int:
        """Working days from forwarding to completion; `pengawasan` matters for a pengaduan only."""
        limit: int = getattr(self, _completion_limit(cls, pengawasan))
        return limit


class Rules(BaseModel):
    """What a complaint carries in its state: the rule set of its day of receipt, and the calendar it is reckoned by."""

    policy: Policy
    calendar: Calendar


class Rule(BaseModel):
    """One rule as it is shown to whoever looks at a deadline, in one language."""

    name: str
    limit: int
    unit: str
    """Working days (hari kerja), calendar days (hari kalender) or years (tahun)."""
    starts: str
    stops: str
    source: str
    """Names the public source, or says that it is Kawal's own policy."""


def rule_of(
    policy: Policy, clock: ClockKind, cls: ReportClass | None, pengawasan: bool, lang: Literal["id", "en"] = "id"
) -> Rule:
    """Return the rule by which `policy` limits that clock for a report of that class.

    Raises ValueError for the completion clock of a report that has no class yet.
    """
    if clock is ClockKind.COMPLETE:
        if cls is None:
            raise ValueError("a completion clock needs the report's class")
        return limit_rule(policy, _completion_limit(cls, pengawasan), lang)
    return limit_rule(policy, next(row.limit for row in RULES if row.clock is clock), lang)


def limit_rule(policy: Policy, limit: str, lang: Literal["id", "en"] = "id") -> Rule:
    """Return the rule behind one limit, named as the Policy's field; raises KeyError for a name that is none."""
    row = _ROWS[limit]
    days: int = getattr(policy, limit)
    indonesian, english = NAMES[limit]
    if lang == "id":
        return Rule(
            name=indonesian,
            limit=days,
            unit=row.unit,
            starts=row.starts,
            stops=row.stops,
            source=_source(policy, row, days),
        )
    return Rule(
        name=english,
        limit=days,
        unit=ENGLISH[row.unit],
        starts=ENGLISH[row.starts],
        stops=ENGLISH[row.stops],
        source=_source_en(policy, row, days),
    )


def policy_on(policies: Sequence[Policy], day: date) -> Policy:
    """Return the rule set in force on that local day: the latest to have come into effect by then.

    Of two with the same date the later in the sequence is the correction of the earlier, and holds. Raises ValueError
    if the first one is later than `day`.
    """
    begun = [policy for policy in policies if policy.effective_from <= day]
    if not begun:
        raise ValueError(f"tidak ada kebijakan yang berlaku pada {day} / no policy is in force on {day}")
    latest = max(policy.effective_from for policy in begun)
    return [policy for policy in begun if policy.effective_from == latest][-1]


def load_policy(toml_text: str) -> list[Policy]:
    """Read rule sets from a file of `[[policy]]` tables whose keys are the fields of Policy, sorted by date.

    A limit that is left out has its national value. Raises ValueError naming the rule set and key at fault.
    """
    try:
        content = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"bukan TOML yang sah / not valid TOML: {error}") from error
    tables = content.pop("policy", None)
    if content:
        raise ValueError(f"kunci tidak dikenal / unknown key: {next(iter(content))}")
    if not isinstance(tables, list) or not tables:
        raise ValueError("tidak ada [[policy]] / no [[policy]] in the file")
    policies = [_parse_policy(number, table) for number, table in enumerate(tables, start=1)]
    versions = [policy.version for policy in policies]
    for version in versions:
        if versions.count(version) > 1:
            raise ValueError(f"versi {version} muncul dua kali / version {version} occurs twice")
    return sorted(policies, key=lambda policy: policy.effective_from)


_ROWS = {row.limit: row for row in RULES}


def _completion_limit(cls: ReportClass, pengawasan: bool) -> str:
    if cls is ReportClass.PENGADUAN and pengawasan:
        return "complete_pengawasan"
    return f"complete_{cls.value}"


def _source(policy: Policy, row: RuleRow, days: int) -> str:
    if days != row.national:
        # A changed limit must not be shown as if the national source had given it.
        return f"ditetapkan {days} oleh kebijakan {policy.version}; semula {row.national}: {row.source}"
    if policy.carried_on and row.source != P:
        return f"{row.source}; diteruskan di bawah {policy.basis}, yang tenggatnya belum diketahui"
    return row.source


def _source_en(policy: Policy, row: RuleRow, days: int) -> str:
    source = ENGLISH[row.source]
    if days != row.national:
        return f"set to {days} by policy {policy.version}; it was {row.national}: {source}"
    if policy.carried_on and row.source != P:
        return f"{source}; carried on under {policy.basis}, whose deadlines are not known"
    return source


def _parse_policy(number: int, table: object) -> Policy:
    try:
        return Policy.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        name = table.get("version", number) if isinstance(table, dict) else number
        key = ".".join(str(part) for part in first["loc"]) or "*"
        raise ValueError(f"[[policy]] {name}, {key}: {first['msg']}") from error
