"""What roles, clocks, events and facts are called, in Indonesian and in English. Status words stay the field's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ROLES = {
    "reporter": ("pelapor", "reporter"),
    "agency_admin": ("admin instansi", "agency admin"),
    "liaison": ("pejabat penghubung", "liaison"),
    "inspectorate": ("Inspektorat", "Inspectorate"),
    "auditor": ("auditor", "auditor"),
    "leadership": ("pimpinan", "leadership"),
    "national": ("admin nasional", "national admin"),
    "adapter": ("kanal penerimaan", "intake channel"),
    "system": ("sistem", "system"),
    "sekda": ("Sekretaris Daerah", "Sekretaris Daerah"),
    "gubernur": ("Gubernur", "Gubernur"),
}

CLOCKS = {
    "verify": ("verifikasi dan penerusan", "verify and forward"),
    "forward": ("penerusan kembali", "forward again"),
    "respond": ("tindak lanjut pertama", "first follow-up"),
    "complete": ("penyelesaian", "completion"),
    "auto_close": ("selesai otomatis", "automatic closing"),
    "hold": ("kelengkapan dari pelapor", "completion by the reporter"),
    "purpose": ("tujuan", "purpose"),
    "question": ("jawaban pelapor", "the reporter's answer"),
    "instruction": ("instruksi Inspektorat", "the Inspectorate's instruction"),
    "take_over": ("penyelesaian oleh Inspektorat", "completion by the Inspectorate"),
    "aftercare": ("masa purnalayan", "aftercare"),
}

RUNGS = {
    1: ("Inspektorat", "Inspectorate"),
    2: ("Sekretaris Daerah", "Sekretaris Daerah"),
    3: ("Gubernur", "Gubernur"),
}

EVENTS = {
    "started": ("diterima", "received from the reporter"),
    "imported": ("diimpor", "imported"),
    "verified": ("diverifikasi", "verified"),
    "held": ("ditunda", "held"),
    "replied": ("pelapor membalas", "reporter replied"),
    "archived": ("diarsipkan", "archived"),
    "passed_on": ("dialihkan ke instansi lain", "passed on"),
    "merged": ("digabung", "merged"),
    "forwarded": ("diteruskan", "forwarded"),
    "handled": ("dikelola sendiri", "handled by the agency"),
    "received": ("diterima OPD", "received by the OPD"),
    "returned": ("dikembalikan OPD", "returned by the OPD"),
    "withdrawn": ("ditarik dari OPD", "withdrawn from the OPD"),
    "asked": ("pertanyaan kepada pelapor", "question to the reporter"),
    "followed_up": ("ditindaklanjuti", "followed up"),
    "extension_asked": ("perpanjangan diminta", "extension asked"),
    "extension_granted": ("perpanjangan disetujui", "extension granted"),
    "extension_refused": ("perpanjangan ditolak", "extension refused"),
    "accepted": ("diterima pelapor", "accepted by the reporter"),
    "disputed": ("disanggah pelapor", "disputed by the reporter"),
    "closed": ("ditutup admin", "closed by the admin"),
    "rated": ("dinilai pelapor", "rated by the reporter"),
    "reopened": ("dibuka kembali", "reopened"),
    "reclassified": ("diklasifikasi ulang", "reclassified"),
    "escalated": ("diangkat ke Inspektorat", "raised to the Inspectorate"),
    "instructed": ("instruksi Inspektorat", "instructed by the Inspectorate"),
    "taken_over": ("diambil alih Inspektorat", "taken over by the Inspectorate"),
    "resolved": ("diputus Inspektorat", "resolved by the Inspectorate"),
    "nudged": ("OPD dihubungi langsung", "OPD contacted directly"),
    "recomputed": ("tenggat dihitung ulang", "deadlines recomputed"),
    "follower_attached": ("laporan lain digabungkan", "another report attached"),
    "reminded": ("pengingat", "reminder"),
    "breached": ("TENGGAT TERLEWATI", "DEADLINE MISSED"),
    "rung_reached": ("ESKALASI", "ESCALATION"),
    "pause_ended": ("jeda berakhir", "pause ended"),
    "question_lapsed": ("pertanyaan gugur", "question lapsed"),
    "extension_lapsed": ("permintaan perpanjangan gugur", "request to extend lapsed"),
    "instruction_ended": ("batas instruksi", "instruction's date"),
    "hold_expired": ("tidak dilengkapi: diarsipkan", "not completed: archived"),
    "auto_closed": ("selesai otomatis", "closed automatically"),
    "aftercare_ended": ("masa purnalayan berakhir", "aftercare ended"),
    "refused": ("perintah ditolak", "command refused"),
}

REASONS = {
    "pengawasan": ("berkadar pengawasan", "supervisory"),
    "breach": ("tenggat terlewati", "deadline missed"),
    "second_dispute": ("disanggah dua kali", "disputed twice"),
    "escalated": ("diangkat sebelum waktunya", "raised early"),
}

OPD_STATES = {
    "owes": ("harus menindaklanjuti", "owes"),
    "final": ("tindak lanjut akhir", "final"),
    "returned": ("mengembalikan", "returned"),
    "withdrawn": ("ditarik", "withdrawn"),
    "taken_over": ("diambil alih", "taken over"),
    "handed_on": ("diteruskan lagi", "handed on"),
}

CLOSED_BY = {
    "accept": ("diterima pelapor", "accepted by the reporter"),
    "close": ("ditutup admin", "closed by the admin"),
    "auto_close": ("pelapor tidak menjawab", "the reporter's silence"),
    "question": ("pertanyaan tidak dijawab", "an unanswered question"),
}

FACTS = {
    "actor": ("pelaku", "actor"),
    "agency": ("instansi", "agency"),
    "anonim": ("anonim", "anonim"),
    "attachments": ("lampiran", "attachments"),
    "by": ("oleh/paling lambat", "by"),
    "category": ("kategori", "category"),
    "channel": ("kanal", "channel"),
    "chosen_opd": ("OPD pilihan pelapor", "chosen_opd"),
    "class": ("klasifikasi", "class"),
    "clock": ("tenggat", "clock"),
    "code": ("sebab", "code"),
    "command": ("perintah", "command"),
    "count": ("ke", "count"),
    "day": ("tanggal", "day"),
    "days": ("hari kerja", "days"),
    "deadline": ("tenggat", "deadline"),
    "deadlines_before": ("tenggat semula", "deadlines_before"),
    "email": ("surel", "email"),
    "files": ("lampiran", "files"),
    "final": ("akhir", "final"),
    "finding": ("putusan", "finding"),
    "first": ("pertama", "first"),
    "followers": ("pengikut", "followers"),
    "grounds": ("alasan", "grounds"),
    "how": ("cara", "how"),
    "item_opened": ("masuk daftar kerja Inspektorat", "item_opened"),
    "late": ("terlambat", "late"),
    "latitude": ("lintang", "latitude"),
    "longitude": ("bujur", "longitude"),
    "main": ("laporan utama", "main"),
    "met": ("terpenuhi", "met"),
    "missing": ("yang kurang", "missing"),
    "name": ("nama", "name"),
    "nominal": ("tenggat yang terlewati", "nominal"),
    "note": ("catatan", "note"),
    "occurred_on": ("tanggal kejadian", "occurred_on"),
    "opd": ("OPD", "opd"),
    "opds": ("OPD", "opds"),
    "origin": ("asal", "origin"),
    "owed_by": ("yang berkewajiban", "owed_by"),
    "pengawasan": ("berkadar pengawasan", "pengawasan"),
    "phone": ("telepon", "phone"),
    "place": ("lokasi", "place"),
    "question": ("pertanyaan", "question"),
    "rahasia": ("rahasia", "rahasia"),
    "rating": ("nilai", "rating"),
    "reason": ("alasan", "reason"),
    "reporter": ("pelapor", "reporter"),
    "rung": ("tingkat", "rung"),
    "text": ("isi", "text"),
    "title": ("judul", "title"),
    "to": ("kepada", "to"),
    "why": ("sebab", "why"),
    "words": ("ulasan", "words"),
}
"""What is named in an event's facts and words; in English by the names that --json has."""


def label(table: Mapping[str, tuple[str, str]], key: str, lang: str) -> str:
    """Return what a key is called; one without a name is shown as it is."""
    return _pick(table[key], lang) if key in table else key


def rung(number: int, lang: str) -> str:
    """Return the office behind a rung of the ladder, "–" for none."""
    return _pick(RUNGS[number], lang) if number in RUNGS else "–"


def clock(key: str, lang: str) -> str:
    """Return what a clock is called by its key, with its OPD: "first follow-up (DISHUB)"."""
    kind, _, opd = key.partition(":")
    name = label(CLOCKS, kind, lang)
    return f"{name} ({opd})" if opd else name


def reason(why: str, lang: str) -> str:
    """Return why the Inspectorate's item was opened."""
    return label(REASONS, why, lang)


_LONG = frozenset({"rules", "deadlines", "key", "tracking_id", "instansi"})
"""Facts that a line has no room for."""


def facts_in_words(facts: Mapping[str, Any], lang: str) -> str:
    """Return an event's facts on one line, but for the long ones."""
    return pairs_in_words({name: value for name, value in facts.items() if name not in _LONG}, lang)


def pairs_in_words(found: Mapping[str, Any], lang: str) -> str:
    """Name what is there; what is empty or not so is left out."""
    told = ((label(FACTS, name, lang), _text(value, lang)) for name, value in found.items() if value is not False)
    return "; ".join(f"{name}: {text}" for name, text in told if text)


def _text(value: Any, lang: str) -> str:
    if value is True:
        return _pick(("ya", "yes"), lang)
    if isinstance(value, dict):
        inner = pairs_in_words(value, lang)
        return f"{{{inner}}}" if inner else ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _pick(pair: tuple[str, str], lang: str) -> str:
    return pair[1] if lang == "en" else pair[0]
