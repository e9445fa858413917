"""How a running complaint shows itself in the Temporal UI: search attributes and a details text like a sentence.

Search attributes are not encrypted: codes, dates and numbers only.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from temporalio.common import SearchAttributePair, SearchAttributeUpdate, TypedSearchAttributes

from kawal.domain.calendar import local_day
from kawal.domain.messages import ClockLine, Snapshot
from kawal.domain.names import ClockKind, Role
from workflows import search_attributes as keys


def attribute_values(row: Snapshot) -> dict[Any, Any]:
    """Each search attribute with its value for a complaint; None where it has none."""
    return {
        keys.STATUS: str(row.status),
        keys.INSTANSI: row.instansi,
        keys.REPORT_CLASS: row.report_class and str(row.report_class),
        keys.CHANNEL: str(row.channel),
        keys.OPD: [opd.code for opd in row.opds if opd.state == "owes"] or None,
        keys.NEXT_DEADLINE: row.next_deadline,
        keys.LEVEL: row.level,
        keys.OVERDUE: row.overdue,
    }


def starting_attributes(row: Snapshot) -> TypedSearchAttributes:
    """The attributes of a run that is just starting; whoever starts it sets them."""
    pairs = [SearchAttributePair(key, value) for key, value in attribute_values(row).items() if value is not None]
    return TypedSearchAttributes(pairs)


def search_attribute_updates(before: Snapshot, after: Snapshot) -> list[SearchAttributeUpdate[Any]]:
    """What has changed; nothing at the start, whose attributes come with it."""
    old, new = attribute_values(before), attribute_values(after)
    return [
        key.value_unset() if value is None else key.value_set(value) for key, value in new.items() if old[key] != value
    ]


def summary_of(tracking_id: str, instansi: str, channel: str) -> str:
    """The static summary, fixed for the whole life."""
    return f"Laporan {tracking_id} · {instansi} · {channel}"


STEP_WORDS = {
    ClockKind.VERIFY: "verifikasi dan penerusan",
    ClockKind.FORWARD: "penerusan kembali",
    ClockKind.RESPOND: "tindak lanjut pertama",
    ClockKind.COMPLETE: "penyelesaian",
    ClockKind.AUTO_CLOSE: "selesai otomatis",
    ClockKind.HOLD: "kelengkapan dari pelapor",
    ClockKind.QUESTION: "jawaban pelapor",
    ClockKind.INSTRUCTION: "instruksi Inspektorat",
    ClockKind.TAKE_OVER: "penyelesaian oleh Inspektorat",
    ClockKind.AFTERCARE: "masa purnalayan",
}
WHO_WORDS = {
    Role.ADMIN: "admin instansi",
    Role.LIAISON: "OPD",
    Role.INSPECTORATE: "Inspektorat",
    Role.REPORTER: "pelapor",
}


def details_of(row: Snapshot, reason: str | None) -> str:
    """The current details in Indonesian: where the complaint stands, who owes what until when (Markdown)."""
    report_class = f" ({row.report_class})" if row.report_class else ""
    lines = [f"Laporan ini **{row.status}**{report_class}.", ""]
    lines += [f"- {_clock_sentence(clock)}" for clock in row.clocks]
    if row.item_open and row.item_opened_at:
        since = local_day(row.item_opened_at)
        lines.append(f"- Di daftar kerja Inspektorat sejak {since} ({row.item_why}), tingkat {row.level}.")
    if reason:
        lines.append(f"- Tanpa tenggat: {reason}.")
    return "\n".join(lines)


def _clock_sentence(clock: ClockLine) -> str:
    owed = f"{STEP_WORDS[clock.kind].capitalize()} oleh {clock.opd or WHO_WORDS[clock.owed_by]}"
    if clock.kind in (ClockKind.AUTO_CLOSE, ClockKind.AFTERCARE):
        owed = STEP_WORDS[clock.kind].capitalize()
    if clock.deadline is None:
        return f"{owed}: dijeda, menunggu pelapor."
    # The deadline is the end of a day: the day that ends is the one people know.
    until = f"{owed}: sampai akhir {local_day(clock.deadline - timedelta(seconds=1))}"
    return f"{until}, **TERLAMBAT**." if clock.breached_at else f"{until}{' (sementara)' if clock.provisional else ''}."
