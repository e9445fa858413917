"""What `kawal person` and `kawal find` say, in Indonesian and in English."""

from __future__ import annotations

COMMANDS = {
    "person": ("Data seorang pelapor: serahkan, hapus.", "A reporter's data: hand out, erase."),
    "person export": (
        "Semua yang disimpan tentang seseorang, ke satu berkas ZIP.",
        "All that is held about a person, into one ZIP file.",
    ),
    "person erase": (
        "Hapus data seseorang dari laporan yang sudah berakhir.",
        "Erase a person's data from complaints that are over.",
    ),
    "find": ("Cari laporan menurut kata.", "Find complaints by words."),
    "person clean-up": (
        "Bersihkan sisa data terhapus dari berkas PostgreSQL.",
        "Clear what is left of erased data from PostgreSQL's files.",
    ),
}

OPTIONS = {
    "person emails": ("Surel orang itu; dapat diulang.", "The person's e-mail; may be repeated."),
    "person phones": ("Nomor telepon orang itu; dapat diulang.", "The person's phone number; may be repeated."),
    "search_words": ("Kata yang dicari; semuanya harus ada.", "Words to look for; all must be there."),
    "find_purpose": (
        "Cari juga dalam laporan yang tidak terbuka (rahasia, belum diverifikasi, …), untuk tujuan ini (dicatat).",
        "Search also what is not public (rahasia, not verified, …), for this purpose (goes on record).",
    ),
    "person ground": (
        "Alasan dengan kata-kata; dicatat tersegel, paling banyak 500 huruf.",
        "The ground in words; on record, sealed, at most 500 characters.",
    ),
    "person basis": ("Dasar menurut UU 27/2022 pasal 43.", "The ground by UU 27/2022 art. 43."),
    "zip_output": ("Berkas ZIP yang ditulis.", "The ZIP file that is written."),
}

SENTENCES = {
    "find_public": (
        "Hanya laporan terbuka; untuk yang rahasia atau belum diverifikasi sebutkan tujuannya dengan --purpose.",
        "Public reports only; for rahasia or unverified ones state what for with --purpose.",
    ),
    "person_exported": (
        "{reports} laporan dan {attachments} lampiran ditulis ke {path}. Periksa data orang lain sebelum diserahkan.",
        "{reports} reports and {attachments} attachments were written to {path}. Look through it for other people's "
        "data before it is handed over.",
    ),
    "erase_done": ("dihapus", "erased"),
    "erase_would": ("akan dihapus", "would be erased"),
    "erase_from": ("{reason}; mulai {day}", "{reason}; from {day}"),
    "person_erased": (
        "Kunci data dimusnahkan; proses lain masih dapat memakai salinannya paling lama {seconds} detik. Laporan yang "
        "dihapus tidak dapat dibuka kembali. Jalankan `kawal person clean-up` untuk membersihkan sisa di PostgreSQL.",
        "The data keys are destroyed; other processes may use their copies for {seconds} seconds at most. What is "
        "erased cannot be reopened. Run `kawal person clean-up` to clear what is left in PostgreSQL's files.",
    ),
    "cleaned_up": (
        "{tables} tabel, statistik, dan log PostgreSQL bersih. Cadangan lama, replika, dan arsip WAL tidak termasuk.",
        "{tables} tables, the statistics and the log of PostgreSQL are clean. Old backups, replicas and archived WAL "
        "are not included.",
    ),
    "cleaned_partly": (
        "{tables} tabel bersih; statistik dan log PostgreSQL perlu hak superuser: lihat docs/personal-data.md.",
        "{tables} tables are clean; PostgreSQL's statistics and log need a superuser: see docs/personal-data.md.",
    ),
}

COLUMNS = {
    "erasing": ("Penghapusan", "Erasure"),
}
