"""What lives, searches and case files say at the command line, in Indonesian and in English."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "life_erased": (
        "Isi laporan dihapus pada {at} oleh {by} atas dasar «{ground}»; yang tersisa ialah catatan prosesnya.",
        "The content was erased on {at} by {by} on the ground “{ground}”; what is left is the process record.",
    ),
    "life_deadlines": ("Tenggat dan sebabnya", "Deadlines and why"),
    "life_refused": ("Yang ditolak", "What was refused"),
    "life_readings": ("Yang dibaca dan dilakukan atasnya", "What was read and done to it"),
    "life_run": (
        "Putaran workflow {run}: {since} – {until}",
        "Run {run} of the workflow: {since} – {until}",
    ),
    "life_running": ("masih berjalan", "still running"),
    "life_none": ("(tidak ada)", "(none)"),
    "history_pruned": (
        "riwayatnya telah habis masa simpannya; sidik jarinya tetap tersimpan",
        "its history is past its retention; its hashes stay",
    ),
    "history_damaged": (
        "riwayat yang diarsipkan tidak lagi seperti ketika diarsipkan: periksa dengan `kawal audit verify`",
        "its archived history is not what was archived: check with `kawal audit verify`",
    ),
    "history_lost": (
        "riwayatnya tidak ada lagi di server maupun di arsip",
        "its history is neither with the server nor in the archive any more",
    ),
    "bad_event_kind": (
        "--kind {kind} tidak dikenal; yang ada: {known}.",
        "There is no --kind {kind}; there are: {known}.",
    ),
    "no_such_official": (
        "Tidak ada pejabat bernama itu di catatan ini.",
        "The record knows no official of that name.",
    ),
    "case_file_written": (
        "Berkas perkara {tracking} ditulis ke {path} (SHA-256 {digest}); ekspor ini dicatat.",
        "The case file of {tracking} was written to {path} (SHA-256 {digest}); the export is on record.",
    ),
    "case_file_form": (
        "Bentuk berkas tidak jelas dari nama {path}; sebutkan --format pdf atau json.",
        "The name {path} does not tell the form of the file; say --format pdf or json.",
    ),
}

COMMANDS = {
    "events": (
        "Cari peristiwa di semua laporan (auditor, Inspektorat, admin).",
        "Search events of all complaints (auditor, Inspectorate, admin).",
    ),
    "case-file": (
        "Berkas perkara satu laporan untuk Ombudsman: PDF atau JSON.",
        "A complaint's case file for the Ombudsman: PDF or JSON.",
    ),
}

OPTIONS = {
    "whole_life": (
        "Seluruh riwayat: tenggat dan sebabnya, penolakan, pembacaan, peristiwa workflow.",
        "The whole life: deadlines and why, refusals, readings, workflow events.",
    ),
    "events_actor": ("Nama pejabat, atau akunnya.", "An official's name, or their account."),
    "events_opd": ("Yang dilakukan OPD ini, atau tentangnya.", "What this OPD did, or what is about it."),
    "events_from": ("Sejak tanggal ini (TTTT-BB-HH).", "From this day (YYYY-MM-DD)."),
    "events_to": ("Sampai akhir tanggal ini.", "To the end of this day."),
    "events_kind": ("Jenis peristiwa; dapat diulang.", "Kind of event; may be repeated."),
    "in_access_log": (
        "Cari di log akses: penolakan, pembacaan, ekspor.",
        "Search the access log: refusals, readings, exports.",
    ),
    "case_output": ("Berkas yang ditulis.", "The file to write."),
    "case_format": ("pdf atau json; bawaan dari nama berkas.", "pdf or json; by default from the file's name."),
    "without_identity": ("Tanpa identitas pelapor.", "Without the reporter's identity."),
}

COLUMNS = {
    "brought": ("Peristiwa no.", "Event no."),
    "type": ("Jenis", "Type"),
    "said": ("Keterangan", "In words"),
    "account": ("Akun", "Account"),
    "number": ("No", "No"),
    "recorded_at": ("Dicatat", "Recorded"),
}
