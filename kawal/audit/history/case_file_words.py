"""The headings and sentences of a printed case file, in Indonesian and in English."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Berkas perkara", "Case file"),
    "complaint": ("Laporan {id}", "Complaint {id}"),
    "instansi": ("Instansi", "Agency"),
    "status": ("Status", "Status"),
    "received": ("Diterima", "Received"),
    "anonim": ("Anonim", "Anonymous"),
    "rahasia": ("Rahasia", "Confidential"),
    "yes": ("ya", "yes"),
    "no": ("tidak", "no"),
    "made": ("Dibuat", "Made"),
    "made_by": ("Oleh", "By"),
    "purpose": ("Tujuan", "Purpose"),
    "identity": ("Identitas pelapor", "Reporter's identity"),
    "shown": ("ditampilkan", "shown"),
    "withheld": ("tidak ditampilkan", "withheld"),
    "erased": (
        "Isi laporan dihapus pada {at} oleh {by} atas dasar «{ground}». Yang tersisa ialah catatan proses; sidik "
        "jarinya tetap dapat diperiksa.",
        "The content was erased on {at} by {by} on the ground “{ground}”. What is left is the process record; its "
        "hashes still verify.",
    ),
    "report": ("Isi laporan", "The report"),
    "course": ("Jalannya penanganan", "What happened"),
    "by": ("Oleh", "By"),
    "recorded": ("dicatat {at}", "recorded {at}"),
    "deadlines": ("Tenggat dan sebabnya", "Deadlines and why"),
    "event": ("Peristiwa", "Event"),
    "deadline": ("Tenggat", "Deadline"),
    "refused": ("Yang ditolak", "What was refused"),
    "readings": ("Yang membaca, dan yang dilakukan atasnya", "Who read it, and what was done to it"),
    "none": ("Tidak ada.", "None."),
    "when": ("Waktu", "When"),
    "what": ("Keterangan", "What"),
    "number": ("No", "No"),
    "run": ("Putaran workflow {run}", "Run {run} of the workflow"),
    "engine": ("Peristiwa Temporal", "Temporal's own history"),
    "engine_note": (
        "Kolom kanan menyebut nomor peristiwa pada jalannya penanganan yang ditimbulkannya.",
        "The right column names the numbers of the events above that it brought about.",
    ),
    "pruned": ("Riwayatnya telah habis masa simpannya.", "Its history is past its retention."),
    "damaged": ("Riwayat arsipnya tidak utuh.", "Its archived history is damaged."),
    "lost": ("Riwayatnya tidak ada lagi.", "Its history is nowhere any more."),
    "chain": ("Rantai sidik jari", "The chain of hashes"),
    "chain_note": (
        "Tiap sidik jari (SHA-256) mencakup baris peristiwa itu dan sidik jari sebelumnya. Berkas JSON perkara "
        "ini memuat baris lengkapnya, sehingga siapa pun dapat menghitungnya kembali.",
        "Each hash (SHA-256) covers that event's row and the hash before it. The JSON form of this file has the "
        "whole rows, so that anyone can recompute them.",
    ),
    "hash": ("Sidik jari (SHA-256)", "Hash (SHA-256)"),
    "sealed": (
        "Tersegel dalam log sampai ukuran {size}, kepala ditandatangani {at}.",
        "Sealed in the log up to size {size}, its head signed {at}.",
    ),
    "not_yet": ("Belum disegel dalam log.", "Not sealed in the log yet."),
    "differs": (
        "BERBEDA DARI YANG DISEGEL: periksa dengan `kawal audit verify`.",
        "DIFFERS FROM WHAT WAS SEALED: check with `kawal audit verify`.",
    ),
    "glyphs": (
        "Huruf yang tidak ada pada fon berkas ini tampil sebagai □; teks lengkapnya ada pada bentuk JSON.",
        "Characters that this file's font lacks are shown as □; the JSON form has the whole text.",
    ),
    "page": ("halaman {n} dari {all}", "page {n} of {all}"),
}


def said(key: str, lang: str, **details: object) -> str:
    """One heading or sentence in a language."""
    return WORDS[key][1 if lang == "en" else 0].format(**details)
