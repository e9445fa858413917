"""What a recap's figures, lines and warnings are called, in Indonesian and English."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Literal, NamedTuple

from kawal.domain.quality import QualityCount
from kawal.domain.recap import Recap
from kawal.reports.recap import By, RecapTable, local_label

Lang = Literal["id", "en"]


class Words(NamedTuple):
    """One text in both languages."""

    id: str
    en: str

    def to(self, lang: Lang) -> str:
        """The text in that language."""
        return self.en if lang == "en" else self.id


class Figure(NamedTuple):
    """One figure of a recap: its key in exports, its heading, and how it is read off."""

    key: str
    heading: Words
    of: Callable[[Recap], int | Decimal | None]
    short: Words | None = None
    """The heading over a column of a terminal's table; only figures that have one stand there."""


FIGURES = (
    Figure("masuk", Words("Masuk", "Received"), lambda r: r.masuk, Words("Masuk", "Recvd")),
    Figure("selesai", Words("Selesai", "Done"), lambda r: r.selesai, Words("Selesai", "Done")),
    Figure("proses", Words("Proses", "In process"), lambda r: r.proses, Words("Proses", "In proc.")),
    Figure(
        "belum_diverifikasi",
        Words("Belum diverifikasi", "Not verified"),
        lambda r: r.belum_diverifikasi,
        Words("Belum\nverif.", "Not\nverif."),
    ),
    Figure("ditunda", Words("… di antaranya ditunda", "… of them held"), lambda r: r.ditunda),
    Figure(
        "belum_ditindaklanjuti",
        Words("Belum ditindaklanjuti", "Not followed up"),
        lambda r: r.belum_ditindaklanjuti,
        Words("Belum\nTL", "No\nf.-up"),
    ),
    Figure("persen_selesai", Words("% selesai", "% done"), lambda r: r.persen_selesai, Words("%\nselesai", "%\ndone")),
    Figure(
        "persen_ditindaklanjuti",
        Words("% ditindaklanjuti", "% followed up"),
        lambda r: r.persen_ditindaklanjuti,
        Words("%\nTL", "%\nf.-up"),
    ),
    Figure(
        "mean_days_to_follow_up",
        Words("Rata-rata hari kerja ke tindak lanjut pertama", "Mean working days to first follow-up"),
        lambda r: r.mean_days_to_follow_up,
    ),
    Figure(
        "mean_days_to_completion",
        Words("Rata-rata hari kerja ke penyelesaian", "Mean working days to completion"),
        lambda r: r.mean_days_to_completion,
    ),
    Figure("overdue", Words("Lewat tenggat", "Overdue"), lambda r: r.overdue, Words("Lewat", "Over-\ndue")),
    Figure("ever_late", Words("Pernah lewat tenggat", "Ever late"), lambda r: r.ever_late),
    Figure("escalated", Words("Pernah di Inspektorat", "Ever escalated"), lambda r: r.escalated),
    Figure(
        "satisfaction", Words("Kepuasan (1–5)", "Satisfaction (1–5)"), lambda r: r.satisfaction, Words("Puas", "Sat.")
    ),
    Figure("ratings", Words("Jumlah penilaian", "Ratings"), lambda r: r.ratings),
    Figure("follow_ups", Words("Sudah ada tindak lanjut", "With a follow-up"), lambda r: r.follow_ups),
    Figure("completions", Words("Sudah ada tindak lanjut akhir", "With a final follow-up"), lambda r: r.completions),
    Figure("diarsipkan", Words("Diarsipkan (di luar masuk)", "Archived (not in received)"), lambda r: r.diarsipkan),
    Figure(
        "bukan_wewenang",
        Words("Bukan wewenang (di luar masuk)", "Passed on (not in received)"),
        lambda r: r.bukan_wewenang,
    ),
    Figure("digabung", Words("Digabung (di luar masuk)", "Merged (not in received)"), lambda r: r.digabung),
)

WAYS: dict[By, Words] = {
    "opd": Words("OPD", "OPD"),
    "channel": Words("Kanal", "Channel"),
    "class": Words("Klasifikasi", "Class"),
    "category": Words("Kategori utama", "Main category"),
    "month": Words("Bulan diterima", "Month received"),
    "instansi": Words("Instansi", "Agency"),
}

TOTAL = Words("Seluruhnya", "Total")
PLACE = Words("Peringkat", "Rank")

_NONE: dict[By, Words] = {
    "opd": Words("(tidak pada OPD mana pun)", "(with no OPD)"),
    "class": Words("(belum ditetapkan)", "(not set)"),
    "category": Words("(tanpa kategori)", "(no category)"),
}
_CHANNELS = {
    "web": Words("Situs web", "Website"),
    "app": Words("Aplikasi", "App"),
    "sms": Words("SMS", "SMS"),
    "whatsapp": Words("WhatsApp", "WhatsApp"),
    "x": Words("X/Twitter", "X/Twitter"),
    "email": Words("Surel", "E-mail"),
    "walk_in": Words("Datang langsung", "Walk-in"),
    "open311": Words("Open311", "Open311"),
    "system": Words("Sistem lain", "Other system"),
}
_CLASSES = {
    "pengaduan": Words("Pengaduan", "Complaint"),
    "aspirasi": Words("Aspirasi", "Aspiration"),
    "permintaan_informasi": Words("Permintaan informasi", "Request for information"),
}


def title(table: RecapTable, lang: Lang) -> str:
    """What the table is about, in one line."""
    whose = table.instansi or Words("semua instansi", "all agencies").to(lang)
    when = "" if table.as_of is None else Words(", per ", ", as of ").to(lang) + local_label(table.as_of)
    return Words("Rekap laporan diterima", "Recap of reports received in").to(lang) + f" {table.year}: {whose}{when}"


def line_name(by: By, key: str, name: str, lang: Lang) -> str:
    """What a reader calls the line."""
    if (not key or key.endswith("/")) and by in _NONE:
        return (f"{key} " if key else "") + _NONE[by].to(lang)
    known = _CHANNELS if by == "channel" else _CLASSES if by == "class" else {}
    return known[key].to(lang) if key in known else name


def warnings(table: RecapTable, lang: Lang) -> list[str]:
    """Sums that do not close, a sentence each; to be shown loudly. Empty if all is well."""
    loud = Words("JUMLAH TIDAK COCOK", "SUMS DO NOT CLOSE").to(lang)
    text = Words(
        "{loud} ({where}): masuk {masuk}, terhitung {counted}, selisih {difference}.",
        "{loud} ({where}): received {masuk}, accounted for {counted}, difference {difference}.",
    ).to(lang)
    places = {"*": TOTAL.to(lang), "+": Words("baris terhadap seluruhnya", "lines against the total").to(lang)}
    return [
        text.format(
            loud=loud,
            where=places.get(key, key),
            masuk=gap.masuk,
            counted=gap.counted,
            difference=gap.difference,
        )
        for key, gap in table.mismatches.items()
    ]


def notes(table: RecapTable, lang: Lang) -> list[str]:
    """What a reader must know to read the lines rightly, and what reviewers found of the follow-ups."""
    overlapping = Words(
        "Laporan pada beberapa OPD dihitung di baris tiap OPD; baris seluruhnya menghitungnya sekali.",
        "A report with several OPDs counts on each OPD's line; the total counts it once.",
    )
    return [*([overlapping.to(lang)] if table.by == "opd" else []), *_quality_line(table.quality, lang)]


def _quality_line(quality: QualityCount, lang: Lang) -> list[str]:
    if not quality.drawn:
        return []
    text = Words(
        "Mutu tindak lanjut: {answers} menjawab, {partly} menjawab sebagian, {does_not} tidak menjawab, "
        "dari {reviewed} yang diulas ({drawn} diundi, {erased} dihapus).",
        "Quality of follow-ups: {answers} answer, {partly} answer in part, {does_not} do not, "
        "of {reviewed} reviewed ({drawn} drawn, {erased} erased).",
    ).to(lang)
    return [text.format(**quality.model_dump())]
