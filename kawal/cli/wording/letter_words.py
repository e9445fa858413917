"""What `kawal inbox` says of letters that were only kept, in Indonesian and in English."""

from __future__ import annotations

SENTENCES = {
    "inbox_form": (
        "Pakai `kawal inbox [--state waiting|dead|kept]`, `kawal inbox retry NOMOR`, `kawal inbox retry --all`,"
        " `kawal inbox open NOMOR --output BERKAS --purpose TUJUAN`,"
        " atau `kawal inbox discard NOMOR --purpose ALASAN`.",
        "Use `kawal inbox [--state waiting|dead|kept]`, `kawal inbox retry ID`, `kawal inbox retry --all`,"
        " `kawal inbox open NUMBER --output FILE --purpose WHY` or `kawal inbox discard NUMBER --purpose GROUNDS`.",
    ),
    "kept_letters": (
        "Surat yang tidak menjadi laporan dengan sendirinya; buka dengan `kawal inbox open NOMOR`:",
        "Letters that became no report by themselves; open one with `kawal inbox open NUMBER`:",
    ),
    "no_such_letter": (
        "Tidak ada surat bernomor {number} yang disimpan; lihat `kawal inbox --state kept`.",
        "No letter {number} is kept; see `kawal inbox --state kept`.",
    ),
    "letter_written": ("Surat {number} ditulis ke {path}.", "Letter {number} is written to {path}."),
    "letter_discarded": ("Surat {number} dibuang.", "Letter {number} is discarded."),
}

OPTIONS = {
    "inbox_action": (
        "retry: coba lagi; open: tulis surat ke berkas (dicatat); discard: buang surat.",
        "retry: have it tried again; open: write a letter to a file (on record); discard: remove a letter.",
    ),
    "inbox_number": ("Nomor laporan, atau surat.", "The report's number, or the letter's."),
    "inbox_state": ("waiting, dead, atau kept (surat).", "waiting, dead or kept (letters)."),
}

COLUMNS = {
    "letter": ("Surat", "Letter"),
    "bytes": ("Bita", "Bytes"),
}

WHY = {
    "automatic": ("ditulis mesin", "written by a machine"),
    "unreadable": ("tidak dapat dibaca", "could not be read"),
    "time": ("terlalu lama", "it takes too long"),
    "memory": ("perlu terlalu banyak memori", "it takes too much memory"),
    "nesting": ("terlalu banyak bagian", "too many parts, one in another"),
    "crash": ("pembaca surat berhenti", "the reader died of it"),
    "error": ("susunannya rusak", "its form is broken"),
}
"""Why a letter was only kept (store.kept_letters)."""
