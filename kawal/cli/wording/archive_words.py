"""What `kawal audit archives` and `kawal audit replay` say, in Indonesian and in English."""

from __future__ import annotations

COMMANDS = {
    "audit archives": (
        "Riwayat yang diarsipkan, yang belum, dan sampai kapan masih bisa.",
        "Histories archived, those not yet, and until when there is time.",
    ),
    "audit replay": (
        "Ulangi riwayat dengan kode hari ini: satu laporan, atau setahun.",
        "Replay histories with today's code: one complaint, or a year.",
    ),
}

OPTIONS = {
    "prune_archives": (
        "Musnahkan isi arsip yang masa simpannya habis; sidiknya tetap.",
        "Destroy archived bodies whose years are over; their hashes stay.",
    ),
    "archive_now": ("Arsipkan sekarang juga.", "Have the archiver make a round now."),
    "due_limit": ("Paling banyak sekian yang belum diarsipkan.", "At most that many that are not archived."),
    "replayed_report": ("Nomor pelacakan laporan.", "The complaint's tracking id."),
    "replay_year": ("Semua laporan yang diterima tahun ini.", "Every complaint received in that year."),
}

SENTENCES = {
    "archives_are": (
        "{runs} riwayat diarsipkan ({size} MB), isi {pruned} di antaranya sudah dimusnahkan.",
        "{runs} histories archived ({size} MB), the bodies of {pruned} of them pruned.",
    ),
    "archives_over": (
        "Masa simpan {runs} riwayat habis; `kawal audit archives --prune` memusnahkan isinya.",
        "The years of {runs} histories are over; `kawal audit archives --prune` destroys their bodies.",
    ),
    "archives_whole": ("Semua yang sudah berakhir diarsipkan.", "All that has closed is archived."),
    "archives_round": (
        "Putaran terakhir {at}: {archived} diarsipkan, {waiting} menunggu.",
        "Last round {at}: {archived} archived, {waiting} waiting.",
    ),
    "archives_no_round": (
        "Pengarsip belum pernah berjalan: apakah `kawal up` atau `kawal worker` berjalan?",
        "The archiver has never run: does `kawal up` or `kawal worker` run?",
    ),
    "archives_danger": (
        "PERINGATAN: {count} riwayat sudah lewat separuh waktunya dan belum diarsipkan; yang pertama hilang {at}.",
        "WARNING: {count} histories have used up half of their time and are not archived; the first goes {at}.",
    ),
    "archives_gone": (
        "{count} riwayat sudah dihapus server sebelum diarsipkan; catatan kejadiannya tetap ada.",
        "{count} histories were deleted by the server before they were archived; their events are on record.",
    ),
    "archives_pruned": (
        "Isi {runs} riwayat dimusnahkan ({size} MB); sidiknya tetap.",
        "The bodies of {runs} histories are destroyed ({size} MB); their hashes stay.",
    ),
    "due_in_danger": ("TERANCAM", "IN DANGER"),
    "due_waiting": ("menunggu", "waiting"),
    "due_gone": ("hilang", "gone"),
    "replay_form": ("Sebut satu nomor laporan atau --year, bukan keduanya.", "Name one complaint or --year, not both."),
    "replay_year_form": ("--year {year}: harus 2000–2100.", "--year {year}: must be 2000–2100."),
    "replay_progress": ("Mengulang riwayat", "Replaying"),
    "replay_count": ("{done} riwayat, {complaints} dari {total} laporan", "{done} histories, {complaints} of {total}"),
    "replay_done": (
        "{replayed} riwayat diulang dengan hasil sama ({events} kejadian).",
        "{replayed} histories replayed alike ({events} events).",
    ),
    "replay_erased": (
        "{tracking}: tidak dapat diulang lagi, dihapus pada {at} oleh {by}, dasar: {ground}.",
        "{tracking}: no longer replays, since erased on {at} by {by} on the ground {ground}.",
    ),
    "replay_pruned": (
        "{tracking}: isi arsip {n} dimusnahkan pada {at}, masa simpannya habis.",
        "{tracking}: the body of archived history {n} was destroyed on {at}, its years being over.",
    ),
    "replay_empty": (
        "{tracking}: berakhir sebelum tugas pertamanya selesai; tidak ada yang diulang.",
        "{tracking}: ended before its first task was done; there is nothing to replay.",
    ),
    "replay_gone": (
        "{tracking}: tidak ada riwayat, di arsip maupun di server.",
        "{tracking}: there is no history of it, neither archived nor in the server.",
    ),
    "replay_key_away": (
        "{tracking}: kuncinya tidak tersedia sekarang: {detail}",
        "{tracking}: its key cannot be had now: {detail}",
    ),
    "replay_differs": (
        "{tracking}, run {run}: BERBEDA dengan kode hari ini: {detail}",
        "{tracking}, run {run}: DIFFERS under today's code: {detail}",
    ),
    "replay_failed": (
        "{tracking}, run {run}: GAGAL diulang: {detail}",
        "{tracking}, run {run}: CANNOT be replayed: {detail}",
    ),
    "replay_damaged": (
        "{tracking}, run {run}: arsip {n} BERUBAH sejak diarsipkan.",
        "{tracking}, run {run}: archived history {n} WAS CHANGED since it was archived.",
    ),
}

COLUMNS = {
    "run": ("Run", "Run"),
    "closed": ("Berakhir", "Closed"),
    "kept_until": ("Disimpan server sampai", "Server keeps it until"),
    "tries": ("Percobaan", "Tries"),
    "why_not": ("Sebab", "Why"),
}
