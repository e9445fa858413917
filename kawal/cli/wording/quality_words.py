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
    "draw_unrecorded": (
        "Catatan akses TIDAK COCOK dengan undian {number}: benih, calon, atau contohnya lain.",
        "The access log DOES NOT AGREE with draw {number}: another seed, other candidates or another sample.",
    ),
    "reviews_changed": (
        "Ulasan TIDAK COCOK dengan catatan akses pada urutan {places}: diubah, dihapus, atau disisipkan.",
        "Reviews DO NOT AGREE with the access log at places {places}: changed, removed or put in.",
    ),
    "review_taken": (
        "Ulasan tercatat: undian {number}, urutan {place}: {verdict}.",
        "The review is on record: draw {number}, place {place}: {verdict}.",
    ),
    "reviews_hidden": (
        "Ulasan orang lain ({count}) ditampilkan setelah Anda memberi ulasan.",
        "Other people's reviews ({count}) are shown once you have given yours.",
    ),
    "reviews_count": ("{count} ulasan", "{count} reviews"),
    "erased_item": ("dihapus", "erased"),
    "all_opds": ("semua OPD", "every OPD"),
    "decree_entered": (
        "SK {decree} tercatat: entri {number}, revisi {revision}.",
        "Decree {decree} is on the register: entry {number}, revision {revision}.",
    ),
    "plan_entered": (
        "Rencana aksi {year} tercatat: entri {number}, {items} butir, {done} selesai.",
        "The action plan of {year} is on the register: entry {number}, {items} items, {done} done.",
    ),
    "entry_withdrawn": ("ditarik", "withdrawn"),
    "total_line": ("Seluruhnya", "Total"),
}

VERDICTS = {
    "answers": ("menjawab", "answers"),
    "partly": ("menjawab sebagian", "answers in part"),
    "does_not": ("tidak menjawab", "does not answer"),
}

ITEM_STATES = {
    "not_begun": ("belum dimulai", "not begun"),
    "under_way": ("berjalan", "under way"),
    "done": ("selesai", "done"),
}

COMMANDS = {
    "indicators": ("Indikator penilaian satu tahun.", "The assessment's indicators of a year."),
    "register": ("Daftar SK dan rencana aksi.", "The registers of decrees and action plans."),
    "register decree": ("Catat atau perbaiki sebuah SK.", "Enter or correct a decree (SK)."),
    "register plan": ("Catat atau perbaiki rencana aksi.", "Enter or correct an action plan."),
    "register progress": ("Catat kemajuan butir rencana aksi.", "Say how an item of a plan stands."),
    "register list": ("Isi kedua daftar.", "What both registers hold."),
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
    "register number": ("Nomor SK.", "The decree's number."),
    "register decided_on": ("Tanggal SK TTTT-BB-HH.", "Date of the decree YYYY-MM-DD."),
    "register valid_until": (
        "Hari terakhir berlakunya TTTT-BB-HH; tanpa ini tidak terbatas.",
        "Its last day YYYY-MM-DD; without it there is none.",
    ),
    "register opd": ("Milik OPD ini; bawaan seluruh instansi.", "Of this OPD; by default of the agency."),
    "register document": ("Di mana dokumennya (nomor arsip, alamat).", "Where the document is (file number, address)."),
    "document_file": (
        "Dokumennya; hanya sidik SHA-256-nya yang disimpan.",
        "The document; only its SHA-256 is kept.",
    ),
    "register correct": (
        "Perbaiki entri ini; yang tidak disebut tetap.",
        "Correct this entry; what is not given stays.",
    ),
    "register withdrawn": ("Entri ini keliru dan ditarik.", "The entry was an error and is withdrawn."),
    "register year": ("Tahun rencana aksi.", "Year of the plan."),
    "register submitted_on": ("Tanggal penyampaian TTTT-BB-HH.", "Date of its submission YYYY-MM-DD."),
    "register items": ("Butir rencana; dapat diulang.", "An item of the plan; may be repeated."),
    "register plan": ("Nomor entri rencana aksi.", "Number of the plan's entry."),
    "register place": ("Nomor butir.", "Number of the item."),
    "register state": ("not_begun, under_way, atau done.", "not_begun, under_way or done."),
    "register on_day": ("Sejak tanggal ini TTTT-BB-HH; bawaan hari ini.", "Since this day YYYY-MM-DD; default today."),
    "register title": ("Judul butir yang baru", "The item's new title"),
    "draw_number": ("Nomor undian.", "Number of the draw."),
    "quality draw": ("Nomor undian.", "Number of the draw."),
    "quality place": ("Nomor urut dalam undian.", "Place within the draw."),
    "quality first_day": ("Hari pertama TTTT-BB-HH.", "First day YYYY-MM-DD."),
    "quality last_day": ("Hari terakhir TTTT-BB-HH.", "Last day YYYY-MM-DD."),
    "quality size": ("Banyaknya yang diundi, paling banyak 1000.", "How many are drawn, at most 1000."),
    "quality seed": (
        "Benih yang sudah diumumkan; bawaan: kepala log pertama sesudah kurun itu.",
        "A seed that was published; default: the first log head after those days.",
    ),
    "quality opd": ("Hanya tindak lanjut OPD ini.", "Only this OPD's follow-ups."),
    "quality verdict": ("answers, partly, atau does_not.", "answers, partly or does_not."),
    "quality correct": ("Perbaiki ulasan Anda sendiri.", "Correct your own review."),
    "with_candidates": (
        "Tampilkan semua calon dengan undinya.",
        "Show every candidate with its lot.",
    ),
}

COLUMNS = {
    "entry": ("Entri", "Entry"),
    "decree_number": ("Nomor SK", "Number"),
    "decided_on": ("Tanggal", "Date"),
    "valid_until": ("Berlaku sampai", "Valid until"),
    "document": ("Dokumen", "Document"),
    "plan_year": ("Tahun", "Year"),
    "submitted_on": ("Disampaikan", "Submitted"),
    "item_title": ("Butir", "Item"),
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
