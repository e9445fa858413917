"""What is said of wedged complaints and their mending, in Indonesian and in English."""

from __future__ import annotations

SENTENCES = {
    "wedged": ("MACET", "WEDGED"),
    "wedged_line": (
        "MACET: laporan {id} sejak {since}, {cause}. Tenggat dan perintahnya tidak berjalan. Perbaiki: {mend}",
        "WEDGED: complaint {id} since {since}, {cause}. Its deadlines and commands stand still. Mend it: {mend}",
    ),
    "wedged_more": (
        "MACET: {count} laporan lain; lihat `kawal reconcile`.",
        "WEDGED: {count} more complaints; see `kawal reconcile`.",
    ),
    "mended_restarted": (
        "Laporan {id} dijalankan lagi dari catatannya; yang jatuh tempo selama macet terjadi sekarang pada waktunya"
        " masing-masing. Bila sebabnya belum hilang, laporan ini macet lagi dalam semenit.",
        "Complaint {id} runs again from its record; what fell due meanwhile happens now, each at its own time. If the"
        " cause is still there, it is wedged again within a minute.",
    ),
    "mended_sent_back": (
        "Laporan {id} belum tercatat dan dimulai lagi dari kotak masuk.",
        "Complaint {id} was not on record yet and is started again from the inbox.",
    ),
    "mended_ended": (
        "Laporan {id} sudah berakhir menurut catatannya; proses yang macet dihentikan.",
        "Complaint {id} is over by its record; the wedged run was ended.",
    ),
}

CAUSES = {
    "non_deterministic_error": (
        "kode yang berjalan tidak cocok dengan riwayatnya",
        "the code at work does not fit its history",
    ),
    "workflow_worker_unhandled_failure": (
        "galat dalam aturan, atau kuncinya tidak tersedia",
        "a bug in the rules, or its key cannot be had",
    ),
    "timed_out": ("tugasnya tidak pernah selesai", "its task never ends"),
    "start_to_close": ("tugasnya tidak pernah selesai", "its task never ends"),
    "no_run": ("tidak ada proses yang berjalan", "no run of it is there"),
}
"""The engine's causes that have words here; another is shown as the code it is."""

COMMANDS = {
    "mend": (
        "Perbaiki laporan yang macet: dijalankan lagi dari catatannya.",
        "Mend a wedged complaint: it runs again from its record.",
    ),
}

COLUMNS = {
    "wedged": ("Macet", "Wedged"),
}
