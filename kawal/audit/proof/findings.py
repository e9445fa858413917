"""What a verification finds, where, and how it is said in Indonesian and in English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

KEPT = 10_000
"""Findings that a report holds; beyond that they are counted alone, so that memory stays bounded."""

SENTENCES: dict[str, tuple[str, str]] = {
    # The chains
    "row_changed": (
        "Baris ini diubah: isinya tidak lagi menghasilkan hash-nya.",
        "This row was changed: what it holds does not give its hash.",
    ),
    "row_missing": (
        "Baris ini hilang dari rantainya.",
        "This row is missing from its chain.",
    ),
    "row_unexpected": (
        "Baris ini tidak punya tempat dalam rantainya.",
        "This row has no place in its chain.",
    ),
    "chain_broken": (
        "Baris ini tidak menyambung pendahulunya.",
        "This row does not follow its predecessor.",
    ),
    "body_changed": (
        "Riwayat terarsip ini diubah.",
        "This archived history was changed.",
    ),
    "body_gone": (
        "Isi riwayat terarsip ini hilang, dan log akses tidak mencatat pemusnahannya.",
        "The body of this archived history is gone, and the access log does not say that it was destroyed.",
    ),
    # Who acted
    "account_unknown": (
        "Peristiwa ini menyebut akun yang tidak ada ({role}).",
        "This event names an account that does not exist ({role}).",
    ),
    "account_differs": (
        "Akun yang disebut peristiwa ini punya peran, OPD atau instansi lain ({role}).",
        "The account that this event names has another role, OPD or agency ({role}).",
    ),
    # The log
    "sealed_changed": (
        "Baris ini diganti setelah disegel sebagai daun {leaf}.",
        "This row was replaced after it was sealed as leaf {leaf}.",
    ),
    "leaf_lost": (
        "Tempat baris ini dalam log tidak ditemukan: bagian mulai daun {leaf} terganggu; periksa semuanya.",
        "This row's place in the log is not found: the range from leaf {leaf} is disturbed; run a full verification.",
    ),
    "sealed_missing": (
        "Baris ini disegel sebagai daun {leaf} dan kini tidak ada.",
        "This row was sealed as leaf {leaf} and is gone.",
    ),
    "sealed_inserted": (
        "Baris ini disisipkan di antara yang sudah disegel.",
        "This row was inserted among what was sealed.",
    ),
    "sealed_reordered": (
        "Baris ini tidak lagi di urutan yang disegel (daun {leaf}).",
        "This row no longer stands in the order that was sealed (leaf {leaf}).",
    ),
    "names_changed": (
        "Nama-nama daun petak {tile} diubah.",
        "The names of the leaves of tile {tile} were changed.",
    ),
    "tile_missing": (
        "Petak {tile} tingkat {level} hilang.",
        "Tile {tile} of level {level} is missing.",
    ),
    "tile_changed": (
        "Petak {tile} tingkat {level} diubah.",
        "Tile {tile} of level {level} was changed.",
    ),
    "range_broken": (
        "Catatan penyegelan mulai daun {leaf} diubah atau hilang.",
        "The record of what was sealed from leaf {leaf} on was changed or is missing.",
    ),
    "head_root": (
        "Kepala berukuran {size} bukan akar daun-daunnya.",
        "The head of size {size} is not the root over its leaves.",
    ),
    "head_signature": (
        "Tanda tangan kepala berukuran {size} tidak sah.",
        "The signature of the head of size {size} does not hold.",
    ),
    "head_time": (
        "Kepala berukuran {size} lebih tua daripada pendahulunya.",
        "The head of size {size} is older than the one before it.",
    ),
    "head_missing": (
        "Kepala berukuran {size} hilang, padahal baris-barisnya disegel.",
        "The head of size {size} is missing, though rows were sealed under it.",
    ),
    "key_broken": (
        "Kunci {key} tidak disahkan oleh pendahulunya.",
        "Key {key} is not endorsed by the one before it.",
    ),
    "key_missing": (
        "Kunci {key} yang disimpan di tempat lain tidak ada di sini.",
        "Key {key}, kept elsewhere, is not here.",
    ),
    "kept_other_log": (
        "Kepala yang disimpan ({size} daun) berasal dari log lain.",
        "The head kept elsewhere ({size} leaves) is of another log.",
    ),
    "kept_not_signed": (
        "Kepala yang disimpan ({size} daun) tidak bertanda tangan sah.",
        "The head kept elsewhere ({size} leaves) is not validly signed.",
    ),
    "kept_longer": (
        "Log di sini lebih pendek daripada kepala yang disimpan ({size} daun): yang disegel dihapus.",
        "The log here is shorter than the head kept elsewhere ({size} leaves): what was sealed is gone.",
    ),
    "kept_differs": (
        "Log ditulis ulang: {size} daun pertama bukan yang ditandatangani pada {at}; {until} daun pertama masih.",
        "The log was rewritten: its first {size} leaves are not those signed on {at}; the first {until} are.",
    ),
    # The read model and the outbox
    "unreadable": (
        "Peristiwa laporan ini tidak membentuk suatu keadaan.",
        "The events of this complaint make no state.",
    ),
    "model_missing": (
        "Laporan ini punya peristiwa tetapi tidak ada di daftar.",
        "This complaint has events and no row in the read model.",
    ),
    "model_differs": (
        "Daftar berbeda dari peristiwa: {fields}.",
        "The read model differs from the events: {fields}.",
    ),
    "words_differ": (
        "Tulisan di daftar bukan yang direkam: {fields}.",
        "The words in the read model are not those on record: {fields}.",
    ),
    "spans_differ": (
        "Rentang rekapitulasi berbeda dari peristiwa.",
        "The recap's spans differ from the events.",
    ),
    "sums_differ": (
        "Angka rekapitulasi {line} berbeda dari rentangnya.",
        "The recap's figures of {line} differ from the spans.",
    ),
    "notice_missing": (
        "Pemberitahuan «{kind}» hilang dari kotak keluar.",
        "The notice “{kind}” is missing from the outbox.",
    ),
    "notice_unexpected": (
        "Pemberitahuan «{kind}» tidak berasal dari peristiwa.",
        "The notice “{kind}” comes from no event.",
    ),
    "notice_changed": (
        "Isi pemberitahuan {notice} diubah.",
        "The text of notice {notice} was changed.",
    ),
    "erasure_unrecorded": (
        "Kunci laporan ini dimusnahkan tanpa catatan penghapusan.",
        "This complaint's key was destroyed, and no erasure is on record.",
    ),
    "erasure_differs": (
        "Daftar dan kunci tidak sepakat apakah dan kapan laporan ini dihapus.",
        "The read model and the keys do not agree on whether, and when, this complaint was erased.",
    ),
    "engine_differs": (
        "Riwayat Temporal berbeda dari peristiwa: {what}.",
        "Temporal's history differs from the events: {what}.",
    ),
}


class Finding(BaseModel):
    """One thing that is not as it was recorded; `where` names it: `complaint-1234567 3`, `access 7`, `head 4096`."""

    code: str
    where: str
    facts: dict[str, Any] = Field(default_factory=dict)

    def sentence(self, lang: str) -> str:
        """Say what was found."""
        return SENTENCES[self.code][lang == "en"].format(**self.facts)


class Erased(BaseModel):
    """A complaint that was verified by its hashes alone, since its key was destroyed."""

    tracking_id: str
    on: datetime
    by: str
    ground: str


class Verified(BaseModel):
    """What a verification looked at, and what it found."""

    counted: dict[str, int] = Field(default_factory=dict)
    """Rows and bytes by what they are: event, access, archive, complaint, notice, head, leaf, bytes."""
    unsealed: dict[str, int] = Field(default_factory=dict)
    """Rows of each source that no head covers yet: their chain was checked, no more."""
    log_size: int = 0
    sealed_at: datetime | None = None
    """When the newest head was signed."""
    kept_heads: int = 0
    """Heads kept elsewhere that hold."""
    not_compared: list[str] = Field(default_factory=list)
    """Complaints whose key, or the look-up key, was away: their public words, or their reporters, were not compared."""
    erased: list[Erased] = Field(default_factory=list)
    findings: list[Finding] = Field(default_factory=list)
    found: int = 0
    """All findings, those beyond KEPT too."""


class Reporting:
    """Gathers what is found while rows stream by."""

    def __init__(self, progress: Callable[[str], None] | None = None) -> None:
        """Begin with nothing; `progress` is told from time to time what is being looked at."""
        self.result = Verified()
        self._counted: Counter[str] = Counter()
        self._not_compared: dict[str, None] = {}
        self._progress = progress

    def found(self, code: str, where: str, **facts: Any) -> None:
        """Add a finding."""
        self.result.found += 1
        if len(self.result.findings) < KEPT:
            self.result.findings.append(Finding(code=code, where=where, facts=facts))

    def count(self, what: str, number: int = 1) -> None:
        """So many were looked at."""
        self._counted[what] += number

    def not_compared(self, tracking_id: str) -> None:
        """Something of a complaint could not be compared for want of a key."""
        self._not_compared[tracking_id] = None

    def show(self, doing: str) -> None:
        """Tell how far it is."""
        if self._progress is not None:
            self._progress(doing)

    def finish(self) -> Verified:
        """The result, with what was counted."""
        self.result.counted = dict(self._counted)
        self.result.not_compared = list(self._not_compared)
        return self.result
