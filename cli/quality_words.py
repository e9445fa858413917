"""What the quality review, the registers and the indicators say at the command line, in Indonesian and in English."""

from __future__ import annotations

SENTENCES = {
    "draw_made": (
        "Undian {number}: {drawn} dari {candidates} tindak lanjut akhir, benih {seed}.",
        "Draw {number}: {drawn} of {candidates} final follow-ups, seed {seed}.",
    ),
    "draw_few": (
        "Hanya ada {candidates} tindak lanjut akhir; semuanya diulas.",
        "There are only {candidates} final follow-ups; all of them are reviewed.",
    ),
    "draw_from_head": (
        "Benihnya akar kepala log berukuran {size}, yang pertama disegel sesudah kurun itu.",
        "The seed is the root of the log head of size {size}, the first one sealed after those days.",
    ),
    "draw_agrees": (
        "Cocok: {candidates} calon yang sama, contoh yang sama.",
        "It agrees: the same {candidates} candidates, the same sample.",
    ),
    "draw_differs": (
        "TIDAK COCOK dengan undian {number}: dulu {then} calon, kini {now}; hilang: {gone}; masuk: {come}.",
        "DOES NOT AGREE with draw {number}: {then} candidates then, {now} now; gone: {gone}; come: {come}.",
    ),
    "review_taken": (
        "Ulasan tercatat: undian {number}, urutan {place}: {verdict}.",
        "The review is on record: draw {number}, place {place}: {verdict}.",
    ),
    "reviews_hidden": (
        "Ulasan orang lain ({count}) ditampilkan setelah Anda memberi ulasan.",
        "Other people's reviews ({count}) are shown once you have given yours.",
    ),
    "erased_item": ("dihapus", "erased"),
    "all_opds": ("semua OPD", "every OPD"),
    "total_line": ("Seluruhnya", "Total"),
}

VERDICTS = {
    "answers": ("menjawab", "answers"),
    "partly": ("menjawab sebagian", "answers in part"),
    "does_not": ("tidak menjawab", "does not answer"),
}

COMMANDS = {
    "quality": ("Ulasan mutu tindak lanjut.", "Quality review of follow-ups."),
    "quality draw": (
        "Undi contoh tindak lanjut akhir dari suatu kurun.",
        "Draw a sample of the final follow-ups of some days.",
    ),
    "quality list": ("Daftar undian, atau isi satu undian.", "List the draws, or what one has drawn."),
    "quality read": (
        "Laporan dan tindak lanjut yang diulas (dicatat).",
        "A report and the follow-up under review (goes on record).",
    ),
    "quality review": (
        "Apakah isi tindak lanjut menjawab laporan?",
        "Does the substance of a follow-up answer the report?",
    ),
    "quality result": ("Hasil ulasan satu undian, per OPD.", "What the reviews of a draw came to, by OPD."),
    "quality redraw": (
        "Undi ulang dari catatan dan bandingkan.",
        "Draw again from the record and compare.",
    ),
}

OPTIONS = {
    "draw_number": ("Nomor undian.", "Number of the draw."),
    "draw_place": ("Nomor urut dalam undian.", "Place within the draw."),
    "first_day": ("Hari pertama TTTT-BB-HH.", "First day YYYY-MM-DD."),
    "last_day": ("Hari terakhir TTTT-BB-HH.", "Last day YYYY-MM-DD."),
    "sample_size": ("Banyaknya yang diundi, paling banyak 1000.", "How many are drawn, at most 1000."),
    "seed": (
        "Benih yang sudah diumumkan; bawaan: kepala log pertama sesudah kurun itu.",
        "A seed that was published; default: the first log head after those days.",
    ),
    "draw_opd": ("Hanya tindak lanjut OPD ini.", "Only this OPD's follow-ups."),
    "verdict": ("answers, partly, atau does_not.", "answers, partly or does_not."),
    "correct_own": ("Perbaiki ulasan Anda sendiri.", "Correct your own review."),
    "with_candidates": (
        "Tampilkan semua calon dengan undinya.",
        "Show every candidate with its lot.",
    ),
}

COLUMNS = {
    "draw": ("Undian", "Draw"),
    "first_day": ("Dari", "From"),
    "last_day": ("Sampai", "To"),
    "drawn": ("Diundi", "Drawn"),
    "candidates": ("Calon", "Candidates"),
    "seed": ("Benih", "Seed"),
    "drawn_at": ("Waktu undi", "Drawn at"),
    "draw_place": ("Urutan", "Place"),
    "verdicts": ("Ulasan", "Reviews"),
    "reviewed": ("Diulas", "Reviewed"),
    "answers": ("Menjawab", "Answers"),
    "partly": ("Sebagian", "In part"),
    "does_not": ("Tidak", "Does not"),
    "waiting": ("Menunggu", "Waiting"),
    "erased": ("Dihapus", "Erased"),
    "disputed": ("Beda pendapat", "Divided"),
    "lot": ("Undi", "Lot"),
}
