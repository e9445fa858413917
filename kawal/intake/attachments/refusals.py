"""What is refused of attachments, said so that a person knows what to do next."""

from __future__ import annotations

SENTENCES: dict[str, tuple[int, str, str]] = {
    "unknown_complaint": (
        404,
        "Tidak ada laporan bernomor {tracking}; periksa nomornya.",
        "There is no complaint {tracking}; check the number.",
    ),
    "unknown_attachment": (
        404,
        "Laporan ini tidak mempunyai lampiran itu.",
        "This complaint has no such attachment.",
    ),
    "erased": (
        410,
        "Data pribadi laporan {tracking} telah dihapus; lampirannya tidak ada lagi.",
        "The personal data of complaint {tracking} was erased; its attachments are gone.",
    ),
    "empty": (
        422,
        "Berkas kosong; pilih berkas yang berisi.",
        "The file is empty; choose one with content.",
    ),
    "too_large": (
        413,
        "Berkas melebihi {limit} MB; perkecil atau bagi berkasnya.",
        "The file exceeds {limit} MB; make it smaller or split it.",
    ),
    "too_many": (
        422,
        "Satu laporan paling banyak mempunyai {limit} lampiran.",
        "A complaint has at most {limit} attachments.",
    ),
    "complaint_full": (
        413,
        "Lampiran satu laporan bersama-sama paling banyak {limit} MB.",
        "The attachments of one complaint take at most {limit} MB together.",
    ),
    "type_not_allowed": (
        415,
        "Jenis berkas ini tidak diterima; kirim foto (JPEG, PNG, WebP, HEIC), PDF, MP4, DOCX, XLSX, atau teks UTF-8.",
        "This type of file is not accepted; send a photo (JPEG, PNG, WebP, HEIC), PDF, MP4, DOCX, XLSX or UTF-8 text.",
    ),
    "broken": (
        422,
        "Berkas rusak atau bukan {kind} yang utuh; simpan ulang lalu kirim lagi.",
        "The file is damaged or no whole {kind}; save it anew and send it again.",
    ),
    "bomb": (
        422,
        "Isi berkas mengembang terlalu besar saat dibuka; perkecil lalu kirim lagi.",
        "The file's content grows too large when opened; make it smaller and send it again.",
    ),
    "macros": (
        415,
        "Dokumen memuat makro atau program; simpan tanpa itu lalu kirim lagi.",
        "The document carries macros or programs; save it without them and send it again.",
    ),
    "malformed_form": (
        400,
        "Formulir tidak dapat dibaca; kirim satu berkas sebagai multipart/form-data, atau isinya langsung.",
        "The form cannot be read; send one file as multipart/form-data, or its content as the body.",
    ),
}
"""Code -> HTTP status, sentence in Indonesian, in English."""


class AttachmentRefused(Exception):  # noqa: N818 - names an ordinary answer
    """An attachment was not taken, or not given out; `code` is stable, the sentences are for people."""

    def __init__(self, code: str, **details: object) -> None:
        """Refuse for the reason `code`, one of SENTENCES."""
        self.code = code
        self.status, indonesian, english = SENTENCES[code]
        self.details = details
        self.indonesian = indonesian.format(**details)
        self.english = english.format(**details)
        super().__init__(self.english)


class NoPublicVariant(Exception):  # noqa: N818 - names the condition
    """Of this type no variant without metadata can be made: it is shown to those who may see the original, or not."""
